import { expect, it } from 'vitest';
import type { AssumeCase } from '../../src/proof/counterexample.ts';
import {
  askAboutTrust,
  type Claims,
  outsidersIn,
  type TrustQuestion,
} from '../../src/proof/questions/trust.ts';
import { policyOf, roleWith } from './role-documents.ts';
import { document, right, role, trusts } from './told.ts';

const eso = `${role}/eso`;
const other = `${role}/other`;
const claims = (...values: string[]): Claims => new Map(values.length > 0 ? [['team', new Set(values)]] : []);
const open = new Map([[eso, claims()]]);

function ask(trust: unknown, parts: Partial<TrustQuestion>) {
  const question = {
    role: roleWith({ trust: policyOf(trust, 'trust') }),
    tagKeys: ['team'],
    callers: open,
    ...parts,
  };
  return askAboutTrust(question);
}

/** An attempt in words: who, with which tags, and what else is said. */
function words({
  caller,
  sessionTags,
  transitiveTagKeys,
  externalId,
  sessionName,
  context,
}: AssumeCase): string {
  if (caller.type !== 'role' && caller.type !== 'user') throw new Error('this is nobody with an account');
  return [
    caller.arn.replace('arn:aws:iam::123456789012:', ''),
    ...(caller.session === undefined ? [] : ['as one session']),
    ...sessionTags.map(({ key, value }) => `${key}=${value}`),
    ...transitiveTagKeys.map((key) => `passing on ${key}`),
    ...(externalId === undefined ? [] : [`id ${externalId}`]),
    ...(sessionName === undefined ? [] : [`named ${sessionName}`]),
    ...Object.entries(context).map(([key, value]) => `${key} ${value}`),
  ].join(', ');
}

function failures(trust: unknown, parts: Partial<TrustQuestion>): string[][] {
  return ask(trust, parts).failures.map(({ kind, counterexample, decision }) => {
    const one = counterexample as AssumeCase;
    expect(one).toMatchObject({ question: 'assume', role: `${role}/access` });
    return [kind, one.expected, words(one), decision.reason, ...decision.by.map(({ sid = '' }) => sid)];
  });
}

const withId = (id: string | readonly string[]) => trusts({ StringEquals: { 'sts:ExternalId': id } }, noTags);
const noTags = { Action: 'sts:AssumeRole' };
const teams = (...values: string[]) => ({ ...right, StringEquals: { 'aws:RequestTag/team': values } });
const nobody = (who: string, reason = 'implicit-deny', ...by: string[]) => [
  'nobody',
  'allowed',
  who,
  reason,
  ...by,
];
const denied = { Sid: 'Deny', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:TagSession' };

const besideStatement = (Condition: object) => ({
  Sid: 'Beside',
  Effect: 'Allow',
  Principal: { AWS: other },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition,
});
const passingOn = (key: string) => ({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': key } });
const beside = (StringEquals: object) =>
  document(...trusts(right).Statement, besideStatement({ StringEquals }));

type Case = readonly [what: string, trust: unknown, parts: Partial<TrustQuestion>, ...failures: string[][]];
const cases: readonly Case[] = [
  ['the caller with the tag', trusts(right), {}],
  [
    'somebody who is no caller',
    trusts(right),
    { callers: new Map([[other, claims()]]) },
    ['caller', 'denied', 'role/eso, team=payments', 'allowed', 'Trust'],
    nobody('role/other, team=payments'),
  ],
  [
    'a user of the name of a caller',
    trusts(right, { Principal: { AWS: 'arn:aws:iam::123456789012:user/eso' } }),
    { callers: new Map([['arn:aws:iam::123456789012:user/eso', claims()]]) },
    ['caller', 'denied', 'user/eso, team=payments', 'allowed', 'Trust'],
  ],
  ['the external id', withId('audit'), { tagKeys: [], externalIds: ['audit'] }],
  [
    'any external id',
    trusts(right),
    { externalIds: ['audit'] },
    ['externalId', 'denied', 'role/eso, team=payments', 'allowed', 'Trust'],
  ],
  [
    'another external id as well',
    withId(['audit', 'other']),
    { tagKeys: [], externalIds: ['audit'] },
    ['externalId', 'denied', 'role/eso, id other', 'allowed', 'Trust'],
  ],
  [
    'an external id that nobody can pass',
    withId(['a', 'a b', 'x'.repeat(1225)]),
    { tagKeys: [] },
    nobody('role/eso'),
  ],
  ['the longest external id', withId('x'.repeat(1224)), { tagKeys: [] }],
  [
    'a name that no session can have',
    trusts({ StringEquals: { 'sts:RoleSessionName': ['a', 'a b', 'x'.repeat(65)] } }, noTags),
    { tagKeys: [] },
    nobody('role/eso'),
  ],
  [
    'a further tag',
    trusts({ ...right, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'Env'] } }),
    {},
    ['otherTag', 'denied', 'role/eso, team=payments, Env=payments', 'allowed', 'Trust'],
  ],
  [
    'a further tag whose key begins so',
    trusts({
      ...right,
      'ForAllValues:StringEquals': {},
      'ForAllValues:StringLike': { 'aws:TagKeys': 'te*' },
    }),
    {},
    ['otherTag', 'denied', 'role/eso, team=payments, te=payments', 'allowed', 'Trust'],
  ],
  [
    'the tag in another spelling',
    trusts({ ...right, 'ForAllValues:StringEquals': { 'aws:TagKeys': 'TEAM' } }),
    {},
  ],
  ['the value of its own', trusts(teams('a')), { callers: new Map([[eso, claims('a')]]) }],
  [
    'the values of others',
    trusts(teams('a', 'b')),
    { callers: new Map([[eso, claims('a')]]) },
    ['pinnedTag', 'denied', 'role/eso, team=b', 'allowed', 'Trust'],
  ],
  [
    'the value of another caller',
    trusts(teams('a', 'b'), { Principal: { AWS: [eso, other] } }),
    {
      callers: new Map([
        [eso, claims('a')],
        [other, claims('a', 'b')],
      ]),
    },
    ['pinnedTag', 'denied', 'role/eso, team=b', 'allowed', 'Trust'],
  ],
  [
    'tags of which AWS does not say whether they are there',
    trusts({ ...right, 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' }, StringLike: {} }),
    {},
    ['missingTag', 'denied', 'role/eso, team=, passing on team', 'allowed', 'Trust'],
  ],
  [
    'a Deny for tags',
    document(...trusts(right).Statement, denied),
    {},
    nobody('role/eso, team=payments', 'explicit-deny', 'Deny'),
  ],
  [
    'a Deny for one value',
    document(...trusts(right).Statement, {
      ...denied,
      Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } },
    }),
    {},
  ],
  ['requests from one network', trusts({ ...right, StringEquals: { 'aws:SourceVpc': 'vpc-1' } }), {}],
  [
    'others from one network',
    document(...trusts(right).Statement, {
      Sid: 'Network',
      Effect: 'Allow',
      Principal: { AWS: other },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
    }),
    {},
    ['caller', 'denied', 'role/other, aws:sourcevpc vpc-1', 'allowed', 'Network'],
  ],
  [
    'others with their own tag',
    beside({ 'aws:RequestTag/team': '$'.concat('{aws:PrincipalTag/team}'), 'aws:PrincipalTag/team': 'a' }),
    {},
    ['caller', 'denied', 'role/other, team=a', 'allowed', 'Beside'],
  ],
  [
    'others with two tags that are the same',
    beside({ 'aws:RequestTag/team': '$'.concat('{aws:RequestTag/env}'), 'aws:RequestTag/env': 'a' }),
    {},
    ['caller', 'denied', 'role/other, team=a, env=a', 'allowed', 'Beside'],
  ],
  [
    'others with two tags that differ',
    document(
      ...trusts(right).Statement,
      besideStatement({
        StringLike: { 'aws:RequestTag/team': 'a*', 'aws:RequestTag/env': 'a*' },
        StringNotEquals: { 'aws:RequestTag/team': '$'.concat('{aws:RequestTag/env}') },
      }),
    ),
    {},
    ['caller', 'denied', 'role/other, team=a, env=ax', 'allowed', 'Beside'],
  ],
  [
    'others by the name of their session',
    document(...trusts(right).Statement, {
      ...besideStatement({ StringEquals: { 'sts:RoleSessionName': 'deploy' } }),
      Action: 'sts:AssumeRole',
    }),
    {},
    ['caller', 'denied', 'role/other, named deploy', 'allowed', 'Beside'],
  ],
  ['others with a value that no tag can have', beside({ 'aws:RequestTag/team': 'a'.repeat(257) }), {}],
  [
    'none of the values of its caller',
    trusts({ ...right, StringLike: { 'aws:RequestTag/team': 'b*' } }),
    { callers: new Map([[eso, claims('a')]]) },
    ['pinnedTag', 'denied', 'role/eso, team=b', 'allowed', 'Trust'],
    nobody('role/eso, team=a'),
  ],
  [
    'two tags, whatever they are',
    trusts({}),
    { tagKeys: ['team', 'env'] },
    ['missingTag', 'denied', 'role/eso', 'allowed', 'Trust'],
    ['otherTag', 'denied', 'role/eso, team=payments, env=payments, another-tag=payments', 'allowed', 'Trust'],
  ],
  [
    'two tags of its caller from nobody',
    trusts({}, { Effect: 'Deny' }),
    {
      tagKeys: ['team', 'env'],
      callers: new Map([[eso, new Map([...claims('a'), ['env', new Set(['prod'])]])]]),
    },
    nobody('role/eso, team=a, env=prod', 'explicit-deny', 'Trust'),
  ],
  [
    'others who pass on one key and not another',
    document(...trusts(right).Statement, besideStatement(passingOn('audit')), {
      ...besideStatement(passingOn('testing')),
      Sid: 'Deny',
      Effect: 'Deny',
    }),
    {},
    ['caller', 'denied', 'role/other, audit=payments, passing on audit', 'allowed', 'Beside'],
  ],
  [
    'tags in a statement of their own',
    document(...trusts({}, { Action: 'sts:AssumeRole' }).Statement, {
      ...besideStatement({ StringLike: { 'aws:RequestTag/team': '*' } }),
      Principal: { AWS: eso },
      Action: 'sts:TagSession',
    }),
    { callers: new Map([[eso, claims('a')]]) },
    ['missingTag', 'denied', 'role/eso', 'allowed', 'Trust'],
    ['pinnedTag', 'denied', 'role/eso, team=payments', 'allowed', 'Beside'],
    ['otherTag', 'denied', 'role/eso, team=payments, another-tag=payments', 'allowed', 'Beside'],
  ],
  [
    'one session of the caller',
    trusts(right, { Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/other/one' } }),
    {},
    ['caller', 'denied', 'role/other, as one session, team=payments', 'allowed', 'Trust'],
    nobody('role/eso, team=payments'),
  ],
];

it.each(cases.map(([what, trust, parts, ...expected]) => ({ what, trust, parts, expected })))(
  'a role that takes $what',
  ({ trust, parts, expected }) => {
    expect(failures(trust, parts)).toEqual(expected);
  },
);

it('where nobody is to assume a role, it is no failure that nobody can', () => {
  expect(failures(trusts({}, { Effect: 'Deny' }), { callers: new Map() })).toEqual([]);
});

it('counts every attempt', () => {
  const callers = 5;
  const tagSets = 18;
  expect(ask(trusts(right), {}).cases).toBe(callers * tagSets);
  expect(ask(trusts(right), { externalIds: ['audit'] }).cases).toBe((callers * tagSets * 3) / 2);
  expect(ask(trusts({ ...right, StringEquals: { 'aws:SourceVpc': 'v' } }), {}).cases).toBe(
    callers * tagSets * 3,
  );
});

it('services and identity providers that a trust policy lets in', () => {
  const statement = (Sid: string, Principal: unknown, Effect = 'Allow', Action = 'sts:AssumeRole') => ({
    Sid,
    Effect,
    Principal,
    Action,
  });
  const provider = 'arn:aws:iam::123456789012:oidc-provider/example.com';
  const trust = document(
    statement('Service', { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] }),
    statement('Provider', { Federated: provider }, 'Allow', 'sts:AssumeRoleWithWebIdentity'),
    statement('Role', { AWS: eso }),
    statement('Denied', { Service: 'ec2.amazonaws.com' }, 'Deny'),
  );
  const found = outsidersIn(roleWith({ trust: policyOf(trust, 'trust') }));
  expect(found.map(({ statement: { sid }, principal }) => [sid, principal.value])).toEqual([
    ['Service', 'ec2.amazonaws.com'],
    ['Service', 'pods.eks.amazonaws.com'],
    ['Provider', provider],
  ]);
});
