import { filesDigest } from '../dist/index.ts';
import type { Report } from '../report/index.ts';
import { shardName } from '../shards/shard.ts';
import { upToDate } from './check.ts';
import { compileInput, type FileOptions, finish } from './command.ts';
import { type Compiled, hasErrors, type Pipeline } from './compiled.ts';
import { packageVersion } from './package-files.ts';
import { doneRows } from './proven.ts';
import { keep } from './records.ts';
import { writeProven } from './write-proven.ts';

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
  const { shard } = options;
  const compiled = compileInput(pipeline, options);
  const { findings, sources, counts } = compiled;
  const command = { command: 'synth', ...(shard && { shard: shardName(shard) }) };
  if (hasErrors(findings)) {
    const summary = { ...command, written: 0, removed: 0, unchanged: 0 };
    return { findings, sources, summary, done: '' };
  }
  const own = await filesToWrite(compiled, options);
  const writing = writeProven(compiled, own, options.dist);
  // While a thread still proves the files.
  const digest = pipeline.records && filesDigest(own);
  const { numbers, proof, row, ...found } = await writing;
  if (row && proof && digest !== undefined)
    keep(pipeline.records, sources, digest, options, upToDate(compiled, own.length, proof, options));
  return {
    findings: [...findings, ...found.findings],
    sources: new Map([...sources, ...found.sources]),
    summary: { ...command, ...numbers, ...(row && counts), ...(proof && { proof }) },
    done: row && proof ? [row, ...doneRows(counts, proof, shard)] : '',
  };
}

/** All files, or those of a shard and what it says of itself. */
async function filesToWrite(
  { files, sources }: Compiled,
  { services, shard }: FileOptions,
): Promise<Compiled['files']> {
  if (shard === undefined) return files;
  const { inputDigest, shardFiles } = await import('../shards/record.ts');
  return shardFiles(files, shard, inputDigest(services, sources), packageVersion());
}
