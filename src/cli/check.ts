import {
  type DistFile,
  type DistPlan,
  DistPlanner,
  distDigest,
  planFindings,
  sha256,
  type Write,
} from '../dist/index.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import { isOfShard, type Shard, shardName } from '../shards/shard.ts';
import { compileRead, type FileOptions, finish, withFiles } from './command.ts';
import { type Compiled, hasErrors, type Pipeline, type SaidReport } from './compiled.ts';
import { doneRows, proofOf } from './proven.ts';
import { keep, recall } from './records.ts';

/** Says whether dist, or the part of it that is a shard's, is what the input yields, proves that, and changes nothing. */
export async function check(pipeline: Pipeline, options: FileOptions): Promise<number> {
  const { dist, shard } = options;
  const { records } = pipeline;
  const input = pipeline.read(options.services);
  const before = hasErrors(input.findings) ? undefined : recall(records, input.sources, options);
  if (before !== undefined) return finish({ ...before, sources: input.sources }, options);
  const comparison = new Comparison(dist, shard);
  const compiled = compileRead(input, options, (progress) =>
    pipeline.compile(input, progress, (files) => comparison.add(files), shard),
  );
  const { findings, sources, counts } = compiled;
  const command = commandOf(options);
  if (hasErrors(findings)) return finish({ findings, sources, summary: command, done: '' }, options);
  const again = () => pipeline.compileAlone(input, () => undefined, shard).files;
  const [proof, plan] = await Promise.all([proofOf(compiled, again, dist), comparison.plan()]);
  const { digests } = comparison;
  const differences = planFindings(plan);
  const wrong = [...differences, ...proof.findings];
  if (!hasErrors(wrong)) {
    const report = upToDate(compiled, digests.size, proof.counts, options);
    keep(records, sources, distDigest(digests), options, report);
    return finish({ ...report, sources }, options);
  }
  const summary = { ...command, upToDate: differences.length === 0, ...counts, proof: proof.counts };
  const all = new Map([...sources, ...proof.sources]);
  return finish({ findings: [...findings, ...wrong], sources: all, summary, done: '' }, options);
}

/**
 * How a folder, or what a shard has to do with in it, differs from the files that come.
 *
 * @throws UsageError from each function, when the folder cannot be read
 */
class Comparison {
  /** The `sha256` of each file that came, by path. */
  readonly digests = new Map<string, string>();
  private readonly folder: string;
  private readonly isOwn: (file: string) => boolean;
  private readonly writes: Write[] = [];
  /** The folder is looked at when the first files come. */
  private planner: DistPlanner | undefined;

  constructor(folder: string, shard: Shard | undefined) {
    this.folder = folder;
    this.isOwn = (file) => shard === undefined || isOfShard(file, shard);
  }

  add(files: readonly DistFile[]): void {
    const own = files.filter(({ path }) => this.isOwn(path));
    this.writes.push(...this.reading((planner) => planner.add(own)));
    for (const { path, text } of own) this.digests.set(path, sha256(text));
  }

  async plan(): Promise<DistPlan> {
    const writes = this.writes.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { ...this.reading((planner) => planner.end()), writes };
  }

  private reading<Result>(read: (planner: DistPlanner) => Result): Result {
    return withFiles(`${this.folder} cannot be read`, () => {
      this.planner ??= new DistPlanner(this.folder, this.isOwn);
      return read(this.planner);
    });
  }
}

/** What is said of a dist of so many files that is what an input yields. */
export function upToDate(
  { findings, counts }: Compiled,
  files: number,
  proof: ProofCounts,
  options: FileOptions,
): SaidReport {
  const { dist, shard } = options;
  return {
    findings,
    summary: { ...commandOf(options), upToDate: true, ...counts, proof },
    done: [{ label: dist, text: `up to date: ${counted(files, 'file')}` }, ...doneRows(counts, proof, shard)],
  };
}

function commandOf({ shard }: FileOptions) {
  return { command: 'check', ...(shard && { shard: shardName(shard) }) };
}
