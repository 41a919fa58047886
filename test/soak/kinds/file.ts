import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where temporary files shall be, or else a file system in memory, where there is one. */
const memory = '/dev/shm';
const parent = process.env.TMPDIR === undefined && existsSync(memory) ? memory : tmpdir();
let folder: string | undefined;

/** Writes the input of a case, in a folder that this thread has for itself. Returns its path. */
export function inputFile(content: string | Uint8Array): string {
  if (folder === undefined) {
    const own = mkdtempSync(path.join(parent, 'eso-abac-soak-'));
    folder = own;
    process.on('exit', () => rmSync(own, { recursive: true, force: true }));
  }
  const file = path.join(folder, 'services.yaml');
  writeFileSync(file, content);
  return file;
}
