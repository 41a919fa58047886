import type { Attack, Group } from './attack.ts';
import { assuming } from './attack.ts';
import { addedStatement, document, type Json, statement } from './change.ts';
import { variableFor } from './names.ts';

const account = '123456789012';
const file = `aws/${account}/roles/eso-secrets-access/trust.json`;
const platformFile = 'aws/111122223333/roles/eso-secrets-access/trust.json';
const sid = 'AssumeWithTags';
const root = `arn:aws:iam::${account}:root`;
const controller = `arn:aws:iam::${account}:role/eso-controller`;
const staging = 'arn:aws:iam::111122223333:role/eso-staging';
const prod = 'arn:aws:iam::111122223333:role/eso-prod';
const another = `arn:aws:iam::${account}:role/another`;
const foreign = 'arn:aws:iam::999999999999:role/another';

const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;
const found = { rule: 'proof-trust', file, at: sid } as const;
const foundInTwo = { rule: 'proof-trust', file: platformFile, at: sid } as const;
const payments = { ekssecret: 'payments' };

/** One more statement that lets somebody assume the access role. */
function letIn(
  Principal: Json,
  Condition: Json = {},
  Action: readonly string[] = ['sts:AssumeRole', 'sts:TagSession'],
) {
  return addedStatement(file, { Sid: 'Added', Effect: 'Allow', Principal, Action, Condition });
}

/** Asks that a tag is to be passed on to further sessions. */
const passingOn = (key: string) => ({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': key } });

const attacks: readonly Attack[] = [
  {
    ...one,
    name: 'Everybody as principal',
    does: 'every role of every account is as good as the operator',
    change: letIn('*', { StringLike: { 'aws:RequestTag/ekssecret': '?*' } }),
    finds: { ...found, at: 'Added', says: `${another} can assume`, shows: assuming(another, payments) },
  },
  {
    ...one,
    name: 'Another role that passes on one key and not another',
    does: 'that role claims any tag, if it only passes on a certain one',
    change: [
      letIn({ AWS: [another] }, passingOn('audit')),
      addedStatement(file, {
        ...{ Sid: 'NotForTests', Effect: 'Deny', Principal: { AWS: [another] } },
        ...{ Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: passingOn('testing') },
      }),
    ],
    finds: {
      ...found,
      at: 'Added',
      says: `${another} can assume`,
      shows: assuming(another, { audit: 'payments' }),
    },
  },
  {
    ...one,
    name: 'Another role with the tag as external id',
    does: 'that role claims any tag, where it passes it as the external id too',
    change: letIn(
      { AWS: [another] },
      { StringEquals: { 'sts:ExternalId': variableFor('aws:RequestTag/ekssecret') } },
    ),
    finds: {
      ...found,
      rule: 'policy-unknown',
      at: 'sts:ExternalId',
      says: `is compared with "${variableFor('aws:RequestTag/ekssecret')}"`,
    },
  },
  {
    ...one,
    name: 'Everybody for the account, without aws:PrincipalArn',
    does: 'the same',
    change: statement(file, sid, { Principal: { AWS: ['*'] }, Condition: { ArnEquals: null } }),
    finds: { ...found, says: `${another} can assume`, shows: assuming(another, payments) },
  },
  {
    ...one,
    name: 'aws:PrincipalArn dropped',
    does: 'every role of the account that may assume roles is as good as the operator',
    change: statement(file, sid, { Condition: { ArnEquals: null } }),
    finds: { ...found, says: `${another} can assume`, shows: assuming(another, payments) },
  },
  {
    ...one,
    name: 'aws:PrincipalArn with a wildcard',
    does: 'whoever may create a role with such a name reads everything',
    change: statement(file, sid, { Condition: { ArnEquals: { 'aws:PrincipalArn': `${controller}*` } } }),
    finds: { ...found, says: `${controller}x can assume`, shows: assuming(`${controller}x`, payments) },
  },
  {
    ...one,
    name: 'A second role named',
    does: 'somebody beside the operator claims any identity',
    change: statement(file, sid, { Condition: { ArnEquals: { 'aws:PrincipalArn': [controller, another] } } }),
    finds: { ...found, says: `${another} can assume`, shows: assuming(another, payments) },
  },
  {
    ...one,
    name: 'The root of another account',
    does: "another account's administrators claim any identity",
    change: letIn({ AWS: ['arn:aws:iam::999999999999:root'] }),
    finds: { ...found, at: 'Added', says: `${foreign} can assume`, shows: assuming(foreign, {}) },
  },
  {
    ...one,
    name: 'A user as principal',
    does: 'a person claims any identity',
    change: letIn({ AWS: [`arn:aws:iam::${account}:user/mallory`] }),
    finds: {
      ...found,
      at: 'Added',
      says: 'user/mallory can assume',
      shows: assuming(`arn:aws:iam::${account}:user/mallory`, {}),
    },
  },
  {
    ...one,
    name: 'A service as principal',
    does: 'whoever may start functions reads everything',
    change: letIn({ Service: 'lambda.amazonaws.com' }, {}, ['sts:AssumeRole']),
    finds: { ...found, at: 'Added', says: 'lambda.amazonaws.com' },
  },
  {
    ...one,
    name: 'The identity provider of a cluster as principal',
    does: 'every pod of the cluster claims any identity',
    change: letIn(
      { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE` },
      {},
      ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    ),
    finds: { ...found, at: 'Added', says: 'oidc-provider', also: ['wide-permission'] },
  },
  {
    ...one,
    name: 'NotPrincipal',
    does: 'everybody but one role gets in',
    change: statement(file, sid, { Principal: null, NotPrincipal: { AWS: [another] } }),
    finds: {
      rule: 'policy-unknown',
      file,
      at: 'NotPrincipal',
      says: 'NotPrincipal',
      also: ['proof-document'],
    },
  },
  {
    ...one,
    name: 'TagSession without aws:RequestTag',
    does: 'the operator gets sessions without an identity',
    change: statement(file, sid, { Condition: { StringLike: null } }),
    finds: { ...found, says: 'with ekssecret=""', shows: assuming(controller, { ekssecret: '' }) },
  },
  {
    ...one,
    name: 'An empty tag is enough',
    does: 'a session with an empty identity',
    change: statement(file, sid, { Condition: { StringLike: { 'aws:RequestTag/ekssecret': '*' } } }),
    finds: {
      ...found,
      says: 'with ekssecret="", or AWS does not document',
      shows: assuming(controller, { ekssecret: '' }),
    },
  },
  {
    ...one,
    name: 'The condition on tags for TagSession alone',
    does: 'sts:AssumeRole without tags needs no sts:TagSession: a session without an identity',
    change: [
      statement(file, sid, { Action: ['sts:TagSession'] }),
      letIn({ AWS: [root] }, { ArnEquals: { 'aws:PrincipalArn': controller } }, ['sts:AssumeRole']),
    ],
    finds: { ...found, at: 'Added', says: `${controller} can assume`, shows: assuming(controller, {}) },
  },
  {
    ...one,
    name: 'ForAllValues on tag keys without Null, and no aws:RequestTag',
    does: 'no tag at all passes ForAllValues: a session without an identity',
    change: statement(file, sid, { Condition: { StringLike: null, Null: null } }),
    finds: { ...found, says: 'with no tags', shows: assuming(controller, {}) },
  },
  {
    ...one,
    name: 'Tag keys not limited',
    does: 'further tags that some other policy may trust',
    change: statement(file, sid, { Condition: { 'ForAllValues:StringEquals': null } }),
    finds: {
      ...found,
      says: 'with further tags',
      shows: assuming(controller, { ...payments, 'another-tag': 'payments' }),
    },
  },
  {
    ...one,
    name: 'Tag keys limited by a pattern',
    does: 'further tags that some other policy may trust',
    change: statement(file, sid, {
      Condition: { 'ForAllValues:StringEquals': null, 'ForAllValues:StringLike': { 'aws:TagKeys': 'eks*' } },
    }),
    finds: {
      ...found,
      says: 'with further tags',
      shows: assuming(controller, { ...payments, eks: 'payments' }),
    },
  },
  {
    ...one,
    name: 'ForAnyValue for ForAllValues',
    does: 'one right tag key lets all others in',
    change: statement(file, sid, {
      Condition: {
        'ForAllValues:StringEquals': null,
        'ForAnyValue:StringEquals': { 'aws:TagKeys': 'ekssecret' },
      },
    }),
    finds: {
      ...found,
      says: 'with further tags',
      shows: assuming(controller, { ...payments, 'another-tag': 'payments' }),
    },
  },
  {
    ...one,
    name: 'Every action of STS',
    does: 'the operator names its session after others, passes a source identity, and what AWS will add',
    change: statement(file, sid, { Action: ['sts:*'] }),
    finds: { rule: 'wide-permission', file, at: 'sts:*', says: 'sts:*' },
  },
  {
    ...one,
    name: 'TagSession left out',
    does: 'nobody gets a session with tags',
    change: statement(file, sid, { Action: ['sts:AssumeRole'] }),
    finds: {
      rule: 'proof-denied',
      file,
      at: sid,
      says: 'nobody can assume',
      shows: assuming(controller, payments),
    },
  },
  {
    ...one,
    name: 'A Deny for the operator',
    does: 'nobody gets a session',
    change: addedStatement(file, {
      Sid: 'Added',
      Effect: 'Deny',
      Principal: '*',
      Action: ['sts:TagSession'],
    }),
    finds: {
      rule: 'proof-denied',
      file,
      at: 'Added',
      says: 'nobody can assume',
      shows: assuming(controller, payments),
    },
  },
  {
    ...two,
    name: 'The environment not pinned',
    does: 'a staging cluster that is broken into claims production',
    change: statement(platformFile, 'AssumeWithTags2', { Condition: { StringEquals: null } }),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags2',
      says: 'with the tags of another cluster',
      shows: assuming(staging, { ...payments, environment: 'payments' }),
    },
  },
  {
    ...two,
    name: 'The environment pinned to a list',
    does: 'a staging cluster that is broken into claims production',
    change: statement(platformFile, 'AssumeWithTags2', {
      Condition: { StringEquals: { 'aws:RequestTag/environment': ['prod', 'staging'] } },
    }),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags2',
      says: 'with the tags of another cluster',
      shows: assuming(staging, { ...payments, environment: 'prod' }),
    },
  },
  {
    ...two,
    name: 'The environment only present',
    does: 'a staging cluster that is broken into claims production',
    change: statement(platformFile, 'AssumeWithTags2', {
      Condition: { StringEquals: null, StringLike: { 'aws:RequestTag/environment': '?*' } },
    }),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags2',
      says: 'with the tags of another cluster',
      shows: assuming(staging, { ...payments, environment: 'payments' }),
    },
  },
  {
    ...two,
    name: "Staging among production's callers",
    does: 'a staging cluster that is broken into claims production',
    change: statement(platformFile, 'AssumeWithTags1', {
      Condition: { ArnEquals: { 'aws:PrincipalArn': [prod, staging] } },
    }),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags1',
      says: 'with the tags of another cluster',
      shows: assuming(staging, { ...payments, environment: 'prod' }),
    },
  },
  {
    ...two,
    name: 'The environments swapped',
    does: 'each cluster claims the other environment',
    change: [
      statement(platformFile, 'AssumeWithTags1', {
        Condition: { ArnEquals: { 'aws:PrincipalArn': staging } },
      }),
      statement(platformFile, 'AssumeWithTags2', { Condition: { ArnEquals: { 'aws:PrincipalArn': prod } } }),
    ],
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags1',
      says: 'with the tags of another cluster',
      shows: assuming(staging, { ...payments, environment: 'prod' }),
      also: ['proof-denied'],
    },
  },
  {
    ...two,
    name: 'The Deny without external id removed',
    does: 'a confused deputy needs no external id',
    change: document(platformFile, (statements) => statements.filter((one) => one.Effect === 'Allow')),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags1',
      says: `${prod} can assume`,
      shows: assuming(prod, { ...payments, environment: 'prod' }),
    },
  },
  {
    ...two,
    name: 'The Deny for wrong external ids only',
    does: 'whoever passes no external id at all is let in',
    change: statement(platformFile, 'DenyWithoutExternalId', {
      Condition: { Null: { 'sts:ExternalId': 'false' } },
    }),
    finds: {
      ...foundInTwo,
      at: 'AssumeWithTags1',
      says: `${prod} can assume`,
      shows: assuming(prod, { ...payments, environment: 'prod' }),
    },
  },
  {
    ...two,
    name: 'Another external id',
    does: 'the stores pass the wrong one, and nobody gets a session',
    change: statement(platformFile, 'DenyWithoutExternalId', {
      Condition: { StringNotEquals: { 'sts:ExternalId': 'another-id' } },
    }),
    finds: {
      rule: 'proof-denied',
      file: platformFile,
      at: 'DenyWithoutExternalId',
      says: 'nobody can assume',
      shows: { externalId: 'platform-secrets' },
      also: ['proof-trust'],
    },
  },
];

export const trust: Group = {
  title: 'Who assumes the access role',
  stops:
    'The proof takes every role and user of every account, every set of session tags and every external id, and asks who gets a session, and as whom.',
  attacks,
};
