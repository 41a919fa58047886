import { type FSWatcher, statSync, watch } from 'node:fs';
import path from 'node:path';
import { Memory } from '../parts/memory.ts';
import { printable } from '../report/printable.ts';
import { exit, type FileOptions, finish, sayError, UsageError, withFiles } from './command.ts';
import type { Pipeline } from './compiled.ts';
import { type SynthReport, writeInput } from './synth.ts';

/** Editors and git write in several steps: a run says and writes nothing until nothing has changed for this long. */
const settleMs = 100;

/**
 * Runs `synth`, and again whenever something changes in the folders of the input, until SIGINT. A run that writes nothing
 * and finds what the last one found says nothing. One that cannot read or write says why, unless the last one has, and the
 * next change is waited for; but the first one ends the command, for then a flag is likely to be wrong.
 *
 * @returns the exit code: 0
 * @throws UsageError when the first run cannot read or write, or folders cannot be watched
 */
export async function watchInput(pipeline: Pipeline, options: FileOptions): Promise<number> {
  const folders = new WatchedFolders(options.dist);
  const memory = new Memory();
  // A second SIGINT ends the process at once, as ever.
  process.once('SIGINT', () => folders.stop());
  try {
    const watched = folders.watching(remembering(pipeline, memory));
    const run = runner(options);
    let said = '';
    const runAgain = async () => {
      const input = await folders.latest(() => watched.read(options.services));
      await run({ ...watched, read: () => input }, () => folders.settled());
      said = '';
    };
    // Where output goes into a folder of the input, to say something is a change.
    const sayOnce = (problem: unknown) => {
      if (problem instanceof Superseded) return;
      if (!(problem instanceof UsageError)) throw problem;
      if (problem.message !== said) sayError(problem.message);
      said = problem.message;
    };
    await run(watched);
    if (options.format === 'text' && !options.quiet)
      process.stderr.write(`watching ${printable(options.services)}; Ctrl-C ends it\n`);
    while (await folders.change()) await runAgain().catch(sayOnce);
    return exit.fine;
  } finally {
    folders.close();
    memory.end();
  }
}

/**
 * The same pipeline, but what a run reads, compiles and proves is remembered for the next one. Nothing is kept for `check`:
 * to make digests of a whole dist after each edit takes longer than that saves.
 */
function remembering({ records, ...pipeline }: Pipeline, memory: Memory): Pipeline {
  return {
    ...pipeline,
    read: (file) => pipeline.read(file, memory),
    compile: (input, progress, take, shard) => pipeline.compile(input, progress, take, shard, memory),
  };
}

function runner(options: FileOptions): (pipeline: Pipeline, settled?: () => Promise<void>) => Promise<void> {
  let last = '';
  return async (pipeline, settled) => {
    const report = await writeInput(pipeline, options, settled);
    const found = JSON.stringify(report.findings);
    if (found !== last || hasWritten(report)) finish(report, options);
    last = found;
  };
}

function hasWritten({ summary }: SynthReport): boolean {
  return summary.written !== 0 || summary.removed !== 0;
}

/** What a run was about is no longer so: the next one follows at once. */
class Superseded extends Error {}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** A folder that was removed and made anew is another one, of which the watcher knows nothing. */
  readonly identity: string;
}

/** The folders of an input, and whether something has changed there. */
class WatchedFolders {
  private readonly folders = new Map<string, WatchedFolder>();
  private readonly dist: string;
  private hasChanged = false;
  private isStopped = false;
  private readAt = 0;
  private wake: () => void = () => undefined;

  /** @param dist what is written there is no change */
  constructor(dist: string) {
    this.dist = path.resolve(dist);
  }

  /** The same pipeline, but the folders in which it finds its input are watched from then on. */
  watching(pipeline: Pipeline): Pipeline {
    const read = (file: string) => {
      this.add(path.dirname(file));
      const input = pipeline.read(file);
      this.keep(input.folders);
      // What changed there before it was watched, nobody knows: times of files tell it only where no clock jumps.
      if ([...input.folders].map((folder) => this.add(folder)).some(Boolean)) this.changed();
      return input;
    };
    return { ...pipeline, read };
  }

  /** Waits until something has changed; false once it is stopped. */
  async change(): Promise<boolean> {
    if (!this.hasChanged) await this.next();
    return !this.isStopped;
  }

  /**
   * Reads at once, and again if that was too soon: the second step of a save is often there when the first is seen.
   *
   * @throws Superseded when it was stopped
   */
  async latest<Result>(read: () => Result): Promise<Result> {
    let result: Result;
    do {
      this.hasChanged = false;
      this.readAt = performance.now();
      result = read();
      await this.next(0);
      if (this.isStopped) throw new Superseded();
    } while (this.hasChanged);
    return result;
  }

  /**
   * Waits until nothing has changed for a moment since the latest reading.
   *
   * @throws Superseded when something has, or it was stopped
   */
  async settled(): Promise<void> {
    if (!this.hasChanged) await this.next(Math.max(0, this.readAt + settleMs - performance.now()));
    if (this.hasChanged || this.isStopped) throw new Superseded();
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  close(): void {
    for (const { watcher } of this.folders.values()) watcher.close();
  }

  private async next(atMostMs?: number): Promise<void> {
    if (this.isStopped) return;
    await new Promise<void>((resolve) => {
      // Time may be up before Node.js has asked for what changed until then: it does so before what is immediate.
      const end = () => setImmediate(resolve);
      const timer = atMostMs === undefined ? undefined : setTimeout(end, atMostMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private changed(): void {
    this.hasChanged = true;
    this.wake();
  }

  /** Where an input that is broken does not look, nothing can mend it. */
  private keep(named: ReadonlySet<string>): void {
    const wanted = new Set([...named].map((folder) => path.resolve(folder)));
    for (const [folder, { watcher }] of this.folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.folders.delete(folder);
    }
  }

  /** @returns whether the folder was not watched until now */
  private add(folder: string): boolean {
    const full = path.resolve(folder);
    const stats = statSync(full, { throwIfNoEntry: false });
    const identity = `${stats?.ino} ${stats?.birthtimeMs}`;
    const known = this.folders.get(full);
    if (known?.identity === identity) return false;
    known?.watcher.close();
    this.folders.delete(full);
    if (stats === undefined) return false;
    const watcher = withFiles(`${folder} cannot be watched`, () => watch(full));
    watcher.on('change', (_, name) => {
      // Dist is staged, in folders that are made for it, before it is known whether anything changes meanwhile.
      const isForDist = `${this.dist}${path.sep}`.startsWith(path.join(full, String(name ?? ''), path.sep));
      if (!isForDist || name === null) this.changed();
    });
    // The folder has gone: the one above it says so too.
    watcher.on('error', () => watcher.close());
    this.folders.set(full, { watcher, identity });
    return true;
  }
}
