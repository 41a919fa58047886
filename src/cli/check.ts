import { type Change, distDigest, planFindings, type Write } from '../dist/index.ts';
import type { ProofCounts } from '../proof/prove/prove.ts';
import { counted } from '../report/counted.ts';
import { shardName } from '../shards/shard.ts';
import { compileRead, type FileOptions, filesAgain, finish } from './command.ts';
import { Comparison } from './comparison.ts';
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
  const comparison = new Comparison(dist, { shard, isDigested: records !== undefined });
  const changes: Change[] = [];
  const note = (writes: readonly Write[]) => {
    for (const { path, before } of writes) changes.push({ path, before });
  };
  const compiled = compileRead(input, options, (progress) =>
    pipeline.compile(input, progress, (files) => note(comparison.add(files)), shard),
  );
  const { findings, sources, counts } = compiled;
  const command = commandOf(options);
  if (hasErrors(findings)) return finish({ findings, sources, summary: command, done: '' }, options);
  // An async function, so that both are waited for whichever fails.
  const compare = async () => comparison.end();
  const [proof, { writes, plan }] = await Promise.all([
    proofOf(compiled, filesAgain(pipeline, input, options), dist),
    compare(),
  ]);
  note(writes);
  const differences = planFindings(plan, changes);
  const wrong = [...differences, ...proof.findings];
  if (!hasErrors(wrong)) {
    const report = upToDate(compiled, comparison.count, proof.counts, options);
    keep(records, sources, distDigest(comparison.digests), options, report);
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
