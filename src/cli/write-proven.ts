import {
  commitDist,
  type DistFile,
  DistPlanner,
  DistStaging,
  discardDist,
  type StagedDist,
  type Write,
} from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import type { Row } from '../report/summary.ts';
import type { Sources } from '../report/text.ts';
import { withFiles } from './command.ts';
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
 */
export class Writing {
  private readonly kept: Write[] = [];
  private readonly folder: string;
  private readonly mostKept: number;
  private readonly staging: DistStaging;
  /** The folder is looked at when the first files come. */
  private planner: DistPlanner | undefined;

  /** @param mostKept so many texts are kept until all have come, for a thread to have them sooner; more fill the memory */
  constructor(folder: string, mostKept = 20_000) {
    this.folder = folder;
    this.mostKept = mostKept;
    this.staging = new DistStaging(folder);
  }

  /**
   * Takes more of the files that the folder is to hold.
   *
   * @throws UsageError when the folder cannot be read or written; it is left as it was
   */
  add(files: readonly DistFile[]): void {
    const writes = this.whileRead((planner) => planner.add(files));
    if (this.planner?.obstacles.length !== 0) return;
    if (this.kept.length < this.mostKept) this.kept.push(...writes);
    else this.whileWritten(() => this.staging.add(writes));
  }

  /** Takes back what was staged. */
  discard(): void {
    this.staging.discard();
  }

  /**
   * Makes the folder what has come, if that is proven.
   *
   * @param proving the proof of the files; the rest of the work is done while a thread is at it
   * @throws UsageError when the folder cannot be read or written; it is left as it was
   */
  async commit(proving: Promise<Proven>): Promise<Written> {
    const nothing = { written: 0, removed: 0, unchanged: 0 };
    const [proof, early] = await Promise.allSettled([proving, this.staged()]);
    if (proof.status === 'rejected' || hasErrors(proof.value.findings)) {
      if (early.status === 'fulfilled') discardDist(early.value);
      if (proof.status === 'rejected') throw proof.reason;
      const { findings, sources, counts } = proof.value;
      return { findings, sources, numbers: nothing, proof: counts };
    }
    if (early.status === 'rejected') throw early.reason;
    const { unchanged, obstacles, writes, removals } = early.value;
    if (obstacles.length > 0)
      return { findings: obstacles, sources: new Map(), numbers: { ...nothing, unchanged } };
    this.whileWritten(() => commitDist(early.value));
    const numbers = { written: writes.length, removed: removals.length, unchanged };
    return {
      findings: [],
      sources: new Map(),
      numbers,
      proof: proof.value.counts,
      row: rowOf(this.folder, numbers),
    };
  }

  private async staged(): Promise<StagedDist> {
    const plan = this.whileRead((planner) => planner.end());
    return this.whileWritten(() => {
      if (plan.obstacles.length === 0) this.staging.add(this.kept);
      return this.staging.end(plan);
    });
  }

  private whileWritten<Result>(write: () => Result): Result {
    return withFiles(`${this.folder} cannot be written and was left as it was`, write);
  }

  private whileRead<Result>(read: (planner: DistPlanner) => Result): Result {
    try {
      return withFiles(`${this.folder} cannot be read`, () => {
        this.planner ??= new DistPlanner(this.folder);
        return read(this.planner);
      });
    } catch (problem) {
      this.discard();
      throw problem;
    }
  }
}

function rowOf(folder: string, { written, removed, unchanged }: Written['numbers']): Row {
  return {
    label: folder,
    text: `${counted(written, 'file')} written, ${removed} removed, ${unchanged} unchanged`,
    isNotable: removed > 0,
  };
}
