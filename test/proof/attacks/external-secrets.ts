import { type Attack, showing } from './attack.ts';
import { manifest, text } from './change.ts';

const service2 = 'clusters/us-west-2/services/service2.yaml';
const one = { tree: 'twoServices' } as const;
const odd = { rule: 'proof-document', file: service2 } as const;

/** ExternalSecrets that ask for what is another's, or past the store of their service. */
export const externalSecrets: readonly Attack[] = [
  {
    ...one,
    name: "An ExternalSecret that names another service's secret",
    does: 'AWS refuses it, and the service never starts',
    change: text(service2, 'key: service2_secret', 'key: service1_secret'),
    finds: {
      rule: 'proof-denied',
      file: service2,
      at: 'key: service1_secret',
      says: 'it has ekssecret=service1, the session ekssecret=service2',
      shows: showing({ ekssecret: 'service2' }, { ekssecret: 'service1' }),
    },
  },
  {
    ...one,
    name: 'An ExternalSecret with another store',
    does: 'a store that somebody else puts there decides',
    change: text(service2, '    name: aws-secretsmanager\n    kind', '    name: another\n    kind'),
    finds: { ...odd, at: 'service2_secret', says: 'names store "another", which is not in the namespace' },
  },
  {
    ...one,
    name: 'An ExternalSecret with a ClusterSecretStore',
    does: 'a store without a namespace has no identity',
    change: text(service2, 'kind: SecretStore\n  target', 'kind: ClusterSecretStore\n  target'),
    finds: {
      ...odd,
      at: 'ClusterSecretStore',
      says: 'a store of kind ClusterSecretStore',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A store elsewhere in sourceRef',
    does: 'one entry goes past the store of the rest',
    change: text(
      service2,
      '        key: service2_secret',
      '        key: service2_secret\n      sourceRef: { storeRef: { name: all, kind: ClusterSecretStore } }',
    ),
    finds: {
      ...odd,
      at: 'ClusterSecretStore',
      says: 'a store of kind ClusterSecretStore',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'A field of a reference to a secret that nobody knows',
    does: 'a later release of the operator may read another secret',
    change: text(service2, 'key: service2_secret', 'key: service2_secret\n        region: eu-west-1'),
    finds: { ...odd, at: 'region', says: '"region" is something that the proof knows nothing about' },
  },
  {
    ...one,
    name: 'A field of a target that nobody knows',
    does: 'a later release of the operator may write elsewhere',
    change: text(service2, '    creationPolicy', '    namespace: service1-ns\n    creationPolicy'),
    finds: { ...odd, at: 'service1-ns', says: '"namespace" is something that the proof knows nothing about' },
  },
  {
    ...one,
    name: 'A generator in sourceRef',
    does: 'credentials come from elsewhere',
    change: text(
      service2,
      '        key: service2_secret',
      '        key: service2_secret\n      sourceRef: { generatorRef: { kind: ECRAuthorizationToken, name: all } }',
    ),
    finds: {
      ...odd,
      at: 'generatorRef',
      says: '"generatorRef" is something that the proof knows nothing about',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'dataFrom.find',
    does: 'secrets are found by name, and that needs ListSecrets',
    change: text(service2, '  data:\n', '  dataFrom: [{ find: { name: { regexp: .* } } }]\n  data:\n'),
    finds: { ...odd, at: 'find', says: '"find" is something', also: ['proof-denied'] },
  },
  {
    ...one,
    name: 'An ExternalSecret whose Secret has a label that none can be',
    does: 'the API server refuses the Secret, and the service never starts',
    change: manifest(service2, 'ExternalSecret', ['spec', 'target', 'template', 'metadata', 'labels'], {
      team: 'of service 2',
    }),
    finds: { rule: 'object-name', file: service2, at: 'team', says: 'is not a valid label' },
  },
  {
    ...one,
    name: 'An ExternalSecret whose Secret has a key that none can be',
    does: 'the API server refuses the Secret, and the service never starts',
    change: manifest(service2, 'ExternalSecret', ['spec', 'target', 'template'], { data: { 'a/b': 'c' } }),
    finds: { rule: 'object-name', file: service2, at: 'a/b', says: 'is not a valid key of a Secret' },
  },
  {
    ...one,
    name: 'An ExternalSecret with a key that leads to a folder above',
    does: 'the API server refuses the Secret, and the service never starts',
    change: manifest(service2, 'ExternalSecret', ['spec', 'data', 0], { secretKey: '..a' }),
    finds: { rule: 'object-name', file: service2, at: '..a', says: 'is not a valid key of a Secret' },
  },
];
