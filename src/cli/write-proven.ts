import {
  commitDist,
  type DistFile,
  discardDist,
  planDist,
  type StagedDist,
  stageDist,
} from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import type { Row } from '../report/summary.ts';
import type { Sources } from '../report/text.ts';
import { withFiles } from './command.ts';
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
  proven: Pick<Compiled, 'files' | 'prove'>,
  own: readonly DistFile[],
  folder: string,
): Promise<Written> {
  const nothing = { written: 0, removed: 0, unchanged: 0 };
  // While a thread proves the files, they are staged here.
  const [proof, early] = await Promise.allSettled([
    proveFiles(proven, folder),
    proven.prove && stagedIn(folder, own),
  ]);
  if (proof.status === 'rejected' || hasErrors(proof.value.findings)) {
    if (early.status === 'fulfilled' && early.value) discardDist(early.value);
    if (proof.status === 'rejected') throw proof.reason;
    const { findings, sources, counts } = proof.value;
    return { findings, sources, numbers: nothing, proof: counts };
  }
  if (early.status === 'rejected') throw early.reason;
  const staged = early.value ?? (await stagedIn(folder, own));
  const { unchanged, obstacles, writes, removals } = staged;
  if (obstacles.length > 0)
    return { findings: obstacles, sources: new Map(), numbers: { ...nothing, unchanged } };
  withFiles(notWritten(folder), () => commitDist(staged));
  const [written, removed] = [writes.length, removals.length];
  const row = {
    label: folder,
    text: `${counted(written, 'file')} written, ${removed} removed, ${unchanged} unchanged`,
    isNotable: removed > 0,
  };
  const numbers = { written, removed, unchanged };
  return { findings: [], sources: new Map(), numbers, proof: proof.value.counts, row };
}

/** @throws UsageError when the folder cannot be read or written */
async function stagedIn(folder: string, files: readonly DistFile[]): Promise<StagedDist> {
  const plan = withFiles(`${folder} cannot be read`, () => planDist(folder, files));
  return withFiles(notWritten(folder), () => stageDist(plan));
}

function notWritten(folder: string): string {
  return `${folder} cannot be written and was left as it was`;
}
