import { condition, leftOut, namespaces, one, platform, policy, stores } from './admission.ts';
import type { Attack, Group } from './attack.ts';
import { type Change, type Json, type JsonObject, manifest, manifests, removed } from './change.ts';

const otherKinds = `${platform}/admission-cluster-kinds.yaml`;
const binding = 'ValidatingAdmissionPolicyBinding';
const foreignTag = 'can create a SecretStore with the tag of another service';

/** A policy or a binding, without its like. */
const without = (file: string, kind: string): Change =>
  manifests(file, (objects) => objects.filter((object) => object.kind !== kind));
const constraints = (file: string, patch: JsonObject): Change =>
  manifest(file, policy, ['spec', 'matchConstraints'], patch);
const rule = (file: string, patch: JsonObject): Change =>
  manifest(file, policy, ['spec', 'matchConstraints', 'resourceRules', 0], patch);
const notIn = (key: string, ...values: readonly string[]): Json => ({
  matchExpressions: [{ key, operator: 'NotIn', values }],
});
const here = { rule: 'proof-guard', file: stores } as const;
const passesRules = { ...here, at: 'resourceRules', says: 'resourceRules leaves it out' } as const;
const passesCondition = { ...leftOut, file: stores } as const;
const namespaceName = 'kubernetes.io/metadata.name';

const bound: readonly Attack[] = [
  {
    ...one,
    name: 'Audit in place of Deny',
    does: 'forgeries are written down and let through',
    change: manifest(stores, binding, ['spec'], { validationActions: ['Audit'] }),
    finds: { ...here, at: 'validationActions', says: 'with the actions Audit nothing is denied' },
  },
  {
    ...one,
    name: 'Warn in place of Deny',
    does: 'forgeries are warned of and let through',
    change: manifest(stores, binding, ['spec'], { validationActions: ['Warn'] }),
    finds: { ...here, at: 'validationActions', says: 'with the actions Warn nothing is denied' },
  },
  {
    ...one,
    name: 'A policy that is about nothing',
    does: 'the API server refuses it, and goes on without it',
    change: manifest(stores, policy, ['spec'], { matchConstraints: null }),
    finds: { rule: 'schema', file: stores, at: 'spec', says: 'matchConstraints', also: ['proof-guard'] },
  },
  {
    ...one,
    name: 'failurePolicy Ignore',
    does: 'what cannot be judged is let through',
    change: manifest(stores, policy, ['spec'], { failurePolicy: 'Ignore' }),
    finds: { ...here, at: 'failurePolicy: Ignore', says: 'a request passes that the policy cannot judge' },
  },
  {
    ...one,
    name: 'A policy without binding',
    does: 'nothing puts the policy in force',
    change: without(stores, binding),
    finds: { ...here, at: 'eso-abac-secretstores', says: 'no binding makes the policy' },
  },
  {
    ...one,
    name: 'A binding to another policy',
    does: 'nothing puts the policy in force',
    change: manifest(stores, binding, ['spec'], { policyName: 'eso-abac-secretstore' }),
    finds: { ...here, at: 'policyName', says: 'there is no policy "eso-abac-secretstore"' },
  },
  {
    ...one,
    name: 'A binding without policy',
    does: 'nothing judges SecretStores',
    change: without(stores, policy),
    finds: { ...here, at: 'policyName', says: 'there is no policy "eso-abac-secretstores"' },
  },
  {
    ...one,
    name: 'The file of a policy removed',
    does: 'nothing judges SecretStores',
    change: removed(stores),
    finds: {
      rule: 'proof-guard',
      file: `${platform}/namespace.yaml`,
      at: 'apiVersion',
      says: `${foreignTag}: no policy is about secretstores`,
      shows: { question: 'admission', expected: 'denied', cluster: 'us-west-2' },
    },
  },
  {
    ...one,
    name: 'The file of a policy emptied',
    does: 'nothing judges SecretStores',
    change: (files) => files.set(stores, '# later\n'),
    finds: {
      rule: 'proof-guard',
      file: `${platform}/namespace.yaml`,
      at: 'apiVersion',
      says: 'no policy is about secretstores',
    },
  },
  {
    ...one,
    name: 'All policies removed',
    does: 'nothing judges anything',
    change: (files) => {
      for (const file of [...files.keys()].filter((path) => path.includes('/admission-'))) files.delete(file);
    },
    finds: {
      rule: 'proof-guard',
      file: `${platform}/namespace.yaml`,
      at: 'apiVersion',
      says: 'has no admission policies',
    },
  },
  {
    ...one,
    name: 'A weaker policy of the same name behind the first',
    does: 'the one that is applied last stays',
    change: manifests(stores, ([first = {}, ...rest]) => [
      first,
      ...rest,
      { ...first, spec: { validations: [{ expression: 'true' }] } },
    ]),
    finds: { ...here, at: 'eso-abac-secretstores', says: 'replaces the first' },
  },
  {
    ...one,
    name: 'A policy that Flux passes over',
    does: 'the policy is never applied',
    change: manifest(stores, policy, ['metadata'], {
      annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
    }),
    finds: {
      rule: 'proof-document',
      file: stores,
      at: 'kustomize.toolkit.fluxcd.io/reconcile',
      says: 'may keep the object from being applied',
    },
  },
  {
    ...one,
    name: 'Parameters',
    does: 'what the policy says is decided outside of dist',
    change: manifest(stores, policy, ['spec'], { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } }),
    finds: { rule: 'proof-document', file: stores, at: 'paramKind', says: 'nothing about' },
  },
];

const narrowed: readonly Attack[] = [
  {
    ...one,
    name: 'A tenant left out by namespaceSelector',
    does: 'one namespace may hold any store',
    change: constraints(stores, { namespaceSelector: notIn(namespaceName, 'service2-ns') }),
    finds: {
      ...here,
      at: 'namespaceSelector',
      says: 'in a namespace service2-ns: namespaceSelector leaves it out',
    },
  },
  {
    ...one,
    name: 'A tenant left out by the binding',
    does: 'one namespace may hold any store',
    change: manifest(stores, binding, ['spec'], {
      matchResources: { namespaceSelector: notIn('eso-abac/service', 'service2') },
    }),
    finds: { ...here, at: 'namespaceSelector', says: 'namespaceSelector leaves it out' },
  },
  {
    ...one,
    name: 'Namespaces of services alone',
    does: 'a namespace of no service may use the operator',
    change: constraints(stores, {
      namespaceSelector: { matchExpressions: [{ key: 'eso-abac/service', operator: 'Exists' }] },
    }),
    finds: { ...here, at: 'namespaceSelector', says: 'in a namespace of no service' },
  },
  {
    ...one,
    name: 'Namespaces that ask to be left out',
    does: 'a tenant gives its namespace a label',
    change: constraints(stores, { namespaceSelector: notIn('guard', 'off') }),
    finds: { ...here, at: 'namespaceSelector', says: 'in a namespace with the label guard=off' },
  },
  {
    ...one,
    name: 'Objects that ask to be left out',
    does: 'a tenant gives its store a label',
    change: constraints(stores, { objectSelector: notIn('guard', 'off') }),
    finds: { ...here, at: 'objectSelector', says: 'with the label guard=off' },
  },
  {
    ...one,
    name: "The operator's namespace left out",
    does: 'a store there needs to name no service account',
    change: constraints(stores, { namespaceSelector: notIn(namespaceName, 'external-secrets') }),
    finds: { ...here, at: 'namespaceSelector', says: 'namespaceSelector leaves it out' },
  },
  {
    ...one,
    name: 'A condition that leaves out a user',
    does: 'one person may write any store',
    change: condition(stores, "request.userInfo.username != 'jane'"),
    finds: { ...passesCondition, says: 'with username jane' },
  },
  {
    ...one,
    name: 'A condition that leaves out a group',
    does: 'every service account may write any store',
    change: condition(stores, "!('system:serviceaccounts' in request.userInfo.groups)"),
    finds: { ...passesCondition, says: 'as system:serviceaccount:service1-ns:default' },
  },
  {
    ...one,
    name: 'A condition that leaves out administrators',
    does: 'a GitOps engine with every right applies any store that stands in a repository',
    change: condition(stores, "!('system:masters' in request.userInfo.groups)"),
    finds: { ...passesCondition, says: 'as administrator' },
  },
  {
    ...one,
    name: 'A condition that leaves out names',
    does: 'a tenant chooses the name of its store',
    change: condition(stores, "!object.metadata.name.startsWith('tmp-')"),
    finds: { ...passesCondition, says: 'with name tmp-' },
  },
  {
    ...one,
    name: 'A condition that leaves out what is labelled as ours',
    does: 'a tenant gives its store a label',
    change: condition(stores, "object.metadata.?labels[?'eso-abac/checked'].orValue('') != 'true'"),
    finds: { ...passesCondition, says: 'with labels and annotations of the value true' },
  },
  {
    ...one,
    name: 'A condition on the Namespace',
    does: 'to a condition it is null, so that the policy leaves out every request',
    change: condition(
      stores,
      "'kubernetes.io/metadata.name' in namespaceObject.?metadata.?labels.orValue({})",
    ),
    finds: { ...here, at: 'expression', says: 'to a condition, namespaceObject is null' },
  },
  {
    ...one,
    name: 'A condition about the time of day',
    does: 'nothing can be said about it',
    change: condition(stores, 'timestamp(object.metadata.creationTimestamp).getHours() > 5'),
    finds: { rule: 'policy-unknown', file: stores, at: 'expression', says: 'cannot be judged' },
  },
  {
    ...one,
    name: 'Updates left out',
    does: 'a good store is changed into a bad one',
    change: rule(stores, { operations: ['CREATE'] }),
    finds: { ...passesRules, says: 'can change its SecretStore into one with the tag of another service' },
  },
  {
    ...one,
    name: 'Creations left out',
    does: 'a bad store is made',
    change: rule(stores, { operations: ['UPDATE'] }),
    finds: passesRules,
  },
  {
    ...one,
    name: 'The status of SecretStores alone',
    does: 'nothing judges SecretStores',
    change: rule(stores, { resources: ['secretstores/status'] }),
    finds: passesRules,
  },
  {
    ...one,
    name: 'Another API group',
    does: 'nothing judges SecretStores',
    change: rule(stores, { apiGroups: ['external-secrets.example.com'] }),
    finds: passesRules,
  },
  {
    ...one,
    name: 'A version that the operator does not serve',
    does: 'nothing judges SecretStores',
    change: rule(stores, { apiVersions: ['v1beta1'] }),
    finds: passesRules,
  },
  {
    ...one,
    name: 'matchPolicy Exact and one version',
    does: 'a store is written in another version of the API',
    change: [constraints(stores, { matchPolicy: 'Exact' }), rule(stores, { apiVersions: ['v1'] })],
    finds: { ...here, at: 'matchPolicy: Exact', says: 'an equivalent API passes by' },
  },
  {
    ...one,
    name: 'One name of a store',
    does: 'stores of every other name pass by',
    change: rule(stores, { resourceNames: ['aws-secretsmanager'] }),
    finds: passesRules,
  },
  {
    ...one,
    name: 'A name that is excluded',
    does: 'a tenant chooses the name of its store',
    change: constraints(stores, {
      excludeResourceRules: [
        {
          apiGroups: ['external-secrets.io'],
          apiVersions: ['*'],
          resources: ['secretstores'],
          operations: ['*'],
          resourceNames: ['bootstrap'],
        },
      ],
    }),
    finds: { ...here, at: 'excludeResourceRules', says: 'with name bootstrap' },
  },
  {
    ...one,
    name: 'Subresources that are excluded',
    does: 'Kubernetes excludes what they are of as well, and every store is let through',
    change: constraints(stores, {
      excludeResourceRules: [
        {
          apiGroups: ['external-secrets.io'],
          apiVersions: ['*'],
          resources: ['secretstores/*'],
          operations: ['*'],
        },
      ],
    }),
    finds: { ...here, at: 'excludeResourceRules', says: 'leaves it out' },
  },
  {
    ...one,
    name: 'Kinds of one scope',
    does: 'a tenant writes a ClusterSecretStore',
    change: rule(otherKinds, { scope: 'Namespaced' }),
    finds: { ...passesRules, file: otherKinds, says: 'can create a ClusterSecretStore' },
  },
  {
    ...one,
    name: 'The kinds of one version',
    does: 'a PushSecret passes by',
    change: rule(otherKinds, { apiVersions: ['v1'] }),
    finds: { ...passesRules, file: otherKinds },
  },
  {
    ...one,
    name: 'Generators left out',
    does: 'a tenant has the operator fetch tokens',
    change: manifest(otherKinds, policy, ['spec', 'matchConstraints', 'resourceRules'], (rules) =>
      (rules as Json[]).slice(0, 1),
    ),
    finds: {
      rule: 'proof-guard',
      file: `${platform}/namespace.yaml`,
      at: 'apiVersion',
      says: 'no policy is about',
    },
  },
  {
    ...one,
    name: 'Subresources of Namespaces left out',
    does: 'labels are set by way of a status',
    change: rule(namespaces, { resources: ['namespaces'] }),
    finds: { ...passesRules, file: namespaces, says: 'by its status' },
  },
  {
    ...one,
    name: 'Subresources of subresources of Namespaces',
    does: 'labels are set by way of a status, for a rule in three parts is about neither',
    change: rule(namespaces, { resources: ['namespaces', 'namespaces/*/x'] }),
    finds: { ...passesRules, file: namespaces, says: 'by its status' },
  },
  {
    ...one,
    name: 'Deletion of Namespaces left out',
    does: 'a namespace is made anew as that of another service',
    change: rule(namespaces, { operations: ['CREATE', 'UPDATE'] }),
    finds: { ...passesRules, file: namespaces, says: 'delete' },
  },
];

export const admissionReach: Group = {
  title: 'Reach of the admission policies',
  stops:
    "The proof takes the services' real objects, forges some hundred requests from them, and decides each by the emitted policies as the API server does: by every tenant, in every version, with every name, label and group that a policy looks at.",
  attacks: [...bound, ...narrowed],
};
