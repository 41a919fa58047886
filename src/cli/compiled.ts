import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Progress } from '../parts/threads.ts';
import type { ReadFiles } from '../proof/files/clusters.ts';
import type { Sources } from '../report/text.ts';
import type { Shard } from '../shards/shard.ts';

/** What an input compiles to. */
export interface Compiled {
  /**
   * Every file of dist; empty when there is an error among the findings. Of a shard, its services' files and whatever
   * else the proof of these needs: the secrets of all services, and what stands once for the fleet.
   */
  readonly files: readonly DistFile[];
  /** What the proof has read of the files already, where a thread read them while they were made. */
  readonly read?: readonly ReadFiles[];
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  /** The folders in which the input is, or might be. */
  readonly folders: ReadonlySet<string>;
  readonly counts: { readonly clusters: number; readonly services: number; readonly objects: number };
}

/** Compiles the input file at a path, or a shard of it, and says how far it is. `main.ts` has the only one there is. */
export type Compile = (file: string, progress: Progress, shard?: Shard) => Promise<Compiled>;

/** Whether nothing may be written because of these findings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
