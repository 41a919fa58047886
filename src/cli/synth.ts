import { distDigest } from '../dist/index.ts';
import type { Input } from '../input/load.ts';
import type { Report } from '../report/index.ts';
import { inputDigest, shardRecord } from '../shards/record.ts';
import { shardName } from '../shards/shard.ts';
import { collectGarbage } from '../threads/garbage.ts';
import { upToDate } from './check.ts';
import { compileRead, type FileOptions, filesAgain, finish } from './command.ts';
import { Comparison } from './comparison.ts';
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

/**
 * The same without a word. With an error anywhere, dist stays as it was.
 *
 * @param settled is waited for before anything is written, and before it is said that nothing was. What it throws takes the
 *   place of the outcome
 */
export async function writeInput(
  pipeline: Pipeline,
  options: FileOptions,
  settled: () => Promise<void> = async () => undefined,
): Promise<SynthReport> {
  const { services, dist, shard } = options;
  const isDigested = shard !== undefined || pipeline.records !== undefined;
  const comparison = new Comparison(dist, { shard, isAlone: true, isDigested });
  const writing = new Writing(dist, comparison);
  try {
    return await write(writing, comparison, pipeline.read(services), pipeline, options, settled);
  } catch (problem) {
    writing.discard();
    await settled();
    throw problem;
  }
}

async function write(
  writing: Writing,
  comparison: Comparison,
  input: Input,
  pipeline: Pipeline,
  options: FileOptions,
  settled: () => Promise<void>,
): Promise<SynthReport> {
  const { services, dist, shard } = options;
  const compiled = compileRead(input, options, (progress) =>
    pipeline.compile(input, progress, (files) => writing.add(files), shard),
  );
  const { findings, sources, counts } = compiled;
  const command = { command: 'synth', ...(shard && { shard: shardName(shard) }) };
  if (hasErrors(findings)) {
    writing.discard();
    await settled();
    const summary = { ...command, written: 0, removed: 0, unchanged: 0 };
    return { findings, sources, summary, done: '' };
  }
  // The fleet is no longer needed, and the thread that proves needs most memory now.
  collectGarbage(1);
  if (shard) {
    const { digests } = comparison;
    writing.add([shardRecord(digests, shard, inputDigest(services, sources), packageVersion())]);
  }
  const prove = async () => {
    const proven = await proofOf(compiled, filesAgain(pipeline, input, options), dist);
    await settled();
    return proven;
  };
  const proving = prove();
  // A thread is at the proof meanwhile.
  const digest = pipeline.records && distDigest(comparison.digests);
  const { numbers, proof, row, ...found } = await writing.commit(proving);
  if (row && proof && digest !== undefined) {
    const report = upToDate(compiled, comparison.count, proof, options);
    keep(pipeline.records, sources, digest, options, report);
  }
  return {
    findings: [...findings, ...found.findings],
    sources: new Map([...sources, ...found.sources]),
    summary: { ...command, ...numbers, ...(row && counts), ...(proof && { proof }) },
    done: row && proof ? [row, ...doneRows(counts, proof, shard)] : '',
  };
}
