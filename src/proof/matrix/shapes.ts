import {
  globsOf,
  resourceTests,
  type ValueTest,
  type ValueTests,
  valueTests,
  variablesOf,
} from '../cases/tests.ts';
import type { Context, Policy } from '../iam/model.ts';
import { uncovered } from '../questions/fragment.ts';
import { resourceTagName } from '../questions/sessions.ts';
import { type Glob, matches } from '../witness/automaton.ts';

/** A tag of the secret that a policy compares with a tag of the session, keys in lower case. */
export interface TagEquality {
  readonly secretTag: string;
  readonly sessionTag: string;
}

/** Reads from the policies of an access role what a decision about a session and a secret can depend on. */
export class Shapes {
  /** The comparisons between tags of both sides. */
  readonly equalities: readonly TagEquality[];
  /** Whether every variable is the whole text of an equality between a tag of the secret and one of the session. */
  readonly areUniform: boolean;
  private readonly tests: ValueTests;
  private readonly resources: readonly ValueTest[];

  constructor(policies: readonly Policy[]) {
    this.tests = valueTests(policies);
    this.resources = resourceTests(policies);
    this.areUniform = uncovered(policies).length === 0 && [...this.tests].every(isBetweenTags);
    this.equalities = [...this.tests].flatMap(([key, tests]) =>
      tests.flatMap((test) =>
        variablesOf(test).map((variable) => ({ secretTag: tagIn(key), sessionTag: tagIn(variable) })),
      ),
    );
  }

  /**
   * How a context passes the comparisons that have no variable: two contexts with the same keys and the same answer
   * differ for no policy, except in what is equal to what.
   */
  ofContext(context: Context): string {
    const answers: string[] = [];
    for (const [key, tests] of this.tests) {
      const value = context.get(key);
      const plain = tests.filter((test) => variablesOf(test).length === 0);
      const fallbacks = tests.flatMap(fallbackGlobs);
      const globs = [...plain.flatMap((test) => globsOf(test, new Map())), ...fallbacks];
      answers.push(
        value === undefined || value === null
          ? '-'
          : [value]
              .flat()
              .map((one) => truths(globs, one))
              .join(),
      );
    }
    return answers.join(';');
  }

  /** How an ARN passes the comparisons with Resource elements. */
  ofArn(arn: string): string {
    return truths(
      this.resources.flatMap((test) => globsOf(test, new Map())),
      arn,
    );
  }
}

function isBetweenTags([key, tests]: readonly [string, readonly ValueTest[]]): boolean {
  const variables = tests.flatMap(variablesOf);
  if (variables.length === 0) return true;
  return (
    resourceTagName(key) !== key && variables.every((variable) => variable.startsWith('aws:principaltag/'))
  );
}

function tagIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

function fallbackGlobs({ pattern }: ValueTest): Glob[] {
  return pattern.parts.flatMap((part) =>
    part.type === 'variable' && part.fallback !== undefined
      ? [{ parts: [{ type: 'text' as const, text: part.fallback }] }]
      : [],
  );
}

function truths(globs: readonly Glob[], text: string): string {
  return globs.map((glob) => Number(matches(glob, text))).join('');
}
