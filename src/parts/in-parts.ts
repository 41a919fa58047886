import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import { collectGarbage } from '../threads/garbage.ts';
import { type CompiledPart, compilePart, objectValidator, type Part } from './part.ts';
import { type Prover, proverFor } from './provers.ts';

/** Called again and again while work goes on. */
export type Progress = (done: number, total: number) => void;

/** Takes files part by part. What it throws ends the compiling. */
export type Take = (files: readonly DistFile[]) => void;

/** What was made of the parts, but for the files. */
export interface PartsHandedOn extends Omit<CompiledPart, 'files'> {
  /** The proof of the files, see `Prover`. Absent when there is an error among the findings. */
  readonly proof?: ReturnType<Prover['prove']>;
}

/** Files are handed on for so many tenants at a time: a thread that proves them starts early. */
const tenantsInPart = 100;

/**
 * Compiles a fleet part by part. The files of each are handed on, to be proven too, and not kept. A thread reads those of
 * a large fleet meanwhile. It runs other code: one that did the same as this one would have to warm up for it once more.
 *
 * @param platform files that were made already, the platform of each cluster among them: they are handed on first
 * @param progress called with how many tenants are done, and of how many
 * @param take gets the files
 * @throws what `take` throws
 */
export function compileTenants(
  whole: Part,
  platform: readonly DistFile[],
  progress: Progress,
  take: Take,
): PartsHandedOn {
  const prover = proverFor(whole.fleet.tenants.length);
  try {
    const made = makeParts(whole, platform, progress, (files) => {
      prover.add(files);
      take(files);
    });
    if (made.findings.every(({ severity }) => severity !== 'error'))
      return { ...made, proof: prover.prove() };
    prover.stop();
    return made;
  } catch (problem) {
    prover.stop();
    throw problem;
  }
}

function makeParts(
  whole: Part,
  platform: readonly DistFile[],
  progress: Progress,
  take: Take,
): PartsHandedOn {
  const all = whole.fleet.tenants.length;
  const onTenant = counting(all, progress);
  const validator = objectValidator();
  const findings: Finding[] = [];
  let objects = 0;
  take(platform);
  // A shard has few tenants, and the secrets of all.
  const parts = Math.max(1, Math.ceil(Math.max(all, whole.fleet.secrets.length) / tenantsInPart));
  for (let index = 0; index < parts; index++) {
    const { files, ...part } = compilePart(slice(whole, index, parts), onTenant, validator);
    findings.push(...part.findings);
    objects += part.objects;
    take(files);
    collectGarbage();
  }
  return { findings, objects };
}

/** Compiles a fleet at once. */
export function compileTenantsAtOnce(whole: Part, progress: Progress): CompiledPart {
  return compilePart(whole, counting(whole.fleet.tenants.length, progress));
}

function counting(all: number, progress: Progress): () => void {
  let done = 0;
  return () => {
    done += 1;
    progress(done, all);
  };
}

/** One of so many parts of equal size. */
function slice({ fleet, source }: Part, index: number, parts: number): Part {
  const own = <T>(all: readonly T[]) =>
    all.slice((all.length * index) / parts, (all.length * (index + 1)) / parts);
  return { fleet: { ...fleet, tenants: own(fleet.tenants), secrets: own(fleet.secrets) }, source };
}
