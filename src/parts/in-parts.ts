import type { DistFile } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import { collectGarbage } from '../threads/garbage.ts';
import { partsOfNames, slices } from './cut.ts';
import type { Memory } from './memory.ts';
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

/**
 * Compiles a fleet part by part. The files of each are handed on, to be proven too, and not kept. A thread reads those of
 * a large fleet meanwhile. It runs other code: one that did the same as this one would have to warm up for it once more.
 *
 * @param platform files that were made already, the platform of each cluster among them: they are handed on first
 * @param progress called with how many tenants are done, and of how many
 * @param take gets the files
 * @param memory what is remembered of the run before, and remembers this one
 * @throws what `take` throws
 */
export function compileTenants(
  whole: Part,
  platform: readonly DistFile[],
  progress: Progress,
  take: Take,
  memory?: Memory,
): PartsHandedOn {
  const known = memory?.hasRoomFor(whole) ? memory : undefined;
  const tenants = whole.fleet.tenants.length;
  const prover = known?.prover(tenants, platform) ?? proverFor(tenants);
  const handOn = (files: readonly DistFile[]) => {
    prover.add(files);
    take(files);
  };
  try {
    const made = makeParts(whole, platform, progress, handOn, known);
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
  memory?: Memory,
): PartsHandedOn {
  const validator = objectValidator();
  const compile = (part: Part) => compilePart(part, () => undefined, validator);
  const parts = memory ? partsOfNames(whole, memory.options.tenantsInPart) : slices(whole);
  const findings: Finding[] = [];
  let [objects, done] = [0, 0];
  take(platform);
  for (const [{ fleet }, made] of memory?.compiled(whole, parts, compile) ?? compiled(parts, compile)) {
    findings.push(...made.findings);
    objects += made.objects;
    done += fleet.tenants.length;
    progress(done, whole.fleet.tenants.length);
    take(made.files);
    collectGarbage();
  }
  return { findings, objects };
}

function* compiled(parts: Iterable<Part>, compile: (part: Part) => CompiledPart) {
  for (const part of parts) yield [part, compile(part)] as const;
}

/** Compiles a fleet at once. */
export function compileTenantsAtOnce(whole: Part, progress: Progress): CompiledPart {
  let done = 0;
  return compilePart(whole, () => {
    done += 1;
    progress(done, whole.fleet.tenants.length);
  });
}
