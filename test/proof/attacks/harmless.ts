import { policy, stores } from './admission.ts';
import type { Harmless } from './attack.ts';
import {
  addedStatement,
  appended,
  document,
  type Json,
  manifest,
  manifests,
  removed,
  statement,
  text,
} from './change.ts';
import { variableOf } from './names.ts';

const account = '123456789012';
const accessPolicy = `aws/${account}/roles/eso-secrets-access/policy.json`;
const trust = `aws/${account}/roles/eso-secrets-access/trust.json`;
const platformPolicy = 'aws/111122223333/roles/eso-secrets-access/policy.json';
const platformTrust = 'aws/111122223333/roles/eso-secrets-access/trust.json';
const template = `aws/${account}/cloudformation.json`;
const sid = 'ReadOwnSecrets';
const tag = 'secretsmanager:ResourceTag/ekssecret';
const controller = `arn:aws:iam::${account}:role/eso-controller`;
const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;

/** The reason stands in the name: why nothing changes. */
export const harmless: readonly Harmless[] = [
  {
    ...one,
    name: 'the tag of a secret in another case: condition keys have none',
    change: text(`aws/${account}/secrets/us-west-2/service1.json`, '"ekssecret"', '"EKSSecret"'),
  },
  {
    ...one,
    name: 'a further tag on a secret that decides nothing',
    change: text(
      `aws/${account}/secrets/us-west-2/service1.json`,
      '"Tags": [',
      '"Tags": [{ "Key": "owner", "Value": "team-a" },',
    ),
  },
  {
    ...two,
    name: 'DeleteResourcePolicy left out of the guard: without a policy nobody gets in',
    change: statement('aws/111122223333/tag-guard.json', 'DenyPoliciesOfTaggedSecrets', {
      Action: ['secretsmanager:PutResourcePolicy'],
    }),
  },
  { ...one, name: 'a Sid dropped', change: statement(accessPolicy, sid, { Sid: null }) },
  {
    ...two,
    name: 'statements in another order: any that matches counts',
    change: document(platformTrust, (all) => all.toReversed()),
  },
  {
    ...one,
    name: 'white space',
    change: text(accessPolicy, '"Effect": "Allow"', '"Effect"   :\n\n   "Allow"'),
  },
  {
    ...one,
    name: 'keys in another order in one template',
    change: text(
      template,
      '"RoleName": "eso-secrets-access",\n        "Path": "/",',
      '"Path": "/",\n        "RoleName": "eso-secrets-access",',
    ),
  },
  {
    ...one,
    name: 'Null dropped: StringEquals with a variable without a value never matches',
    change: statement(accessPolicy, sid, { Condition: { Null: null } }),
  },
  {
    ...one,
    name: 'Null on aws:TagKeys dropped: aws:RequestTag asks for a tag already',
    change: statement(trust, 'AssumeWithTags', { Condition: { Null: null } }),
  },
  {
    ...one,
    name: 'condition keys in another case',
    change: [
      statement(accessPolicy, sid, { Condition: { StringEquals: { [tag]: null } } }),
      statement(accessPolicy, sid, {
        Condition: { StringEquals: { 'SecretsManager:resourcetag/EKSSecret': variableOf('EKSSECRET') } },
      }),
    ],
  },
  {
    ...one,
    name: 'aws:ResourceTag for secretsmanager:ResourceTag',
    change: [
      statement(accessPolicy, sid, { Condition: { StringEquals: { [tag]: null } } }),
      statement(accessPolicy, sid, {
        Condition: { StringEquals: { 'aws:ResourceTag/ekssecret': variableOf('ekssecret') } },
      }),
    ],
  },
  {
    ...two,
    name: 'the same beside a guard on tags, and without keys that are chosen by theirs',
    change: [
      statement(platformPolicy, sid, { Condition: { StringEquals: null } }),
      statement(platformPolicy, sid, {
        Condition: {
          StringEquals: {
            'aws:ResourceTag/ekssecret': variableOf('ekssecret'),
            'aws:ResourceTag/environment': variableOf('environment'),
          },
        },
      }),
    ],
  },
  {
    ...one,
    name: 'actions in another case',
    change: statement(accessPolicy, sid, {
      Action: [
        'SECRETSMANAGER:getsecretvalue',
        'secretsmanager:DescribeSecret',
        'secretsmanager:ListSecretVersionIds',
      ],
    }),
  },
  {
    ...one,
    name: 'Resource "*": the tags decide, and another account has to let the role in itself',
    change: statement(accessPolicy, sid, { Resource: ['*'] }),
  },
  {
    ...one,
    name: 'NotResource with names that nobody has',
    change: statement(accessPolicy, sid, {
      Resource: null,
      NotResource: [`arn:aws:secretsmanager:us-west-2:${account}:secret:admin-*`],
    }),
  },
  {
    ...one,
    name: 'a Deny without encryption: nobody asks that way',
    change: addedStatement(accessPolicy, {
      Sid: 'Added',
      Effect: 'Deny',
      Action: ['*'],
      Resource: ['*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  },
  {
    ...one,
    name: 'a Deny on secrets without the tag: nobody reads them',
    change: addedStatement(accessPolicy, {
      Sid: 'Added',
      Effect: 'Deny',
      Action: ['*'],
      Resource: ['*'],
      Condition: { Null: { [tag]: 'true' } },
    }),
  },
  {
    ...one,
    name: 'the same comparison twice',
    change: statement(accessPolicy, sid, {
      Condition: { StringEqualsIfExists: { [tag]: variableOf('ekssecret') } },
    }),
  },
  {
    ...one,
    name: 'ArnLike for ArnEquals: AWS treats them alike',
    change: statement(trust, 'AssumeWithTags', {
      Condition: { ArnEquals: null, ArnLike: { 'aws:PrincipalArn': controller } },
    }),
  },
  {
    ...one,
    name: 'aws:PrincipalArn IfExists: every caller has one',
    change: statement(trust, 'AssumeWithTags', {
      Condition: { ArnEquals: null, ArnEqualsIfExists: { 'aws:PrincipalArn': controller } },
    }),
  },
  {
    ...one,
    name: 'Principal "*" with aws:PrincipalArn',
    change: statement(trust, 'AssumeWithTags', { Principal: '*' }),
  },
  {
    ...one,
    name: 'the role as principal, beside aws:PrincipalArn',
    change: statement(trust, 'AssumeWithTags', { Principal: { AWS: [controller] } }),
  },
  {
    ...one,
    name: 'the account of the caller named too',
    change: statement(trust, 'AssumeWithTags', {
      Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
    }),
  },
  {
    ...two,
    name: 'kms:DescribeKey: it reads nothing of a secret',
    change: statement(platformPolicy, 'DecryptThroughSecretsManager', {
      Action: ['kms:Decrypt', 'kms:DescribeKey'],
    }),
  },
  {
    ...two,
    name: 'no guard on tags: it becomes an assumption',
    change: removed('aws/111122223333/tag-guard.json'),
  },
  {
    ...one,
    name: 'comments in a manifest',
    change: appended('clusters/us-west-2/services/service2.yaml', '# the end\n'),
  },
  {
    ...one,
    name: 'comments in another language, and lines that end as on Windows',
    change: (files) => {
      const file = 'clusters/us-west-2/services/service2.yaml';
      files.set(file, `${files.get(file)}# größer als alles andere…\n`.replaceAll('\n', '\r\n'));
    },
  },
  {
    ...one,
    name: 'a longer refresh interval',
    change: text('clusters/us-west-2/services/service2.yaml', 'refreshInterval: 1h', 'refreshInterval: 5h'),
  },
  {
    ...one,
    name: 'another message of a validation: it decides nothing',
    change: manifest(stores, policy, ['spec', 'validations', 0], {
      message: 'no',
      messageExpression: "'no'",
    }),
  },
  {
    ...one,
    name: 'validations in another order: each must hold',
    change: manifest(stores, policy, ['spec', 'validations'], (all) => (all as Json[]).toReversed()),
  },
  {
    ...one,
    name: 'Audit beside Deny: it is denied all the same',
    change: text(stores, '    - Deny', '    - Deny\n    - Audit'),
  },
  {
    ...one,
    name: 'a second binding for some namespaces: the first one is for all',
    change: manifests(stores, (objects) => [
      ...objects,
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'for-some' },
        spec: {
          policyName: 'eso-abac-secretstores',
          validationActions: ['Deny'],
          matchResources: { namespaceSelector: { matchLabels: { some: 'label' } } },
        },
      },
    ]),
  },
  {
    ...one,
    name: 'what Kubernetes fills in left out of a policy',
    change: [
      text(stores, '    matchPolicy: Equivalent\n    namespaceSelector: {}\n    objectSelector: {}\n', ''),
      text(stores, "        scope: '*'\n", ''),
    ],
  },
  {
    ...one,
    name: 'the served version alone: an equivalent request counts',
    change: text(stores, "apiVersions:\n          - '*'", 'apiVersions:\n          - v1'),
  },
  {
    ...one,
    name: 'a condition that every store meets',
    change: manifest(stores, policy, ['spec'], {
      matchConditions: [{ name: 'own', expression: "request.resource.group == 'external-secrets.io'" }],
    }),
  },
  {
    ...one,
    name: 'one more policy, about something else',
    change: manifests(stores, (objects) => [
      ...objects,
      ...objects.map((object) => ({
        ...object,
        metadata: { name: 'no-large-maps' },
        spec:
          object.kind === policy
            ? {
                matchConstraints: {
                  resourceRules: [
                    {
                      apiGroups: [''],
                      apiVersions: ['v1'],
                      resources: ['configmaps'],
                      operations: ['CREATE'],
                    },
                  ],
                },
                validations: [{ expression: 'size(object.data) < 100' }],
              }
            : { policyName: 'no-large-maps', validationActions: ['Deny'] },
      })),
    ]),
  },
];
