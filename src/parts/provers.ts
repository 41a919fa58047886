import { availableParallelism } from 'node:os';
import type { DistFile } from '../dist/index.ts';
import { unlessErrors } from '../proof/prove/in-parts.ts';
import { type Proof, proveDist } from '../proof/prove/prove.ts';
import { endOf, startWorker, ThreadError } from '../threads/worker.ts';

/** Proves files that come part by part, those of each cluster's platform first. */
export interface Prover {
  add(files: readonly DistFile[]): void;
  /**
   * To be called once all files have come, and once.
   *
   * @returns undefined when there are errors, whose places can only be found where the texts are
   */
  prove(): Promise<Proof | undefined>;
  /** To be called when nobody waits for the proof. */
  stop(): void;
}

/** With fewer, what a thread saves is lost again while it starts. */
const tenantsWorthThread = 1000;

/**
 * Who proves the files of so many tenants.
 *
 * @param onThread gives the thread, where one is worth it
 * @param least with so many tenants it is
 */
export function proverFor(
  tenants: number,
  onThread: () => Prover = () => new ProvingThread(),
  least: number = availableParallelism() === 1 ? Number.POSITIVE_INFINITY : tenantsWorthThread,
): Prover {
  return tenants < least ? new ProverHere() : onThread();
}

/** Proves the files of a small fleet, once all are there. */
class ProverHere implements Prover {
  private readonly files: DistFile[] = [];

  add(files: readonly DistFile[]): void {
    for (const file of files) this.files.push(file);
  }

  async prove(): Promise<Proof | undefined> {
    // Not before the caller has gone on, which has a line of progress to end.
    await undefined;
    return unlessErrors(proveDist(this.files));
  }

  stop(): void {
    // Nothing has begun.
  }
}

/**
 * What a thread is asked: to take files, the platform of each cluster first; to take those again that came at this place in
 * its latest proof; or to prove all that it has got.
 */
export type Task = readonly DistFile[] | number | 'prove';

/** So many parts may wait for the thread: each is in memory twice until then. */
const mostWaiting = 20;
/** A thread that has read nothing for so long may have died: it is not waited for until it has read something. */
const longestWaitMs = 1000;

/** A thread that proves files. It keeps the process alive only while its proof is waited for. */
class ProvingThread implements Prover {
  /** How many parts the thread has read: it counts them, and wakes who waits. */
  private readonly read = new Int32Array(new SharedArrayBuffer(4));
  protected readonly worker = startWorker(new URL('./thread', import.meta.url), this.read);
  private added = 0;
  private stuckAt = 0;
  private isProving = false;
  private problem: ThreadError | undefined;
  private fail: (problem: ThreadError) => void = () => undefined;

  constructor() {
    void endOf(this.worker).then((problem) => {
      this.problem = problem;
      this.fail(problem);
    });
  }

  /** Whether more can be asked of it: it is alive, and at no proof, which would be taken for that of what comes now. */
  get isFree(): boolean {
    return this.problem === undefined && !this.isProving;
  }

  add(files: readonly DistFile[]): void {
    this.give(files);
  }

  protected give(task: Exclude<Task, 'prove'>): void {
    this.worker.postMessage(task satisfies Task);
    this.added += 1;
    const read = Atomics.load(this.read, 0);
    // Until it has read something it starts, which it may not be able to do while nothing goes on here.
    if (read === this.stuckAt || this.added - read <= mostWaiting) return;
    if (Atomics.wait(this.read, 0, read, longestWaitMs) === 'timed-out') this.stuckAt = read;
  }

  /**
   * Ends the thread too.
   *
   * @throws ThreadError when the thread ends before its work is done
   */
  prove(): Promise<Proof | undefined> {
    return this.proof(() => this.end());
  }

  /** @param then what comes after, whether the proof does or not */
  protected proof(then: () => void): Promise<Proof | undefined> {
    const proof = new Promise<Proof | undefined>((resolve, reject) => {
      if (this.problem !== undefined) reject(this.problem);
      this.fail = reject;
      this.worker.once('message', resolve);
    });
    this.isProving = true;
    this.worker.ref();
    this.worker.postMessage('prove' satisfies Task);
    const whenEnded = proof.finally(() => {
      this.isProving = false;
      then();
    });
    // Who waits for it may not have got to it when the thread dies.
    whenEnded.catch(() => undefined);
    return whenEnded;
  }

  stop(): void {
    this.problem = new ThreadError('a thread was stopped');
    this.end();
  }

  /** Nobody waits until its memory is free again. */
  private end(): void {
    void this.worker.terminate();
  }
}

/**
 * A thread that goes on to prove the files of the next run. What it has read of a part, it need not read again as long as the
 * platform is the same: for another one, there must be another thread.
 */
export class StayingThread extends ProvingThread {
  /** At which place parts came in the latest proof. The very same list is the same files, for nobody changes one. */
  private latest: ReadonlyMap<readonly DistFile[], number> = new Map();
  private current = new Map<readonly DistFile[], number>();
  private count = 0;

  override add(files: readonly DistFile[]): void {
    this.give(this.latest.get(files) ?? files);
    this.current.set(files, this.count++);
  }

  /** It does not end the thread. */
  override prove(): Promise<Proof | undefined> {
    [this.latest, this.current, this.count] = [this.current, new Map(), 0];
    return this.proof(() => this.worker.unref());
  }
}
