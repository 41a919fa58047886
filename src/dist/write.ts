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
import { type DistPlan, stagingFolder } from './plan.ts';

/**
 * Carries out a plan. Every new text is first written to a staging folder beside its place and then moved there, so
 * that each file is whole at any moment, and a disk that is full or read-only is noticed before anything changed.
 *
 * There is no fsync: what must survive is that a killed process leaves no half file, and renames give that; after
 * a power cut the next run completes the folder.
 *
 * @throws the file system's error; the folder is then what it was before
 */
export function writeDist(plan: DistPlan): void {
  const staging = path.join(plan.folder, stagingFolder);
  rmSync(staging, { recursive: true, force: true });
  if (plan.writes.length === 0 && plan.removals.length === 0) return;
  const undo: (() => void)[] = [];
  try {
    makeFolder(staging, undo);
    undo.push(() => rmSync(staging, { recursive: true, force: true }));
    stage(plan, staging);
    moveIntoPlace(plan, staging, undo);
    removeSurplus(plan, undo);
  } catch (problem) {
    for (const step of undo.reverse()) attempt(step);
    throw problem;
  } finally {
    attempt(() => rmSync(staging, { recursive: true, force: true }));
  }
  // An empty folder that stays does no harm: every file is what it should be.
  attempt(() => removeEmptyFolders(plan));
}

/** Writes the new texts to the staging folder, and keeps there what they will replace, for a failure. */
function stage(plan: DistPlan, staging: string): void {
  for (const [index, { path: file, text, before }] of plan.writes.entries()) {
    writeFileSync(path.join(staging, String(index)), text);
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

function moveIntoPlace(plan: DistPlan, staging: string, undo: (() => void)[]): void {
  for (const [index, { path: file, before }] of plan.writes.entries()) {
    const place = path.join(plan.folder, file);
    makeFolder(path.dirname(place), undo);
    renameSync(path.join(staging, String(index)), place);
    const replaced = path.join(staging, `replaced-${index}`);
    undo.push(() => (before === undefined ? rmSync(place) : renameSync(replaced, place)));
  }
}

/** Moves surplus files to the staging folder, from where a failure can still bring them back. */
function removeSurplus(plan: DistPlan, undo: (() => void)[]): void {
  const staging = path.join(plan.folder, stagingFolder);
  for (const [index, file] of plan.removals.entries()) {
    const place = path.join(plan.folder, file);
    const aside = path.join(staging, `removed-${index}`);
    renameSync(place, aside);
    undo.push(() => renameSync(aside, place));
  }
}

/** Makes a folder and those above it, and notes how to take back each one that was not there. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  const made: string[] = [];
  for (let name = path.resolve(folder); name.length >= path.resolve(first).length; name = path.dirname(name))
    made.push(name);
  for (const name of made.reverse()) undo.push(() => rmdirSync(name));
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

/** What cannot be undone is left: the error that is reported matters more. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The next run makes the folder whole.
  }
}
