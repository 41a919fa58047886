import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { type DistFile, shardRecordFile } from '../dist/index.ts';
import type { Shard } from './shard.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z
  .object({
    /** The version of eso-abac that wrote the shard. */
    version: z.string(),
    input: digest,
    index: z.int().min(1),
    count: z.int().max(9999),
    /** The digest of each file of the shard, by path. */
    files: z.record(z.string(), digest),
  })
  .refine(({ index, count }) => index <= count);

/** What a shard says of itself in its folder, so that `merge` knows that all belong together and nothing was changed. */
export type ShardRecord = Readonly<z.infer<typeof recordSchema>>;

/**
 * The record of a shard, which is no part of dist.
 *
 * @param digests the `sha256` of each file of the shard, by path
 * @param input digest of the input, from `inputDigest`
 * @param version of eso-abac
 */
export function shardRecord(
  digests: ReadonlyMap<string, string>,
  { index, count }: Shard,
  input: string,
  version: string,
): DistFile {
  const files = Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1)));
  const record: ShardRecord = { version, input, index, count, files };
  return { path: shardRecordFile, text: `${JSON.stringify(record, null, 2)}\n` };
}

/** Reads such a file; undefined when it is none. */
export function readRecord(text: string): ShardRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * A digest of everything that an input consists of, wherever it lies.
 *
 * @param main path of the main file
 * @param sources the text of each file by its path
 */
export function inputDigest(main: string, sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(JSON.stringify(path.basename(main)));
  const texts = [...sources].map(([file, text]) => [path.relative(path.dirname(main), file), text] as const);
  for (const one of texts.sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(JSON.stringify(one));
  return hash.digest('hex');
}
