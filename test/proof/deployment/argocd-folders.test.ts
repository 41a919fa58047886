import { expect, it } from 'vitest';
import { text } from '../attacks/change.ts';
import {
  argocd,
  foundAfter,
  matrix,
  parts,
  type Row,
  repository,
  set,
  source,
  template,
} from './deployed.ts';

const sources = [...template, 'sources'];
const git = [...matrix, 1, 'git'];
const other = 'https://git.example.com/other.git';

/** What is found of where dist is said to be: its repository, revision and folder. */
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
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);
