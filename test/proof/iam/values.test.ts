import { describe, expect, it } from 'vitest';
import { appliesTo } from '../../../src/proof/iam/match.ts';
import { parsePattern, textOf } from '../../../src/proof/iam/pattern.ts';
import { contextOf, policyOf, readRequest, sessionPrincipal } from './support.ts';

function applies(Condition: object, context: Parameters<typeof contextOf>[0]): boolean | undefined {
  const policy = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*', Condition });
  const [statement] = policy.statements;
  return statement && appliesTo(statement, readRequest(sessionPrincipal('eso'), contextOf(context)));
}

describe('a list with an empty text: AWS does not say whether that is a value', () => {
  const all = (value: string | string[]) => ({ 'ForAllValues:StringEquals': { 'aws:TagKeys': value } });
  const any = (value: string | string[]) => ({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': value } });
  const differs = { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'team' } };

  it.each<readonly [object, readonly string[], boolean | undefined]>([
    [all('team'), ['team', ''], undefined],
    [all('team'), ['', 'other'], false],
    [all(['team', '']), ['team', ''], true],
    [all('team'), [''], undefined],
    [any('team'), ['', 'team'], true],
    [any('team'), ['', 'other'], false],
    [any('team'), [''], false],
    [differs, ['team', ''], undefined],
    [differs, ['other', ''], true],
    [{ Null: { 'aws:TagKeys': 'false' } }, [''], undefined],
    [{ Null: { 'aws:TagKeys': 'false' } }, ['', 'team'], true],
  ])('%j with %j: %s', (condition, keys, expected) => {
    expect(applies(condition, { 'aws:TagKeys': keys })).toBe(expected);
  });
});

describe('a variable', () => {
  const key = '$'.concat('{aws:PrincipalTag/team');

  it.each([
    [`${key}}`, 'a'],
    [`${key},'b'}`, 'b'],
    [`${key}, 'b'}`, 'b'],
    [`${key},  'b'}`, 'b'],
    [`${key}, ''}`, ''],
  ])('%s has its default where the session has no tag', (value, fallback) => {
    const condition = { StringEquals: { 'aws:RequestTag/team': `x${value}` } };
    expect(applies(condition, { 'aws:RequestTag/team': 'xa', 'aws:PrincipalTag/team': 'a' })).toBe(true);
    const isDefault = applies(condition, { 'aws:RequestTag/team': `x${fallback}` });
    expect(isDefault).toBe(value.includes("'"));
  });
});

describe('a text without variables', () => {
  const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

  it.each(['$', '$'.concat('{'), '$'.concat('{aws:PrincipalTag/team}'), 'a'.concat('$', '{*}')])(
    '%s is what it is',
    (text) => {
      const pattern = parsePattern(text, { wildcards: false, variables: false }, nowhere);
      expect('parts' in pattern && pattern.parts).toEqual([{ type: 'text', text }]);
      expect('parts' in pattern && textOf(pattern.parts.filter((part) => part.type !== 'variable'))).toBe(
        text,
      );
    },
  );
});
