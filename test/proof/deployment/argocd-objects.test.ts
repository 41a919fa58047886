import { expect, it } from 'vitest';
import { text } from '../attacks/change.ts';
import { argocd, foundAfter, parts, type Row, written } from './deployed.ts';

/** What is found of a single object, whatever the others say. */
const rows: readonly Row[] = [
  [
    'an object of another kind',
    [text(argocd('application'), 'kind: Application', 'kind: toString')],
    [
      'kind',
      'an object that the proof knows nothing about: toString of argoproj.io/v1alpha1',
      'Application, ApplicationSet, AppProject',
    ],
  ],
  [
    'an object of no kind',
    [text(argocd('application'), 'kind: Application', 'kind: [Application]')],
    [
      'kind',
      'an object that the proof knows nothing about:  of argoproj.io/v1alpha1',
      'Application, ApplicationSet, AppProject',
    ],
  ],
  [
    'another version of the API',
    [text(argocd('application'), 'argoproj.io/v1alpha1', 'argoproj.io/v1')],
    ['apiVersion', '"apiVersion" is not as the proof knows it', 'argoproj.io/v1alpha1'],
  ],
  [
    'a value that is missing',
    [text(argocd('application'), '    namespace: argocd\n', '')],
    ['destination', '"spec.destination.namespace" is not as the proof knows it', 'a value of type string'],
  ],
  [
    'a value of another type',
    [text(argocd('application'), 'limit: 10', "limit: '10'")],
    ['limit', '"spec.syncPolicy.retry.limit" is not as the proof knows it', '10'],
  ],
  [
    'one of two values',
    [text(argocd('application'), '- ServerSideApply=true', '- Replace=true')],
    ['Replace=true', '"spec.syncPolicy.syncOptions.0" is not as the proof knows it', 'ServerSideApply=true'],
  ],
  [
    'a key that nobody knows',
    [text(argocd('application'), 'project: default', 'project: default\n  ignoreDifferences: []')],
    [
      'ignoreDifferences',
      '"spec.ignoreDifferences" is something that the proof knows nothing about',
      written,
    ],
  ],
  [
    'one item more',
    [text(argocd('platform'), '    - missingkey=error', '    - missingkey=error\n    - missingkey=zero')],
    ['goTemplateOptions', '"spec.goTemplateOptions" is not as the proof knows it', written],
    ['apiVersion: argoproj.io/…', 'not one ApplicationSet applies platform', parts],
  ],
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);
