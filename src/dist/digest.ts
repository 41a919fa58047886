import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../sha256.ts';
import { presentFiles } from './plan.ts';

/**
 * A digest of the files of a dist: of their paths and of each byte in them.
 *
 * @param digests the `sha256` of each file, by path
 */
export function distDigest(digests: ReadonlyMap<string, string>): string {
  return sha256(JSON.stringify([...digests].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * The same of what stands in a folder; undefined where anything in it is no plain file or cannot be read, or where the folder
 * is a link.
 */
export function presentDigest(folder: string): string | undefined {
  try {
    const { files, others } = presentFiles(folder);
    if (others.length > 0 || lstatSync(path.resolve(folder)).isSymbolicLink()) return undefined;
    return distDigest(
      new Map([...files].map((file) => [file, sha256(readFileSync(path.join(folder, file)))])),
    );
  } catch {
    // Whoever looks at the folder for something to do will say why.
    return undefined;
  }
}
