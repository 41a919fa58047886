import { readFolder } from '../diff/base/folder.ts';
import { isStaging } from '../dist/index.ts';
import type { Source } from '../proof/files/model.ts';
import { UsageError, withFiles } from './command.ts';

/**
 * Every file below the folder of generated files.
 *
 * @throws UsageError when it cannot be read, holds nothing, or has a link or the like, which says something else to
 * whoever applies it: what it leads to may be anywhere
 */
export function distFiles(folder: string): readonly Source[] {
  const { files, others } = withFiles(`${folder} cannot be read`, () =>
    // What another run is about to put into its place is not there yet. Further down such a name is one as any other.
    readFolder(folder, (file) => !isStaging(file.split('/', 1)[0] ?? '')),
  );
  const [other] = others;
  if (other !== undefined)
    throw new UsageError(
      `${folder}/${other} is a link, a pipe or the like, and is not read; put a file in its place`,
    );
  if (files.length === 0) throw new UsageError(`0 files in ${folder}; run eso-abac first`);
  return files;
}
