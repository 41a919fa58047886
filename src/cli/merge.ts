import { counted } from '../report/counted.ts';
import { proofNumbers } from '../report/proof.ts';
import { uniteShards } from '../shards/union.ts';
import { finish, type OutputOptions, withFiles } from './command.ts';
import { Comparison } from './comparison.ts';
import { packageVersion } from './package-files.ts';
import { proveFiles } from './proven.ts';
import { Writing } from './write-proven.ts';

/** Flags of `merge`. */
export interface MergeOptions extends OutputOptions {
  readonly dist: string;
}

/** Proves what the folders of all shards hold together, and makes dist that. With an error anywhere, dist stays as it was. */
export async function merge(folders: readonly string[], options: MergeOptions): Promise<number> {
  const { dist } = options;
  const { files, findings } = withFiles('a shard cannot be read', () =>
    uniteShards(folders, packageVersion()),
  );
  const command = { command: 'merge', shards: folders.length };
  if (findings.length > 0) {
    const summary = { ...command, written: 0, removed: 0, unchanged: 0 };
    return finish({ findings, sources: new Map(), summary, done: '' }, options);
  }
  const writing = new Writing(dist, new Comparison(dist));
  writing.add(files);
  const proving = Promise.resolve(proveFiles(files, dist));
  const { numbers, proof, row, ...found } = await writing.commit(proving);
  const done =
    row && proof
      ? [
          row,
          { label: 'merged', text: counted(folders.length, 'shard') },
          { label: 'proven', text: proofNumbers(proof) },
        ]
      : '';
  return finish({ ...found, summary: { ...command, ...numbers, ...(proof && { proof }) }, done }, options);
}
