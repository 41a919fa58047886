import type { Attack, Group } from './attack.ts';
import { showing } from './attack.ts';
import { addedStatement, type Change, type Json, statement, text } from './change.ts';
import { variableFor, variableOf } from './names.ts';

const file = 'aws/123456789012/roles/eso-secrets-access/policy.json';
const platformFile = 'aws/111122223333/roles/eso-secrets-access/policy.json';
const sid = 'ReadOwnSecrets';
const tag = 'secretsmanager:ResourceTag/ekssecret';
const environment = 'secretsmanager:ResourceTag/environment';
const variable = variableOf('ekssecret');

/** Puts another comparison in the place of that of the tags. */
function instead(operator: string, key: string, value: Json): Change[] {
  return [
    statement(file, sid, { Condition: { StringEquals: null } }),
    statement(file, sid, { Condition: { [operator]: { [key]: value } } }),
  ];
}

const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;
const foreign = { rule: 'proof-access', file, at: sid } as const;
const foreignOfTwo = { rule: 'proof-access', file: platformFile, at: sid } as const;
const unknown = { rule: 'policy-unknown', file, at: tag } as const;
const payments = { ekssecret: 'payments' };
const any = 'secretsmanager:GetSecretValue on arn:aws:secretsmanager:';

const attacks: readonly Attack[] = [
  {
    ...one,
    name: 'Condition dropped',
    does: 'every session reads every secret',
    change: statement(file, sid, { Condition: null }),
    finds: {
      ...foreign,
      says: 'service1 in cluster "us-west-2" can read "service2_secret" of service2',
      shows: showing({ ekssecret: 'service1' }, { ekssecret: 'service2' }),
    },
  },
  {
    ...one,
    name: 'StringLike for StringEquals',
    does: 'a `*` in a tag may become a pattern',
    change: instead('StringLike', tag, variable),
    finds: { ...unknown, says: 'is compared as a pattern' },
  },
  {
    ...one,
    name: 'StringEqualsIgnoreCase',
    does: 'service `payments` reads the secrets of service `PAYMENTS`',
    change: instead('StringEqualsIgnoreCase', tag, variable),
    finds: {
      ...foreign,
      says: any,
      shows: showing(payments, { ekssecret: 'PAYMENTS' }),
      also: ['policy-unknown'],
    },
  },
  {
    ...one,
    name: 'IfExists added',
    does: 'secrets without the tag are read by all',
    change: instead('StringEqualsIfExists', tag, variable),
    finds: { ...foreign, says: 'with no tags', shows: showing(payments, {}) },
  },
  {
    ...one,
    name: 'ForAllValues without Null',
    does: 'the same: no value at all passes ForAllValues',
    change: instead('ForAllValues:StringEquals', tag, variable),
    finds: { ...foreign, says: 'with no tags', shows: showing(payments, {}) },
  },
  {
    ...one,
    name: 'StringNotEquals',
    does: 'every session reads all but its own',
    change: instead('StringNotEquals', tag, variable),
    finds: {
      ...foreign,
      says: any,
      shows: showing(payments, { ekssecret: 'shipping' }),
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: 'The region of the request for the tag of the session',
    does: 'whoever asks in a region reads the secrets that are tagged with its name',
    change: instead('StringEquals', tag, variableFor('aws:RequestedRegion')),
    finds: {
      ...unknown,
      says: `is compared with "${variableFor('aws:RequestedRegion')}"`,
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: 'A session tagged with the name of a region',
    does: 'it reads every secret of that region',
    change: addedStatement(file, {
      Sid: 'WithinRegions',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:PrincipalTag/ekssecret': variableFor('aws:RequestedRegion') } },
    }),
    finds: {
      ...unknown,
      at: 'aws:PrincipalTag/ekssecret',
      says: `is compared with "${variableFor('aws:RequestedRegion')}"`,
    },
  },
  {
    ...one,
    name: 'Key of the variable misspelt',
    does: 'another session tag decides than the one that is passed',
    change: instead('StringEquals', tag, variableOf('eksecret')),
    finds: {
      ...foreign,
      says: 'ekssecret=payments, eksecret=orders',
      shows: showing({ ekssecret: 'payments', eksecret: 'orders' }, { ekssecret: 'orders' }),
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: 'Name of the variable misspelt',
    does: 'AWS never has a value for it',
    change: instead('StringEquals', tag, variable.replace('Principal', 'Principle')),
    finds: { ...unknown, says: 'no request here has a value for the variable', also: ['proof-document'] },
  },
  {
    ...one,
    name: 'Wrong key of the tag on the secret',
    does: 'a tag that nobody guards decides',
    change: instead('StringEquals', 'secretsmanager:ResourceTag/ekssecrets', variable),
    finds: {
      ...foreign,
      says: any,
      shows: showing(payments, { ekssecret: 'shipping', ekssecrets: 'payments' }),
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: 'Variable with a default',
    does: "a session without the tag reads one service's secrets",
    change: statement(file, sid, {
      Condition: { StringEquals: { [tag]: `${variable.slice(0, -1)}, 'service1'}` }, Null: null },
    }),
    finds: { ...foreign, says: 'a session with no tags', shows: showing({}, { ekssecret: 'service1' }) },
  },
  {
    ...one,
    name: 'A value beside the variable',
    does: "every session reads one service's secrets",
    change: instead('StringEquals', tag, [variable, 'service1']),
    finds: {
      ...foreign,
      says: 'service2 in cluster "us-west-2" can read "service1_secret" of service1',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: '`*` as value of the tag',
    does: 'every session reads every tagged secret',
    change: instead('StringLike', tag, '*'),
    finds: { ...foreign, says: any, shows: showing(payments, { ekssecret: 'shipping' }) },
  },
  {
    ...one,
    name: 'Text behind the variable',
    does: 'service `payments` reads the secrets of service `payments2`',
    change: instead('StringEquals', tag, `${variable}2`),
    finds: {
      ...foreign,
      says: any,
      shows: showing(payments, { ekssecret: 'payments2' }),
      also: ['policy-unknown', 'proof-denied'],
    },
  },
  {
    ...one,
    name: 'The session compared with itself',
    does: 'the condition holds for every secret',
    change: instead('StringEquals', 'aws:PrincipalTag/ekssecret', variable),
    finds: { ...foreign, says: any, shows: showing(payments, { ekssecret: 'shipping' }) },
  },
  {
    ...one,
    name: 'aws:RequestTag for the tag of the secret',
    does: 'reads carry no request tags, so nobody reads anything',
    change: instead('StringEquals', 'aws:RequestTag/ekssecret', variable),
    finds: {
      rule: 'proof-denied',
      file,
      at: sid,
      says: 'no session can read any secret',
      shows: showing(payments, payments),
    },
  },
  {
    ...one,
    name: 'Null the other way round',
    does: 'asks that the session have no tag, so nobody reads anything',
    change: statement(file, sid, { Condition: { Null: { 'aws:PrincipalTag/ekssecret': 'true' } } }),
    finds: { rule: 'proof-denied', file, at: sid, says: 'no session can read any secret' },
  },
  {
    ...one,
    name: 'An operator that AWS does not have',
    does: 'nobody knows what AWS would make of it',
    change: instead('StringMatches', tag, variable),
    finds: { ...unknown, at: 'StringMatches', says: 'is not known here', also: ['proof-document'] },
  },
  {
    ...one,
    name: 'The version before policy variables',
    does: 'the variable is plain text, and a secret can carry that text',
    change: text(file, '2012-10-17', '2008-10-17'),
    finds: { ...unknown, rule: 'policy-syntax', says: 'is plain text', also: ['proof-document'] },
  },
  {
    ...one,
    name: 'A condition key that stands twice, in another case',
    does: 'every session reads the secrets of two services, if the second one counts',
    change: statement(file, sid, {
      Condition: { StringEquals: { [tag.toLowerCase()]: [variableOf('ekssecret'), 'service1', 'service2'] } },
    }),
    finds: {
      rule: 'policy-unknown',
      file,
      at: tag.toLowerCase(),
      says: `the condition key "${tag.toLowerCase()}" stands here twice`,
      also: ['proof-document'],
    },
  },
  {
    ...one,
    name: 'A key that stands twice',
    does: 'readers differ in which of the two they take',
    change: text(file, '"Condition": {', '"Condition": {},\n      "Condition": {'),
    finds: {
      rule: 'duplicate-key',
      file,
      at: '"Condition"',
      says: 'the key "Condition" stands here twice',
      also: ['proof-document'],
    },
  },
  {
    ...two,
    name: 'Two tags in two statements',
    does: 'one equal tag is enough: statements are alternatives',
    change: [
      statement(platformFile, sid, { Condition: { StringEquals: { [environment]: null } } }),
      addedStatement(platformFile, {
        Sid: 'OfTheSameEnvironment',
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: ['arn:aws:secretsmanager:us-west-2:111122223333:secret:*'],
        Condition: { StringEquals: { [environment]: variableOf('environment') } },
      }),
    ],
    finds: {
      ...foreignOfTwo,
      at: 'OfTheSameEnvironment',
      says: 'ledger in cluster "prod" can read "prod/datadog" of datadog',
      shows: showing(
        { ekssecret: 'ledger', environment: 'prod' },
        { ekssecret: 'datadog', environment: 'prod' },
      ),
    },
  },
  {
    ...two,
    name: 'One of two tags dropped',
    does: 'production reads the secrets of staging, and the other way round',
    change: statement(platformFile, sid, { Condition: { StringEquals: { [environment]: null } } }),
    finds: {
      ...foreignOfTwo,
      says: 'ledger in cluster "prod" can read "staging/ledger" of ledger',
      shows: showing(
        { ekssecret: 'ledger', environment: 'prod' },
        { ekssecret: 'ledger', environment: 'staging' },
      ),
    },
  },
  {
    ...two,
    name: 'The variable of another tag',
    does: 'whoever may choose the environment chooses the identity',
    change: statement(platformFile, sid, {
      Condition: { StringEquals: { [tag]: variableOf('environment') } },
    }),
    finds: {
      ...foreignOfTwo,
      says: 'a session with ekssecret=payments, environment=orders',
      shows: showing(
        { ekssecret: 'payments', environment: 'orders' },
        { ekssecret: 'orders', environment: 'orders' },
      ),
      also: ['proof-denied'],
    },
  },
  {
    ...two,
    name: 'A list of environments for the variable',
    does: 'a staging session reads production',
    change: statement(platformFile, sid, {
      Condition: { StringEquals: { [environment]: ['prod', 'staging'] } },
    }),
    finds: {
      ...foreignOfTwo,
      says: 'ledger in cluster "prod" can read "staging/ledger" of ledger',
      shows: showing(
        { ekssecret: 'ledger', environment: 'prod' },
        { ekssecret: 'ledger', environment: 'staging' },
      ),
    },
  },
];

export const conditions: Group = {
  title: 'Conditions of the access policy',
  stops:
    'The proof takes every session and every secret that could exist, whatever their tags are, and asks whether a session reads a secret that is not its own. What it cannot judge it refuses.',
  attacks,
};
