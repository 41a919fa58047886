import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DistFile } from '../dist/index.ts';
import { endOf, startWorker } from '../threads/worker.ts';
import { type CompiledPart, compilePart, type Part } from './part.ts';

/** Called again and again while work goes on. */
export type Progress = (done: number, total: number) => void;

/** The work of a thread. */
export interface ThreadTask {
  readonly part: Part;
  /** The files of the platforms of the part's clusters, for the proof to judge the part's objects by. */
  readonly platform: readonly DistFile[];
}

/** What a thread says of its work. */
export type ThreadMessage = { readonly tenants: number } | { readonly compiled: CompiledPart };

/** A thread costs as much to start as some hundreds of tenants take to compile. */
const tenantsWorthThreads = 1000;

/** A thread has no more tenants at a time, so that its memory does not grow with the fleet. */
const tenantsInPart = 1000;

/** An input of this size has about as many tenants, unless files that it includes have them. */
const bytesWorthThreads = 200_000;

/**
 * Starts a thread on each core when an input is so large that they are worth it, so that they load what they need while
 * the input is read. None is started for a file that cannot be looked at: reading it says why.
 */
export function startThreadsFor(file: string): readonly Thread[] {
  return sizeOf(file) < bytesWorthThreads ? [] : startThreads();
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/**
 * Compiles a fleet, on all cores if it is large, each with a part of the tenants. The result is that of one core;
 * only the files come in another order.
 *
 * @param platform files that were made already, the platform of each cluster among them
 * @param started threads that wait for work
 * @param progress called now and then with how many tenants are done, and of how many
 * @throws ThreadError when a thread ends before its work is done; the others are ended then
 */
export async function compileOnThreads(
  whole: Part,
  platform: readonly DistFile[],
  started: readonly Thread[],
  progress: Progress,
): Promise<CompiledPart> {
  const all = whole.fleet.tenants.length;
  let done = 0;
  const onTenants = (more: number) => {
    done += more;
    progress(done, all);
  };
  const threads = started.length > 0 || all < tenantsWorthThreads ? started : startThreads();
  if (threads.length === 0) return compilePart(whole, () => onTenants(1));
  const parts = Math.max(threads.length, Math.ceil(all / tenantsInPart));
  const compiled: CompiledPart[] = [];
  let begun = 0;
  const work = threads.map(async (thread) => {
    for (let index = begun++; index < parts; index = begun++) {
      const part = slice(whole, index, parts);
      compiled[index] = await thread.compile({ part, platform: platformOf(part, platform) }, onTenants);
    }
  });
  await Promise.all(work).finally(() => {
    for (const thread of threads) void thread.terminate();
  });
  return {
    files: compiled.flatMap(({ files }) => files),
    findings: compiled.flatMap(({ findings }) => findings),
    read: compiled.flatMap(({ read }) => read ?? []),
    objects: compiled.reduce((sum, { objects }) => sum + objects, 0),
  };
}

/** One of so many parts of equal size. */
function slice({ fleet, source }: Part, index: number, parts: number): Part {
  const own = <T>(all: readonly T[]) =>
    all.slice((all.length * index) / parts, (all.length * (index + 1)) / parts);
  return { fleet: { ...fleet, tenants: own(fleet.tenants), secrets: own(fleet.secrets) }, source };
}

/** The files of the platforms of a part's clusters. */
function platformOf({ fleet }: Part, platform: readonly DistFile[]): DistFile[] {
  const clusters = new Set(fleet.tenants.map(({ cluster }) => cluster.name));
  return platform.filter(({ path }) => clusters.has(/^clusters\/([^/]+)\//.exec(path)?.[1] ?? ''));
}

/** This thread waits meanwhile, and its garbage of long life is in nobody's way. */
function startThreads(): readonly Thread[] {
  const cores = availableParallelism();
  return cores === 1 ? [] : Array.from({ length: cores }, () => new Thread());
}

/** A thread that compiles one part. */
class Thread {
  private readonly worker = startWorker(new URL('./thread', import.meta.url));
  private readonly ended = endOf(this.worker);

  /** @throws ThreadError */
  compile(task: ThreadTask, onTenants: (more: number) => void): Promise<CompiledPart> {
    return new Promise((resolve, reject) => {
      void this.ended.then(reject);
      const hear = (message: ThreadMessage) => {
        if ('tenants' in message) {
          onTenants(message.tenants);
          return;
        }
        this.worker.off('message', hear);
        resolve(message.compiled);
      };
      this.worker.ref();
      this.worker.on('message', hear);
      this.worker.postMessage(task);
    });
  }

  terminate(): Promise<unknown> {
    return this.worker.terminate();
  }
}
