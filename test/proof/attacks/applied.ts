import { one, platform, policy, stores } from './admission.ts';
import type { Attack } from './attack.ts';
import { appended, type Change, json, manifest, text } from './change.ts';

const binding = 'ValidatingAdmissionPolicyBinding';
const service2 = 'clusters/us-west-2/services/service2.yaml';
const eksctl = 'aws/123456789012/eksctl/us-west-2.json';
const rbac = 'clusters/us-west-2/platform/rbac.yaml';
const refused = { rule: 'proof-guard', file: stores } as const;
const odd = { rule: 'proof-document', file: service2 } as const;
const passedOver = 'may keep the object from being applied';
const server = 'the API server refuses the policy';

const inValidation = (patch: Readonly<Record<string, string>>): Change =>
  manifest(stores, policy, ['spec', 'validations', 0], patch);

const more = `${platform}/more.yaml`;
/** One more policy, which refuses what it is about. */
const refusing = (group: string, resource: string): Change =>
  appended(
    more,
    `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: more }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: ['${group}'], apiVersions: ['*'], operations: ['*'], resources: [${resource}] }
  validations: [{ expression: 'false' }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ${binding}
metadata: { name: more }
spec: { policyName: more, validationActions: [Deny] }
`,
  );

/** Objects that say the right thing and are never applied, or are about something else than what runs. */
export const appliedAttacks: readonly Attack[] = [
  {
    ...one,
    name: 'A policy with a label for Flux',
    does: 'Flux passes it over, and nothing judges SecretStores',
    change: manifest(stores, policy, ['metadata'], {
      labels: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
    }),
    finds: { rule: 'proof-document', file: stores, at: 'fluxcd', says: passedOver },
  },
  {
    ...one,
    name: 'An ExternalSecret with an annotation for Argo CD',
    does: 'Argo CD passes it over, and the service never starts',
    change: manifest(service2, 'ExternalSecret', ['metadata'], {
      annotations: { 'argocd.argoproj.io/hook': 'Skip' },
    }),
    finds: { ...odd, at: 'argocd.argoproj.io/hook', says: passedOver },
  },
  {
    ...one,
    name: 'A SecretStore that belongs to something',
    does: 'Kubernetes deletes it, as there is no such owner',
    change: manifest(service2, 'SecretStore', ['metadata'], {
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'none' }],
    }),
    finds: { ...odd, at: 'ownerReferences', says: 'knows nothing about' },
  },
  {
    ...one,
    name: 'A binding of deployers with a name that Kubernetes has',
    does: 'the API server lets no binding have another role, and Argo CD applies nothing of a platform with it',
    change: appended(
      rbac,
      `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: cluster-admin }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: eso-abac-deployer }
subjects: [{ kind: Group, name: platform-team, apiGroup: rbac.authorization.k8s.io }]
`,
    ),
    finds: {
      rule: 'proof-guard',
      file: rbac,
      at: 'cluster-admin',
      says: 'a binding "cluster-admin" may be there already',
    },
  },
  {
    ...one,
    name: 'Variables in another order',
    does: 'the API server refuses the policy, whose variables see those above them alone',
    change: manifest(stores, policy, ['spec', 'variables'], (all) => (all as readonly []).toReversed()),
    finds: { ...refused, at: 'hasOwnCredentials', says: `${server}: it does not see variables.` },
  },
  {
    ...one,
    name: 'A condition that looks at variables',
    does: 'the API server refuses the policy, whose conditions come before its variables',
    change: manifest(stores, policy, ['spec'], {
      matchConditions: [{ name: 'tenants', expression: 'variables.isTenant || !variables.isTenant' }],
    }),
    finds: { ...refused, at: 'tenants', says: `${server}: it does not see variables.isTenant` },
  },
  {
    ...one,
    name: 'Two variables of one name',
    does: 'the API server refuses the policy',
    change: manifest(stores, policy, ['spec', 'variables'], (all) => [
      ...(all as readonly { name: string }[]),
      { name: 'labels', expression: '{}' },
    ]),
    finds: { ...refused, at: 'labels', says: `${server}: "labels" is no name, or stands here twice` },
  },
  {
    ...one,
    name: 'A message of two lines',
    does: 'the API server refuses the policy',
    change: inValidation({ message: 'no\nno' }),
    finds: { rule: 'schema', file: stores, at: 'message', says: 'message' },
  },
  {
    ...one,
    name: 'A message that breaks off',
    does: 'the API server refuses the policy',
    change: inValidation({ messageExpression: "'no' + object.spec." }),
    finds: { ...refused, at: 'messageExpression', says: server },
  },
  {
    ...one,
    name: 'A reason that Kubernetes does not have',
    does: 'the API server refuses the policy',
    change: inValidation({ reason: 'Never' }),
    finds: { rule: 'schema', file: stores, at: 'reason', says: 'reason' },
  },
  {
    ...one,
    name: 'Warn beside Deny',
    does: 'the API server refuses the binding, and nothing is denied',
    change: manifest(stores, binding, ['spec'], { validationActions: ['Deny', 'Warn'] }),
    finds: { ...refused, at: 'validationActions', says: 'refuses the binding with the actions Deny, Warn' },
  },
  {
    ...one,
    name: "Another namespace as the operator's in all policies",
    does: 'whoever may write a store beside the operator uses its service account',
    change: (files) => {
      for (const [file, content] of files)
        if (file.startsWith(`${platform}/`))
          files.set(
            file,
            content
              .replaceAll('name: external-secrets\n', 'name: elsewhere\n')
              .replaceAll("'external-secrets'", "'elsewhere'")
              .replaceAll('serviceaccount:external-secrets:', 'serviceaccount:elsewhere:'),
          );
    },
    finds: {
      rule: 'proof-document',
      file: eksctl,
      at: 'external-secrets',
      says: 'runs in namespace "external-secrets", and its Namespace below platform/ is "elsewhere"',
    },
  },
  {
    ...one,
    name: "A service account of another namespace as the operator's",
    does: 'whoever may run pods there becomes the operator',
    change: json(eksctl, ['iam', 'serviceAccounts', 0, 'metadata'], { namespace: 'sandbox' }),
    finds: {
      rule: 'proof-document',
      file: eksctl,
      at: 'sandbox',
      says: 'runs in namespace "sandbox", and its Namespace below platform/ is "external-secrets"',
    },
  },
  {
    ...one,
    name: 'A version that is not served, of an ExternalSecret and of the policies',
    does: 'by the one the other counts as served, and nothing judges SecretStores',
    change: [
      text(
        service2,
        'external-secrets.io/v1\nkind: ExternalSecret',
        'external-secrets.io/v1beta1\nkind: ExternalSecret',
      ),
      text(stores, "- '*'", '- v1beta1'),
    ],
    finds: { ...odd, at: 'v1beta1', says: 'which the operator may not serve' },
  },
  ...(
    [
      ['', 'secrets', 'write a Secret'],
      ['external-secrets.io', 'secretstores/status', 'say that a SecretStore is ready'],
      ['generators.external-secrets.io', 'generatorstates', 'note what a generator has made'],
      ['coordination.k8s.io', 'leases', 'lead the pods of the operator'],
    ] as const
  ).map(
    ([group, resource, work]): Attack => ({
      ...one,
      name: `A policy that refuses ${resource}`,
      does: 'the operator does no work, and no service gets its secrets',
      change: refusing(group, resource),
      finds: { rule: 'proof-guard', file: more, at: 'expression', says: `cannot ${work}` },
    }),
  ),
];
