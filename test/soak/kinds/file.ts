import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string | undefined;

/** Writes the input of a case, in a folder that this thread has for itself. Returns its path. */
export function inputFile(content: string | Uint8Array): string {
  if (folder === undefined) {
    const own = mkdtempSync(path.join(tmpdir(), 'eso-abac-soak-'));
    folder = own;
    process.on('exit', () => rmSync(own, { recursive: true, force: true }));
  }
  const file = path.join(folder, 'services.yaml');
  writeFileSync(file, content);
  return file;
}
