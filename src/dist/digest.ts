import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DistFile, presentFiles } from './plan.ts';

/** A digest of the files of a dist: of their paths and of each byte in them. */
export function filesDigest(files: readonly DistFile[]): string {
  return digestOf(files.map(({ path: file, text }) => [file, () => text]));
}

/**
 * The same of what stands in a folder; undefined where anything in it is no plain file or cannot be read, or where the folder
 * is a link.
 */
export function presentDigest(folder: string): string | undefined {
  try {
    const { files, others } = presentFiles(folder);
    if (others.length > 0 || lstatSync(path.resolve(folder)).isSymbolicLink()) return undefined;
    return digestOf([...files].map((file) => [file, () => readFileSync(path.join(folder, file))]));
  } catch {
    // Whoever looks at the folder for something to do will say why.
    return undefined;
  }
}

function digestOf(files: [path: string, read: () => Buffer | string][]): string {
  const digest = createHash('sha256');
  for (const [file, read] of files.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = read();
    digest.update(`${file}\0${Buffer.byteLength(content)}\0`).update(content);
  }
  return digest.digest('hex');
}
