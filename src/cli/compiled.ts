import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Input } from '../input/load.ts';
import type { Progress, Take } from '../parts/in-parts.ts';
import type { Memory } from '../parts/memory.ts';
import type { Proof } from '../proof/prove/prove.ts';
import type { Report } from '../report/index.ts';
import type { Sources } from '../report/text.ts';
import type { Shard } from '../shards/shard.ts';
import type { Records } from './records.ts';

/** What an input compiles to, but for the files. */
export interface Compiled {
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  readonly counts: { readonly clusters: number; readonly services: number; readonly objects: number };
}

/** The same with the files. */
export interface CompiledFiles extends Compiled {
  /**
   * Every file of dist; empty when there is an error among the findings. Of a shard, its services' files and whatever
   * else the proof of these needs: the secrets of all services, and what stands once for the fleet.
   */
  readonly files: readonly DistFile[];
}

/** The same where the files have been handed on, and are still to be proven. */
export interface HandedOn extends Compiled {
  /**
   * The proof of the files. Undefined when there are errors, whose places only the texts show. Absent when there is an
   * error among the findings.
   */
  readonly proof?: Promise<Proof | undefined>;
}

/** What a command has to say of an input, whose texts are elsewhere. */
export type SaidReport = Pick<Report, 'findings' | 'summary' | 'done'>;

/** What the command line works with; `main.ts` puts it together. */
export interface Pipeline {
  /** Reads the input file at a path, and what it includes. With a memory it does not read again what is as it was. */
  readonly read: (file: string, memory?: Memory) => Input;
  /**
   * Compiles an input, or a shard of it, hands the files on as they are made, and says how far it is. With a memory it does
   * not do again what the run before has done.
   */
  readonly compile: (
    input: Input,
    progress: Progress,
    take: Take,
    shard?: Shard,
    memory?: Memory,
  ) => HandedOn;
  /** The same for who needs all files at once, and proves nothing of them by the way. */
  readonly compileAlone: (input: Input, progress: Progress, shard?: Shard) => CompiledFiles;
  readonly records?: Records;
}

/** Whether nothing may be written because of these findings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
