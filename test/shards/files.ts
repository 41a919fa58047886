import type { DistFile } from '../../src/dist/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { shardRecord } from '../../src/shards/record.ts';
import { isOfShard, type Shard } from '../../src/shards/shard.ts';

/** What `synth` writes for a shard: the files of it, and its record. */
export function shardFiles(
  files: readonly DistFile[],
  shard: Shard,
  input: string,
  version: string,
): DistFile[] {
  const own = files.filter((file) => isOfShard(file.path, shard));
  const digests = new Map(own.map(({ path, text }) => [path, sha256(text)]));
  return [...own, shardRecord(digests, shard, input, version)];
}
