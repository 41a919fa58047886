import { managedByLabel } from '../fleet/labels.ts';
import type { Deployer } from '../fleet/model.ts';
import type { PlatformObject } from './platform.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;
const deployerRole = 'eso-abac-deployer';

/**
 * The role of deployers with its binding, and a role for tenants that is to be bound in their namespaces: it reads
 * stores and ExternalSecrets with their status, and writes nothing.
 *
 * Source: rbac.authorization.k8s.io/v1 in the Kubernetes API reference.
 *
 * @param deployers with none there is no binding: only cluster administrators deploy
 */
export function roleObjects(deployers: readonly Deployer[]): PlatformObject[] {
  return [
    role(deployerRole, { apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'] }),
    ...(deployers.length === 0 ? [] : [binding(deployers)]),
    role('eso-abac-tenant', {
      apiGroups: ['external-secrets.io'],
      resources: ['secretstores', 'secretstores/status', 'externalsecrets', 'externalsecrets/status'],
      verbs: ['get', 'list', 'watch'],
    }),
  ];
}

type Rule = Readonly<Record<'apiGroups' | 'resources' | 'verbs', readonly string[]>>;

function role(name: string, rule: Rule): PlatformObject {
  return { apiVersion, kind: 'ClusterRole', metadata: metadata(name), rules: [rule] };
}

function binding(deployers: readonly Deployer[]): PlatformObject {
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: metadata(deployerRole),
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: deployerRole },
    subjects: deployers.map(subject),
  };
}

function metadata(name: string) {
  return { name, labels: managedByLabel };
}

function subject(deployer: Deployer): Readonly<Record<string, string>> {
  const { kind, name } = deployer;
  if (kind === 'ServiceAccount') return { kind, name, namespace: deployer.namespace };
  return { kind, apiGroup: group, name };
}
