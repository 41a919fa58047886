import { commitDist, type DistFile, DistStaging, type StagedDist } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import type { Row } from '../report/summary.ts';
import type { Sources } from '../report/text.ts';
import { withFiles } from './command.ts';
import type { Comparison } from './comparison.ts';
import { hasErrors } from './compiled.ts';
import type { Proven } from './proven.ts';

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
 * Files on their way into a folder. They are staged while a thread proves them, and moved into their places when they are
 * proven; until then each file of the folder is what it was.
 *
 * @throws UsageError from `add` and `commit`, when the folder cannot be read or written; `discard` takes back what was staged
 */
export class Writing {
  private readonly folder: string;
  private readonly comparison: Comparison;
  private readonly staging: DistStaging;

  /** @param comparison compares the folder with the files */
  constructor(folder: string, comparison: Comparison) {
    this.folder = folder;
    this.comparison = comparison;
    this.staging = new DistStaging(folder);
  }

  /** Takes more of the files that the folder is to hold. */
  add(files: readonly DistFile[]): void {
    const writes = this.comparison.add(files);
    if (writes.length > 0 && !this.comparison.isObstructed) this.writing(() => this.staging.add(writes));
  }

  /** Takes back what was staged. Once it is in place, nothing is. */
  discard(): void {
    this.staging.discard();
  }

  /**
   * Makes the folder what has come, if that is proven.
   *
   * @param proving the proof of the files; the rest of the work is done while a thread is at it
   * @throws what `proving` is rejected with
   */
  async commit(proving: Promise<Proven>): Promise<Written> {
    const known = await knownNow(proving);
    if (known && hasErrors(known.findings)) return this.refuse(known);
    const [proof, staged] = await Promise.allSettled([proving, this.staged()]);
    if (proof.status === 'rejected') {
      this.discard();
      throw proof.reason;
    }
    if (hasErrors(proof.value.findings)) return this.refuse(proof.value);
    if (staged.status === 'rejected') throw staged.reason;
    const { unchanged, obstacles, writes, removals } = staged.value;
    if (obstacles.length > 0)
      return { findings: obstacles, sources: new Map(), numbers: { ...nothing, unchanged } };
    this.writing(() => commitDist(staged.value));
    const numbers = { written: writes.length, removed: removals.length, unchanged };
    const row = rowOf(this.folder, numbers);
    return { findings: [], sources: new Map(), numbers, proof: proof.value.counts, row };
  }

  private refuse({ findings, sources, counts }: Proven): Written {
    this.discard();
    return { findings, sources, numbers: nothing, proof: counts };
  }

  private async staged(): Promise<StagedDist> {
    const { writes, plan } = this.comparison.end();
    return this.writing(() => {
      if (plan.obstacles.length === 0) this.staging.add(writes);
      return this.staging.end(plan);
    });
  }

  private writing<Result>(write: () => Result): Result {
    return withFiles(`${this.folder} cannot be written and was left as it was`, write);
  }
}

const nothing = { written: 0, removed: 0, unchanged: 0 };

/** What a promise has come to, unless that takes time. */
async function knownNow<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let known: Value | undefined;
  promise.then(
    (value) => {
      known = value;
    },
    () => undefined,
  );
  await new Promise((resolve) => setImmediate(resolve));
  return known;
}

function rowOf(folder: string, { written, removed, unchanged }: Written['numbers']): Row {
  return {
    label: folder,
    text: `${counted(written, 'file')} written, ${removed} removed, ${unchanged} unchanged`,
    isNotable: removed > 0,
  };
}
