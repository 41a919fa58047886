import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Source } from '../../proof/files/model.ts';

/** What stands in a folder. */
export interface FolderContent {
  readonly files: readonly Source[];
  /** Paths of links and the like, which are not read. */
  readonly others: readonly string[];
}

/**
 * Reads every regular file below a folder.
 *
 * @param isWanted whether a path below the folder is looked at
 * @throws the file system's error
 */
export function readFolder(folder: string, isWanted: (file: string) => boolean = () => true): FolderContent {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const placed = entries
    .map((entry) => {
      const full = path.join(entry.parentPath, entry.name);
      return { entry, full, path: path.relative(folder, full).split(path.sep).join('/') };
    })
    .filter(({ path: file }) => isWanted(file));
  const files = placed.filter(({ entry }) => entry.isFile());
  return {
    files: files.map(({ full, path: file }) => ({ path: file, text: readFileSync(full, 'utf8') })),
    others: placed
      .filter(({ entry }) => !entry.isFile() && !entry.isDirectory())
      .map(({ path: file }) => file),
  };
}
