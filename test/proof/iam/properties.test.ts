import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, parsePattern, resolve } from '../../../src/proof/iam/pattern.ts';
import { runs } from '../../support/run-compile.ts';
import { type Document, type Pair, Random, randomPair } from './random-pairs.ts';
import { decideOurs } from './simulator.ts';

const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** Random pairs, by seed, so that a failure names the one that shows it. */
const pairs: fc.Arbitrary<Pair> = fc.nat().map((seed) => randomPair(new Random(seed)));

describe('matchesGlob', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '.', '\n', '*', '?', '😀'), { maxLength: 8 });

  it('is what a regular expression says', () => {
    fc.assert(
      fc.property(letters, letters, (glob, text) => {
        const pattern = parsePattern(glob.join(''), { wildcards: true, variables: false }, nowhere);
        const resolved = 'parts' in pattern ? resolve(pattern, new Map()) : undefined;
        const source = glob.map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace('.', '\\.')));
        const expected = new RegExp(`^${source.join('')}$`, 'su').test(text.join(''));
        expect(resolved && matchesGlob(resolved, text.join(''))).toBe(expected);
      }),
      runs(5000),
    );
  });

  it('takes no long time for patterns that are made to', () => {
    const parts = Array.from(
      { length: 200 },
      () => [{ type: 'any' }, { type: 'text', text: 'a' }] as const,
    ).flat();
    expect(matchesGlob([...parts, { type: 'text', text: 'b' }], 'a'.repeat(2000))).toBe(false);
  });
});

describe('decisions', () => {
  it('do not depend on the order of policies and statements', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const turned = {
          ...mapDocuments(pair, reversed),
          identity: pair.identity.map(reversed).toReversed(),
        };
        expect(decideOurs(turned).reason).toBe(decideOurs(pair).reason);
      }),
      runs(400),
    );
  });

  it('do not depend on the case of condition keys', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        expect(decideOurs(mapDocuments(pair, inCapitals)).reason).toBe(decideOurs(pair).reason);
      }),
      runs(400),
    );
  });

  it('stay allowed when more is allowed', () => {
    fc.assert(
      fc.property(pairs, pairs, (pair, other) => {
        fc.pre(decideOurs(pair).allowed);
        const more = other.identity.map(onlyAllowing);
        expect(decideOurs({ ...pair, identity: [...pair.identity, ...more] }).reason).toBe('allowed');
      }),
      runs(200),
    );
  });

  it('are explicit denials when anything denies, and nothing else is', () => {
    const denial = { Effect: 'Deny', Action: '*', Resource: '*' };
    fc.assert(
      fc.property(pairs, (pair) => {
        fc.pre('account' in pair.request.principal);
        const denied = {
          ...pair,
          identity: [...pair.identity, { Version: '2012-10-17', Statement: [denial] }],
        };
        expect(decideOurs(denied).reason).toBe('explicit-deny');
        expect(decideOurs(mapDocuments(pair, onlyAllowing)).reason).not.toBe('explicit-deny');
      }),
      runs(200),
    );
  });
});

function mapDocuments(pair: Pair, change: (document: Document) => Document): Pair {
  return {
    ...pair,
    identity: pair.identity.map(change),
    scps: pair.scps.map(change),
    ...(pair.boundary && { boundary: change(pair.boundary) }),
    ...(pair.resource && { resource: change(pair.resource) }),
  };
}

function reversed(document: Document): Document {
  return { ...document, Statement: document.Statement.toReversed() };
}

function onlyAllowing(document: Document): Document {
  return {
    ...document,
    Statement: document.Statement.map((statement) => ({ ...statement, Effect: 'Allow' })),
  };
}

/** The same document with every condition key in capitals. */
function inCapitals(document: Document): Document {
  const turn = (keys: unknown) =>
    Object.fromEntries(Object.entries(Object(keys)).map(([key, values]) => [key.toUpperCase(), values]));
  const Statement = document.Statement.map(({ Condition, ...rest }) => {
    if (Condition === undefined) return rest;
    const blocks = Object.entries(Object(Condition)).map(([operator, keys]) => [operator, turn(keys)]);
    return { ...rest, Condition: Object.fromEntries(blocks) };
  });
  return { ...document, Statement };
}
