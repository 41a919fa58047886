import { type FSWatcher, statSync, watch } from 'node:fs';
import path from 'node:path';
import type { Input } from '../input/load.ts';
import { Memory } from '../parts/memory.ts';
import { printable } from '../report/printable.ts';
import { exit, type FileOptions, finish, sayError, UsageError, withFiles } from './command.ts';
import type { Pipeline } from './compiled.ts';
import { type SynthReport, writeInput } from './synth.ts';

/** Editors and git write in several steps: a run says and writes nothing until nothing has changed for this long. */
const settleMs = 100;

/**
 * Runs `synth`, and again whenever something changes in the folders of the input, until SIGINT. A run that writes nothing
 * and finds what the last one found says nothing. One that cannot read or write says why, and the next change is waited
 * for; but the first one ends the command, for then a flag is likely to be wrong.
 *
 * @returns the exit code: 0
 * @throws UsageError when the first run cannot read or write, or folders cannot be watched
 */
export async function watchInput(pipeline: Pipeline, options: FileOptions): Promise<number> {
  const memory = new Memory();
  const remembered = remembering(pipeline, memory);
  const watched = new WatchedInput(remembered, options);
  // A second SIGINT ends the process at once, as ever.
  process.once('SIGINT', () => watched.stop());
  try {
    const run = runner(remembered, options);
    const runAgain = async () => {
      const input = await watched.latest();
      await run(
        () => input,
        () => watched.settled(),
      );
    };
    await run(() => watched.read());
    if (options.format === 'text' && !options.quiet)
      process.stderr.write(`watching ${printable(options.services)}; Ctrl-C ends it\n`);
    for (;;) {
      try {
        if (!(await watched.change())) return exit.fine;
        await runAgain();
      } catch (problem) {
        sayOnly(problem);
      }
    }
  } finally {
    watched.close();
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

type Run = (read: () => Input, settled?: () => Promise<void>) => Promise<void>;

function runner(pipeline: Pipeline, options: FileOptions): Run {
  let last = '';
  return async (read, settled) => {
    const report = await writeInput({ ...pipeline, read }, options, settled);
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

function sayOnly(problem: unknown): void {
  if (problem instanceof Superseded) return;
  if (!(problem instanceof UsageError)) throw problem;
  sayError(problem.message);
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** A folder that was removed and made anew is another one, of which the watcher knows nothing. */
  readonly identity: string;
}

/** An input, and whether something has changed in its folders. */
class WatchedInput {
  private readonly folders = new Map<string, WatchedFolder>();
  private readonly file: string;
  private readonly dist: string;
  private input: Input | undefined;
  private readAt = 0;
  private hasChanged = false;
  /** Whether that was a file of the input. What others are there for, nobody knows. */
  private isTouched = false;
  /** Whether a run was about an input that has changed meanwhile. */
  private isOld = false;
  private isStopped = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly pipeline: Pipeline,
    { services, dist }: FileOptions,
  ) {
    this.file = services;
    // What is written there is no change.
    this.dist = path.resolve(dist);
  }

  /** Reads the input. The folders in which it is found are watched from then on. */
  read(): Input {
    this.add(path.dirname(this.file));
    this.readAt = performance.now();
    const input = this.pipeline.read(this.file);
    this.input = input;
    this.keep(input.folders);
    // What changed there before it was watched, nobody knows: times of files tell it only where no clock jumps.
    if ([...input.folders].map((folder) => this.add(folder)).some(Boolean)) this.changed(true);
    return input;
  }

  /** Waits until a file of the input was written, or the input is another; false once it is stopped. */
  async change(): Promise<boolean> {
    for (;;) {
      if (!this.hasChanged && !this.isOld) await this.next();
      if (this.isStopped) return false;
      if (this.isOld || this.isTouched || this.other() !== undefined) return true;
    }
  }

  /**
   * Reads at once, and again if that was too soon: the second step of a save is often there when the first is seen.
   *
   * @throws Superseded when it was stopped
   */
  async latest(): Promise<Input> {
    [this.hasChanged, this.isTouched, this.isOld] = [false, false, false];
    let input = this.read();
    for (;;) {
      await this.next(0);
      if (this.isStopped) throw new Superseded();
      const other = this.other();
      if (other === undefined) return input;
      input = other;
    }
  }

  /**
   * Waits until the input has stayed as it is for a moment.
   *
   * @throws Superseded when it has not, or was stopped
   */
  async settled(): Promise<void> {
    const end = this.readAt + settleMs;
    do {
      await this.next(this.hasChanged ? 0 : Math.max(0, end - performance.now()));
      this.isOld ||= this.other() !== undefined;
      if (this.isOld || this.isStopped) throw new Superseded();
    } while (performance.now() < end);
  }

  /** The input as it is now, if that is another than when it was read. */
  private other(): Input | undefined {
    if (!this.hasChanged) return undefined;
    [this.hasChanged, this.isTouched] = [false, false];
    const before = this.input;
    const now = this.read();
    return before !== undefined && isSame(before, now) ? undefined : now;
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

  private isSource(file: string): boolean {
    return [...(this.input?.sources.keys() ?? [])].some((source) => path.resolve(source) === file);
  }

  private changed(isTouched: boolean): void {
    this.hasChanged = true;
    this.isTouched ||= isTouched;
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
      const changed = path.join(full, String(name ?? ''));
      // Dist is staged, in folders that are made for it, before it is known whether anything changes meanwhile.
      const isForDist = `${this.dist}${path.sep}`.startsWith(path.join(changed, path.sep));
      if (name === null) this.changed(true);
      else if (!isForDist) this.changed(this.isSource(changed));
    });
    // The folder has gone: the one above it says so too.
    watcher.on('error', () => watcher.close());
    this.folders.set(full, { watcher, identity });
    return true;
  }
}

/** Whether two readings say the same. */
function isSame(one: Input, other: Input): boolean {
  if (one.sources.size !== other.sources.size) return false;
  for (const [file, text] of one.sources) if (other.sources.get(file) !== text) return false;
  return JSON.stringify(one.findings) === JSON.stringify(other.findings);
}
