import { type DistFile, distDigest, sha256 } from '../dist/index.ts';
import type { Report } from '../report/index.ts';
import { inputDigest, shardRecord } from '../shards/record.ts';
import { isOfShard, shardName } from '../shards/shard.ts';
import { upToDate } from './check.ts';
import { compileRead, type FileOptions, finish } from './command.ts';
import { hasErrors, type Pipeline } from './compiled.ts';
import { packageVersion } from './package-files.ts';
import { doneRows, proofOf } from './proven.ts';
import { keep } from './records.ts';
import { Writing } from './write-proven.ts';

/** Flags of `synth`. */
export interface SynthOptions extends FileOptions {
  readonly watch?: boolean;
}

/** What a run of `synth` has to say. */
export type SynthReport = Omit<Report, 'version'>;

/** Compiles the input, proves the files and makes dist what they are; says how that went. */
export async function synth(pipeline: Pipeline, options: FileOptions): Promise<number> {
  return finish(await writeInput(pipeline, options), options);
}

/** The same without a word. With an error anywhere, dist stays as it was. */
export async function writeInput(pipeline: Pipeline, options: FileOptions): Promise<SynthReport> {
  const { services, dist, shard } = options;
  const input = pipeline.read(services);
  const writing = new Writing(dist);
  /** Of each file that is written, where somebody asks for them. */
  const digests = new Map<string, string>();
  const isAsked = shard !== undefined || pipeline.records !== undefined;
  const take = (files: readonly DistFile[]) => {
    const own = shard === undefined ? files : files.filter((file) => isOfShard(file.path, shard));
    writing.add(own);
    if (isAsked) for (const { path, text } of own) digests.set(path, sha256(text));
  };
  const compiled = compileRead(input, options, (progress) => pipeline.compile(input, progress, take, shard));
  const { findings, sources, counts } = compiled;
  const command = { command: 'synth', ...(shard && { shard: shardName(shard) }) };
  if (hasErrors(findings)) {
    writing.discard();
    const summary = { ...command, written: 0, removed: 0, unchanged: 0 };
    return { findings, sources, summary, done: '' };
  }
  if (shard) writing.add([shardRecord(digests, shard, inputDigest(services, sources), packageVersion())]);
  const again = () => pipeline.compileAlone(input, () => undefined, shard).files;
  const { numbers, proof, row, ...found } = await writing.commit(proofOf(compiled, again, dist));
  if (row && proof && pipeline.records)
    keep(
      pipeline.records,
      sources,
      distDigest(digests),
      options,
      upToDate(compiled, digests.size, proof, options),
    );
  return {
    findings: [...findings, ...found.findings],
    sources: new Map([...sources, ...found.sources]),
    summary: { ...command, ...numbers, ...(row && counts), ...(proof && { proof }) },
    done: row && proof ? [row, ...doneRows(counts, proof, shard)] : '',
  };
}
