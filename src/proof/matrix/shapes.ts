import { globsOf, resourceTests, type ValueTest, valueTests, variablesOf } from '../cases/tests.ts';
import type { Policy, Tag } from '../iam/model.ts';
import { tagContext } from '../iam/requests.ts';
import { uncovered } from '../questions/fragment.ts';
import { resourceTagName } from '../questions/sessions.ts';
import { type Glob, holdsAll, type Matcher, matcherOf } from '../witness/automaton.ts';

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
  /** The comparisons without variable, by condition key. */
  private readonly plain: ReadonlyMap<string, readonly Matcher[]>;
  private readonly resources: readonly Glob[];
  private readonly resourceMatchers: readonly Matcher[];

  constructor(policies: readonly Policy[]) {
    const tests = valueTests(policies);
    this.resources = resourceTests(policies).flatMap((test) => globsOf(test, new Map()));
    this.resourceMatchers = this.resources.map(matcherOf);
    const variables = [...tests.values()].flat().flatMap(variablesOf);
    this.plain = new Map(
      [...tests.keys(), ...variables].map((key) => {
        const those = tests.get(key) ?? [];
        const plain = those.filter((test) => variablesOf(test).length === 0);
        const globs = [...plain.flatMap((test) => globsOf(test, new Map())), ...those.flatMap(fallbackGlobs)];
        return [key, globs.map(matcherOf)];
      }),
    );
    this.areUniform = uncovered(policies).length === 0 && [...tests].every(isBetweenTags);
    this.equalities = [...tests].flatMap(([key, tests]) =>
      tests.flatMap((test) =>
        variablesOf(test).map((variable) => ({ secretTag: tagIn(key), sessionTag: tagIn(variable) })),
      ),
    );
  }

  /**
   * How tags pass the comparisons that have no variable: two requests with the same keys and the same answer differ for
   * no policy, except in what is equal to what.
   *
   * @param prefixes those of the condition keys by which policies see these tags
   */
  ofTags(prefixes: readonly string[], tags: readonly Tag[]): string {
    const { known, unclear } = tagContext(prefixes, tags);
    const answers = [...this.plain.keys()].map((key) => {
      const value = known.get(key);
      if (unclear.includes(key)) return '?';
      return typeof value === 'string' ? this.ofValue(key, value) : '-';
    });
    return answers.join(';');
  }

  /** The same of one value of a key. An empty value is none of its kind: AWS does not say what it means. */
  ofValue(key: string, value: string): string {
    return value === '' ? 'empty' : truths(this.plain.get(key) ?? [], value);
  }

  /** How an ARN passes the comparisons with Resource elements. */
  ofArn(arn: string): string {
    return truths(this.resourceMatchers, arn);
  }

  /** How all ARNs pass them that begin so; undefined where that depends on how an ARN goes on. */
  ofArnsFrom(beginning: string): string | undefined {
    const answers = this.resources.map((glob) => holdsAll(glob, beginning));
    return answers.includes(undefined) ? undefined : answers.map((one) => (one ? '1' : '0')).join('');
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

function truths(matchers: readonly Matcher[], text: string): string {
  let answers = '';
  for (const matches of matchers) answers += matches(text) ? '1' : '0';
  return answers;
}
