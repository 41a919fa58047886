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

/** A plan of which the new texts stand in a staging folder already. */
export interface StagedDist {
  readonly folder: string;
  /** Absent when there is nothing to write or remove. */
  readonly staging?: string;
  /** The folders that were made for it, the outermost first. */
  readonly made: readonly string[];
  readonly writes: readonly { readonly path: string; readonly isNew: boolean }[];
  readonly removals: DistPlan['removals'];
  readonly unchanged: DistPlan['unchanged'];
  readonly folders: DistPlan['folders'];
  readonly obstacles: DistPlan['obstacles'];
}

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
  commitDist(stageDist(plan));
}

/**
 * The first half: writes the new texts to a staging folder. Where something stands in the way of the plan, nothing is
 * written.
 *
 * @throws as `writeDist`
 */
export function stageDist(plan: DistPlan): StagedDist {
  const { folder, removals, unchanged, folders, obstacles } = plan;
  const writes = plan.writes.map(({ path: file, before }) => ({ path: file, isNew: before === undefined }));
  const made: string[] = [];
  const nothing = { folder, made, writes, removals, unchanged, folders, obstacles };
  if (obstacles.length > 0) return nothing;
  if (writes.length === 0 && removals.length === 0) {
    clearStaging(folder);
    return nothing;
  }
  let staged: StagedDist = nothing;
  try {
    makeFolders(folder, (name) => made.push(name));
    staged = { ...nothing, staging: makeStaging(folder) };
    // Looked for after this run can be seen itself: of two that start at once, at least one sees the other.
    const atWork = clearStaging(folder, staged.staging);
    if (atWork !== undefined) throw anotherRun(folder, atWork);
    stage(plan, staged.staging ?? '');
    return staged;
  } catch (problem) {
    throw discardDist(staged) ? problem : notUndone(folder, problem);
  }
}

/**
 * The second half: moves every text into its place.
 *
 * @throws as `writeDist`
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

/** Takes back what was made for a plan. Returns whether that went well. */
export function discardDist({ staging, made }: StagedDist): boolean {
  const isRemoved = staging === undefined || removeStaging(staging);
  // Another run may be at work in them by now, and an empty folder that stays does no harm.
  for (const folder of [...made].reverse()) attempt(() => rmdirSync(folder));
  return isRemoved;
}

function removeStaging(staging: string): boolean {
  return attempt(() => rmSync(staging, { recursive: true, force: true }));
}

function anotherRun(folder: string, pid: number): DistError {
  return new DistError(
    `another run (process ${pid}) is writing ${folder}; run eso-abac again when it has ended`,
  );
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
function moveIntoPlace({ folder, writes }: StagedDist, staging: string, undo: (() => unknown)[]): void {
  const isThere = new Map<string, boolean>();
  const moved = new Set<string>();
  for (const [index, { path: file, isNew }] of writes.entries()) {
    const part = firstMissing(folder, file, isThere);
    if (moved.has(part)) continue;
    moved.add(part);
    const [staged, place] = [path.join(staging, fresh, part), path.join(folder, part)];
    renameSync(staged, place);
    const replaced = path.join(staging, `replaced-${index}`);
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

/** Whether a step went well. It is for steps whose failure does no harm, or after another error, which matters more. */
function attempt(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
