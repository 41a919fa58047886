import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { allHold, mergedCombinations } from '../../src/proof/cases/merge.ts';
import {
  exactly,
  globsOf,
  resourceTests,
  valueTests,
  variablesOf,
  withoutColon,
} from '../../src/proof/cases/tests.ts';
import { CaseValues } from '../../src/proof/cases/values.ts';
import {
  distinctFindings,
  failureFinding,
  placeOf,
  tagWords,
  wideFinding,
} from '../../src/proof/findings.ts';
import { measured, measuredList, measuredTags } from '../../src/proof/measured.ts';
import { combine } from '../../src/proof/prove/role-findings.ts';
import { matches } from '../../src/proof/witness/automaton.ts';
import { contextOf, policyOf } from './iam/support.ts';
import { counterexampleOf } from './said.ts';
import { allow, placeIn, principalTag, tagsOf } from './small-dist.ts';

describe('texts one after the other', () => {
  it('are never taken for two others', () => {
    expect(measured('ab') + measured('c')).toBe('2:ab1:c');
    expect(measuredList(['a', ''])).toBe('2;1:a0:');
    expect(measuredTags(tagsOf({ a: 'bc', d: '' }))).toBe('2;1:a2:bc1:d0:');
    expect(new Set([measuredList([]), measuredList(['']), measuredTags([])]).size).toBe(2);
  });
});

describe('a finding', () => {
  const finding = (message: string, line = 1): Finding => ({
    ...{ rule: 'proof-trust', severity: 'error', message, allowed: 'x' },
    location: { file: 'a.json', start: { line, column: 1 }, end: { line, column: 2 } },
  });

  it('that says the same at the same place is said once', () => {
    const [one, again, other, there] = [finding('a'), finding('a'), finding('b'), finding('a', 2)];
    const found = distinctFindings([one, again, other, there, { ...one, rule: 'proof-access' }, other]);
    expect(found).toEqual([one, other, there, { ...one, rule: 'proof-access' }]);
    expect(found[0]).toBe(one);
  });

  it('of several results stands with the rest, and cases are added up', () => {
    const [a, b] = [finding('a'), finding('b')];
    expect(
      combine({ findings: [a], cases: 2 }, { findings: [], cases: 3 }, { findings: [b], cases: 0 }),
    ).toEqual({ findings: [a, b], cases: 5 });
    expect(combine()).toEqual({ findings: [], cases: 0 });
  });

  it('about a permission says which, and what would be allowed', () => {
    const wide = (what: 'action' | 'resource', known: readonly string[]) =>
      wideFinding({ what, text: 's3:*', location: placeIn('a.json') }, known);
    expect(wide('action', ['a', 'b'])).toEqual({
      ...{ rule: 'wide-permission', severity: 'error', message: 'the role may do "s3:*"' },
      allowed: 'a, b',
      location: placeIn('a.json'),
    });
    expect(wide('resource', ['a']).message).toBe('the role may do so on "s3:*"');
  });

  it('about a decision stands at the first statement in a file, or else where it is told', () => {
    const [one] = policyOf('identity', allow('s3:*')).statements;
    if (one === undefined) throw new Error('no statement');
    const nowhere = { ...one, location: placeIn('') };
    const at = (...by: (typeof one)[]) =>
      placeOf({ allowed: false, reason: 'explicit-deny', by }, placeIn('there.json')).file;
    expect([at(nowhere, one), at(nowhere), at()]).toEqual(['identity.json', 'there.json', 'there.json']);
    expect(placeOf(undefined, placeIn('there.json'))).toEqual(placeIn('there.json'));
  });

  it('about an external id says which one was passed', () => {
    const said = (more: object) => {
      const counterexample = {
        question: 'assume',
        expected: 'denied',
        role: 'r',
        caller: { type: 'podIdentity', clusterArn: 'c' },
        sessionTags: [],
        transitiveTagKeys: [],
        context: {},
        ...more,
      } as const;
      const found = failureFinding(
        {
          kind: 'externalId',
          counterexample,
          decision: { allowed: true, reason: 'allowed', by: [] } as never,
        },
        placeIn('a.json'),
      );
      expect(counterexampleOf(found)).toBe(counterexample);
      return [found.message, found.allowed];
    };
    const mend = 'sts:ExternalId equal to that of the stores';
    expect(said({})).toEqual(['EKS Pod Identity for c can assume r without external id', mend]);
    expect(said({ externalId: 'x' })).toEqual([
      'EKS Pod Identity for c can assume r with external id x',
      mend,
    ]);
  });

  it('names tags as people write them', () => {
    expect([tagWords([]), tagWords(tagsOf({ a: 'b', c: '' }))]).toEqual(['no tags', 'a=b, c=""']);
  });
});

describe('a comparison', () => {
  const [key, team] = ['aws:RequestTag/a', 'aws:PrincipalTag/team'];
  const testsOf = (operator: string, value: string, of = key) =>
    valueTests([policyOf('identity', allow('s3:*', { Condition: { [operator]: { [of]: value } } }))]).get(
      of.toLowerCase(),
    ) ?? [];

  it.each([
    ['StringEquals', 'equals'],
    ['StringNotEquals', 'equals'],
    ['StringEqualsIgnoreCase', 'ignoreCase'],
    ['StringNotEqualsIgnoreCase', 'ignoreCase'],
    ['StringLike', 'like'],
    ['StringNotLike', 'like'],
    ['StringEqualsIfExists', 'equals'],
  ])('%s looks at %s', (operator, how) => {
    expect(testsOf(operator, 'x').map((test) => test.how)).toEqual([how]);
  });

  it.each(['ArnEquals', 'ArnLike', 'ArnNotLike'])('%s looks at ARNs', (operator) => {
    const [test] = testsOf(operator, 'arn:aws:iam::*:role/a', 'aws:PrincipalArn');
    expect(test?.how).toBe('arn');
    const [glob] = test === undefined ? [] : globsOf(test, new Map());
    const holds = (arn: string) => glob !== undefined && matches(glob, arn);
    expect(['arn:aws:iam::1:role/a', 'arn:aws:iam::1:x:role/a', 'arn:aws:iam::role/a'].map(holds)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('with a variable is true of nothing where that has no value', () => {
    const [test] = testsOf('StringEquals', principalTag('team'));
    if (test === undefined) throw new Error('no comparison');
    expect(variablesOf(test)).toEqual([team.toLowerCase()]);
    expect(globsOf(test, new Map())).toEqual([]);
    expect(globsOf(test, contextOf({ [team]: 'x' }))).toEqual([{ ...exactly('x'), ignoreCase: false }]);
  });

  it('with a resource has two readings: a wildcard reaches beyond a colon, or only where a part ends', () => {
    const readings = (Resource: string, text: string) => {
      const [test] = resourceTests([policyOf('identity', allow('s3:*', { Resource }))]);
      return test === undefined ? [] : globsOf(test, new Map()).map((glob) => matches(glob, text));
    };
    const arn = (text: string) => `arn:aws:a:b:c:${text}`;
    expect(readings(arn('x*'), arn('x:y'))).toEqual([true, true]);
    expect(readings(arn('x*y'), arn('x:y'))).toEqual([true, false]);
    expect(readings(arn('x*:z'), arn('x:y:z'))).toEqual([true, true]);
    expect(readings(arn('x?z'), arn('x:z'))).toEqual([true, false]);
    expect(readings(arn('x?'), arn('x:'))).toEqual([true, false]);
    expect(withoutColon({ type: 'text', text: ':' })).toEqual({ type: 'text', text: ':' });
    expect(
      resourceTests([policyOf('trust', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' })]),
    ).toEqual([]);
  });

  it('that stands twice is looked at once, and one for each outcome is enough', () => {
    const values = new CaseValues();
    const tests = [
      ...testsOf('StringEquals', 'x'),
      ...testsOf('StringEquals', 'x'),
      ...testsOf('StringLike', 'x*'),
    ];
    const texts = values.of(tests, new Map());
    expect(texts).toHaveLength(3);
    expect(texts).toContain('x');
    expect(texts.filter((one) => one.startsWith('x'))).toHaveLength(2);
    expect(values.of(tests, new Map())).toBe(texts);
    expect(values.of(tests, new Map(), [exactly('y')])).toHaveLength(4);
    expect(values.of([], new Map(), [], { prefer: ['p'] })).toEqual(['p']);
    expect(values.of([], new Map(), [], { prefer: ['q'] })).toEqual(['q']);
  });
});

describe('conditions together', () => {
  it('hold where all of them do', () => {
    expect([
      allHold([]),
      allHold([true, true]),
      allHold([true, undefined]),
      allHold([undefined, false]),
    ]).toEqual([true, true, undefined, false]);
  });

  it('of which no decision can tell two apart are looked at once, as the first of them', () => {
    const part = (value: string, answer: boolean | undefined, ...facts: string[]) => ({
      value,
      answers: [answer],
      facts,
    });
    const kept = mergedCombinations([
      [part('a', true), part('b', true), part('c', false, 'y')],
      [part('d', true, 'x'), part('e', undefined)],
    ]);
    expect(kept).toEqual([
      { value: ['a', 'd'], answers: [true], facts: ['x'] },
      { value: ['a', 'e'], answers: [undefined], facts: [] },
      { value: ['c', 'd'], answers: [false], facts: ['x', 'y'] },
      { value: ['c', 'e'], answers: [false], facts: ['y'] },
    ]);
    expect(mergedCombinations([])).toEqual([{ value: [], answers: [], facts: [] }]);
  });
});
