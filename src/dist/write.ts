import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { makeFolders } from './folders.ts';
import { type DistPlan, presentFiles } from './plan.ts';
import { clearStaging, makeStaging } from './staging.ts';

/** Where the new texts stand in the staging folder. */
const fresh = 'new';

/** Why a plan was not carried out, where the file system's own error does not say it all. */
export class DistError extends Error {}

/**
 * Carries out a plan. Every new text is first written to a staging folder beside its place and then moved there, so
 * that each file is whole at any moment, and a disk that is full or read-only is noticed before anything changed.
 *
 * There is no fsync: what must survive is that a killed process leaves no half file, and renames give that; after
 * a power cut the next run completes the folder.
 *
 * @throws the file system's error; the folder is then what it was before
 * @throws DistError when another run is at work in the folder or has been since the plan was made, or when a failure
 * could not be taken back
 */
export function writeDist(plan: DistPlan): void {
  if (plan.writes.length === 0 && plan.removals.length === 0) {
    clearStaging(plan.folder);
    return;
  }
  const undo: (() => unknown)[] = [];
  try {
    // Another run may be at work in it by the time it is taken back, and an empty folder that stays does no harm.
    makeFolders(plan.folder, (made) => undo.push(() => attempt(() => rmdirSync(made))));
    const staging = makeStaging(plan.folder);
    const removeStaging = () => attempt(() => rmSync(staging, { recursive: true, force: true }));
    undo.push(removeStaging);
    // Looked for after this run can be seen itself: of two that start at once, at least one sees the other.
    const atWork = clearStaging(plan.folder, staging);
    if (atWork !== undefined) throw anotherRun(plan.folder, atWork);
    if (hasChanged(plan)) throw changedMeanwhile(plan.folder);
    stage(plan, staging);
    moveIntoPlace(plan, staging, undo);
    removeSurplus(plan, staging, undo);
    removeStaging();
  } catch (problem) {
    const undone = undo.reverse().map((step) => attempt(step));
    throw undone.every(Boolean) ? problem : notUndone(plan.folder, problem);
  }
  // An empty folder that stays does no harm: every file is what it should be.
  attempt(() => removeEmptyFolders(plan));
}

function anotherRun(folder: string, pid: number): DistError {
  return new DistError(
    `another run (process ${pid}) is writing ${folder}; run eso-abac again when it has ended`,
  );
}

/** Whether files came, went or were replaced since the plan was made: that changes the folders that they are in. */
function hasChanged({ folder, folders }: DistPlan): boolean {
  const now = presentFiles(folder).folders;
  return now.size !== folders.size || [...now].some(([name, stamp]) => folders.get(name) !== stamp);
}

function changedMeanwhile(folder: string): DistError {
  return new DistError(
    `${folder} was changed by something else meanwhile, and was left as that made it; run eso-abac again`,
  );
}

function notUndone(folder: string, problem: unknown): DistError {
  const why = problem instanceof Error ? problem.message : String(problem);
  return new DistError(
    `${folder} is written in part and could not be put back: ${why}; each file is whole, run eso-abac again to complete it`,
  );
}

/** Writes the new texts below the staging folder as they will stand, and keeps there what they will replace, for a failure. */
function stage(plan: DistPlan, staging: string): void {
  const made = new Set<string>();
  for (const [index, { path: file, text, before }] of plan.writes.entries()) {
    const staged = path.join(staging, fresh, file);
    const folder = path.dirname(staged);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    writeFileSync(staged, text);
    if (before !== undefined) keep(path.join(plan.folder, file), path.join(staging, `replaced-${index}`));
  }
}

/** A second name for a file takes no space on a disk that may be full; a file system without links gets a copy. */
function keep(file: string, aside: string): void {
  try {
    linkSync(file, aside);
  } catch {
    copyFileSync(file, aside);
  }
}

/** Moves each file, or the whole of a folder that was not there: one step in place of thousands. */
function moveIntoPlace(plan: DistPlan, staging: string, undo: (() => unknown)[]): void {
  const isThere = new Map<string, boolean>();
  const moved = new Set<string>();
  for (const [index, { path: file, before }] of plan.writes.entries()) {
    const part = firstMissing(plan.folder, file, isThere);
    if (moved.has(part)) continue;
    moved.add(part);
    const [staged, place] = [path.join(staging, fresh, part), path.join(plan.folder, part)];
    renameSync(staged, place);
    const replaced = path.join(staging, `replaced-${index}`);
    undo.push(() => (before === undefined ? renameSync(place, staged) : renameSync(replaced, place)));
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
function removeSurplus(plan: DistPlan, staging: string, undo: (() => unknown)[]): void {
  for (const [index, file] of plan.removals.entries()) {
    const place = path.join(plan.folder, file);
    const aside = path.join(staging, `removed-${index}`);
    renameSync(place, aside);
    undo.push(() => renameSync(aside, place));
  }
}

function removeEmptyFolders(plan: DistPlan): void {
  for (const file of plan.removals) {
    for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder)) {
      const full = path.join(plan.folder, folder);
      // The last file of this folder may have been seen to before, and the folder is gone then.
      if (!existsSync(full)) continue;
      if (readdirSync(full).length > 0) break;
      rmdirSync(full);
    }
  }
}

/** Whether a step went well. It is for steps whose failure does no harm, or after another error, which matters more. */
function attempt(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
