import { Reading, type Source } from '../../../src/proof/files/model.ts';
import type { Mapping } from '../../../src/proof/files/store.ts';
import type { Guard } from '../../../src/proof/guard/model.ts';
import { readGuard } from '../../../src/proof/guard/read.ts';
import { toYaml } from '../../../src/yaml/write.ts';

const admission = 'admissionregistration.k8s.io/v1';
const authorization = 'rbac.authorization.k8s.io/v1';

const labels = { 'app.kubernetes.io/managed-by': 'eso-abac' };

/** An admission policy about SecretStores, as right as one can be, with parts of its `spec` changed. */
export function policy(spec: Mapping = {}, name = 'stores'): Mapping {
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { labels, name },
    spec: { matchConstraints: { resourceRules: [rule()] }, validations: [{ expression: 'false' }], ...spec },
  };
}

/** A rule that matches SecretStores, with parts of it changed. */
export function rule(parts: Mapping = {}): Mapping {
  return {
    apiGroups: ['external-secrets.io'],
    apiVersions: ['*'],
    resources: ['secretstores'],
    operations: ['CREATE', 'UPDATE'],
    ...parts,
  };
}

/** What puts the policy in force. */
export function binding(spec: Mapping = {}, name = 'stores'): Mapping {
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { labels, name },
    spec: { validationActions: ['Deny'], policyName: name, ...spec },
  };
}

/** A role with the right to say what namespaces may claim. */
export function role(parts: Mapping = {}): Mapping {
  return {
    apiVersion: authorization,
    kind: 'ClusterRole',
    metadata: { labels, name: 'eso-abac-deployer' },
    rules: [{ apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'] }],
    ...parts,
  };
}

/** Gives the role to somebody. */
export function roleBinding(parts: Mapping = {}): Mapping {
  return {
    apiVersion: authorization,
    kind: 'ClusterRoleBinding',
    metadata: { labels, name: 'eso-abac-deployers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'eso-abac-deployer' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ci' }],
    ...parts,
  };
}

/** The operator's Namespace. */
export function namespace(metadata: Mapping = {}): Mapping {
  const enforced = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'external-secrets', labels: enforced, ...metadata },
  };
}

/** The file of a cluster's platform with these objects. */
export function platformOf(objects: readonly Mapping[]): Source {
  const text = objects.map((object) => `---\n${toYaml(object)}`).join('');
  return { path: 'clusters/prod/platform/all.yaml', text };
}

/** Reads objects of a cluster's platform as the proof does. */
export function guardOf(...objects: readonly Mapping[]): Guard {
  return readGuard('prod', [platformOf(objects)], new Reading());
}
