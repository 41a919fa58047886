import { copyFileSync, linkSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolders } from './folders.ts';
import type { DistPlan, Write } from './plan.ts';
import { clearStaging, makeStaging } from './staging.ts';

/** Where the new texts stand in the staging folder. */
export const fresh = 'new';

/** Why a plan was not carried out, where the file system's own error does not say it all. */
export class DistError extends Error {}

/** A plan of which the new texts stand in a staging folder already. */
export interface StagedDist extends DistPlan {
  /** Absent when there is nothing to write or remove. */
  readonly staging?: string;
  /** The folders that were made for it, the outermost first. */
  readonly made: readonly string[];
  readonly writes: readonly { readonly path: string; readonly isNew: boolean }[];
}

/**
 * The first half of writing, for texts that come one after another: each goes to a staging folder beside its place, which is
 * made with the first. `commitDist` is the second half, and moves them there. So each file is whole at any moment, and a
 * disk that is full or read-only is noticed before anything changed.
 *
 * There is no fsync: what must survive is that a killed process leaves no half file, and renames give that; after
 * a power cut the next run completes the folder.
 *
 * @throws from `add` and `end` the file system's error, or a `DistError` when another run is at work in the folder; what
 * was made is taken back then
 */
export class DistStaging {
  private readonly folder: string;
  private readonly made: string[] = [];
  private readonly writes: { readonly path: string; readonly isNew: boolean }[] = [];
  private readonly folders = new Set<string>();
  private staging: string | undefined;

  /** @param folder the dist folder */
  constructor(folder: string) {
    this.folder = folder;
  }

  add(writes: readonly Write[]): void {
    this.orTakeBack(() => {
      for (const write of writes) this.stage(write, this.begun());
    });
  }

  /** Where something stands in the way of the plan, what was staged is taken back. */
  end(plan: DistPlan): StagedDist {
    if (plan.obstacles.length > 0) {
      this.discard();
      return { ...plan, made: [], writes: [] };
    }
    if (plan.removals.length > 0) this.orTakeBack(() => this.begun());
    const { made, writes, staging } = this;
    if (staging !== undefined) return { ...plan, made, writes, staging };
    clearStaging(this.folder);
    return { ...plan, made, writes };
  }

  /** Takes back what was made. Returns whether that went well. */
  discard(): boolean {
    const { made, staging } = this;
    this.staging = undefined;
    return discardDist({ made: made.splice(0), ...(staging && { staging }) });
  }

  private orTakeBack(work: () => void): void {
    try {
      work();
    } catch (problem) {
      throw this.discard() ? problem : notUndone(this.folder, problem);
    }
  }

  /** The staging folder of this run. */
  private begun(): string {
    if (this.staging !== undefined) return this.staging;
    makeFolders(this.folder, (name) => this.made.push(name));
    this.staging = makeStaging(this.folder);
    // Looked for after this run can be seen itself: of two that start at once, at least one sees the other.
    const atWork = clearStaging(this.folder, this.staging);
    if (atWork !== undefined) throw anotherRun(this.folder, atWork);
    return this.staging;
  }

  /** Writes a text below the staging folder as it will stand, and keeps there what it will replace, for a failure. */
  private stage({ path: file, text, before }: Write, staging: string): void {
    const staged = `${staging}/${fresh}/${file}`;
    const folder = path.dirname(staged);
    if (!this.folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.folders.add(folder);
    writeFileSync(staged, text);
    if (before !== undefined) keep(path.join(this.folder, file), replacedBy(staging, this.writes.length));
    this.writes.push({ path: file, isNew: before === undefined });
  }
}

/** Where a file is kept that a text will replace. @param index of the text among all */
export function replacedBy(staging: string, index: number): string {
  return path.join(staging, `replaced-${index}`);
}

/** Takes back what was made for a plan. Returns whether that went well. */
export function discardDist({ staging, made }: Pick<StagedDist, 'staging' | 'made'>): boolean {
  const isRemoved = staging === undefined || removeStaging(staging);
  // Another run may be at work in them by now, and an empty folder that stays does no harm.
  for (const folder of [...made].reverse()) attempt(() => rmdirSync(folder));
  return isRemoved;
}

/** Removes a staging folder. Returns whether that went well. */
export function removeStaging(staging: string): boolean {
  return attempt(() => rmSync(staging, { recursive: true, force: true }));
}

function anotherRun(folder: string, pid: number): DistError {
  return new DistError(
    `another run (process ${pid}) is writing ${folder}; run eso-abac again when it has ended`,
  );
}

/** Why a folder is neither as it was nor as it should be. @param problem what went wrong first */
export function notUndone(folder: string, problem: unknown): DistError {
  const why = problem instanceof Error ? problem.message : String(problem);
  return new DistError(
    `${folder} is written in part and could not be put back: ${why}; each file is whole, run eso-abac again to complete it`,
  );
}

/** A second name for a file takes no space on a disk that may be full; a file system without links gets a copy. */
function keep(file: string, aside: string): void {
  try {
    linkSync(file, aside);
  } catch {
    copyFileSync(file, aside);
  }
}

/** Whether a step went well. It is for steps whose failure does no harm, or after another error, which matters more. */
export function attempt(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
