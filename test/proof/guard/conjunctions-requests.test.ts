import { expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { requests, waysOf } from './conjunctions.ts';

/** The ways in which requests are tried for policies with these parts: conditions have to fail. */
const others: readonly (readonly [name: keyof typeof requests, spec: Mapping, ...ways: string[]])[] = [
  [
    'creation',
    {
      matchConditions: [{ name: 'some', expression: "object.metadata.name != 'a'" }],
      validations: [{ expression: 'false' }],
    },
    'called a',
  ],
  [
    'creation',
    {
      matchConditions: [{ name: 'some', expression: "object.metadata.name == 'a'" }],
      validations: [{ expression: 'false' }],
    },
  ],
  [
    'creation',
    {
      matchConditions: [
        { name: 'some', expression: "!(object.metadata.name == 'a' && 'b' in object.metadata.labels)" },
      ],
      validations: [{ expression: 'false' }],
    },
    'called a, .labels.b "x"',
  ],
  [
    'creation',
    { validations: [], variables: [{ name: 'own', expression: "object.metadata.name == 'a'" }] },
    'called a',
  ],
  [
    'update',
    { validations: [{ expression: "'a' in oldObject.metadata.labels && 'b' in object.metadata.labels" }] },
    '.labels.b "x", oldObject.metadata.labels.a "x"',
  ],
  ['update', { validations: [{ expression: "oldObject.spec.provider.aws.role == 'a'" }] }],
  ['update', { validations: [{ expression: "object.apiVersion == 'external-secrets.io/v2'" }] }],
  [
    'update',
    { validations: [{ expression: "oldObject.metadata.name == 'a'" }] },
    'called a, oldObject.metadata.name "a"',
  ],
  [
    'namespace',
    { validations: [{ expression: "object.metadata.name == 'a'" }] },
    'name "a", namespace "a", .name "a", .labels.kubernetes.io/metadata.name "a", oldObject.metadata.name "a", oldObject.metadata.labels.kubernetes.io/metadata.name "a"',
  ],
  ['namespace', { validations: [{ expression: "object.metadata.name == 'kube-a'" }] }],
  ['namespace', { validations: [{ expression: "'eso-abac/a' in object.metadata.labels" }] }],
  [
    'namespace',
    { validations: [{ expression: "object.metadata.labels['kubernetes.io/metadata.name'] == 'a'" }] },
    'name "a", namespace "a", .name "a", .labels.kubernetes.io/metadata.name "a", oldObject.metadata.name "a", oldObject.metadata.labels.kubernetes.io/metadata.name "a"',
  ],
  ['namespace', { validations: [{ expression: "'a' in object.metadata.labels" }] }, '.labels.a "x"'],
  ['namespace', { validations: [{ expression: "namespaceObject.metadata.labels.a == 'a'" }] }],
  ['role', { validations: [{ expression: "object.metadata.name == 'b'" }] }],
  ['role', { validations: [{ expression: "object.metadata.generateName == 'b'" }] }, '.generateName "b"'],
  [
    'role',
    { validations: [{ expression: "'b' in object.metadata.labels && request.userInfo.username == 'c'" }] },
    '.labels {"b":"x"}, user.username "c", user.groups ["system:authenticated"]',
  ],
];

it.each(others.map(([name, spec, ...ways]) => ({ name, spec, ways })))(
  '$name, $spec',
  ({ name, spec, ways }) => {
    expect(waysOf(spec, requests[name])).toEqual(ways);
  },
);
