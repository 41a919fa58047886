import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * A run prepares its files in a folder beside the generated ones: this, its process id, the moment at which the process
 * began, and six characters. No clock is asked: it may jump, while the system counts that moment from its own start.
 */
const prefix = '.eso-abac-staging-';

/**
 * Makes a staging folder for this run alone.
 *
 * @throws the file system's error
 */
export function makeStaging(folder: string): string {
  return mkdtempSync(
    path.join(folder, `${prefix}${process.pid}-${stateOf(process.pid)?.began ?? 'unknown'}-`),
  );
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
    const [pid, began] = name.slice(prefix.length).split('-');
    if (isRunning(Number(pid), began)) atWork = Number(pid);
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
    rmSync(full, { recursive: true });
  } catch {
    // The next run tries again.
  }
}

/** Whether a process is there and began at that moment: ids are given out again. Without /proc the id has to do. */
function isRunning(pid: number, began: string | undefined): boolean {
  // Of 0 and less the system answers for groups of processes.
  if (!(pid > 0) || pid === process.pid || !isThere(pid)) return false;
  const state = stateOf(pid);
  return state === undefined || (state.began === began && !state.hasEnded);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (problem) {
    // Another user's process is there, but may not be signalled.
    return problem instanceof Error && 'code' in problem && problem.code === 'EPERM';
  }
}

/**
 * What Linux tells of a process. One that was killed stays as a zombie until its parent asks for it, which in a
 * container may be never.
 *
 * Source: proc_pid_stat(5); the name in the second field may hold spaces and brackets.
 */
function stateOf(pid: number): { readonly began: string; readonly hasEnded: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { began: fields[18] ?? '', hasEnded: 'ZX'.includes(state) };
  } catch {
    return undefined;
  }
}
