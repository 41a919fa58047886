import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import { matchesGlob, parsePattern, resolve } from '../../../src/proof/iam/pattern.ts';
import { account, policyOf } from './support.ts';

const good = { Effect: 'Allow', Action: '*', Resource: '*' };
const variable = (name: string) => '$'.concat(`{${name}}`);

function read(statement: object) {
  const Statement = { ...good, ...statement };
  return readPolicy('p.json', JSON.stringify({ Version: '2012-10-17', Statement }), 'identity');
}

/** Each message with the nearest spelling behind. */
function found(statement: object): string[] {
  return read(statement).findings.map(({ severity, message, nearest }) => {
    expect(severity).toBe('error');
    return `${message}${nearest ? ` → ${nearest}` : ''}`;
  });
}

describe('conditions', () => {
  it.each([
    ['StringEquals', 'aws:SecureTransport', 'bool'],
    ['StringLike', 'aws:PrincipalIsAWSService', 'bool'],
    ['Bool', 'aws:PrincipalTag/team', 'string'],
    ['Bool', 'aws:PrincipalArn', 'arn'],
    ['ArnLike', 'aws:SourceVpc', 'string'],
  ])('%s is not for %s', (operator, key, type) => {
    expect(found({ Condition: { [operator]: { [key]: 'true' } } })).toEqual([
      `"${operator}" is not for "${key}", whose values are of type ${type}`,
    ]);
  });

  it.each([
    'urn:aws:iam::1:role/x',
    '*:aws:iam::1:role/x',
    '?rn:aws:iam::1:role/x',
    `${variable('aws:PrincipalTag/team')}arn:aws:iam::1:role/x`,
    `${variable('aws:PrincipalTag/team')}`,
    `arn:aws:iam:${variable('aws:PrincipalTag/team')}:1:role/x`,
    'arn:aws:iam::1',
  ])('Arn operators are not for "%s"', (value) => {
    expect(found({ Condition: { ArnLike: { 'aws:PrincipalArn': value } } })).toEqual([
      `"${value}" is no ARN, which ArnLike compares part by part`,
    ]);
  });

  it('a variable that no request has is told once', () => {
    const value = `arn:aws:iam::1:role/${variable('aws:UserAgent')}`;
    expect(found({ Condition: { ArnEquals: { 'aws:PrincipalArn': value } } })).toEqual([
      'no request here has a value for the variable "aws:UserAgent"',
    ]);
  });

  // A tag's key may end in a space, and AWS does not say that a variable loses one.
  it.each([
    ' aws:PrincipalTag/team',
    'aws:PrincipalTag/team ',
    "aws:PrincipalTag/team , 'x'",
    "aws:PrincipalTag/team, 'x' ",
  ])('a variable with a space where AWS shows none: "%s"', (name) => {
    const value = `x${variable(name)}`;
    expect(found({ Condition: { StringEquals: { 'aws:SourceVpc': value } } })).toEqual([
      `"${variable(name)}" is not understood`,
    ]);
  });

  it('a number may be another text where it is deployed', () => {
    expect(found({ Condition: { StringEquals: { 'aws:PrincipalAccount': 111122223333 } } })).toEqual([
      'the number 111122223333 as a condition value',
    ]);
  });

  it.each([
    ['StringEqualsIfExist', 'StringEqualsIfExists'],
    ['ForAnyValues:StringLike', 'ForAnyValue:StringLike'],
    ['ForAllValue:ArnLikeIfExists', 'ForAllValues:ArnLikeIfExists'],
  ])('%s was meant to be %s', (operator, nearest) => {
    expect(found({ Condition: { [operator]: { 'aws:SourceVpc': 'a' } } })).toEqual([
      `the condition operator "${operator}" is not known here → ${nearest}`,
    ]);
  });
});

describe('Effect', () => {
  it.each([
    [1, 'a number'],
    [['Allow'], 'a list'],
    [null, 'null'],
  ])('%j is %s', (Effect, name) => {
    expect(found({ Effect })).toEqual([`"Effect" is ${name}`]);
  });

  it('Denny was meant to be Deny', () => {
    expect(found({ Effect: 'Denny' })).toEqual(['"Effect" is "Denny" → Deny']);
  });
});

describe('principals', () => {
  const assume = (principal: Parameters<typeof evaluate>[0]['principal'], Principal: object) => {
    const resource = policyOf('trust', { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
    const of = { resource: `arn:aws:iam::${account}:role/x`, resourceAccount: account };
    const request = { action: 'sts:AssumeRole', ...of, principal, context: new Map() };
    return evaluate(request, { identity: [], resource }).allowed;
  };

  it('a service and a provider of one name are two', () => {
    const name = 'login.example.com';
    expect(assume({ type: 'service', name }, { Service: name })).toBe(true);
    expect(assume({ type: 'service', name }, { Federated: name })).toBe(false);
    expect(assume({ type: 'federated', provider: name }, { Federated: name })).toBe(true);
    expect(assume({ type: 'federated', provider: name }, { Service: name })).toBe(false);
  });

  it('a user is named by its ARN', () => {
    const arn = `arn:aws:iam::${account}:user/x`;
    const user = { type: 'user', arn, account } as const;
    expect(assume(user, { AWS: arn })).toBe(true);
    expect(assume(user, { AWS: `${arn}y` })).toBe(false);
    expect(assume({ type: 'root', account }, { AWS: arn })).toBe(false);
  });
});

it('? stands for one code point, of one unit or of two', () => {
  const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const pattern = parsePattern('a?c', { wildcards: true, variables: false }, nowhere);
  const glob = 'parts' in pattern ? resolve(pattern, new Map()) : undefined;
  expect(['\uffff', '\u{10000}', '\u{10ffff}'].map((one) => glob && matchesGlob(glob, `a${one}c`))).toEqual([
    true,
    true,
    true,
  ]);
});
