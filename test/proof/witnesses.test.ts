import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Glob, holdsAll, matches } from '../../src/proof/witness/automaton.ts';
import { TooManyCases, witnesses } from '../../src/proof/witness/witnesses.ts';
import { runs } from '../support/run-compile.ts';

const part: fc.Arbitrary<Glob['parts'][number]> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'A', 'b', ':'), minLength: 1, maxLength: 3 }).map((text) => ({
    type: 'text' as const,
    text,
  })),
  fc.record({ type: fc.constantFrom('any' as const, 'one' as const), withoutColon: fc.boolean() }),
);
const glob: fc.Arbitrary<Glob> = fc.record({
  parts: fc.array(part, { maxLength: 3 }),
  ignoreCase: fc.boolean(),
});

/** Every text of up to four of these characters: `z` stands for all that no pattern names. */
const texts = [''];
for (const text of texts) {
  if (text.length < 4) texts.push(...['a', 'A', 'b', 'B', ':', 'z'].map((letter) => text + letter));
}

/** The glob as a regular expression: an oracle that has nothing in common with the automaton. */
function expression({ parts, ignoreCase }: Glob): RegExp {
  const source = parts.map((part) => {
    if (part.type === 'text') return part.text;
    const character = part.withoutColon ? '[^:]' : '[^]';
    return part.type === 'any' ? `${character}*` : character;
  });
  return new RegExp(`^${source.join('')}$`, ignoreCase ? 'i' : '');
}

describe('witnesses', () => {
  it('each witness has the truth values that it stands for', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 4 }), fc.option(glob, { nil: undefined }), (globs, domain) => {
        for (const witness of witnesses(globs, { ...(domain && { domain }) })) {
          expect(globs.map((one) => expression(one).test(witness.text))).toEqual(witness.matches);
          if (domain) expect(witness.text).toMatch(expression(domain));
        }
      }),
      runs(1000),
    );
  });

  it('every combination that a text of up to four characters shows has a witness that is no longer', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 3 }), (globs) => {
        const expressions = globs.map(expression);
        const found = new Map(
          witnesses(globs).map(({ text, matches }) => [matches.map(Number).join(''), text]),
        );
        for (const text of texts) {
          const key = expressions.map((one) => Number(one.test(text))).join('');
          expect(found.get(key)?.length ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(text.length);
        }
      }),
      runs(150),
    );
  });

  it('gives several different texts for a combination that has several', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 3 }), fc.integer({ min: 2, max: 4 }), (globs, copies) => {
        const found = witnesses(globs, { copies });
        expect(new Set(found.map(({ text }) => text)).size).toBe(found.length);
        const keyOf = (truths: readonly boolean[]) => truths.map(Number).join('');
        const expressions = globs.map(expression);
        const existing = new Map<string, number>();
        for (const text of texts) {
          const key = keyOf(expressions.map((one) => one.test(text)));
          existing.set(key, (existing.get(key) ?? 0) + 1);
        }
        for (const [key, number] of existing) {
          const given = found.filter(({ matches }) => keyOf(matches) === key).length;
          expect(given).toBeGreaterThanOrEqual(Math.min(number, copies));
          expect(given).toBeLessThanOrEqual(copies);
        }
      }),
      runs(100),
    );
  });

  it('tells the cases of an ABAC value apart', () => {
    const own: Glob = { parts: [{ type: 'text', text: 'x' }] };
    const inAnyCase: Glob = { ...own, ignoreCase: true };
    expect(witnesses([own, inAnyCase])).toEqual([
      { text: '', matches: [false, false] },
      { text: 'X', matches: [false, true] },
      { text: 'x', matches: [true, true] },
    ]);
  });

  it('gives up rather than looking at a part', () => {
    const wide = (text: string): Glob => ({
      parts: [{ type: 'any' }, { type: 'text', text }, ...Array(18).fill({ type: 'one' as const })],
    });
    expect(() => witnesses([wide('a'), wide('b')])).toThrow(TooManyCases);
  });

  it('matches as its regular expression does', () => {
    fc.assert(
      fc.property(glob, fc.constantFrom(...texts), (one, text) => {
        expect(matches(one, text)).toBe(expression(one).test(text));
      }),
      runs(2000),
    );
  });
});

test('what a glob says of all texts that begin so it says of each of them', () => {
  const { numRuns, seed } = runs(1000);
  const found = new Set<boolean | undefined>();
  const property = fc.property(glob, fc.constantFrom(...texts), (one, beginning) => {
    const all = holdsAll(one, beginning);
    found.add(all);
    if (all === undefined) return;
    const pattern = expression(one);
    const others = texts.slice(0, 300).filter((rest) => pattern.test(beginning + rest) !== all);
    expect(others).toEqual([]);
  });
  fc.assert(property, { numRuns, seed });
  expect(found).toEqual(new Set([true, false, undefined]));
});
