import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** A run prepares its files in a folder beside the generated ones: this, its process id, and six characters. */
const prefix = '.eso-abac-staging-';

/** A run changes its folder with every file, thousands in a second. Its process id may be given to another process. */
const idleAfterMs = 60_000;

/**
 * Makes a staging folder for this run alone.
 *
 * @throws the file system's error
 */
export function makeStaging(folder: string): string {
  return mkdtempSync(path.join(folder, `${prefix}${process.pid}-`));
}

/** Whether a path is of a staging folder: of no use in a message, for it is gone when that is read. */
export function isStaging(file: string): boolean {
  return file.includes(prefix);
}

/**
 * Removes what killed runs have left.
 *
 * @param own this run's staging folder, which stays
 * @returns the process id of another run that is at work in the folder
 */
export function clearStaging(folder: string, own?: string): number | undefined {
  let atWork: number | undefined;
  for (const name of stagingFolders(folder)) {
    const full = path.join(folder, name);
    if (full === own) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (isRunning(pid) && !isIdle(full)) atWork = pid;
    else remove(full);
  }
  return atWork;
}

function stagingFolders(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** What cannot be removed is in nobody's way: each run has a folder of its own. */
function remove(full: string): void {
  try {
    rmSync(full, { recursive: true, force: true });
  } catch {
    // The next run tries again.
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (problem) {
    // Another user's process is there, but may not be signalled.
    return problem instanceof Error && 'code' in problem && problem.code === 'EPERM';
  }
}

function isIdle(full: string): boolean {
  const stats = statSync(full, { throwIfNoEntry: false });
  return stats === undefined || Date.now() - stats.mtimeMs > idleAfterMs;
}
