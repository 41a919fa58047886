import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import {
  type Ended,
  ended,
  inFolder,
  type RunOptions,
  readTree,
  stackTrace,
  startMain,
  writeFiles,
} from './run.ts';

/** A command that watches, and what it has printed so far. */
export interface Watching {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly dist: () => Record<string, string>;
  readonly printed: () => string;
  /** What it printed meanwhile, once that matches. */
  until(what: RegExp): Promise<string>;
}

/**
 * Starts the command in a folder with files, hands it over once it waits, and ends it as Ctrl-C does.
 *
 * @param start starts it otherwise than usual
 */
export async function watching(
  files: Readonly<Record<string, string>>,
  use: (command: Watching) => Promise<void>,
  args: readonly string[] = [],
  start: (args: readonly string[], options: RunOptions) => ChildProcess = startMain,
): Promise<void> {
  await inFolder(async (folder) => {
    writeFiles(folder, files);
    const process = start(['--watch', ...args], { cwd: folder });
    const end = ended(process);
    let [printed, seen] = ['', 0];
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (text: string) => {
        printed += text;
      });
    const until = async (what: RegExp): Promise<string> => {
      const deadline = Date.now() + 60_000;
      while (!what.test(printed.slice(seen))) {
        if (Date.now() > deadline) throw new Error(`no ${what} in ${printed.slice(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const text = printed.slice(seen);
      seen = printed.length;
      return text;
    };
    const dist = () => readTree(path.join(folder, 'dist'));
    try {
      await until(/watching .*; Ctrl-C ends it\n/);
      await use({ folder, process, dist, printed: () => printed, until });
      process.kill('SIGINT');
      const result: Ended = await end;
      expect(result).toMatchObject({ code: 0, signal: null });
      expect(result.stdout + result.stderr).not.toMatch(stackTrace);
    } finally {
      process.kill('SIGKILL');
    }
  });
}
