import { one, platform } from './admission.ts';
import type { Attack, Group } from './attack.ts';
import {
  appended,
  type Change,
  type Json,
  type JsonObject,
  manifest,
  manifests,
  removed,
  text,
} from './change.ts';

const rbac = `${platform}/rbac.yaml`;
const namespace = `${platform}/namespace.yaml`;
const guard = `${platform}/admission-guard.yaml`;
const group = 'rbac.authorization.k8s.io';
const here = { rule: 'proof-guard', file: rbac } as const;

const program: JsonObject = { kind: 'ServiceAccount', name: 'ci', namespace: 'ci' };

function binding(role: string, subject: JsonObject, kind = 'ClusterRole', name = 'eso-abac-more'): Change {
  const object: Json = {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: group, kind, name: role },
    subjects: [subject],
  };
  return appended(rbac, `---\n${JSON.stringify(object)}\n`);
}

/** Puts a rule into the role of tenants. */
const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): Change =>
  manifests(rbac, (objects) =>
    objects.map((object) => {
      const { name } = object.metadata as { name: string };
      const rules = [...(object.rules as Json[]), { apiGroups: [apiGroup], resources, verbs }];
      return name === 'eso-abac-tenant' ? { ...object, rules } : object;
    }),
  );
const everybody = (name: string): JsonObject => ({ kind: 'Group', apiGroup: group, name });

const unknown = 'something that the proof knows nothing about';

const attacks: readonly Attack[] = [
  ...['system:authenticated', 'system:serviceaccounts'].map(
    (name): Attack => ({
      ...one,
      name: `${name} as deployer`,
      does: 'every tenant deploys',
      change: binding('eso-abac-deployer', everybody(name)),
      finds: { ...here, at: name, says: `${name} is everybody, tenants too` },
    }),
  ),
  {
    ...one,
    name: "A tenant's service account as deployer",
    does: 'a tenant deploys',
    change: binding('eso-abac-deployer', {
      kind: 'ServiceAccount',
      name: 'default',
      namespace: 'service1-ns',
    }),
    finds: {
      rule: 'proof-guard',
      file: `${platform}/admission-namespaces.yaml`,
      at: 'validations',
      says: 'as system:serviceaccount:service1-ns:default',
    },
  },
  {
    ...one,
    name: "Every service account of a tenant's namespace as deployer",
    does: 'a tenant deploys',
    change: binding('eso-abac-deployer', everybody('system:serviceaccounts:service1-ns')),
    finds: {
      rule: 'proof-guard',
      file: `${platform}/admission-namespaces.yaml`,
      at: 'validations',
      says: 'as system:serviceaccount:service1-ns:default',
    },
  },
  {
    ...one,
    name: 'The role of tenants for everybody',
    does: 'everybody reads what all services read',
    change: binding('eso-abac-tenant', everybody('system:authenticated')),
    finds: { ...here, at: 'system:authenticated', says: 'is everybody, tenants too' },
  },
  {
    ...one,
    name: 'Another role for everybody',
    does: 'nothing is known of what the role gives',
    change: binding('cluster-admin', { kind: 'User', apiGroup: group, name: 'jane' }),
    finds: { ...here, at: 'roleRef', says: 'the role "cluster-admin" is not in dist' },
  },
  ...(
    [
      ['A user of no API group', { kind: 'User', apiGroup: 'v1', name: 'jane' }, 'User "jane"'],
      ['A service account of an API group', { ...program, apiGroup: group }, 'ServiceAccount "ci"'],
      ['A service account of no namespace', { ...program, namespace: '' }, 'ServiceAccount "ci"'],
      ['A service account of no name', { ...program, name: 'system:ci' }, 'ServiceAccount "system:ci"'],
    ] as const
  ).map(
    ([name, subject, says]): Attack => ({
      ...one,
      name: `${name} as deployer`,
      does: 'the API server refuses the binding, and nobody deploys',
      change: binding('eso-abac-deployer', subject),
      finds: { ...here, at: '"subjects":', says: `the API server refuses the binding: ${says}` },
    }),
  ),
  {
    ...one,
    name: 'A binding to a role of a namespace',
    does: 'the API server refuses the binding, and nobody deploys',
    change: binding('eso-abac-deployer', program, 'Role'),
    finds: { rule: 'schema', file: rbac, at: '"roleRef":', says: 'kind' },
  },
  {
    ...one,
    name: 'A right on nothing',
    does: 'the API server refuses the role, and who had it keeps what there was before',
    change: rule('external-secrets.io', [], ['get']),
    finds: { ...here, at: 'apiGroups', says: 'gives get on nothing of external-secrets.io' },
  },
  {
    ...one,
    name: 'Roles told by the name of the request',
    does: 'a tenant deletes them with all others, by a request without a name',
    change: text(guard, 'one.metadata.name.startsWith(', "request.?name.orValue('').startsWith("),
    finds: {
      rule: 'proof-guard',
      file: guard,
      at: 'validations',
      says: 'delete the role eso-abac-tenant with all others',
    },
  },
  {
    ...one,
    name: 'Tenants who write stores',
    does: 'the policies are all that is left',
    change: rule('external-secrets.io', ['secretstores'], ['create', 'update']),
    finds: { ...here, at: 'apiGroups', says: 'gives create, update on secretstores' },
  },
  {
    ...one,
    name: 'Tenants who bind and escalate',
    does: 'a tenant gives itself every right',
    change: rule(group, ['clusterroles'], ['bind', 'escalate']),
    finds: { ...here, at: 'apiGroups', says: 'gives bind, escalate on clusterroles' },
  },
  {
    ...one,
    name: 'Tenants who read Secrets',
    does: 'a tenant reads them without the operator',
    change: rule('', ['secrets'], ['get']),
    finds: { ...here, at: 'apiGroups', says: 'gives get on secrets of core' },
  },
  {
    ...one,
    name: 'A role that becomes part of another',
    does: 'whoever edits in some namespace gets its rights',
    change: manifests(rbac, (objects) =>
      objects.map((object) => ({
        ...object,
        metadata: {
          ...(object.metadata as JsonObject),
          labels: { [`${group.replace('.authorization', '')}/aggregate-to-edit`]: 'true' },
        },
      })),
    ),
    finds: { ...here, at: 'aggregate-to-edit', says: 'nothing about' },
  },
  {
    ...one,
    name: 'A role that is put together from others',
    does: 'nothing is known of what the role gives',
    change: appended(
      rbac,
      `---\n${JSON.stringify({ apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: 'eso-abac-more' }, aggregationRule: {} })}\n`,
    ),
    finds: {
      rule: 'proof-document',
      file: rbac,
      at: 'aggregationRule',
      says: 'nothing about',
      also: ['proof-guard'],
    },
  },
  {
    ...one,
    name: 'Deployers without their right',
    does: 'nobody but cluster administrators can apply dist',
    change: manifests(rbac, (objects) =>
      objects.map((object) => {
        const { name } = object.metadata as { name: string };
        return name === 'eso-abac-deployer' && object.kind === 'ClusterRole'
          ? { ...object, rules: [] }
          : object;
      }),
    ),
    finds: { ...here, at: 'apiVersion', says: 'the role "eso-abac-deployer" gives nothing' },
  },
  {
    ...one,
    name: "The operator's namespace as that of a service",
    does: 'whoever writes there claims an identity',
    change: manifest(namespace, 'Namespace', ['metadata', 'labels'], { 'eso-abac/service': 'service1' }),
    finds: {
      rule: 'proof-guard',
      file: namespace,
      at: 'eso-abac/service',
      says: 'labelled as that of a service',
    },
  },
  {
    ...one,
    name: "Pods with privileges in the operator's namespace",
    does: 'whoever runs one gets at the operator',
    change: manifest(namespace, 'Namespace', ['metadata', 'labels'], {
      'pod-security.kubernetes.io/enforce': 'privileged',
    }),
    finds: { rule: 'proof-guard', file: namespace, at: 'labels', says: 'pods with privileges may run' },
  },
  {
    ...one,
    name: "What is enforced in the operator's namespace, as of long ago",
    does: 'pods there may have rights that later releases of Kubernetes forbid',
    change: manifest(namespace, 'Namespace', ['metadata', 'labels'], {
      'pod-security.kubernetes.io/enforce-version': 'v1.0',
    }),
    finds: { rule: 'proof-document', file: namespace, at: 'enforce-version', says: unknown },
  },
  {
    ...one,
    name: "A label of the operator's namespace by which others change its pods",
    does: 'a container beside the operator has the role of the operator',
    change: manifest(namespace, 'Namespace', ['metadata', 'labels'], { 'istio-injection': 'enabled' }),
    finds: { rule: 'proof-document', file: namespace, at: 'istio-injection', says: unknown },
  },
  {
    ...one,
    name: 'The binding of deployers to the role of tenants',
    does: 'the API server lets no binding have another role, and Argo CD applies nothing of a platform with it',
    change: binding('eso-abac-tenant', everybody('team'), 'ClusterRole', 'eso-abac-deployer'),
    finds: {
      rule: 'proof-guard',
      file: rbac,
      at: 'roleRef',
      says: 'no binding gets another role',
    },
  },
  {
    ...one,
    name: "The operator's namespace removed",
    does: 'nothing is known of where the operator runs',
    change: removed(namespace),
    finds: { rule: 'proof-guard', file: namespace, at: '', says: 'has no Namespace for the operator' },
  },
  {
    ...one,
    name: 'A guard that says that it is off',
    does: 'whoever reads the folder takes the cluster for open',
    change: manifest(namespace, 'Namespace', ['metadata', 'annotations'], { 'eso-abac/guard': 'false' }),
    finds: {
      rule: 'proof-guard',
      file: namespace,
      at: 'eso-abac/guard',
      says: 'says that it has no guard, and has one',
    },
  },
  {
    ...one,
    name: 'A webhook beside the policies',
    does: 'it changes what the policies have judged',
    change: appended(
      rbac,
      '---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: { name: more }\n',
    ),
    finds: { rule: 'proof-document', file: rbac, at: 'kind', says: 'MutatingWebhookConfiguration' },
  },
];

export const admissionRights: Group = {
  title: 'Rights in the cluster',
  stops:
    'The roles and bindings of dist are read whole: they give what deployers and tenants need, and nothing else.',
  attacks,
};
