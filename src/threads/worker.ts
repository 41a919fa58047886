import { Worker } from 'node:worker_threads';

/** Why a thread has not done its work, in one line. */
export class ThreadError extends Error {}

/**
 * Starts a thread. One that gets no work keeps no process alive.
 *
 * @param module the URL of what runs there, without ending: it is JavaScript in the package; in the repository it is
 * TypeScript, which tsx reads
 * @param workerData what it gets
 */
export function startWorker(module: URL, workerData?: unknown): Worker {
  const worker = import.meta.url.endsWith('.js')
    ? new Worker(new URL(`${module.href}.js`), { workerData })
    : new Worker(fromSource(`${module.href}.ts`), { workerData, eval: true });
  worker.unref();
  return worker;
}

/** tsx must be asked for in each thread anew, from here: the working directory may be anywhere. */
function fromSource(module: string): string {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${tsx}).then(({ register }) => {
    register();
    return import(${JSON.stringify(module)});
  });`;
}

/** Resolves when a thread ends, whatever the reason. To be asked for at its start: it may die before it has work. */
export function endOf(worker: Worker): Promise<ThreadError> {
  return new Promise((resolve) => {
    worker.once('error', (problem) => resolve(new ThreadError(reasonOf(problem))));
    worker.once('exit', () => resolve(new ThreadError('a thread ended before its work was done')));
  });
}

function reasonOf(problem: unknown): string {
  if (problem instanceof Error && 'code' in problem && problem.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return 'the memory that Node.js may use is full; NODE_OPTIONS=--max-old-space-size=<megabytes> gives it more';
  return `a thread failed: ${problem instanceof Error ? problem.message : String(problem)}`;
}
