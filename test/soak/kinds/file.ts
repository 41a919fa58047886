import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where temporary files shall be, or else a file system in memory, where there is one. */
const memory = '/dev/shm';
const parent = process.env.TMPDIR === undefined && existsSync(memory) ? memory : tmpdir();
let folder: string | undefined;

/**
 * Writes the input of a case, in a folder that this thread has for itself. Returns its path.
 *
 * @param included files beside it, by their names
 */
export function inputFile(
  content: string | Uint8Array,
  included: Readonly<Record<string, string>> = {},
): string {
  if (folder === undefined) {
    folder = mkdtempSync(path.join(parent, 'eso-abac-soak-'));
    process.on('exit', putAway);
  }
  const file = path.join(folder, 'services.yaml');
  writeFileSync(file, content);
  for (const [name, text] of Object.entries(included)) writeFileSync(path.join(folder, name), text);
  return file;
}

/** Removes what was written. Threads that end by themselves do so. */
export function putAway(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}
