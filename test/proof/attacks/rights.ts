import type { Attack, Group } from './attack.ts';
import { showing } from './attack.ts';
import { addedStatement, type Change, type Json, statement } from './change.ts';
import { variableOf } from './names.ts';

const file = 'aws/123456789012/roles/eso-secrets-access/policy.json';
const platformFile = 'aws/111122223333/roles/eso-secrets-access/policy.json';
const chainFile = 'aws/999999999999/roles/eso-secrets-access/policy.json';
const sid = 'ReadOwnSecrets';
const kmsSid = 'DecryptThroughSecretsManager';
const tag = 'secretsmanager:ResourceTag/ekssecret';
const platformKey = 'arn:aws:kms:us-west-2:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const foreignKey = 'arn:aws:kms:us-west-2:777777777777:key/99999999-9999-9999-9999-999999999999';
const payments = { ekssecret: 'payments' };

/** A second statement of the access policy. */
function added(Effect: 'Allow' | 'Deny', Action: string, Resource: string, Condition: Json = {}): Change {
  return addedStatement(file, { Sid: 'Added', Effect, Action: [Action], Resource: [Resource], Condition });
}

const one = { tree: 'twoServices' } as const;
const foreign = { rule: 'proof-access', file, at: 'Added' } as const;
const denied = { rule: 'proof-denied', file, at: 'Added' } as const;
const wide = { rule: 'wide-permission', file } as const;
const read = 'secretsmanager:GetSecretValue';
const decrypt = 'kms:Decrypt';

const attacks: readonly Attack[] = [
  {
    ...one,
    name: 'NotAction',
    does: 'the role may do everything but one thing',
    change: statement(file, sid, { Action: null, NotAction: ['secretsmanager:DeleteSecret'] }),
    finds: { ...wide, at: 'secretsmanager:DeleteSecret', says: 'anything but secretsmanager:DeleteSecret' },
  },
  {
    ...one,
    name: 'Every action of Secrets Manager',
    does: 'sessions change and delete secrets, and their tags',
    change: statement(file, sid, { Action: ['secretsmanager:*'] }),
    finds: { ...wide, at: 'secretsmanager:*', says: 'the role may do "secretsmanager:*"' },
  },
  {
    ...one,
    name: 'ListSecrets',
    does: 'every session sees the name of every secret',
    change: added('Allow', 'secretsmanager:ListSecrets', '*'),
    finds: { ...wide, at: 'ListSecrets', says: 'the role may do "secretsmanager:ListSecrets"' },
  },
  {
    ...one,
    name: 'TagResource for the access role',
    does: 'a session tags any secret as its own, then reads it',
    change: added('Allow', 'secretsmanager:TagResource', '*'),
    finds: { ...wide, at: 'TagResource', says: 'the role may do "secretsmanager:TagResource"' },
  },
  {
    ...one,
    name: 'AssumeRole for the access role',
    does: 'a session becomes another role',
    change: added('Allow', 'sts:AssumeRole', '*'),
    finds: { ...wide, at: 'sts:AssumeRole', says: 'the role may do "sts:AssumeRole"' },
  },
  {
    ...one,
    name: 'One secret by its name',
    does: 'every session reads it',
    change: added(
      'Allow',
      read,
      'arn:aws:secretsmanager:us-west-2:123456789012:secret:service1_secret-??????',
    ),
    finds: {
      ...foreign,
      says: 'service2 in cluster "us-west-2" can read "service1_secret" of service1',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: 'All secrets for one session',
    does: 'service2 reads everything',
    change: added('Allow', read, '*', { StringEquals: { 'aws:PrincipalTag/ekssecret': 'service2' } }),
    finds: {
      ...foreign,
      says: 'service2 in cluster "us-west-2" can read "service1_secret" of service1',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: 'The version before, for all',
    does: 'every session reads what a secret was until its last rotation',
    change: added('Allow', read, '*', { StringEquals: { 'secretsmanager:VersionStage': 'AWSPREVIOUS' } }),
    finds: {
      ...foreign,
      says: read,
      shows: {
        ...showing(payments, { ekssecret: 'shipping' }),
        context: { 'secretsmanager:versionstage': 'AWSPREVIOUS' },
      },
    },
  },
  {
    ...one,
    name: 'Secrets without the tag, for all',
    does: 'whoever removes a tag, or forgets it, opens the secret to everybody',
    change: added('Allow', read, '*', { Null: { [tag]: 'true' } }),
    finds: { ...foreign, says: 'with no tags', shows: showing(payments, {}) },
  },
  {
    ...one,
    name: 'Resource of another account',
    does: 'nobody reads anything',
    change: statement(file, sid, { Resource: ['arn:aws:secretsmanager:us-west-2:999999999999:secret:*'] }),
    finds: { ...denied, at: sid, says: 'no session can read any secret', shows: showing(payments, payments) },
  },
  {
    ...one,
    name: 'Resource of another region',
    does: 'the owners do not get their secrets',
    change: statement(file, sid, { Resource: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:*'] }),
    finds: {
      ...denied,
      at: sid,
      says: 'service1 in cluster "us-west-2" cannot read its own "service1_secret"',
    },
  },
  {
    ...one,
    name: 'GetSecretValue left out',
    does: 'the owners do not get their secrets',
    change: statement(file, sid, { Action: ['secretsmanager:DescribeSecret'] }),
    finds: {
      ...denied,
      at: sid,
      says: 'service1 in cluster "us-west-2" cannot read its own "service1_secret"',
      shows: showing({ ekssecret: 'service1' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: "A Deny on an owner's tag",
    does: 'one service is locked out of its own secrets',
    change: added('Deny', read, '*', { StringEquals: { [tag]: 'service1' } }),
    finds: {
      ...denied,
      says: 'a session with ekssecret=service1 is denied',
      shows: showing({ ekssecret: 'service1' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: "A Deny on a secret's name",
    does: 'one service is locked out of one of its secrets',
    change: added('Deny', read, 'arn:aws:secretsmanager:us-west-2:123456789012:secret:service1*'),
    finds: { ...denied, says: 'service1 in cluster "us-west-2" cannot read its own "service1_secret"' },
  },
  {
    ...one,
    name: 'A Deny outside of an endpoint that nobody uses',
    does: 'everybody is locked out',
    change: added('Deny', '*', '*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } }),
    finds: { ...denied, says: 'service1 in cluster "us-west-2" cannot read its own "service1_secret"' },
  },
  {
    tree: 'platform',
    name: 'KMS without ViaService',
    does: 'sessions decrypt with the key whatever they get hold of',
    change: statement(platformFile, kmsSid, { Condition: null }),
    finds: {
      rule: 'proof-access',
      file: platformFile,
      at: kmsSid,
      says: 'for kms:Decrypt directly',
      shows: { action: decrypt, context: { 'kms:viaservice': null } },
    },
  },
  {
    tree: 'platform',
    name: 'KMS through any service',
    does: 'sessions decrypt with the key through S3 and all others',
    change: statement(platformFile, kmsSid, {
      Condition: { StringEquals: null, StringLike: { 'kms:ViaService': '*.us-west-2.amazonaws.com' } },
    }),
    finds: {
      rule: 'proof-access',
      file: platformFile,
      at: kmsSid,
      says: 'for kms:Decrypt through',
      shows: { action: decrypt },
    },
  },
  {
    tree: 'platform',
    name: 'Every KMS key',
    does: 'secrets are encrypted with keys that nobody meant for them',
    change: statement(platformFile, kmsSid, { Resource: ['arn:aws:kms:us-west-2:111122223333:key/*'] }),
    finds: {
      rule: 'proof-access',
      file: platformFile,
      at: kmsSid,
      says: 'can use any key',
      shows: { action: decrypt },
    },
  },
  {
    tree: 'platform',
    name: 'Every KMS key of another account',
    does: 'secrets are encrypted with keys that nobody meant for them',
    change: statement(platformFile, kmsSid, {
      Resource: [platformKey, 'arn:aws:kms:us-west-2:777777777777:key/*'],
    }),
    finds: {
      rule: 'proof-access',
      file: platformFile,
      at: kmsSid,
      says: 'can use any key, such as arn:aws:kms:us-west-2:777777777777:key/',
      shows: { action: decrypt },
    },
  },
  {
    tree: 'platform',
    name: 'A KMS key of another account without ViaService',
    does: 'sessions decrypt with the key whatever they get hold of',
    change: addedStatement(platformFile, {
      Sid: 'Added',
      Effect: 'Allow',
      Action: [decrypt],
      Resource: [foreignKey],
    }),
    finds: {
      rule: 'proof-access',
      file: platformFile,
      at: 'Added',
      says: `can use ${foreignKey} for kms:Decrypt directly`,
      shows: { action: decrypt, context: { 'kms:viaservice': null } },
    },
  },
  {
    tree: 'platform',
    name: 'Another KMS key',
    does: 'the owners get their secrets encrypted and cannot decrypt them',
    change: statement(platformFile, kmsSid, {
      Resource: ['arn:aws:kms:us-west-2:111122223333:key/99999999-9999-9999-9999-999999999999'],
    }),
    finds: {
      rule: 'proof-denied',
      file: platformFile,
      at: sid,
      says: 'cannot read its own "prod/ledger": kms:Decrypt',
      shows: { action: decrypt },
    },
  },
  {
    tree: 'chain',
    name: 'The tag of a KMS key not compared',
    does: 'every session decrypts with every key',
    change: statement(chainFile, kmsSid, {
      Condition: { StringEquals: { 'aws:ResourceTag/ekssecret': null } },
    }),
    finds: {
      rule: 'proof-access',
      file: chainFile,
      at: kmsSid,
      says: 'can use any key',
      shows: showing(payments, { ekssecret: 'shipping' }, decrypt),
    },
  },
  {
    tree: 'chain',
    name: 'The tag of a KMS key compared with a wildcard',
    does: 'every session decrypts with every tagged key',
    change: statement(chainFile, kmsSid, {
      Condition: {
        StringEquals: { 'aws:ResourceTag/ekssecret': null },
        StringLike: { 'aws:ResourceTag/ekssecret': ['*', variableOf('ekssecret')] },
      },
    }),
    finds: {
      rule: 'proof-access',
      file: chainFile,
      at: kmsSid,
      says: 'can use any key',
      shows: showing(payments, { ekssecret: 'shipping' }, decrypt),
      also: ['policy-unknown'],
    },
  },
];

export const rights: Group = {
  title: 'Further rights, Deny statements and KMS keys',
  stops:
    'The same question for every action, region, key and version; the access role may do nothing but read and decrypt; and every owner must still get its secrets.',
  attacks,
};
