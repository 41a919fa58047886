import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Input } from '../input/load.ts';
import type { Progress } from '../parts/threads.ts';
import type { Proof } from '../proof/prove/prove.ts';
import type { Report } from '../report/index.ts';
import type { Sources } from '../report/text.ts';
import type { Shard } from '../shards/shard.ts';
import type { Records } from './records.ts';

/** What an input compiles to. */
export interface Compiled {
  /**
   * Every file of dist; empty when there is an error among the findings. Of a shard, its services' files and whatever
   * else the proof of these needs: the secrets of all services, and what stands once for the fleet.
   */
  readonly files: readonly DistFile[];
  /**
   * Where a thread has read the files while they were made: has it prove them, once. Undefined when there are errors, whose
   * places can only be found where the texts are.
   */
  readonly prove?: () => Promise<Proof | undefined>;
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  readonly counts: { readonly clusters: number; readonly services: number; readonly objects: number };
}

/** What a command has to say of an input, whose texts are elsewhere. */
export type SaidReport = Pick<Report, 'findings' | 'summary' | 'done'>;

/** What the command line works with; `main.ts` puts it together. */
export interface Pipeline {
  /** Reads the input file at a path, and what it includes. */
  readonly read: (file: string) => Input;
  /** Compiles an input, or a shard of it, and says how far it is. */
  readonly compile: (input: Input, progress: Progress, shard?: Shard) => Compiled;
  /** The same for a command that proves nothing of it: no thread is started. */
  readonly compileAlone: (input: Input, progress: Progress, shard?: Shard) => Compiled;
  readonly records?: Records;
}

/** Whether nothing may be written because of these findings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
