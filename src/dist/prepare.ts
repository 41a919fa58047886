import { endOf, startWorker } from '../threads/worker.ts';
import { type DistFile, planDist } from './plan.ts';
import { DistError, type StagedDist, stageDist } from './write.ts';

/** A folder that is ready to be committed, or why it is not; data alone. */
export type PreparedDist = { readonly staged: StagedDist } | { readonly failure: PreparationFailure };

/** An error, and whether it was one of reading or of writing. */
export interface PreparationFailure {
  readonly doing: 'read' | 'write';
  readonly isDistError: boolean;
  readonly message: string;
  /** `code`, `path` and `dest` of an error of the file system. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Below so many files a thread costs more than it saves. */
const filesWorthThread = 2000;

/** Compares a folder with what should stand in it, and writes what differs to a staging folder. Nothing is thrown. */
export function prepareDist(folder: string, files: readonly DistFile[]): PreparedDist {
  let doing: PreparationFailure['doing'] = 'read';
  try {
    const plan = planDist(folder, files);
    doing = 'write';
    return { staged: stageDist(plan) };
  } catch (problem) {
    return { failure: { doing, ...asData(problem) } };
  }
}

/**
 * The same on a thread of its own, for many files, while this thread does something else.
 *
 * @returns undefined for few files
 * @throws ThreadError when the thread ends before its work is done
 */
export function prepareOnThread(
  folder: string,
  files: readonly DistFile[],
): Promise<PreparedDist> | undefined {
  if (files.length < filesWorthThread) return undefined;
  const worker = startWorker(new URL('./prepare-thread', import.meta.url));
  const ended = endOf(worker);
  const prepared = new Promise<PreparedDist>((resolve, reject) => {
    void ended.then(reject);
    worker.ref();
    worker.once('message', resolve);
    worker.postMessage({ folder, files });
  });
  return prepared.finally(() => worker.terminate());
}

function asData(problem: unknown): Omit<PreparationFailure, 'doing'> {
  if (!(problem instanceof Error)) return { isDistError: false, message: String(problem), details: {} };
  const { message, code, path, dest } = problem as NodeJS.ErrnoException & { dest?: string };
  const details = Object.fromEntries(
    Object.entries({ code, path, dest }).filter(([, detail]) => detail !== undefined),
  );
  return { isDistError: problem instanceof DistError, message, details };
}

/** The error as it was thrown, but for its stack. */
export function preparationError({ isDistError, message, details }: PreparationFailure): Error {
  return isDistError ? new DistError(message) : Object.assign(new Error(message), details);
}
