import { FilesByKind } from '../files/by-kind.ts';
import { type ReadFiles, readGuards, readServicesAndSecrets } from '../files/clusters.ts';
import { Reading, type Source } from '../files/model.ts';
import { fileKind } from '../files/paths.ts';
import type { FineTrials } from '../guard/judge.ts';
import { type Proof, proveDist } from './prove.ts';

/** What a proof keeps of files that came together. */
export interface ReadPart {
  /** What those of services and secrets say; absent when there were none. */
  readonly read?: ReadFiles;
  readonly others: readonly Source[];
}

/**
 * A proof of files that come part by part, their objects validated. Each is read when it comes, and its text is not kept.
 */
export class ProofInParts {
  /** All that came, in that order, the platform first. Proving changes none of it. */
  readonly parts: ReadPart[] = [];
  private readonly guards: ReturnType<typeof readGuards>;

  /** @param platform the files of each cluster's platform, by which what comes later is read; others may be among them */
  constructor(platform: readonly Source[]) {
    // What is wrong with the platform is found where all of it is judged.
    this.guards = readGuards(new FilesByKind(platform, new Reading()), new Reading());
    this.add(platform);
  }

  /** Takes more files of dist, each once and in any order. */
  add(files: readonly Source[]): void {
    const own: Source[] = [];
    const others: Source[] = [];
    for (const file of files) (isRead(file) ? own : others).push(file);
    if (own.length === 0) this.parts.push({ others });
    else {
      const read = readServicesAndSecrets(
        new FilesByKind(own, new Reading()),
        this.guards,
        new Reading(true),
      );
      this.parts.push({ read, others });
    }
  }

  /** Takes files that another proof has read, by the texts of the same platform. */
  addRead(part: ReadPart): void {
    this.parts.push(part);
  }

  /**
   * @param latest see `judgeGuards`
   * @returns as `unlessErrors`
   */
  prove(latest?: FineTrials): Proof | undefined {
    const others = this.parts.flatMap((part) => part.others);
    const read = this.parts.flatMap((part) => part.read ?? []);
    return unlessErrors(proveDist(others, read, latest));
  }
}

function isRead({ path }: Source): boolean {
  const kind = fileKind(path)?.kind;
  return kind === 'tenant' || kind === 'secrets';
}

/** The same proof; undefined when there are errors: only who has all texts can show where in them something stands. */
export function unlessErrors(proof: Proof): Proof | undefined {
  return proof.findings.some(({ severity }) => severity === 'error') ? undefined : proof;
}
