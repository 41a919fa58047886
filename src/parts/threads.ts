import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DistFile } from '../dist/index.ts';
import type { ReadFiles } from '../proof/files/clusters.ts';
import { endOf, startWorker } from '../threads/worker.ts';
import { type CompiledPart, compilePart, type Part } from './part.ts';

/** Called again and again while work goes on. */
export type Progress = (done: number, total: number) => void;

/**
 * With fewer, what a thread saves is lost again while it warms up. Measured on two virtual cores: 7 % more time at 4,000
 * tenants, 7 % less at 10,000.
 */
const tenantsWorthThread = 5000;

/** An input of this size has about as many tenants, unless files that it includes have them. */
const bytesWorthThread = 1_000_000;

/** The thread gets the files of so many tenants at a time: it starts early, and holds little. */
const tenantsInPart = 500;

/**
 * Starts a thread when an input is so large that it is worth it, so that it loads what it needs while the input is read.
 * None is started for a file that cannot be looked at: reading it says why.
 */
export function startThreadFor(file: string): ReadingThread | undefined {
  return sizeOf(file) < bytesWorthThread ? undefined : startThread();
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/**
 * Compiles a fleet. If it is large, a thread reads the files meanwhile, for the proof, which knows nothing but them. Both
 * run other code: a thread that did the same as this one would have to warm up for it once more.
 *
 * @param platform files that were made already, the platform of each cluster among them
 * @param started a thread that waits for work; it is ended
 * @param progress called with how many tenants are done, and of how many
 * @throws ThreadError when the thread ends before its work is done
 */
export async function compileWhileRead(
  whole: Part,
  platform: readonly DistFile[],
  started: ReadingThread | undefined,
  progress: Progress,
): Promise<CompiledPart> {
  const all = whole.fleet.tenants.length;
  let done = 0;
  const onTenant = () => {
    done += 1;
    progress(done, all);
  };
  const thread = started ?? (all < tenantsWorthThread ? undefined : startThread());
  if (thread === undefined) return compilePart(whole, onTenant);
  const parts = Math.ceil(all / tenantsInPart) || 1;
  const compiled: CompiledPart[] = [];
  const reads: Promise<ReadFiles>[] = [];
  for (let index = 0; index < parts; index++) {
    const part = slice(whole, index, parts);
    const made = compilePart(part, onTenant);
    compiled.push(made);
    reads.push(thread.read([...platformOf(part, platform), ...made.files]));
  }
  const read = await Promise.all(reads).finally(() => thread.terminate());
  return {
    files: compiled.flatMap(({ files }) => files),
    findings: compiled.flatMap(({ findings }) => findings),
    read,
    objects: compiled.reduce((sum, { objects }) => sum + objects, 0),
  };
}

/** One of so many parts of equal size. */
function slice({ fleet, source }: Part, index: number, parts: number): Part {
  const own = <T>(all: readonly T[]) =>
    all.slice((all.length * index) / parts, (all.length * (index + 1)) / parts);
  return { fleet: { ...fleet, tenants: own(fleet.tenants), secrets: own(fleet.secrets) }, source };
}

/** The files of the platforms of a part's clusters, by which the proof judges what is in the part. */
function platformOf({ fleet }: Part, platform: readonly DistFile[]): DistFile[] {
  const clusters = new Set(fleet.tenants.map(({ cluster }) => cluster.name));
  return platform.filter(({ path }) => clusters.has(/^clusters\/([^/]+)\//.exec(path)?.[1] ?? ''));
}

function startThread(): ReadingThread | undefined {
  return availableParallelism() === 1 ? undefined : new ReadingThread();
}

/** A thread that reads files for the proof. */
class ReadingThread {
  private readonly worker = startWorker(new URL('./thread', import.meta.url));
  private readonly ended = endOf(this.worker);
  /** Who waits for an answer, in the order of the questions. */
  private readonly waiting: ((read: ReadFiles) => void)[] = [];

  constructor() {
    this.worker.on('message', (read: ReadFiles) => this.waiting.shift()?.(read));
    // Listening would keep the process alive, and there may be nothing to do.
    this.worker.unref();
  }

  /** @throws ThreadError */
  read(files: readonly DistFile[]): Promise<ReadFiles> {
    const read = new Promise<ReadFiles>((resolve, reject) => {
      void this.ended.then(reject);
      this.waiting.push(resolve);
    });
    // It is waited for later, when all of them are.
    read.catch(() => undefined);
    this.worker.ref();
    this.worker.postMessage(files);
    return read;
  }

  terminate(): Promise<unknown> {
    return this.worker.terminate();
  }
}
