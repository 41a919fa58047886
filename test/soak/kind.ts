import { AssertionError } from 'node:assert';
import fc from 'fast-check';
import type { CompiledFiles } from '../../src/cli/compiled.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Input } from '../../src/input/load.ts';
import type { Source } from '../../src/proof/files/model.ts';

/** What is soaked. A test puts a broken part in place of one, to see that the soak finds it. */
export interface Parts {
  readonly load: (file: string) => Input;
  readonly validate: (file: string, text: string) => readonly Finding[];
  readonly compile: (file: string) => CompiledFiles;
  readonly prove: (files: readonly Source[]) => readonly Finding[];
}

/** A kind of case: what is made up, and what must be true of it. */
export interface Kind<Made = unknown> {
  readonly name: string;
  /** How many cases make a whole soak. */
  readonly all: number;
  /** A case that takes longer than so many seconds hangs. A busy machine may make one slow. */
  readonly patience: number;
  readonly made: fc.Arbitrary<Made>;
  /** @throws when something is not as it must be */
  readonly check: (made: Made) => void;
  /** What somebody looks at who wants to know what a case was about: texts by file name. */
  readonly show: (made: Made) => Readonly<Record<string, string | Uint8Array>>;
}

/** A kind of whatever cases. */
// biome-ignore lint/suspicious/noExplicitAny: what one kind makes, only that kind checks
export type AnyKind = Kind<any>;

/** A case that failed, as small as it could be made. */
export interface Failure {
  readonly kind: string;
  readonly number: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** How long a failing case is made smaller, in milliseconds. */
const shrinkingTime = 60_000;

/**
 * Runs one case. The seed, the kind and the number say all about it, so it can be run again by itself.
 *
 * @param onFailure called when the case has failed, and before it is made smaller; when it returns false, the case stays
 *   as it is
 */
export function runCase(
  { name, made, check, show }: AnyKind,
  seed: number,
  number: number,
  onFailure: () => boolean,
): Failure | undefined {
  let isSmallEnough = false;
  // The first number of a seed is small more often than not, and would decide which sort of input is made.
  const property = fc.property(fc.noShrink(fc.noBias(fc.nat())), made, (_, one) => {
    if (isSmallEnough) return;
    try {
      check(one);
    } catch (problem) {
      isSmallEnough = !onFailure();
      throw problem;
    }
  });
  const { failed, counterexample, errorInstance } = fc.check(property, {
    seed: seedOf(seed, name, number),
    numRuns: 1,
    interruptAfterTimeLimit: shrinkingTime,
  });
  if (!failed || counterexample === null) return undefined;
  return { kind: name, number, message: describe(errorInstance), files: shown(show, counterexample[1]) };
}

function shown<Made>(show: Kind<Made>['show'], made: Made): Failure['files'] {
  try {
    return show(made);
  } catch (problem) {
    return { 'not-shown.txt': describe(problem) };
  }
}

/** What went wrong, and where in our own code if it is a crash. */
function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const frames = problem instanceof AssertionError ? [] : (problem.stack ?? '').match(/^ +at .*$/gm);
  const own = frames?.filter((frame) => !/node_modules|node:/.test(frame)).slice(0, 6) ?? [];
  return [problem.message, ...own].join('\n');
}

/** A seed for one case. Source of the formula: FNV-1a, with its bits mixed as in MurmurHash3. */
function seedOf(seed: number, kind: string, number: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed} ${kind} ${number}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
