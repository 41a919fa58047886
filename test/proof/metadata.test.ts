import { expect, it } from 'vitest';
import { checkObject, wordsForEngines } from '../../src/proof/files/metadata.ts';
import type { Mapping } from '../../src/proof/files/store.ts';

/** What is said of an object, as `path: message: allowed`. */
function said(object: Mapping): string[] {
  const all: string[] = [];
  checkObject(object, (path, message, allowed) => all.push(`${path.join(' ')}: ${message}: ${allowed}`));
  return all;
}

const passedOver = (field: string, key: string) =>
  `metadata ${field} ${key}: "${key}" may keep the object from being applied, or taken away: other keys`;
const unknown = (path: string, key: string, known: string) =>
  `${path}: "${key}" is something that the proof knows nothing about: ${known}`;
const object = { apiVersion: 'v1', kind: 'Namespace', spec: {} };
const syncWave = 'argocd.argoproj.io/sync-wave';
const order = 'Namespaces in wave 0, then SecretStores, then ExternalSecrets from wave 2 on';
/** An object in a wave of Argo CD; in none where that is empty. */
const inWave = (kind: string, wave: string): Mapping => ({
  kind,
  metadata: { annotations: wave === '' ? {} : { [syncWave]: wave } },
});
const labels = {
  'app.kubernetes.io/managed-by': 'a',
  'kubernetes.io/metadata.name': 'a',
  'eso-abac/service': 'a',
  'shared.eso-abac/b': 'true',
};

type Row = readonly [what: string, object: Mapping, ...said: string[]];

const rows: readonly Row[] = [
  ['nothing', {}],
  ['an object', { ...object, metadata: { name: 'a', namespace: 'b', labels, annotations: {} } }],
  [
    'a store with words of its own',
    {
      ...object,
      kind: 'SecretStore',
      metadata: { name: 'a', labels: { app: 'a' }, annotations: { about: 'a' } },
    },
  ],
  ...['app', 'app.kubernetes.io/managed-by-a', 'a.kubernetes.io/metadata.name', 'a/shared.eso-abac/b'].map(
    (key): Row => [
      `the label ${key} of a Namespace`,
      { ...object, metadata: { labels: { ...labels, [key]: 'a' } } },
      unknown(`metadata labels ${key}`, key, 'labels that eso-abac writes'),
    ],
  ),
  [
    'an annotation of a Namespace',
    { ...object, metadata: { annotations: { 'iam.amazonaws.com/permitted': '.*' } } },
    unknown(
      'metadata annotations iam.amazonaws.com/permitted',
      'iam.amazonaws.com/permitted',
      'annotations that eso-abac writes',
    ),
  ],
  ['something more', { ...object, data: {} }, unknown('data', 'data', 'apiVersion, kind, metadata, spec')],
  [
    'something more about it',
    { ...object, metadata: { name: 'a', finalizers: [] } },
    unknown('metadata finalizers', 'finalizers', 'name, namespace, labels, annotations'),
  ],
  [
    'a label of an engine',
    { ...object, metadata: { labels: { ...labels, 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } },
    passedOver('labels', 'kustomize.toolkit.fluxcd.io/prune'),
  ],
  [
    'annotations of engines',
    { ...object, metadata: { annotations: { 'argocd.argoproj.io/hook': 'Skip', 'helm.sh/hook': 'test' } } },
    passedOver('annotations', 'argocd.argoproj.io/hook'),
    passedOver('annotations', 'helm.sh/hook'),
  ],
  ...[
    ['argocd.argoproj.io/sync-options', 'Prune=false', 'Delete=false,Prune=false'],
    ['argocd.argoproj.io/sync-wave', '-3', '0'],
    ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
  ].flatMap(([key = '', ...values]) =>
    values.map(
      (value): Row => [`${key}: ${value}`, { ...object, metadata: { annotations: { [key]: value } } }],
    ),
  ),
  ...[
    ['argocd.argoproj.io/sync-options', 'Replace=true', 'Prune=false,Force=true', 'Prune=false,'],
    ['kustomize.toolkit.fluxcd.io/prune', 'enabled'],
  ].flatMap(([key = '', ...values]) =>
    values.map(
      (value): Row => [
        `${key}: ${value}`,
        { ...object, metadata: { annotations: { [key]: value } } },
        passedOver('annotations', key),
      ],
    ),
  ),
  ...[
    ['argocd.argoproj.io/sync-options', 'Prune=false'],
    ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
  ].map(
    ([key = '', value = '']): Row => [
      `${key} of something else`,
      { ...object, kind: 'SecretStore', metadata: { annotations: { [key]: value } } },
      passedOver('annotations', key),
    ],
  ),
  ...[
    ['Namespace', '-3', '0', ''],
    ['SecretStore', '0', '1', ''],
    ['ExternalSecret', '2', '99'],
  ].flatMap(([kind = '', ...waves]) =>
    waves.map((wave): Row => [`${kind} in wave ${wave}`, inWave(kind, wave)]),
  ),
  ...[
    ['Namespace', '1', 'first', '-0.5'],
    ['SecretStore', '-1', '2', '1.0'],
    ['ExternalSecret', '1', '', '1234567890'],
  ].flatMap(([kind = '', ...waves]) =>
    waves.map(
      (wave): Row => [
        `${kind} in wave ${wave}`,
        inWave(kind, wave),
        `metadata annotations ${syncWave}: the ${kind} is in wave ${wave || '0'} of Argo CD: ${order}`,
      ],
    ),
  ),
];

it.each(rows.map(([what, object, ...expected]) => ({ what, object, expected })))(
  '$what',
  ({ object, expected }) => {
    expect(said(object)).toEqual(expected);
  },
);

it.each<readonly [key: string, isForEngine: boolean]>([
  ['kustomize.toolkit.fluxcd.io/reconcile', true],
  ['helm-2_a.toolkit.fluxcd.io/a', true],
  ['argocd.argoproj.io/hook', true],
  ['config.kubernetes.io/local-config', true],
  ['helm.sh/hook', true],
  ['kapp.k14s.io/exists', true],
  ['.toolkit.fluxcd.io/a', false],
  ['a.b.toolkit.fluxcd.io/a', true],
  ['my.argocd.argoproj.io/hook', true],
  ['argocd.argoproj.io', false],
  ['argocd-argoproj.io/a', false],
  ['kubernetes.io/metadata.name', false],
])('%s is for an engine: %s', (key, isForEngine) => {
  expect(wordsForEngines({ first: 'a', [key]: 'b' })).toEqual(isForEngine ? [key] : []);
});

it.each([undefined, null, 'helm.sh/a', ['helm.sh/a']])('there are none in %j', (entries) => {
  expect(wordsForEngines(entries)).toEqual([]);
});
