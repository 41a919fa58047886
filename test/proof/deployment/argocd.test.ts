import { expect, it } from 'vitest';
import { appended, type Change, type Json, manifest, removed, text } from '../attacks/change.ts';
import { argocd, clusters, deployed, foundAfter, type Row, repository, tree } from './deployed.ts';
import { found } from './found.ts';

const set = (name: string, path: readonly (string | number)[], patch: Json) =>
  manifest(argocd(name), 'ApplicationSet', path, patch);
const template = ['spec', 'template', 'spec'];
const source = [...template, 'source'];
const sources = [...template, 'sources'];
const matrix = ['spec', 'generators', 0, 'matrix', 'generators'];
const git = [...matrix, 1, 'git'];
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
const other = 'https://git.example.com/other.git';
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
const parts = 'one for each of platform, operator, services';
const asWritten = JSON.stringify(
  ['one', 'two'].map((cluster) => ({ cluster, shortName: cluster, destination: cluster })),
);

/** What the projects do not allow. */
const anywhere = ['one', 'two'].map((cluster): Row[2] => [
  'project',
  `the AppProject "eso-abac-platform" does not allow cluster "${cluster}"`,
  `${cluster} with namespace *`,
]);
const lacking = (project: string, of: string, what: string): Row[2] => [
  'project',
  `the AppProject "${project}" does not allow the kind ${what}`,
  `what the ${of} consists of, in clusterResourceWhitelist and namespaceResourceWhitelist`,
];

const unseen = 'Argo CD does not see that other files change';

const rows: readonly Row[] = [
  ['nothing else', []],
  [
    'a path that begins with a dot',
    [set('platform', source, { path: './dist/clusters/{{ .cluster }}/platform' })],
  ],
  [
    'the repository of the values',
    [set('operator', [...sources, 1], { repoURL: other })],
    ['sources', 'the repository is https://git.example.com/other.git, and elsewhere another', repository],
    ['project', 'the AppProject "eso-abac-platform" does not allow the repository', other],
  ],
  [
    'the revision of the values',
    [set('operator', [...sources, 1], { targetRevision: 'next' })],
    ['sources', 'the revision is next, and elsewhere another', 'main'],
  ],
  [
    'the folder of the values',
    [text(argocd('operator'), '$values/dist', '$values/old')],
    ['sources', 'the folder of dist is old/, and elsewhere another', 'dist/'],
  ],
  [
    'values outside of dist',
    [text(argocd('operator'), 'dist/operator', 'dist/operator/../../old/operator')],
    [
      '$values/dist/operator/..…',
      '"spec.template.spec.sources.0.helm.valueFiles.0" is not as the proof knows it',
      'a path in dist: operator/{{ .cluster }}/helm-values.yaml',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies operator', parts],
  ],
  [
    'values in a folder that is called as theirs',
    [text(argocd('operator'), 'dist/operator', 'dist/operator/old/operator')],
    ['sources', 'the folder of dist is dist/operator/old/, and elsewhere another', 'dist/'],
  ],
  [
    'values of another file',
    [text(argocd('operator'), 'helm-values.yaml', 'helm-values.yaml.old')],
    [
      '$values/dist/operator/{{…',
      '"spec.template.spec.sources.0.helm.valueFiles.0" is not as the proof knows it',
      'a path in dist: operator/{{ .cluster }}/helm-values.yaml',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies operator', parts],
  ],
  [
    'values that begin otherwise',
    [text(argocd('operator'), '$values', 'https://$values')],
    [
      'https://$values/dist/ope…',
      '"spec.template.spec.sources.0.helm.valueFiles.0" is not as the proof knows it',
      'a path in dist: operator/{{ .cluster }}/helm-values.yaml',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies operator', parts],
  ],
  [
    'the repository of a folder',
    [set('platform', source, { repoURL: other })],
    ['source', 'the repository is https://git.example.com/other.git, and elsewhere another', repository],
    ['project', 'the AppProject "eso-abac-platform" does not allow the repository', other],
  ],
  [
    'the revision of a folder',
    [set('platform', source, { targetRevision: 'next' })],
    ['source', 'the revision is next, and elsewhere another', 'main'],
  ],
  [
    'another folder',
    [set('platform', source, { path: 'old/clusters/{{ .cluster }}/platform' })],
    ['source', 'the folder of dist is old/, and elsewhere another', 'dist/'],
  ],
  [
    'no folder',
    [set('platform', source, { path: 'clusters/{{ .cluster }}/platform' })],
    ['source', 'the folder of dist is ., and elsewhere another', 'dist/'],
  ],
  [
    'a folder whose name ends in a dot',
    [set('platform', source, { path: 'dist./clusters/{{ .cluster }}/platform' })],
    ['source', 'the folder of dist is dist./, and elsewhere another', 'dist/'],
  ],
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
    'a folder outside of dist',
    [set('platform', source, { path: 'dist/clusters/../../old/clusters/{{ .cluster }}/platform' })],
    [
      'path',
      '"spec.template.spec.source.path" is not as the proof knows it',
      'a path in dist: clusters/{{ .cluster }}/(?:platform|services)',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
  [
    'a folder that is called as one of dist',
    [set('platform', source, { path: 'dist/clusters/old/clusters/{{ .cluster }}/platform' })],
    ['source', 'the folder of dist is dist/clusters/old/, and elsewhere another', 'dist/'],
  ],
  [
    'a folder below that of a cluster',
    [set('platform', source, { path: 'dist/clusters/{{ .cluster }}/platform/old' })],
    [
      'path',
      '"spec.template.spec.source.path" is not as the proof knows it',
      'a path in dist: clusters/{{ .cluster }}/(?:platform|services)',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
  [
    'a folder of another form',
    [set('platform', source, { path: 'a b/clusters/{{ .cluster }}/platform' })],
    [
      'path',
      '"spec.template.spec.source.path" is not as the proof knows it',
      'a path in dist: clusters/{{ .cluster }}/(?:platform|services)',
    ],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
  [
    'the folder of all',
    [text(argocd('application'), 'gitops/argocd', 'gitops')],
    ['path', '"spec.source.path" is not as the proof knows it', 'a path in dist: gitops/argocd'],
  ],
  [
    'the repository of a generator',
    [set('services', git, { repoURL: other })],
    ['generators', 'the repository is https://git.example.com/other.git, and elsewhere another', repository],
  ],
  [
    'the revision of a generator',
    [set('services', git, { revision: 'next' })],
    ['generators', 'the revision is next, and elsewhere another', 'main'],
  ],
  [
    'the files of a generator',
    [set('services', [...git, 'files', 0], { path: 'old/clusters/{{ .cluster }}/services/*.yaml' })],
    ['generators', 'the folder of dist is old/, and elsewhere another', 'dist/'],
  ],
  [
    'a repository of a project',
    [text(argocd('projects'), '    - https://git.example.com/secrets.git', `    - ${other}`)],
    [
      'https://git.example.com/…',
      'the repository is https://git.example.com/other.git, and elsewhere another',
      repository,
    ],
    ...['operator', 'platform'].map((): Row[2] => [
      'project',
      'the AppProject "eso-abac-platform" does not allow the repository',
      repository,
    ]),
  ],
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
    'a namespace of others',
    [set('platform', [...template, 'destination'], { namespace: 'default' })],
    ['namespace', 'the operator goes into namespace "default"', 'external-secrets'],
    [
      'project',
      'the AppProject "eso-abac-platform" does not allow cluster "one"',
      'one with namespace default',
    ],
    [
      'project',
      'the AppProject "eso-abac-platform" does not allow cluster "two"',
      'two with namespace default',
    ],
  ],
  [
    'no namespace for the platform',
    [set('platform', [...template, 'destination'], { namespace: null })],
    ...anywhere,
  ],
  [
    'no namespace for the operator',
    [set('operator', [...template, 'destination'], { namespace: null })],
    ["name: '{{ .destination }…", 'the operator goes into namespace ""', 'external-secrets'],
    ...anywhere,
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
    lacking(
      'eso-abac-services',
      'operator',
      'ClusterRole, ClusterRoleBinding, ValidatingWebhookConfiguration, CustomResourceDefinition, Secret, Service, ServiceAccount, Deployment, PodDisruptionBudget, Role, RoleBinding',
    ),
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
    called('platform'),
    lacking('eso-abac-platform', 'services', 'ExternalSecret, SecretStore'),
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
    'a project of dist for the objects of Argo CD',
    [text(argocd('application'), 'project: default', 'project: eso-abac-services')],
    [
      'project',
      'the AppProject "eso-abac-services" allows no objects of Argo CD',
      'a project from outside of dist',
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
  ['an operator of the first release with the version', ofVersion('0.16.0')],
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
