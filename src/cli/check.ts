import { type DistPlan, filesDigest, planDist, planFindings } from '../dist/index.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import { isOfShard, shardName } from '../shards/shard.ts';
import { compileRead, type FileOptions, finish, withFiles } from './command.ts';
import { type Compiled, hasErrors, type Pipeline, type SaidReport } from './compiled.ts';
import { doneRows, proveFiles } from './proven.ts';
import { keep, recall } from './records.ts';

/** Says whether dist, or the part of it that is a shard's, is what the input yields, proves that, and changes nothing. */
export async function check(pipeline: Pipeline, options: FileOptions): Promise<number> {
  const { dist, shard } = options;
  const { records } = pipeline;
  const input = pipeline.read(options.services);
  const before = hasErrors(input.findings) ? undefined : recall(records, input.sources, options);
  if (before !== undefined) return finish({ ...before, sources: input.sources }, options);
  const compiled = compileRead(pipeline, input, options);
  const { findings, sources, counts } = compiled;
  const command = commandOf(options);
  if (hasErrors(findings)) return finish({ findings, sources, summary: command, done: '' }, options);
  const isOwn = (file: string) => shard === undefined || isOfShard(file, shard);
  const files = compiled.files.filter(({ path }) => isOwn(path));
  // While a thread proves the files, they are compared here.
  const [proof, plan] = await Promise.all([proveFiles(compiled, dist), planOf(dist, files, isOwn)]);
  const differences = planFindings(plan);
  const wrong = [...differences, ...proof.findings];
  if (!hasErrors(wrong)) {
    const report = upToDate(compiled, files.length, proof.counts, options);
    keep(records, sources, filesDigest(files), options, report);
    return finish({ ...report, sources }, options);
  }
  const summary = { ...command, upToDate: differences.length === 0, ...counts, proof: proof.counts };
  const all = new Map([...sources, ...proof.sources]);
  return finish({ findings: [...findings, ...wrong], sources: all, summary, done: '' }, options);
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

/** @throws UsageError when the folder cannot be read */
async function planOf(...[dist, files, isOwn]: Parameters<typeof planDist>): Promise<DistPlan> {
  return withFiles(`${dist} cannot be read`, () => planDist(dist, files, isOwn));
}
