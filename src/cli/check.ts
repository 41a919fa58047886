import { type DistPlan, planDist, planFindings } from '../dist/index.ts';
import { counted } from '../report/counted.ts';
import { isOfShard, shardName } from '../shards/shard.ts';
import { compileInput, type FileOptions, finish, withFiles } from './command.ts';
import { type Compile, hasErrors } from './compiled.ts';
import { doneRows, proveFiles } from './proven.ts';

/** Says whether dist, or the part of it that is a shard's, is what the input yields, proves that, and changes nothing. */
export async function check(compile: Compile, options: FileOptions): Promise<number> {
  const { dist, shard } = options;
  const compiled = await compileInput(compile, options);
  const { findings, sources, counts } = compiled;
  const command = { command: 'check', ...(shard && { shard: shardName(shard) }) };
  if (hasErrors(findings)) return finish({ findings, sources, summary: command, done: '' }, options);
  const isOwn = (file: string) => shard === undefined || isOfShard(file, shard);
  const files = compiled.files.filter(({ path }) => isOwn(path));
  // While a thread proves the files, they are compared here.
  const [proof, plan] = await Promise.all([proveFiles(compiled, dist), planOf(dist, files, isOwn)]);
  const differences = planFindings(plan);
  const done =
    differences.length > 0 || hasErrors(proof.findings)
      ? ''
      : [
          { label: dist, text: `up to date: ${counted(files.length, 'file')}` },
          ...doneRows(counts, proof.counts, shard),
        ];
  const summary = { ...command, upToDate: differences.length === 0, ...counts, proof: proof.counts };
  const all = new Map([...sources, ...proof.sources]);
  return finish(
    { findings: [...findings, ...differences, ...proof.findings], sources: all, summary, done },
    options,
  );
}

/** @throws UsageError when the folder cannot be read */
async function planOf(...[dist, files, isOwn]: Parameters<typeof planDist>): Promise<DistPlan> {
  return withFiles(`${dist} cannot be read`, () => planDist(dist, files, isOwn));
}
