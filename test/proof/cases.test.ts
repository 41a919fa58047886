import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globsOf, resourceTests, valueTests } from '../../src/proof/cases/tests.ts';
import { combinations, families } from '../../src/proof/cases/values.ts';
import { matchesResource } from '../../src/proof/iam/arn.ts';
import { appliesTo } from '../../src/proof/iam/match.ts';
import type { Policy } from '../../src/proof/iam/model.ts';
import { resolve } from '../../src/proof/iam/pattern.ts';
import { matches } from '../../src/proof/witness/automaton.ts';
import { runs } from '../support/run-compile.ts';
import { contextOf, policyOf, readRequest, sessionPrincipal } from './iam/support.ts';

const variable = '$'.concat('{aws:PrincipalTag/team}');
const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const when = (Condition: object): Policy => policyOf('identity', { ...statement, Condition });

/** Short texts of few characters, so that they match each other often. */
const text = fc.string({ unit: fc.constantFrom('a', 'B', 'b', ':', '*', '?'), maxLength: 4 });
const plain = fc.string({ unit: fc.constantFrom('a', 'B', 'b', ':'), maxLength: 4 });

/** The last three parts of an ARN, the very last with or without colons. */
const tails = (...pieces: readonly string[]) => {
  const piece = fc.constantFrom(...pieces);
  return fc
    .tuple(
      piece,
      piece,
      fc.oneof(
        piece,
        fc.tuple(piece, piece).map((two) => two.join(':')),
      ),
    )
    .map((parts) => `arn:a:b:${parts.join(':')}`);
};
const arnGlobs = tails('a', '*', 'a*', '?', '');
const arns = tails('a', 'ab', 'b', '');

/** Operators, each with a key of its type, and what its values and those of requests look like. */
const operators = [
  ['StringEquals', 'aws:RequestTag/team', text, plain],
  ['StringLike', 'aws:RequestTag/team', text, plain],
  ['StringEqualsIgnoreCase', 'aws:RequestTag/team', text, plain],
  ['ArnLike', 'aws:PrincipalArn', arnGlobs, arns],
  ['ArnEquals', 'aws:PrincipalArn', arnGlobs, arns],
] as const;

/** An empty value of a tag has no answer. */
const tag = fc.option(fc.constantFrom('a', 'b', 'ab'), { nil: undefined });

describe('the globs of a comparison hold the texts that it is true of', () => {
  it.each(operators)('%s', (operator, key, values, tested) => {
    let held = 0;
    fc.assert(
      fc.property(values, tested, tag, fc.boolean(), (value, one, team, asVariable) => {
        fc.pre(one !== '');
        const pattern = asVariable && !operator.startsWith('Arn') ? variable : value;
        const context = contextOf({
          [key]: one,
          ...(team !== undefined && { 'aws:PrincipalTag/team': team }),
        });
        const policy = when({ [operator]: { [key]: pattern } });
        const [test] = valueTests([policy]).get(key.toLowerCase()) ?? [];
        const globs = test === undefined ? [] : globsOf(test, context);
        const [only] = policy.statements;
        const applies = only && appliesTo(only, readRequest(sessionPrincipal('eso'), context));
        expect(globs.some((glob) => matches(glob, one))).toBe(applies);
        if (applies) held++;
      }),
      runs(400),
    );
    expect(held).toBeGreaterThan(3);
  });

  it('Bool, in any case', () => {
    const [test] =
      valueTests([when({ Bool: { 'aws:SecureTransport': 'true' } })]).get('aws:securetransport') ?? [];
    const [glob] = test === undefined ? [] : globsOf(test, new Map());
    expect(['true', 'TRUE', 'false'].map((one) => glob && matches(glob, one))).toEqual([true, true, false]);
  });

  it('a resource: two of as many colons, and with the same answers, are the same to the evaluator', () => {
    const seen = new Set<boolean | undefined>();
    const two = fc.tuple(plain, plain).filter(([a, b]) => a.split(':').length === b.split(':').length);
    fc.assert(
      fc.property(text, fc.constantFrom('', '*'), two, (value, end, resources) => {
        const policy = policyOf('identity', { ...statement, Resource: `arn:aws:a:b:c:${value}${end}` });
        const [test] = resourceTests([policy]);
        const glob = test && resolve(test.pattern, new Map());
        const [first, second] = resources.map((one) => {
          const resource = `arn:aws:a:b:c:${one}`;
          const answers = test && globsOf(test, new Map()).map((reading) => matches(reading, resource));
          const known = glob && matchesResource(glob, resource);
          expect(answers?.[0]).toBe(known !== false);
          if (known === true) expect(answers).toEqual([true, true]);
          seen.add(known);
          return { answers, known };
        });
        if (String(first?.answers) === String(second?.answers)) expect(first?.known).toBe(second?.known);
      }),
      runs(2000),
    );
    expect(seen).toEqual(new Set([true, false, undefined]));
  });
});

describe('the comparisons of policies', () => {
  it('are those of every statement, and none of Null', () => {
    const policy = policyOf(
      'identity',
      { ...statement, Condition: { StringEquals: { 'aws:RequestTag/Team': ['a', 'b'] } } },
      {
        ...statement,
        Condition: { StringLike: { 'aws:RequestTag/team': 'c*' }, Null: { 'aws:TagKeys': 'true' } },
      },
    );
    const tests = [...valueTests([policy])].map(([key, those]) => [key, ...those.map(({ how }) => how)]);
    expect(tests).toEqual([['aws:requesttag/team', 'equals', 'equals', 'like'], ['aws:tagkeys']]);
  });
});

describe('families', () => {
  const tests = valueTests([
    when({
      StringEquals: { 'aws:ResourceTag/team': variable, 'aws:ResourceTag/stage': 'prod' },
      StringLike: { 'aws:PrincipalTag/team': 'a*' },
    }),
  ]);

  it('hold what is compared with each other, and nothing else', () => {
    const familyOf = families(tests, [], (key) => key);
    const team = familyOf('aws:resourcetag/team');
    expect([...team.keys].sort()).toEqual(['aws:principaltag/team', 'aws:resourcetag/team']);
    expect(team.tests.map(({ pattern }) => pattern.source)).toEqual([variable, 'a*']);
    const stage = familyOf('aws:resourcetag/stage');
    expect([...stage.keys]).toEqual(['aws:resourcetag/stage']);
    expect(stage.tests.map(({ pattern }) => pattern.source)).toEqual(['prod']);
    expect(familyOf('aws:resourcetag/owner')).toEqual({
      keys: new Set(['aws:resourcetag/owner']),
      tests: [],
    });
  });

  it('are one where the question compares, or where two names are one', () => {
    const related = families(tests, [['aws:resourcetag/stage', 'aws:resourcetag/team']], (key) => key);
    expect(related('aws:principaltag/team').keys.size).toBe(3);
    const named = families(tests, [], (key) => key.replace('stage', 'team'));
    expect(named('aws:principaltag/team').tests).toHaveLength(3);
  });
});

it('combinations are all of them, the first list changing slowest', () => {
  expect([...combinations([[1, 2], [3], [4, 5]])]).toEqual([
    [1, 3, 4],
    [1, 3, 5],
    [2, 3, 4],
    [2, 3, 5],
  ]);
  expect([...combinations([[1, 2], []])]).toEqual([]);
  expect([...combinations([])]).toEqual([[]]);
});
