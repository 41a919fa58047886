import type { Attack } from './attack.ts';
import { text } from './change.ts';

const service2 = 'clusters/us-west-2/services/service2.yaml';
const one = { tree: 'twoServices' } as const;
const odd = { rule: 'proof-document', file: service2 } as const;

/** Stores that read in another way, as another role, or with other tags. */
export const storeFields: readonly Attack[] = [
  {
    ...one,
    name: 'A SecretStore with credentials of its own',
    does: 'an access key takes the place of the operator',
    change: text(
      service2,
      '      sessionTagsPolicy: None',
      '      auth: { secretRef: { accessKeyIDSecretRef: { name: k, key: id }, secretAccessKeySecretRef: { name: k, key: s } } }',
    ),
    finds: {
      ...odd,
      at: 'auth',
      says: '"auth" is something that the proof knows nothing about',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A SecretStore with another service account',
    does: 'the role of that service account reads',
    change: text(
      service2,
      '      sessionTagsPolicy: None',
      '      auth: { jwt: { serviceAccountRef: { name: admin } } }',
    ),
    finds: {
      ...odd,
      at: 'auth',
      says: '"auth" is something that the proof knows nothing about',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A SecretStore for Parameter Store',
    does: 'none of the policies is about it',
    change: text(service2, 'service: SecretsManager', 'service: ParameterStore'),
    finds: {
      ...odd,
      at: 'service: ParameterStore',
      says: 'does not read from Secrets Manager',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A SecretStore with another role',
    does: 'a role of which nothing is known reads',
    change: text(service2, 'role/eso-secrets-access', 'role/admin'),
    finds: {
      rule: 'proof-denied',
      file: service2,
      at: 'aws:',
      says: 'role/admin is not in dist',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A SecretStore without the access role',
    does: 'the operator reads with its own rights',
    change: text(service2, '      role: arn:aws:iam::123456789012:role/eso-secrets-access\n', ''),
    finds: { ...odd, at: 'service', says: 'the store has no role', also: ['proof-guard', 'proof-denied'] },
  },
  {
    ...one,
    name: 'Tags set by the operator itself',
    does: 'the name of the namespace becomes a tag',
    change: text(service2, 'sessionTagsPolicy: None', 'sessionTagsPolicy: Namespace'),
    finds: {
      ...odd,
      at: 'sessionTagsPolicy',
      says: 'sets session tags that stand in no file',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'The session tag twice, in another case',
    does: 'which of the two counts is not documented',
    change: text(
      service2,
      '        - key: ekssecret',
      '        - key: EKSSECRET\n          value: service1\n        - key: ekssecret',
    ),
    finds: {
      ...odd,
      at: 'aws:',
      says: 'has the session tags',
      also: ['proof-guard', 'proof-access', 'proof-denied'],
    },
  },
  {
    ...one,
    name: 'No session tags',
    does: 'a session without an identity',
    change: text(service2, '      sessionTags:\n        - key: ekssecret\n          value: service2\n', ''),
    finds: { ...odd, at: 'aws:', says: 'has the session tags none', also: ['proof-guard', 'proof-denied'] },
  },
];
