import { availableParallelism } from 'node:os';
import type { DistFile } from '../dist/index.ts';
import type { Proof } from '../proof/prove/prove.ts';
import { endOf, startWorker } from '../threads/worker.ts';
import { type CompiledPart, compilePart, type Part } from './part.ts';

/** Called again and again while work goes on. */
export type Progress = (done: number, total: number) => void;

/** With fewer, what a thread saves is lost again while it starts. */
const tenantsWorthThread = 1000;

/** The thread gets the files of so many tenants at a time: it starts early, and holds little. */
const tenantsInPart = 500;

/**
 * Compiles a fleet. If it is large, a thread proves the files: it reads them while they are made. Both run other code: a
 * thread that did the same as this one would have to warm up for it once more.
 *
 * @param platform files that were made already, the platform of each cluster among them
 * @param progress called with how many tenants are done, and of how many
 */
export function compileWhileRead(
  whole: Part,
  platform: readonly DistFile[],
  progress: Progress,
): CompiledPart {
  const all = whole.fleet.tenants.length;
  if (all < tenantsWorthThread || availableParallelism() === 1) return compileHere(whole, progress);
  const onTenant = counting(all, progress);
  const thread = new ProvingThread();
  thread.add(platform);
  const parts = Math.ceil(all / tenantsInPart);
  const compiled = Array.from({ length: parts }, (_, index) => {
    const part = compilePart(slice(whole, index, parts), onTenant);
    thread.add(part.files);
    return part;
  });
  const findings = compiled.flatMap((part) => part.findings);
  const isValid = findings.every(({ severity }) => severity !== 'error');
  // Nobody waits for the proof then, and a watch would gather threads.
  if (!isValid) void thread.terminate();
  return {
    files: compiled.flatMap(({ files }) => files),
    findings,
    ...(isValid && { prove: () => thread.prove() }),
    objects: compiled.reduce((sum, { objects }) => sum + objects, 0),
  };
}

/** Compiles a fleet without a thread. */
export function compileHere(whole: Part, progress: Progress): CompiledPart {
  return compilePart(whole, counting(whole.fleet.tenants.length, progress));
}

function counting(all: number, progress: Progress): () => void {
  let done = 0;
  return () => {
    done += 1;
    progress(done, all);
  };
}

/** One of so many parts of equal size. */
function slice({ fleet, source }: Part, index: number, parts: number): Part {
  const own = <T>(all: readonly T[]) =>
    all.slice((all.length * index) / parts, (all.length * (index + 1)) / parts);
  return { fleet: { ...fleet, tenants: own(fleet.tenants), secrets: own(fleet.secrets) }, source };
}

/** What a thread is asked: to take files, the platform of each cluster first, or to prove all that it has got. */
export type Task = readonly DistFile[] | 'prove';

/** A thread that proves files. It keeps the process alive only while its proof is waited for. */
class ProvingThread {
  private readonly worker = startWorker(new URL('./thread', import.meta.url));
  private readonly ended = endOf(this.worker);

  add(files: readonly DistFile[]): void {
    this.worker.postMessage(files satisfies Task);
  }

  /**
   * Ends the thread too.
   *
   * @returns undefined when there are errors, whose places can only be found where the texts are
   * @throws ThreadError when the thread ends before its work is done
   */
  prove(): Promise<Proof | undefined> {
    const proof = new Promise<Proof | undefined>((resolve, reject) => {
      void this.ended.then(reject);
      this.worker.once('message', resolve);
    });
    this.worker.ref();
    this.worker.postMessage('prove' satisfies Task);
    return proof.finally(() => this.terminate());
  }

  terminate(): Promise<unknown> {
    return this.worker.terminate();
  }
}
