import {
  clearStaging,
  commitDist,
  type DistFile,
  discardDist,
  type PreparedDist,
  preparationError,
  prepareDist,
  prepareOnThread,
  type StagedDist,
} from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import type { Row } from '../report/summary.ts';
import type { Sources } from '../report/text.ts';
import { ThreadError } from '../threads/worker.ts';
import { UsageError, withFiles } from './command.ts';
import { type Compiled, hasErrors } from './compiled.ts';
import { proveFiles } from './proven.ts';

/** How proving and writing went. */
export interface Written {
  /** What is wrong; with anything here, nothing was written. */
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  /** For the summary as data. */
  readonly numbers: { readonly written: number; readonly removed: number; readonly unchanged: number };
  readonly proof?: ProofCounts;
  /** For the summary as text; absent when nothing was written because of findings. */
  readonly row?: Row;
}

/**
 * Proves files and, when they are proven, makes a folder what some of them are.
 *
 * @param proven what is proven
 * @param own those of its files that are written, and what is written beside them
 * @throws UsageError when the folder cannot be read or written
 */
export async function writeProven(
  proven: Pick<Compiled, 'files' | 'read'>,
  own: readonly DistFile[],
  folder: string,
): Promise<Written> {
  const nothing = { written: 0, removed: 0, unchanged: 0 };
  const preparing = prepareOnThread(folder, own);
  const { findings, sources, counts: proof } = proveFiles(proven, folder);
  if (hasErrors(findings)) {
    discard(await preparing?.catch(() => undefined));
    return { findings, sources, numbers: nothing, proof };
  }
  const staged = stagedOf(
    folder,
    (await preparing?.catch((problem) => clearedUp(folder, problem))) ?? prepareDist(folder, own),
  );
  const { unchanged, obstacles, writes, removals } = staged;
  if (obstacles.length > 0)
    return { findings: obstacles, sources: new Map(), numbers: { ...nothing, unchanged } };
  withFiles(doing.write(folder), () => commitDist(staged));
  const [written, removed] = [writes.length, removals.length];
  const row = {
    label: folder,
    text: `${counted(written, 'file')} written, ${removed} removed, ${unchanged} unchanged`,
    isNotable: removed > 0,
  };
  return { findings: [], sources: new Map(), numbers: { written, removed, unchanged }, proof, row };
}

const doing = {
  read: (folder: string) => `${folder} cannot be read`,
  write: (folder: string) => `${folder} cannot be written and was left as it was`,
};

/** @throws UsageError when the folder could not be prepared */
function stagedOf(folder: string, prepared: PreparedDist): StagedDist {
  if ('staged' in prepared) return prepared.staged;
  const { failure } = prepared;
  return withFiles(doing[failure.doing](folder), () => {
    throw preparationError(failure);
  });
}

function discard(prepared: PreparedDist | undefined): void {
  if (prepared && 'staged' in prepared) discardDist(prepared.staged);
}

/** What a thread that died has left goes with it. */
function clearedUp(folder: string, problem: unknown): never {
  clearStaging(folder);
  throw problem instanceof ThreadError ? new UsageError(`nothing was written: ${problem.message}`) : problem;
}
