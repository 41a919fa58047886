import { expect, it } from 'vitest';
import { text } from '../attacks/change.ts';
import { argocd, foundAfter, type Row, written } from './deployed.ts';

/** The kinds of an AppProject for the operator's namespace, and for any. */
const kinds = {
  platform:
    'Namespace, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ClusterRole, ClusterRoleBinding, ValidatingWebhookConfiguration, CustomResourceDefinition, Secret, Service, ServiceAccount, Deployment, PodDisruptionBudget, Role, RoleBinding',
  services: 'Namespace, ExternalSecret, SecretStore',
  beyondServices: [
    ['ValidatingAdmissionPolicy', 'admissionregistration.k8s.io'],
    ['ValidatingAdmissionPolicyBinding', 'admissionregistration.k8s.io'],
    ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io'],
    ['CustomResourceDefinition', 'apiextensions.k8s.io'],
    ['ClusterRole', 'rbac.authorization.k8s.io'],
    ['ClusterRoleBinding', 'rbac.authorization.k8s.io'],
    ['Secret', ''],
    ['Service', ''],
    ['ServiceAccount', ''],
    ['Deployment', 'apps'],
    ['PodDisruptionBudget', 'policy'],
    ['Role', 'rbac.authorization.k8s.io'],
    ['RoleBinding', 'rbac.authorization.k8s.io'],
  ],
} as const;
const allows = (kind: string, group: string) =>
  `the AppProject "eso-abac-platform" allows the kind ${kind} of "${group}"`;
const lacking = (of: string, what: string): Row[2] => [
  'project',
  `the AppProject "eso-abac-platform" does not allow the kind ${what}`,
  `what the ${of} consists of, in clusterResourceWhitelist and namespaceResourceWhitelist`,
];
const parts = 'one for each of platform, operator, services';

/** What is found of a single object, whatever the others say. */
const rows: readonly Row[] = [
  [
    'a pattern of a group',
    [text(argocd('projects'), 'group: apps', "group: '*.apps'")],
    ['kind', allows('Deployment', '*.apps'), kinds.platform],
    lacking('operator', 'Deployment'),
  ],
  [
    'a pattern of a kind',
    [text(argocd('projects'), 'kind: Deployment', "kind: 'D?'")],
    ['kind', allows('D?', 'apps'), kinds.platform],
    lacking('operator', 'Deployment'),
  ],
  [
    'a kind of services in the project of the platform',
    [
      text(
        argocd('projects'),
        'group: apps\n      kind: Deployment',
        'group: external-secrets.io\n      kind: SecretStore',
      ),
    ],
    ['kind', allows('SecretStore', 'external-secrets.io'), kinds.platform],
    lacking('operator', 'Deployment'),
  ],
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
    ['limit', '"spec.syncPolicy.retry.limit" is not as the proof knows it', 'a value of type number'],
  ],
  [
    'one of two values',
    [text(argocd('application'), '- ServerSideApply=true', '- Replace=true')],
    [
      'Replace=true',
      '"spec.syncPolicy.syncOptions.0" is not as the proof knows it',
      'ServerSideApply=true or PruneLast=true',
    ],
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
  [
    'a project that is not there',
    [text(argocd('platform'), 'project: eso-abac-platform', 'project: other')],
    ['project', 'the AppProject "other" is not there', 'eso-abac-platform, eso-abac-services'],
  ],
  [
    'a project for any namespace',
    [text(argocd('projects'), 'namespace: external-secrets', "namespace: '*'")],
    ...kinds.beyondServices.map(([kind, group]): Row[2] => ['kind', allows(kind, group), kinds.services]),
  ],
  [
    'a project with a kind of another group',
    [
      text(
        argocd('projects'),
        ' admissionregistration.k8s.io\n      kind: ValidatingAdmissionPolicy\n',
        ' example.com\n      kind: ValidatingAdmissionPolicy\n',
      ),
    ],
    ['kind', allows('ValidatingAdmissionPolicy', 'example.com'), kinds.platform],
    lacking('platform', 'ValidatingAdmissionPolicy'),
  ],
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);
