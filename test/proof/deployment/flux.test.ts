import { expect, it } from 'vitest';
import { manifests, removed, text } from '../attacks/change.ts';
import { argocd, foundAfter, type Row, repository, tree } from './deployed.ts';

const flux = (name: string) => `gitops/flux/two/${name}.yaml`;
const folders = (cluster: string) =>
  `gitops/flux/${cluster}/sync, clusters/${cluster}/platform, gitops/flux/${cluster}/operator, clusters/${cluster}/services`;

/** The beginning of the first object of a cluster, of which it is said that there is not one of some kind. */
const notOne = (kind: string, at = 'source.toolk'): Row[2] => [
  `apiVersion: ${at}…`,
  `not one object is a ${kind}`,
  'one for each of GitRepository, HelmRepository, HelmRelease',
];

const rows: readonly Row[] = [
  [
    'the repository of a cluster',
    [text(flux('sync/source'), 'com/secrets', 'com/other')],
    ['url', 'the repository is https://git.example.com/other.git, and elsewhere another', repository],
  ],
  [
    'the revision of a cluster',
    [text(flux('sync/source'), 'branch: main', 'branch: next')],
    ['ref', 'the revision is next, and elsewhere another', 'main'],
  ],
  [
    'the name of a source',
    [text(flux('sync/source'), 'name: eso-abac', 'name: other')],
    ['name', 'the source is other, and elsewhere another', 'eso-abac'],
  ],
  [
    'the namespace of a source',
    [text(flux('sync/source'), 'namespace: flux-system', 'namespace: other')],
    ['namespace', 'the namespace of Flux is other, and elsewhere another', 'flux-system'],
  ],
  [
    'a source for the folder of all',
    [
      text(
        flux('sync/kustomizations'),
        'kind: GitRepository\n    name: eso-abac',
        'kind: GitRepository\n    name: other',
      ),
    ],
    ['name', 'the source is other, and elsewhere another', 'eso-abac'],
  ],
  [
    'another folder',
    [text(flux('sync/kustomizations'), './dist/clusters/two/platform', './old/clusters/two/platform')],
    ['path', 'the folder of dist is old/, and elsewhere another', 'dist/'],
  ],
  [
    'a folder outside of dist',
    [
      text(
        flux('sync/kustomizations'),
        './dist/clusters/two/platform',
        './dist/clusters/../../old/clusters/two/platform',
      ),
    ],
    [
      'path',
      '"spec.path" is not as the proof knows it',
      'a path in dist: (?:gitops/flux/[w-]+/(?:sync|operator)|clusters/[w-]+/(?:platform|services))',
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/two/platform',
      `one for each of ${folders('two')}`,
    ],
  ],
  [
    'a folder that is called as one of dist',
    [
      text(
        flux('sync/kustomizations'),
        './dist/clusters/two/platform',
        './dist/clusters/old/clusters/two/platform',
      ),
    ],
    ['path', 'the folder of dist is dist/clusters/old/, and elsewhere another', 'dist/'],
  ],
  [
    'a folder below that of a cluster',
    [text(flux('sync/kustomizations'), 'clusters/two/platform', 'clusters/two/platform/old')],
    [
      'path',
      '"spec.path" is not as the proof knows it',
      'a path in dist: (?:gitops/flux/[w-]+/(?:sync|operator)|clusters/[w-]+/(?:platform|services))',
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/two/platform',
      `one for each of ${folders('two')}`,
    ],
  ],
  [
    'the folder of another cluster',
    [text(flux('sync/kustomizations'), 'clusters/two/platform', 'clusters/one/platform')],
    ['path', './dist/clusters/one/platform is no folder of cluster "two"', folders('two')],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/two/platform',
      `one for each of ${folders('two')}`,
    ],
  ],
  [
    'a platform that is not waited for',
    [text(flux('sync/kustomizations'), 'wait: true', 'wait: false')],
    ['spec', 'eso-abac-platform waits, or is not waited for', 'wait: true, and no dependsOn'],
  ],
  [
    'a folder twice',
    [text(flux('sync/kustomizations'), 'clusters/two/platform', 'clusters/two/services')],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/two/platform',
      `one for each of ${folders('two')}`,
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/two/services',
      `one for each of ${folders('two')}`,
    ],
  ],
  [
    'the repository of the chart',
    [
      text(
        flux('operator/helm-release'),
        'kind: HelmRepository\nmetadata:\n  name: external-secrets',
        'kind: HelmRepository\nmetadata:\n  name: other',
      ),
    ],
    ['name', 'the source of the chart is other, and elsewhere another', 'external-secrets'],
  ],
  [
    'the chart from elsewhere',
    [text(flux('operator/helm-release'), '        name: external-secrets', '        name: other')],
    ['name', 'the source of the chart is other, and elsewhere another', 'external-secrets'],
  ],
  [
    'the namespace of the operator',
    [text(flux('operator/helm-release'), 'targetNamespace: external-secrets', 'targetNamespace: default')],
    ['targetNamespace', 'the operator goes into namespace "default"', 'external-secrets'],
  ],
  [
    'the values of the operator',
    [text(flux('operator/helm-release'), 'replicaCount: 2', 'replicaCount: 3')],
    ['values', 'the values differ from operator/two/helm-values.yaml', 'the same'],
  ],
  [
    'another chart',
    [text(flux('operator/helm-release'), 'https://charts.external-secrets.io', 'https://charts.example.com')],
    ['url', '"spec.url" is not as the proof knows it', 'https://charts.external-secrets.io'],
    notOne('HelmRepository', 'helm.toolkit'),
  ],
  [
    'a second release',
    [
      manifests(flux('operator/helm-release'), (objects) => [
        ...objects,
        ...objects.filter(({ kind }) => kind === 'HelmRelease'),
      ]),
    ],
    ['name', 'a second HelmRelease "external-secrets"', 'each once'],
    notOne('HelmRelease'),
  ],
  [
    'an object of Argo CD',
    [text(flux('sync/source'), 'kind: GitRepository', 'kind: Application')],
    [
      'kind',
      'an object that the proof knows nothing about: Application of source.toolkit.fluxcd.io/v1',
      'GitRepository, Kustomization',
    ],
    notOne('GitRepository'),
  ],
  [
    'a cluster that is not there',
    [
      (files) =>
        files.set(
          'gitops/flux/three/operator/helm-release.yaml',
          files.get(flux('operator/helm-release')) ?? '',
        ),
    ],
    ['targetNamespace', 'the operator goes into namespace "external-secrets"', ''],
    ['storageNamespace', 'the operator goes into namespace "external-secrets"', ''],
    ['values', 'the values differ from operator/three/helm-values.yaml', 'the same'],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies gitops/flux/three/sync',
      `one for each of ${folders('three')}`,
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/three/platform',
      `one for each of ${folders('three')}`,
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies gitops/flux/three/operator',
      `one for each of ${folders('three')}`,
    ],
    [
      'apiVersion: source.toolk…',
      'not one Kustomization applies clusters/three/services',
      `one for each of ${folders('three')}`,
    ],
    notOne('GitRepository'),
  ],
  [
    'nothing but something else',
    [
      ...[...tree.keys()].filter((path) => path !== flux('sync/source')).map(removed),
      text(flux('sync/source'), 'kind: GitRepository', 'kind: Job'),
    ],
    [
      'kind',
      'an object that the proof knows nothing about: Job of source.toolkit.fluxcd.io/v1',
      'GitRepository, Kustomization',
    ],
  ],
  [
    'no objects of Argo CD',
    ['application', 'operator', 'platform', 'projects', 'services'].map((name) => removed(argocd(name))),
  ],
  ['nothing', [...tree.keys()].map(removed)],
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);
