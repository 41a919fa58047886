import { existsSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { presentFiles } from './plan.ts';
import {
  attempt,
  DistError,
  discardDist,
  fresh,
  notUndone,
  removeStaging,
  replacedBy,
  type StagedDist,
} from './stage.ts';

/**
 * Moves every staged text into its place.
 *
 * @throws the file system's error; the folder is then what it was before
 * @throws DistError when something else has been at work in the folder since the plan was made, or when a failure could not
 * be taken back
 */
export function commitDist(staged: StagedDist): void {
  const { folder, staging } = staged;
  if (staging === undefined) return;
  const undo: (() => unknown)[] = [];
  try {
    if (hasChanged(staged)) throw changedMeanwhile(folder);
    moveIntoPlace(staged, staging, undo);
    removeSurplus(staged, staging, undo);
  } catch (problem) {
    const undone = undo.reverse().map((step) => attempt(step));
    throw [...undone, discardDist(staged)].every(Boolean) ? problem : notUndone(folder, problem);
  }
  removeStaging(staging);
  // An empty folder that stays does no harm: every file is what it should be.
  attempt(() => removeEmptyFolders(staged));
}

/** Whether files came, went or were replaced since the plan was made: that changes the folders that they are in. */
function hasChanged({ folder, folders }: StagedDist): boolean {
  const now = presentFiles(folder).folders;
  return now.size !== folders.size || [...now].some(([name, stamp]) => folders.get(name) !== stamp);
}

function changedMeanwhile(folder: string): DistError {
  return new DistError(
    `${folder} was changed by something else meanwhile, and was left as that made it; run eso-abac again`,
  );
}

/** Moves each file, or the whole of a folder that was not there: one step in place of thousands. */
function moveIntoPlace({ folder, writes }: StagedDist, staging: string, undo: (() => unknown)[]): void {
  const isThere = new Map<string, boolean>();
  const moved = new Set<string>();
  for (const [index, { path: file, isNew }] of writes.entries()) {
    const part = firstMissing(folder, file, isThere);
    if (moved.has(part)) continue;
    moved.add(part);
    const [staged, place] = [path.join(staging, fresh, part), path.join(folder, part)];
    renameSync(staged, place);
    const replaced = replacedBy(staging, index);
    undo.push(() => renameSync(...(isNew ? ([place, staged] as const) : ([replaced, place] as const))));
  }
}

/** The outermost folder of a file that was not there when it was first asked for, or else the file. */
function firstMissing(folder: string, file: string, isThere: Map<string, boolean>): string {
  for (let end = file.indexOf('/'); end >= 0; end = file.indexOf('/', end + 1)) {
    const name = file.slice(0, end);
    const known = isThere.get(name) ?? existsSync(path.join(folder, name));
    isThere.set(name, known);
    if (!known) return name;
  }
  return file;
}

/** Moves surplus files to the staging folder, from where a failure can still bring them back. */
function removeSurplus({ folder, removals }: StagedDist, staging: string, undo: (() => unknown)[]): void {
  for (const [index, file] of removals.entries()) {
    const place = path.join(folder, file);
    const aside = path.join(staging, `removed-${index}`);
    renameSync(place, aside);
    undo.push(() => renameSync(aside, place));
  }
}

function removeEmptyFolders({ folder: dist, removals }: StagedDist): void {
  for (const file of removals) {
    for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder)) {
      const full = path.join(dist, folder);
      // The last file of this folder may have been seen to before, and the folder is gone then.
      if (!existsSync(full)) continue;
      if (readdirSync(full).length > 0) break;
      rmdirSync(full);
    }
  }
}
