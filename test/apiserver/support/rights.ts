import type { KubernetesObject } from '../../support/run-compile.ts';

const group = 'rbac.authorization.k8s.io';

/** A ClusterRole with every verb on some resources by group, and its binding. */
function everythingOn(
  name: string,
  resources: Readonly<Record<string, readonly string[]>>,
  subjects: readonly object[],
): KubernetesObject[] {
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: Object.entries(resources).map(([apiGroup, names]) => ({
        apiGroups: [apiGroup],
        resources: names,
        verbs: ['*'],
      })),
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects,
    },
  ];
}

const ofOperator = { 'external-secrets.io': ['*'], 'generators.external-secrets.io': ['*'] };
const namespaces = ['namespaces', 'namespaces/status', 'namespaces/finalize'];

/**
 * Rights of the users beside those that dist gives. Tenants have far more than anybody would give them, roles and
 * bindings included, so that whatever is denied them is denied by a policy and not by RBAC.
 */
export const rightsOfUsers: readonly KubernetesObject[] = [
  ...everythingOn('tenants', { ...ofOperator, '': namespaces, [group]: ['*'] }, [
    { kind: 'Group', apiGroup: group, name: 'tenants' },
    { kind: 'ServiceAccount', namespace: 'service1-ns', name: 'default' },
  ]),
  ...everythingOn(
    'deploys',
    { ...ofOperator, '': namespaces, [group]: ['*'], 'admissionregistration.k8s.io': ['*'] },
    [{ kind: 'ServiceAccount', namespace: 'argocd', name: 'argocd-application-controller' }],
  ),
  ...everythingOn('operator', { ...ofOperator, '': ['secrets'] }, [
    { kind: 'ServiceAccount', namespace: 'external-secrets', name: 'external-secrets' },
  ]),
  {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'reads', namespace: 'service1-ns' },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'eso-abac-tenant' },
    subjects: [{ kind: 'User', apiGroup: group, name: 'developer' }],
  },
];
