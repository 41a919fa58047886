import type { Attack, Group } from './attack.ts';
import { addedStatement, document, type JsonObject, statement } from './change.ts';
import { variableOf } from './names.ts';

const guard = 'aws/111122223333/tag-guard.json';
const chainGuard = 'aws/999999999999/tag-guard.json';
const openInChain = (action: string) => ({
  rule: 'proof-tag-guard' as const,
  file: chainGuard,
  at: 'DenyTagsOfSecrets',
  says: `arn:aws:iam::999999999999:role/another is not kept from ${action}`,
});
const two = { tree: 'platform' } as const;
const open = { rule: 'proof-tag-guard', file: guard, at: 'DenyTagsOfSecrets' } as const;
const principal = 'aws:PrincipalArn';
const attacks: readonly Attack[] = [
  {
    ...two,
    name: 'Everybody as administrator',
    does: 'everybody is an administrator',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: { ArnNotEquals: null, ArnNotLike: { [principal]: '*' } },
    }),
    finds: { rule: 'policy-unknown', file: guard, at: '"*"', says: 'is no ARN' },
  },
  {
    ...two,
    name: 'Administrators with a wildcard',
    does: 'whoever may create a role there is an administrator',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: { ArnNotEquals: { [principal]: 'arn:aws:iam::111122223333:role/platform/*' } },
    }),
    finds: { ...open, says: 'is not kept from secretsmanager:TagResource with the tags ekssecret' },
  },
  {
    ...two,
    name: 'Administrators who carry their own ARN as a tag',
    does: 'whoever may tag roles is an administrator',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: { StringNotEquals: { [principal]: variableOf('admin') } },
    }),
    finds: {
      rule: 'policy-unknown',
      file: guard,
      at: principal,
      says: `is compared with "${variableOf('admin')}"`,
    },
  },
  {
    ...two,
    name: 'The operator as administrator',
    does: 'the operator gives itself every secret',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: {
        ArnNotEquals: {
          [principal]: [
            'arn:aws:iam::111122223333:role/platform/secrets-administrator',
            'arn:aws:iam::111122223333:role/eso-prod',
          ],
        },
      },
    }),
    finds: { ...open, says: 'role/eso-prod may change the tags' },
  },
  {
    ...two,
    name: 'UntagResource left out',
    does: 'whoever removes a tag locks the owner out',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Action: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:UntagResource',
    },
  },
  {
    ...two,
    name: 'CreateSecret left out',
    does: 'a secret is planted that a service takes for its own',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Action: ['secretsmanager:UntagResource', 'secretsmanager:TagResource'],
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:CreateSecret',
    },
  },
  {
    ...two,
    name: 'The further tag left out',
    does: 'a production secret becomes one of staging',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': 'ekssecret' } },
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource with the tags environment',
    },
  },
  {
    ...two,
    name: 'Tag keys compared with their case',
    does: 'a tag key in another case passes',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: {
        'ForAnyValue:StringEqualsIgnoreCase': null,
        'ForAnyValue:StringEquals': { 'aws:TagKeys': ['ekssecret', 'environment'] },
      },
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource with the tags EKSSECRET',
    },
  },
  {
    ...two,
    name: 'Tag keys in two spellings',
    does: 'a tag key in a third one passes',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: {
        'ForAnyValue:StringEqualsIgnoreCase': null,
        'ForAnyValue:StringEquals': {
          'aws:TagKeys': ['ekssecret', 'EKSSECRET', 'environment', 'ENVIRONMENT'],
        },
      },
    }),
    finds: {
      ...open,
      says: 'role/another is not kept from secretsmanager:TagResource with the tags EKSSECREt',
    },
  },
  ...[
    {
      name: 'Each of two tags, if it comes without the other',
      does: 'whoever changes both at once changes any secret',
      lifting: ['environment', 'ekssecret'].map((key) => ({
        'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': key },
        'ForAllValues:StringNotEqualsIgnoreCase': {
          'aws:TagKeys': key === 'ekssecret' ? 'environment' : 'ekssecret',
        },
      })),
      says: 'with the tags ekssecret, environment',
    },
    {
      name: 'Two further tags that lift the guard together',
      does: 'whoever knows of them changes any tag',
      lifting: ['ticket', 'owner'].map((key) => ({ StringNotEquals: { [`aws:RequestTag/${key}`]: 'yes' } })),
      says: 'with the tags ekssecret, ticket, owner',
    },
  ].map(
    ({ name, does, lifting, says }): Attack => ({
      ...two,
      name,
      does,
      change: document(guard, ([tags, policies]) => [
        ...lifting.map((condition, index) => ({
          ...tags,
          Sid: index === 0 ? 'DenyTagsOfSecrets' : 'DenyMoreTagsOfSecrets',
          Condition: { ...(tags?.Condition as JsonObject), ...condition },
        })),
        policies ?? null,
      ]),
      finds: { ...open, says: `role/another is not kept from secretsmanager:TagResource ${says}` },
    }),
  ),
  {
    ...two,
    name: 'ForAllValues in the guard',
    does: 'a second tag in the same request passes',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: {
        'ForAnyValue:StringEqualsIgnoreCase': null,
        'ForAllValues:StringEqualsIgnoreCase': { 'aws:TagKeys': ['ekssecret', 'environment'] },
      },
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource with the tags ekssecret, another-tag',
    },
  },
  {
    ...two,
    name: 'One region guarded',
    does: 'the other regions are open',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Resource: ['arn:aws:secretsmanager:us-west-2:111122223333:secret:*'],
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource',
    },
  },
  {
    ...two,
    name: 'Some names guarded',
    does: 'the other names are open',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Resource: ['arn:aws:secretsmanager:*:111122223333:secret:prod/*'],
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource',
    },
  },
  {
    ...two,
    name: 'Another account guarded',
    does: 'this account is open',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Resource: ['arn:aws:secretsmanager:*:999999999999:secret:*'],
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource',
    },
  },
  {
    ...two,
    name: 'Allow for Deny',
    does: 'nothing is denied',
    change: statement(guard, 'DenyTagsOfSecrets', { Effect: 'Allow' }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource',
    },
  },
  {
    ...two,
    name: 'PutResourcePolicy left out',
    does: 'a policy on the secret lets others in',
    change: document(guard, ([first]) => [first ?? null]),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:PutResourcePolicy',
    },
  },
  {
    ...two,
    name: 'Null the other way round in the guard',
    does: 'only secrets without the tag are guarded',
    change: statement(guard, 'DenyPoliciesOfTaggedSecrets', {
      Condition: { Null: { 'secretsmanager:ResourceTag/ekssecret': 'true' } },
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:PutResourcePolicy',
    },
  },
  {
    ...two,
    name: 'Every action on tagged secrets in the guard',
    does: 'it denies reading too, and locks the owners out',
    change: statement(guard, 'DenyPoliciesOfTaggedSecrets', { Action: ['secretsmanager:*'] }),
    finds: {
      ...open,
      at: 'DenyPoliciesOfTaggedSecrets',
      says: 'secretsmanager:GetSecretValue is denied, which owners need',
    },
  },
  {
    ...two,
    name: 'A statement in the guard that allows everything',
    does: 'among the denials of a permissions boundary it bounds nobody any more',
    change: addedStatement(guard, { Sid: 'Added', Effect: 'Allow', Action: '*', Resource: '*' }),
    finds: { ...open, at: 'Added', says: 'a statement that allows something' },
  },
  {
    ...two,
    name: 'One more condition in the guard',
    does: 'only requests without encryption are denied',
    change: statement(guard, 'DenyTagsOfSecrets', {
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    finds: {
      ...open,
      says: 'arn:aws:iam::111122223333:role/another is not kept from secretsmanager:TagResource',
    },
  },
  ...[
    {
      name: 'Whoever has a tag as administrator',
      does: 'whoever may tag a role is an administrator',
      condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'platform' } },
      says: 'role/another is not kept from secretsmanager:UntagResource',
    },
    {
      name: 'Users as administrators',
      does: 'every user with rights of its own is an administrator',
      condition: { StringNotEquals: { 'aws:PrincipalType': 'User' } },
      says: 'user/another is not kept from secretsmanager:UntagResource',
    },
    {
      name: 'Sessions that users get for others as administrators',
      does: 'every user with rights of its own gets one, and is an administrator',
      condition: { ArnNotLike: { [principal]: 'arn:aws:sts::111122223333:federated-user/*' } },
      says: 'federated-user/another is not kept from secretsmanager:UntagResource',
    },
    {
      name: 'The root user as administrator, and no name',
      does: 'whoever gets at the root user changes any tag',
      condition: { StringNotEquals: { 'aws:PrincipalType': 'Account' } },
      says: ':root is not kept from secretsmanager:UntagResource',
    },
    {
      name: 'One value of a tag left out',
      does: 'every secret becomes one of that service',
      condition: { StringNotEquals: { 'aws:RequestTag/ekssecret': 'payments' } },
      says: 'role/another is not kept from secretsmanager:TagResource',
    },
    {
      name: 'A further tag that lifts the guard',
      does: 'whoever knows of it changes any tag',
      condition: { StringNotEquals: { 'aws:RequestTag/ticket': 'yes' } },
      says: 'role/another is not kept from secretsmanager:TagResource with the tags ekssecret, ticket',
    },
    {
      name: 'Secrets with a further tag left out',
      does: 'whoever tags a secret so changes its other tags next',
      condition: { StringNotEquals: { 'aws:ResourceTag/open': 'yes' } },
      says: 'role/another is not kept from secretsmanager:UntagResource',
    },
  ].map(
    ({ name, does, condition, says }): Attack => ({
      ...two,
      name,
      does,
      change: statement(guard, 'DenyTagsOfSecrets', { Condition: condition }),
      finds: { ...open, says },
    }),
  ),
  {
    tree: 'chain',
    name: 'Tags of KMS keys left out',
    does: 'a KMS key gets the tag of another service',
    change: document(chainGuard, (s) => s.filter((x) => x.Sid !== 'DenyTagsOfKeys')),
    finds: openInChain('kms:TagResource'),
  },
  {
    tree: 'chain',
    name: 'New KMS keys guarded by an ARN',
    does: 'the same as with them left out: a new key is asked for as `*`',
    change: statement(chainGuard, 'DenyNewTaggedKeys', { Resource: ['arn:aws:kms:*:999999999999:*'] }),
    finds: openInChain('kms:CreateKey'),
  },
  {
    tree: 'chain',
    name: 'New KMS keys guarded in one region',
    does: 'a new KMS key of another region gets the tag of another service',
    change: statement(chainGuard, 'DenyNewTaggedKeys', {
      Condition: { StringEquals: { 'aws:RequestedRegion': 'us-west-2' } },
    }),
    finds: openInChain('kms:CreateKey'),
  },
  {
    tree: 'chain',
    name: 'New KMS keys left out',
    does: 'a new KMS key gets the tag of another service',
    change: document(chainGuard, (s) => s.filter((x) => x.Sid !== 'DenyNewTaggedKeys')),
    finds: openInChain('kms:CreateKey'),
  },
  {
    tree: 'chain',
    name: 'Tags of KMS keys guarded against other accounts',
    does: 'everybody in the account changes them',
    change: statement(chainGuard, 'DenyTagsOfKeys', {
      Condition: { StringNotEquals: { 'kms:CallerAccount': '999999999999' } },
    }),
    finds: openInChain('kms:TagResource'),
  },
  {
    tree: 'chain',
    name: 'New KMS keys guarded but for those that a service asks for',
    does: 'whoever has a service ask for a new KMS key gives it the tag of another service',
    change: statement(chainGuard, 'DenyNewTaggedKeys', { Condition: { Null: { 'kms:ViaService': 'true' } } }),
    finds: openInChain('kms:CreateKey'),
  },
];
export const guards: Group = {
  title: 'The guard on tags',
  stops:
    'The proof takes everybody but the administrators, root users and sessions of users too, with any tags, every secret and key of the account, and the tag keys in any case and company, with any values.',
  attacks,
};
