import { describe, expect, it } from 'vitest';
import { document, prove, right, role, type Told, told, trusts } from './told.ts';

const assumes = (who: string, what: string) => `${role}/${who} can assume ${role}/access-role ${what}`;
const namedAlone =
  'the named callers alone: their account as Principal, and ArnEquals aws:PrincipalArn; for pods their provider or cluster';
const tagsAlone = 'ForAllValues:StringEquals aws:TagKeys, and Null aws:TagKeys false';
const everyTag = 'aws:RequestTag/<key> like "?*" for every tag, on sts:AssumeRole and sts:TagSession';
const byAccount = { Principal: { AWS: '123456789012' } };
const nobody: Told = [
  'proof-denied',
  `nobody can assume ${role}/access-role, ${role}/eso with team=payments neither`,
  'an Allow for the callers, of sts:AssumeRole and with tags sts:TagSession',
  undefined,
];
const requestTag = (name: string) => '$'.concat(`{aws:RequestTag/${name}}`);

const trustPolicies: readonly (readonly [what: string, trust: unknown, ...told: Told[]])[] = [
  ['right', trusts(right)],
  [
    'an empty tag',
    trusts({ ...right, StringLike: {} }),
    ['proof-trust', assumes('eso', 'with team=""'), everyTag, 'Trust'],
  ],
  [
    'no tags, and others',
    trusts({}),
    ['proof-trust', assumes('eso', 'with no tags'), everyTag, 'Trust'],
    [
      'proof-trust',
      assumes('eso', 'with further tags: team=payments, another-tag=payments'),
      tagsAlone,
      'Trust',
    ],
  ],
  ['a tag that nobody has', trusts({ ...right, StringEquals: { 'aws:RequestTag/team': '' } }), nobody],
  [
    'the name of the session, which AWS does not document for sts:TagSession',
    trusts({ ...right, StringEquals: { 'sts:RoleSessionName': 'eso' } }),
    nobody,
  ],
  [
    'a tag compared with one that may not be',
    trusts({ ...right, StringEquals: { 'aws:RequestTag/team': requestTag('other') } }),
    nobody,
  ],
  [
    'the account',
    trusts(right, byAccount),
    ['proof-trust', assumes('another', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'one role of the account by a condition',
    trusts({ ...right, ArnEquals: { 'aws:PrincipalArn': `${role}/eso` } }, byAccount),
  ],
  [
    'every role but one',
    trusts({ ...right, ArnNotEquals: { 'aws:PrincipalArn': `${role}/eso` } }, byAccount),
    ['proof-trust', assumes('another', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'roles whose names begin alike',
    trusts({ ...right, ArnLike: { 'aws:PrincipalArn': `${role}/eso*` } }, byAccount),
    ['proof-trust', assumes('eso', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'one session of a role',
    trusts(right, { Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/eso/one' } }),
    ['proof-trust', assumes('eso', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'everybody of one account',
    trusts({ ...right, StringEquals: { 'aws:PrincipalAccount': '123456789012' } }, { Principal: '*' }),
    ['proof-trust', assumes('another', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'whoever has a tag',
    trusts({ ...right, StringEquals: { 'aws:PrincipalTag/x': 'y' } }, byAccount),
    ['proof-trust', assumes('another', 'with team=payments'), namedAlone, 'Trust'],
  ],
  [
    'a service beside',
    document(...trusts(right).Statement, {
      Sid: 'Service',
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    [
      'proof-trust',
      `ec2.amazonaws.com can assume ${role}/access-role`,
      'roles alone, named by aws:PrincipalArn',
      'Service',
    ],
  ],
  [
    'whoever gives the session a name that begins so',
    document(...trusts(right).Statement, {
      Sid: 'Named',
      Effect: 'Allow',
      Principal: { AWS: '222222222222' },
      Action: 'sts:AssumeRole',
      Condition: { StringLike: { 'sts:RoleSessionName': 'x*' } },
    }),
    [
      'proof-trust',
      `arn:aws:iam::222222222222:role/x can assume ${role}/access-role with no tags`,
      namedAlone,
      'Named',
    ],
  ],
  [
    'every action of STS',
    trusts(right, { Action: 'sts:*' }),
    ['wide-permission', 'the role may do "sts:*"', 'sts:AssumeRole, sts:TagSession', undefined],
  ],
  [
    'tags that are passed on or not',
    trusts({ ...right, 'ForAllValues:StringLike': { 'sts:TransitiveTagKeys': 't*' } }),
  ],
];

describe('the trust policy of an access role', () => {
  it.each(trustPolicies)('%s', (_, trust, ...expected) => {
    expect(told({ trust })).toEqual(expected);
  });

  it('a tag that is passed on or not is looked at both ways', () => {
    const passedOn = { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } };
    const without = prove({ trust: trusts(right) }).cases;
    expect(prove({ trust: trusts({ ...right, ...passedOn }) }).cases).toBeGreaterThan(2 * without);
    const trust = trusts({ ...right, StringLike: {}, ...passedOn });
    const [finding] = prove({ trust }).findings;
    expect(finding?.counterexample).toMatchObject({
      sessionTags: [{ key: 'team', value: '' }],
      transitiveTagKeys: ['team'],
    });
  });

  it('the value of another cluster', () => {
    const open = trusts({
      StringLike: { 'aws:RequestTag/team': '?*', 'aws:RequestTag/env': '?*' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'env'] },
      Null: { 'aws:TagKeys': 'false' },
    });
    const question = { tagKeys: ['team', 'env'], pinned: new Map([['Env', 'prod']]) };
    expect(told({ trust: open }, question)).toEqual([
      [
        'proof-trust',
        assumes('eso', 'with the tags of another cluster: team=payments, env=payments'),
        "aws:RequestTag/<key> equal to the value of the caller's own cluster",
        'Trust',
      ],
    ]);
  });

  it('the value that nobody may have, though it is their own', () => {
    const closed = trusts({
      StringLike: { 'aws:RequestTag/team': '?*' },
      StringEquals: { 'aws:RequestTag/env': 'stage' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'env'] },
      Null: { 'aws:TagKeys': 'false' },
    });
    const question = { tagKeys: ['team', 'env'], pinned: new Map([['Env', 'prod']]) };
    expect(told({ trust: closed }, question).map(([rule, message]) => `${rule}: ${message}`)).toEqual([
      `proof-trust: ${assumes('eso', 'with the tags of another cluster: team=payments, env=stage')}`,
      `proof-denied: nobody can assume ${role}/access-role, ${role}/eso with team=payments, env=prod neither`,
    ]);
  });
});
