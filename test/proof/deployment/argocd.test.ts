import { expect, it } from 'vitest';
import { appended, type Change, manifest, removed, text } from '../attacks/change.ts';
import {
  argocd,
  clusters,
  deployed,
  foundAfter,
  matrix,
  parts,
  type Row,
  repository,
  set,
  source,
  template,
  tree,
} from './deployed.ts';
import { found } from './found.ts';

/** Other clusters in the lists of all generators. */
const listed = (...all: readonly (readonly [cluster: string, destination: string])[]): Change[] => {
  const elements = all.map(([cluster, destination]) => ({ cluster, destination, shortName: cluster }));
  return [
    ...['platform', 'operator'].map((name) => set(name, ['spec', 'generators', 0, 'list'], { elements })),
    set('services', [...matrix, 0, 'list'], { elements }),
  ];
};
/** Another version of the operator in all that installs it. */
const ofVersion = (version: string) =>
  [...tree.keys()]
    .filter((path) => /operator\.yaml$|helm-release/.test(path))
    .map((path) => text(path, "'2.9.0'", `'${version}'`));
const byName = '{{ .path.filename }}';
/** The list of clusters of a generator, and a generator that looks for the files of services. */
const list = (name: string) => /^ {4}- list:\n(?: {8}.*\n)+/m.exec(tree.get(argocd(name)) ?? '')?.[0] ?? '';
const services = /^ {4}- matrix:\n(?: {8}.*\n)+/m.exec(tree.get(argocd('services')) ?? '')?.[0] ?? '';
const part = (name: string, file: string, from = tree) =>
  new RegExp(`^ {6}${name}:\n(?: {8}.*\n)+`, 'm').exec(from.get(argocd(file)) ?? '')?.[0] ?? '';
const called = (part: string): Row[2] => [
  'name',
  `the Applications are called eso-abac.{{ .shortName }}.${part}`,
  'names that tell parts, clusters and services apart, as eso-abac writes them',
];
const asWritten = JSON.stringify(
  ['one', 'two'].map((cluster) => ({ cluster, shortName: cluster, destination: cluster })),
);

const late: Row[2] = [
  'syncOptions',
  'what is taken out of dist stays in the cluster as long as something is not healthy',
  'no PruneLast=true',
];
const unseen = 'Argo CD does not see that other files change';

/** What is found of parts, clusters, names and changes. */
const rows: readonly Row[] = [
  [
    'a second Application',
    [
      (files) =>
        files.set(
          argocd('second'),
          (files.get(argocd('application')) ?? '').replace('secrets.git', 'other.git'),
        ),
    ],
    ['source', 'the repository is https://git.example.com/other.git, and elsewhere another', repository],
    ['name', 'a second Application "eso-abac"', 'each once'],
  ],
  ['no YAML', [appended(argocd('application'), '{')], ['{', 'nothing closes this {', 'a } where it ends']],
  [
    'a list that differs',
    [set('platform', ['spec', 'generators', 0, 'list'], { elements: [] })],
    ['generators', 'the list of clusters is [], and elsewhere another', asWritten],
  ],
  [
    'a cluster that is not there',
    listed(['one', 'one'], ['three', 'two']),
    ['generators', 'there is no cluster "three"', 'one, two'],
    ['generators', 'there is no cluster "three"', 'one, two'],
    ['generators', 'there is no cluster "three"', 'one, two'],
    ['generators', 'nothing is applied in cluster "two"', 'each cluster of dist'],
  ],
  [
    'two clusters in one',
    listed(['one', 'one'], ['two', 'one']),
    ['generators', 'two elements have the destination "one"', 'a destination for each'],
    ['generators', 'two elements have the destination "one"', 'a destination for each'],
    ['generators', 'two elements have the destination "one"', 'a destination for each'],
  ],
  [
    'a cluster twice',
    ['platform', 'operator', 'services'].map((name) => text(argocd(name), 'cluster: two', 'cluster: one')),
    ...['operator', 'platform', 'services'].map((): Row[2] => [
      'generators',
      'two elements have the cluster "one"',
      'a cluster for each',
    ]),
    ['generators', 'nothing is applied in cluster "two"', 'each cluster of dist'],
  ],
  [
    'a cluster that is left out',
    listed(['one', 'one']),
    ['generators', 'nothing is applied in cluster "two"', 'each cluster of dist'],
  ],
  [
    'a list beside the generator',
    [
      set('services', ['spec', 'generators', 0], {
        list: { elements: [{ cluster: 'three', destination: 'three', shortName: 'three' }] },
      }),
    ],
    [
      'generators',
      `the list of clusters is [{"cluster":"three","shortName":"three","destination":"three"},${asWritten.slice(1)}, and elsewhere another`,
      asWritten,
    ],
    ['generators', 'there is no cluster "three"', 'one, two'],
    [
      'project',
      'the AppProject "eso-abac-services" does not allow cluster "three"',
      'three with namespace *',
    ],
  ],
  [
    'files of services for the platform',
    [text(argocd('platform'), list('platform'), services)],
    ['generators', 'files of services decide about platform', 'a list of clusters'],
    ['include', '*.yaml is not what the generator finds', '{{ .path.filename }}'],
    [
      'automated',
      'what is in the cluster stays when the last of it is taken out of dist',
      'allowEmpty: true',
    ],
    called('platform'),
  ],
  [
    'files of services for the operator',
    [text(argocd('operator'), list('operator'), services)],
    ['generators', 'files of services decide about operator', 'a list of clusters'],
    [
      'automated',
      'what is in the cluster stays when the last of it is taken out of dist',
      'allowEmpty: true',
    ],
    called('operator'),
  ],
  [
    'files of services for the operator too',
    [
      text(
        argocd('services'),
        part('source', 'services'),
        part('source', 'services') + part('sources', 'operator'),
      ),
    ],
    ["name: '{{ .destination }…", 'the operator goes into namespace ""', 'external-secrets'],
    ['generators', 'files of services decide about services, operator', 'a list of clusters'],
    [
      'project',
      'the AppProject "eso-abac-services" does not allow the repository',
      'https://charts.external-secrets.io',
    ],
    [
      'project',
      'the AppProject "eso-abac-services" does not allow the kind ClusterRole, ClusterRoleBinding, ValidatingWebhookConfiguration, CustomResourceDefinition, Secret, Service, ServiceAccount, Deployment, PodDisruptionBudget, Role, RoleBinding',
      'what the operator consists of, in clusterResourceWhitelist and namespaceResourceWhitelist',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies operator', parts],
  ],
  [
    'a file by its name in a folder',
    [set('platform', [...source, 'directory'], { include: byName })],
    ['include', '{{ .path.filename }} is not what the generator finds', '*.yaml'],
    ['argocd.argoproj.io/manif…', unseen, '{{ .path.filename }}'],
  ],
  [
    'a folder for each file',
    [set('services', [...source, 'directory'], { include: '*.yaml' })],
    ['include', '*.yaml is not what the generator finds', '{{ .path.filename }}'],
    ['argocd.argoproj.io/manif…', unseen, '*.yaml'],
  ],
  [
    'a file by its name in the folder of all',
    [text(argocd('application'), "'*.yaml'", `'${byName}'`)],
    ['include', '"spec.source.directory.include" is not as the proof knows it', '*.yaml'],
  ],
  [
    'a part that is missing',
    [removed(argocd('platform'))],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
  [
    'a part that stands twice',
    [set('platform', source, { path: 'dist/clusters/{{ .cluster }}/services' })],
    late,
    called('platform'),
    [
      'project',
      'the AppProject "eso-abac-platform" does not allow the kind ExternalSecret, SecretStore',
      'what the services consists of, in clusterResourceWhitelist and namespaceResourceWhitelist',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies services', parts],
  ],
  [
    'two parts in one',
    [
      text(
        argocd('platform'),
        part('source', 'platform'),
        part('source', 'platform') + part('sources', 'operator'),
      ),
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies operator', parts],
  ],
  [
    'a name with a dot',
    [manifest(argocd('application'), 'Application', ['metadata'], { name: 'eso-abac.one.platform' })],
    [
      'name',
      '"eso-abac.one.platform" may be the name of an Application that a set makes',
      'a name without a dot',
    ],
  ],
  [
    'an operator of long ago',
    ofVersion('0.15.1'),
    ...['targetRevision', 'version', 'version'].map((at): Row[2] => [
      at,
      'the operator 0.15.1 does not serve v1, in which objects are written',
      'one that serves v1',
    ]),
  ],
  [
    'an operator that does not know a field of stores',
    ofVersion('2.4.9'),
    ...['targetRevision', 'version', 'version'].map((at): Row[2] => [
      at,
      'the operator 2.4.9 does not know the field sessionTagsPolicy, which objects have',
      '2.5.0 or newer',
    ]),
  ],
  ['an operator of the first release with all fields', ofVersion('2.5.0')],
  [
    'services that are taken away last',
    [
      set('services', [...template, 'syncPolicy'], {
        syncOptions: ['ServerSideApply=true', 'PruneLast=true'],
      }),
    ],
    late,
  ],
  [
    'policies that are taken away first',
    [text(argocd('platform'), '          - PruneLast=true\n', '')],
    [
      'syncOptions',
      'what is taken out of dist is gone before that which takes its place is there',
      'PruneLast=true',
    ],
  ],
  [
    'an operator that is taken away last: none of it is',
    [
      set('operator', [...template, 'syncPolicy'], {
        syncOptions: ['ServerSideApply=true', 'PruneLast=true'],
      }),
    ],
  ],
  [
    'longer names of services',
    [text(argocd('services'), 'gt (len $name) 32', 'gt (len $name) 33')],
    [
      'name',
      'the Applications are called {{ $name := trimSuffix ".yaml" .path.filename }}{{ if gt (len $name) 33 }}{{ $name | trunc 21 | trimAll "-" }}.{{ $name | sha256sum | trunc 10 }}{{ else }}{{ $name }}{{ end }}.{{ .shortName }}',
      'names that tell parts, clusters and services apart, as eso-abac writes them',
    ],
  ],
  [
    'what somebody changes stays',
    [text(argocd('platform'), 'selfHeal: true', 'selfHeal: false')],
    ['selfHeal', '"spec.template.spec.syncPolicy.automated.selfHeal" is not as the proof knows it', 'true'],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);

it('the operator of every cluster goes into its namespace', () => {
  const guards = new Map(
    [...clusters.guards].map(([name, guard]) => [
      name,
      { ...guard, ...(name === 'two' && { operatorNamespace: name }) },
    ]),
  );
  expect(found({ ...clusters, guards }, deployed).filter(([at]) => at === 'namespace')).toEqual(
    ['operator', 'platform'].map(() => [
      'namespace',
      'the operator goes into namespace "external-secrets"',
      'external-secrets, two',
    ]),
  );
});
