import type { Context } from '../iam/model.ts';
import type { Glob } from '../witness/automaton.ts';
import { type WitnessOptions, witnesses } from '../witness/witnesses.ts';
import { globsOf, type ValueTest, type ValueTests, variablesOf } from './tests.ts';

/** What a key may hold in a request: a value, or nothing at all. */
export type CaseValue = string | null;

/** Reads off a set of comparisons which values of a text make a difference. One instance serves one question. */
export class CaseValues {
  private readonly known = new Map<string, readonly string[]>();

  /**
   * One text for each way in which a text can pass these comparisons, the values of variables being what the context
   * says, and the globs which the question itself asks about.
   */
  of(
    tests: readonly ValueTest[],
    context: Context,
    asked: readonly Glob[] = [],
    options: WitnessOptions = {},
  ): readonly string[] {
    const globs = distinct([...tests.flatMap((test) => globsOf(test, context)), ...asked]);
    const key = JSON.stringify([globs, options]);
    const texts = this.known.get(key) ?? witnesses(globs, options).map(({ text }) => text);
    this.known.set(key, texts);
    return texts;
  }
}

function distinct(globs: readonly Glob[]): Glob[] {
  return [...new Map(globs.map((glob) => [JSON.stringify(glob), glob])).values()];
}

/** Keys that are compared with each other, directly or through others, and every comparison without variable on them. */
export interface Family {
  readonly keys: ReadonlySet<string>;
  readonly tests: readonly ValueTest[];
}

/**
 * Puts keys into one family when a policy compares them. Whether two values are equal, and how each of them passes the
 * family's other comparisons, is then all that a decision can depend on.
 *
 * @param nameOf the name under which a key is known, for keys that always hold the same value
 * @param related pairs of keys that the question itself compares
 */
export function families(
  tests: ValueTests,
  related: readonly (readonly [string, string])[],
  nameOf: (key: string) => string = (key) => key,
): (key: string) => Family {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    const parent = parents.get(key);
    return parent === undefined || parent === key ? key : rootOf(parent);
  };
  const join = (a: string, b: string) => {
    const [first, second] = [rootOf(a), rootOf(b)];
    parents.set(first, first);
    parents.set(second, first);
  };
  for (const [a, b] of related) join(nameOf(a), nameOf(b));
  for (const [key, those] of tests) {
    join(nameOf(key), nameOf(key));
    for (const variable of those.flatMap(variablesOf)) join(nameOf(key), nameOf(variable));
  }
  return (key) => {
    const root = rootOf(nameOf(key));
    const keys = new Set([...parents.keys()].filter((other) => rootOf(other) === root));
    keys.add(nameOf(key));
    return { keys, tests: [...tests].flatMap(([other, those]) => (keys.has(nameOf(other)) ? those : [])) };
  };
}

/** Every combination of one value from each list; the first list changes slowest. */
export function* combinations<Value>(lists: readonly (readonly Value[])[]): Generator<Value[]> {
  const places = lists.map(() => 0);
  if (lists.some((list) => list.length === 0)) return;
  for (;;) {
    yield lists.map((list, index) => list[places[index] ?? 0] as Value);
    let last = lists.length - 1;
    while (last >= 0 && (places[last] ?? 0) === (lists[last]?.length ?? 0) - 1) places[last--] = 0;
    if (last < 0) return;
    places[last] = (places[last] ?? 0) + 1;
  }
}
