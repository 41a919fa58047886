import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Source } from '../proof/files/model.ts';
import { UsageError, withFiles } from './command.ts';

/**
 * Every file below the folder of generated files.
 *
 * @throws UsageError when it cannot be read or holds nothing
 */
export function distFiles(folder: string): Source[] {
  return withFiles(`${folder} cannot be read`, () => {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    if (files.length === 0) throw new UsageError(`0 files in ${folder}; run eso-abac first`);
    return files.map((entry) => {
      const full = path.join(entry.parentPath, entry.name);
      return {
        path: path.relative(folder, full).split(path.sep).join('/'),
        text: readFileSync(full, 'utf8'),
      };
    });
  });
}
