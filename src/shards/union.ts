import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DistFile, presentFiles, shardRecordFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import { sha256 } from '../sha256.ts';
import { readRecord, type ShardRecord } from './record.ts';
import { isOfShard, shardName } from './shard.ts';

/** What the folders of all shards hold together. */
export interface Union {
  /** Every file of dist; they may be written only when there are no findings. */
  readonly files: readonly DistFile[];
  readonly findings: readonly Finding[];
}

interface ShardFolder {
  readonly folder: string;
  readonly record: ShardRecord;
}

/**
 * Puts the folders of shards together. They must be all the shards of one input, each once, and each must hold what was
 * written there and nothing else; whatever is not so is reported, all of it. Reads only.
 *
 * @param version of eso-abac, which must have written all of them
 * @throws an error of the file system, when something in a folder cannot be read
 */
export function uniteShards(folders: readonly string[], version: string): Union {
  const findings: Finding[] = [];
  const shards = folders.flatMap((folder): ShardFolder[] => {
    const record = recordIn(folder);
    if (typeof record !== 'string') return [{ folder, record }];
    findings.push(setFinding(record, 'a folder that eso-abac synth --shard has written'));
    return [];
  });
  findings.push(...setFindings(shards, version));
  const files = shards.flatMap((shard) => filesOf(shard, findings));
  return { files, findings };
}

/** What the file system says of a file in a folder that is not there, or is none. */
const absent: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

/** The record in a folder, or what is wrong with it. */
function recordIn(folder: string): ShardRecord | string {
  const file = path.join(folder, shardRecordFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && absent.has(problem.code))
      return `there is no shard in ${folder}: it holds no ${shardRecordFile}`;
    throw problem;
  }
  return readRecord(text) ?? `${file} is not what eso-abac has written`;
}

/** What is wrong with the shards as a set: each is held against the first. */
function setFindings(shards: readonly ShardFolder[], version: string): Finding[] {
  const [first] = shards;
  if (first === undefined) return [];
  const { count, input } = first.record;
  const known = new Map<number, string>();
  const findings: Finding[] = [];
  for (const { folder, record } of shards) {
    if (record.version !== version) {
      const message = `${folder} was written by eso-abac ${record.version}, and this is ${version}`;
      findings.push(setFinding(message, 'one version of eso-abac for all shards and for the merge'));
    }
    if (record.input !== input) {
      const message = `${folder} was compiled from another input than ${first.folder}`;
      findings.push(setFinding(message, 'shards of one revision of the input'));
    }
    if (record.count !== count) {
      const message = `${folder} is shard ${shardName(record)}, and ${first.folder} is shard ${shardName(first.record)}`;
      findings.push(setFinding(message, 'shards of one number of shards'));
      continue;
    }
    const other = known.get(record.index);
    known.set(record.index, folder);
    if (other === undefined) continue;
    findings.push(setFinding(`${folder} is shard ${shardName(record)}, as ${other} is`, 'each shard once'));
  }
  const all = Array.from({ length: count }, (_, before) => before + 1);
  const missing = all.filter((index) => !known.has(index));
  if (missing.length === 0) return findings;
  const names = missing.map((index) => shardName({ index, count })).join(', ');
  const message = missing.length === 1 ? `shard ${names} is missing` : `shards ${names} are missing`;
  return [...findings, setFinding(message, 'the folders of all shards')];
}

/** The files in the folder of a shard; what is not as it was written there is added to the findings. */
function filesOf({ folder, record }: ShardFolder, findings: Finding[]): DistFile[] {
  const { files, others } = presentFiles(folder);
  const digests = new Map(Object.entries(record.files));
  const report = (file: string, message: string) =>
    findings.push({
      rule: 'shard-file',
      severity: 'error',
      message: `${path.posix.join(folder, file)} ${message}`,
      allowed: `what eso-abac synth --shard ${shardName(record)} writes; run that job again`,
    });
  const found = [...files].sort().filter((file) => file !== shardRecordFile);
  const texts = found.map((file): DistFile => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const expected = digests.get(file);
    digests.delete(file);
    if (!isOfShard(file, record)) report(file, `is not of shard ${shardName(record)}`);
    else if (expected === undefined) report(file, 'was not written there');
    else if (expected !== sha256(text)) report(file, 'was changed');
    return { path: file, text };
  });
  for (const other of others) report(other, 'is neither a file nor a folder of ours');
  for (const file of digests.keys()) report(file, 'is missing');
  return texts;
}

function setFinding(message: string, allowed: string): Finding {
  return { rule: 'shard-set', severity: 'error', message, allowed };
}
