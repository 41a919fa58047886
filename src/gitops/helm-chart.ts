/**
 * The Helm chart of External Secrets Operator. Its versions are those of the operator.
 *
 * Source: https://external-secrets.io, "Getting started".
 */
export const helmChart = {
  repository: 'https://charts.external-secrets.io',
  name: 'external-secrets',
} as const;

/** Kinds outside of namespaces that the chart installs with our values. */
export const clusterKinds = [
  { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration' },
  { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
  { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
  { group: 'rbac.authorization.k8s.io', kind: 'ClusterRoleBinding' },
] as const;

/** Kinds that the chart installs into the operator's namespace with our values. */
export const namespaceKinds = [
  { group: '', kind: 'Secret' },
  { group: '', kind: 'Service' },
  { group: '', kind: 'ServiceAccount' },
  { group: 'apps', kind: 'Deployment' },
  { group: 'policy', kind: 'PodDisruptionBudget' },
  { group: 'rbac.authorization.k8s.io', kind: 'Role' },
  { group: 'rbac.authorization.k8s.io', kind: 'RoleBinding' },
] as const;
