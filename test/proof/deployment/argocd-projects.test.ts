import { expect, it } from 'vitest';
import { type JsonObject, manifest, manifests, text } from '../attacks/change.ts';
import { argocd, foundAfter, type Row, repository, set, template, written } from './deployed.ts';

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
const other = 'https://git.example.com/other.git';
const allows = (kind: string, group: string) =>
  `the AppProject "eso-abac-platform" allows the kind ${kind} of "${group}"`;
const lacking = (of: string, what: string): Row[2] => [
  'project',
  `the AppProject "eso-abac-platform" does not allow the kind ${what}`,
  `what the ${of} consists of, in clusterResourceWhitelist and namespaceResourceWhitelist`,
];
/** What the projects do not allow. */
const anywhere = ['one', 'two'].map((cluster): Row[2] => [
  'project',
  `the AppProject "eso-abac-platform" does not allow cluster "${cluster}"`,
  `${cluster} with namespace *`,
]);

const described = (project: JsonObject | undefined, length: number): JsonObject => ({
  ...project,
  spec: { ...(project?.spec as JsonObject), description: 'x'.repeat(length) },
});

/** What is found of what Applications may apply and where, and what they are told. */
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
  ['a project in the wave of the first set', [text(argocd('projects'), "sync-wave: '0'", "sync-wave: '1'")]],
  [
    'a project in a later wave',
    [text(argocd('projects'), "sync-wave: '0'", "sync-wave: '2'")],
    [
      'argocd.argoproj.io/sync-…',
      'something else comes before "eso-abac-platform"',
      'the first wave of all sets',
    ],
  ],
  [
    'a name that no project has',
    [text(argocd('application'), 'project: default', 'project: Default')],
    ['project', '"spec.project" is not as the proof knows it', 'a name that Kubernetes takes'],
  ],
  [
    'a namespace of others for the objects of Argo CD',
    [manifest(argocd('application'), 'Application', ['spec', 'destination'], { namespace: 'kube-system' })],
    ['namespace', 'the namespace of Argo CD is kube-system, and elsewhere another', 'argocd'],
  ],
  [
    'a long description',
    [manifests(argocd('projects'), (all) => [described(all[0], 255), described(all[1], 256)])],
    ['description', '"spec.description" is not as the proof knows it', written],
    ['project', 'the AppProject "eso-abac-services" is not there', 'eso-abac-platform'],
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
    'a project of dist for the objects of Argo CD',
    [text(argocd('application'), 'project: default', 'project: eso-abac-services')],
    [
      'project',
      'the AppProject "eso-abac-services" allows no objects of Argo CD',
      'a project from outside of dist',
    ],
  ],
];

it.each(rows.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
  '$what',
  ({ changes, expected }) => {
    expect(foundAfter(...changes)).toEqual(expected);
  },
);
