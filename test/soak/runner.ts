import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Failure } from './kind.ts';

/** A kind of case, and which of them are run. */
export interface Job extends Range {
  readonly kind: string;
  /** Seconds after which a case hangs. */
  readonly patience: number;
}

/** Numbers of cases; `to` is not among them. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How jobs are run, and who hears of it. */
export interface Soak {
  /** The address of a module that exports `kinds`. */
  readonly module: string;
  readonly seed: number;
  readonly threads: number;
  /** The folder that failing inputs are written to. */
  readonly out: string;
  /** Called now and then with how many cases are done. */
  readonly onProgress: (done: number) => void;
  readonly onFailure: (failure: Failure, folder: string) => void;
}

/** What a thread is started with. */
export interface ThreadTask {
  readonly module: string;
  readonly kind: string;
  readonly seed: number;
  /** Shared memory, in which the thread says what it is at: whoever watches it cannot ask one that hangs. */
  readonly state: Float64Array;
}

/** What a thread says. */
export type ThreadMessage =
  | { readonly done: number; readonly isFull: boolean }
  | { readonly failure: Failure };

/** What a thread is told when there is nothing more for it to do. */
export const end = 'end';

/** The most memory that a thread may have for what it keeps, in megabytes. */
export const mostMemory = 2048;

/** What stands where in the shared memory. */
export const slots = { number: 0, began: 1, isShrinking: 2, count: 3 } as const;

/** While a failing case is made smaller, it may take so many milliseconds more. */
const moreForShrinking = 120_000;

/** So many failures say enough. */
const mostFailures = 10;

/**
 * Runs the cases of a job on several threads. A case that hangs, or takes its thread along, has failed; another thread
 * goes on with the next.
 *
 * @returns how many failed
 */
export function runJob(job: Job, soak: Soak): Promise<number> {
  return new JobRun(job, soak).run();
}

class JobRun {
  private next: number;
  /** What a thread has left undone. */
  private readonly left: Range[] = [];
  private done = 0;
  private failures = 0;
  private running = 0;
  private finish: (failures: number) => void = () => undefined;
  private giveUp: (problem: Error) => void = () => undefined;
  private readonly job: Job;
  private readonly soak: Soak;

  constructor(job: Job, soak: Soak) {
    this.job = job;
    this.soak = soak;
    this.next = job.from;
  }

  run(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.finish = resolve;
      this.giveUp = reject;
      for (let thread = 0; thread < this.soak.threads; thread++) this.start();
    });
  }

  /** The next cases for a thread: so few that the threads are done at about the same time. */
  private take(): Range | undefined {
    const { from, to } = this.job;
    if (this.failures >= mostFailures) return undefined;
    const left = this.left.pop();
    if (left !== undefined || this.next >= to) return left;
    const some = Math.max(1, Math.min(20, Math.floor((to - from) / 100)));
    const range = { from: this.next, to: Math.min(to, this.next + some) };
    this.next = range.to;
    return range;
  }

  private start(): void {
    const { job, soak } = this;
    this.running += 1;
    const state = new Float64Array(new SharedArrayBuffer(8 * slots.count));
    const worker = startThread({ module: soak.module, kind: job.kind, seed: soak.seed, state });
    let range: Range = { from: 0, to: 0 };
    let isOver = false;
    const leave = () => {
      isOver = true;
      clearInterval(watchdog);
      this.running -= 1;
    };
    const lose = (message: string) => {
      if (isOver) return;
      leave();
      void worker.terminate();
      const [number = 0, began = 0] = [state[slots.number], state[slots.began]];
      // Without a case it is the soak itself that does not run.
      if (began === 0) return this.giveUp(new Error(message));
      this.fail({ kind: job.kind, number, message, files: {} });
      this.done += number + 1 - range.from;
      if (number + 1 < range.to) this.left.push({ from: number + 1, to: range.to });
      this.goOn();
    };
    const watchdog = setInterval(() => {
      soak.onProgress(this.done);
      const began = state[slots.began] ?? 0;
      const more = state[slots.isShrinking] === 1 ? moreForShrinking : 0;
      if (began > 0 && Date.now() - began > job.patience * 1000 + more)
        lose(`no end after ${job.patience} seconds`);
    }, 500);
    worker.on('message', (message: ThreadMessage) => {
      if (isOver) return;
      if ('failure' in message) return this.fail(message.failure);
      this.done += message.done;
      const more = message.isFull ? undefined : this.take();
      if (more === undefined) {
        leave();
        worker.postMessage(end);
        return this.goOn();
      }
      range = more;
      worker.postMessage(more);
    });
    worker.on('error', (problem) => lose(`the thread broke: ${problem}`));
    worker.on('exit', () => lose('the thread ended'));
  }

  /** After a thread has ended, or has kept too much: another one takes its place while there is something to do. */
  private goOn(): void {
    const isMore = this.left.length > 0 || this.next < this.job.to;
    if (isMore && this.failures < mostFailures) this.start();
    else if (this.running === 0) this.finish(this.failures);
  }

  private fail(failure: Failure): void {
    this.failures += 1;
    const folder = path.join(this.soak.out, `${failure.kind}-${failure.number}`);
    const { files, message } = failure;
    for (const [name, content] of Object.entries({ ...files, 'failure.txt': `${message}\n` })) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    this.soak.onFailure(failure, folder);
  }
}

/** tsx must be asked for in each thread anew. A thread has no file that was started, which main.ts would look for. */
function startThread(task: ThreadTask): Worker {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const thread = JSON.stringify(new URL('./thread.ts', import.meta.url).href);
  const code = `process.argv.splice(1);
    import(${tsx}).then(({ register }) => { register(); return import(${thread}); });`;
  return new Worker(code, {
    eval: true,
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostMemory, stackSizeMb: 4 },
  });
}
