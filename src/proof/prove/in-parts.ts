import { FilesByKind } from '../files/by-kind.ts';
import { type ReadFiles, readGuards, readServicesAndSecrets } from '../files/clusters.ts';
import { Reading, type Source } from '../files/model.ts';
import { fileKind } from '../files/paths.ts';
import { type Proof, proveDist } from './prove.ts';

/** A proof of files that come part by part. Each is read when it comes, and its text is not kept. */
export class ProofInParts {
  private readonly rest: Source[] = [];
  private readonly read: ReadFiles[] = [];
  private readonly guards: ReturnType<typeof readGuards>;

  /** @param platform the files of each cluster's platform, by which what comes later is read; others may be among them */
  constructor(platform: readonly Source[]) {
    // What is wrong with the platform is found where all of it is judged.
    this.guards = readGuards(new FilesByKind(platform, new Reading()), new Reading());
    this.add(platform);
  }

  /** Takes more files of dist, each once and in any order. */
  add(files: readonly Source[]): void {
    const isRead = ({ path }: Source) => ['tenant', 'secrets'].includes(fileKind(path)?.kind ?? '');
    const own = files.filter(isRead);
    if (own.length > 0) {
      this.read.push(readServicesAndSecrets(new FilesByKind(own, new Reading()), this.guards));
    }
    this.rest.push(...files.filter((file) => !isRead(file)));
  }

  /** @returns as `unlessErrors` */
  prove(): Proof | undefined {
    return unlessErrors(proveDist(this.rest, this.read));
  }
}

/** The same proof; undefined when there are errors: only who has all texts can show where in them something stands. */
export function unlessErrors(proof: Proof): Proof | undefined {
  return proof.findings.some(({ severity }) => severity === 'error') ? undefined : proof;
}
