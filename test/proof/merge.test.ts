import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allHold, mergedCombinations, type Part } from '../../src/proof/cases/merge.ts';
import { combinations } from '../../src/proof/cases/values.ts';
import { runs } from '../support/run-compile.ts';

const part: fc.Arbitrary<Part<string>> = fc.record({
  value: fc.string({ maxLength: 3 }),
  answers: fc.tuple(fc.constantFrom(true, false, undefined), fc.constantFrom(true, false, undefined)),
  facts: fc.subarray(['equal', 'absent', 'different']),
});
const lists = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

/** What a decision can depend on. */
function outcome(parts: readonly Part<string>[]): string {
  const answers = [0, 1].map((statement) => String(allHold(parts.map(({ answers }) => answers[statement]))));
  return JSON.stringify([answers, [...new Set(parts.flatMap(({ facts }) => facts))].sort()]);
}

test('every outcome of the whole product is kept once, as a combination that is possible', () => {
  const without = (letter: string) => (values: readonly string[]) => !values.join('').includes(letter);
  fc.assert(
    fc.property(lists, fc.constantFrom('a', ' ', '\u0000'), (all, letter) => {
      const isPossible = without(letter);
      const wanted = [...combinations(all)].filter((parts) => isPossible(parts.map(({ value }) => value)));
      const kept = mergedCombinations(all, isPossible);
      expect(new Set(kept.map(({ answers, facts }) => JSON.stringify([answers.map(String), facts])))).toEqual(
        new Set(wanted.map(outcome)),
      );
      expect(kept.length).toBe(new Set(wanted.map(outcome)).size);
      for (const { value } of kept) expect(isPossible(value)).toBe(true);
    }),
    runs(500),
  );
});
