import type { Attack, Group } from './attack.ts';
import { showing } from './attack.ts';
import { appended, json, removed, statement, text } from './change.ts';

const account = 'aws/123456789012';
const service1 = `${account}/secrets/us-west-2/service1.json`;
const service2 = `${account}/secrets/us-west-2/service2.json`;
const ledger = 'aws/111122223333/secrets/us-west-2/ledger.json';
const chainPolicy = 'aws/999999999999/roles/eso-secrets-access/policy.json';
const one = { tree: 'twoServices' } as const;
const two = { tree: 'platform' } as const;
const odd = { rule: 'proof-document', file: service1 } as const;
const wanted = 'clusters/us-west-2/services/service1.yaml';
const secretName = '"Name": "service1_secret",';
const inTemplate = (Tags: object) =>
  JSON.stringify({
    Resources: { Added: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'added', Tags } } },
  });

const attacks: readonly Attack[] = [
  {
    ...one,
    name: "A secret with another service's tag",
    does: 'service2 reads the secret of service1',
    change: text(service1, '"Value": "service1"', '"Value": "service2"'),
    finds: {
      rule: 'proof-access',
      file: service1,
      at: 'service1_secret',
      says: 'its tag lets service2 read it',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service2' }),
      also: ['proof-denied'],
    },
  },
  {
    ...one,
    name: "A further secret with another service's tag",
    does: 'what is meant for one service goes to another',
    change: text(
      service1,
      '"Resources": {',
      '"Resources": { "Added": { "Type": "AWS::SecretsManager::Secret", "Properties": { "Name": "added", "Tags": [{ "Key": "ekssecret", "Value": "service2" }] } },',
    ),
    finds: {
      rule: 'proof-access',
      file: service1,
      at: 'added',
      says: '"added" stands among the secrets of service1, but its tag lets service2 read it',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service2' }),
    },
  },
  {
    ...one,
    name: 'A further secret without the tag',
    does: 'nobody reads it, until somebody tags it',
    change: text(
      service1,
      '"Resources": {',
      '"Resources": { "Added": { "Type": "AWS::SecretsManager::Secret", "Properties": { "Name": "added", "Tags": [] } },',
    ),
    finds: { rule: 'proof-denied', file: service1, at: 'added', says: 'it has no tag ekssecret' },
  },
  {
    ...one,
    name: 'A file in the name of one with the tag of another',
    does: 'what is meant for one service goes to another',
    change: appended(
      `${account}/secrets/us-west-2/service3.json`,
      inTemplate([{ Key: 'ekssecret', Value: 'service2' }]),
    ),
    finds: {
      rule: 'proof-access',
      file: `${account}/secrets/us-west-2/service3.json`,
      at: 'added',
      says: 'its tag lets service2 read it',
    },
  },
  {
    ...one,
    name: 'The tag twice, in another case',
    does: 'which of the two counts is not documented',
    change: text(service1, '"Tags": [', '"Tags": [{ "Key": "EKSSecret", "Value": "service2" },'),
    finds: {
      ...odd,
      at: 'Tags',
      says: 'two tags have keys that differ in case only',
      also: ['proof-access', 'proof-denied'],
    },
  },
  {
    ...one,
    name: 'A tag with another key',
    does: 'nobody reads it',
    change: text(service1, '"Key": "ekssecret"', '"Key": "owner"'),
    finds: { rule: 'proof-denied', file: service1, at: 'owner', says: 'it has no tag ekssecret' },
  },
  {
    ...two,
    name: 'A further tag missing',
    does: 'nobody reads it',
    change: text(
      ledger,
      `,
          {
            "Key": "environment",
            "Value": "prod"
          }`,
      '',
    ),
    finds: { rule: 'proof-denied', file: ledger, at: 'prod/ledger', says: 'it has no tag environment' },
  },
  {
    ...two,
    name: 'The tag of another environment',
    does: 'staging reads a secret of production',
    change: text(ledger, `"Value": "prod"`, '"Value": "staging"'),
    finds: {
      rule: 'proof-denied',
      file: 'clusters/prod/services/ledger.yaml',
      at: 'prod/ledger',
      says: 'it has ekssecret=ledger, environment=staging',
    },
  },
  {
    ...one,
    name: '`*` as the tag of a secret',
    does: 'it stands for nobody, and for everybody where somebody compares patterns',
    change: text(service1, '"Value": "service1"', '"Value": "*"'),
    finds: {
      rule: 'proof-access',
      file: service1,
      at: 'service1_secret',
      says: 'its tag lets * read it',
      also: ['proof-denied', 'proof-document'],
    },
  },
  {
    ...one,
    name: 'A parameter of the template as tag',
    does: 'whoever deploys the template decides',
    change: text(service1, '"Value": "service1"', '"Value": { "Ref": "Owner" }'),
    finds: { ...odd, at: 'Owner', says: 'Value of the tag is no text', also: ['proof-denied'] },
  },
  {
    ...one,
    name: 'A resource policy',
    does: 'it lets others in past the access role',
    change: json(service1, ['Resources'], {
      Added: { Type: 'AWS::SecretsManager::ResourcePolicy', Properties: {} },
    }),
    finds: { ...odd, at: 'ResourcePolicy', says: 'a resource of type' },
  },
  {
    ...one,
    name: 'A value',
    does: 'a value in the repository',
    change: text(service1, secretName, `${secretName} "SecretString": "hunter2",`),
    finds: { ...odd, at: 'SecretString', says: 'the secret holds "SecretString"' },
  },
  {
    ...one,
    name: 'Another name',
    does: 'the service never starts',
    change: text(service1, secretName, `"Name": "service1_secrets",`),
    finds: { rule: 'proof-denied', file: wanted, at: 'service1_secret', says: 'is not among the secrets' },
  },
  {
    ...one,
    name: 'The file of an identity removed',
    does: 'the service never starts',
    change: removed(service1),
    finds: { rule: 'proof-denied', file: wanted, at: 'service1_secret', says: 'is not among the secrets' },
  },
  {
    ...one,
    name: "The name of another service's secret",
    does: 'which of the two tags it gets depends on who deploys last',
    change: text(service1, secretName, `"Name": "service2_secret",`),
    finds: { ...odd, file: service2, at: 'service2_secret', says: 'stands at', also: ['proof-denied'] },
  },
  {
    ...two,
    name: 'A KMS key that the access role may not use',
    does: 'the owner cannot decrypt it',
    change: text(ledger, 'key/0a1b', 'key/ffff'),
    finds: {
      rule: 'proof-denied',
      file: 'clusters/prod/services/ledger.yaml',
      at: 'prod/ledger',
      says: 'cannot read "prod/ledger"',
      shows: { action: 'kms:Decrypt' },
    },
  },
  ...[
    { name: 'The keys that carry the tags of the session denied', change: { Effect: 'Deny' } },
    {
      name: 'Secrets Manager of another region in the condition on keys',
      change: {
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
      },
    },
  ].map(
    ({ name, change }): Attack => ({
      tree: 'chain',
      name,
      does: 'whoever owns a secret that is encrypted with such a key cannot decrypt it',
      change: statement(chainPolicy, 'DecryptThroughSecretsManager', change),
      finds: {
        rule: 'proof-denied',
        file: chainPolicy,
        at: 'DecryptThroughSecretsManager',
        says: 'no owner of a secret in us-west-2 decrypts with a key that has the tags of the secret',
        shows: { action: 'kms:Decrypt' },
      },
    }),
  ),
  {
    ...one,
    name: 'A rotation function',
    does: 'a function of another account gets the value',
    change: text(
      service1,
      secretName,
      `${secretName} "RotationLambdaARN": "arn:aws:lambda:us-west-2:999999999999:function:steal",`,
    ),
    finds: { ...odd, at: 'RotationLambdaARN', says: 'the secret holds "RotationLambdaARN"' },
  },
];
export const secrets: Group = {
  title: 'The secrets and their tags',
  stops: 'Each secret stands in the file of the identity that may read it, with its tags, once.',
  attacks,
};
