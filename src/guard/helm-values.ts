import type { Cluster, Fleet } from '../fleet/model.ts';

const fine = {
  pods: { podDisruptionBudget: { enabled: true, minAvailable: 1 }, replicaCount: 2 },
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
} as const;

/**
 * Values for the operator's Helm chart: what tenants do not use is off, and the operator has no right that it needs for
 * that alone. What the chart hardens by itself (a root file system that is read only, no privileges) is left to it.
 *
 * Source: `values.yaml` and `values.schema.json` of the chart external-secrets.
 */
export function helmValues({ operator, guard }: Fleet, cluster: Cluster): Record<string, unknown> {
  // Stores of other providers may log in with tokens of service accounts; ours never do.
  const needsTokens = guard.allow.providers.length + guard.allow.generators.length > 0;
  return {
    processClusterStore: false,
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processClusterGenerator: false,
    processPushSecret: false,
    genericTargets: { enabled: false },
    rbac: {
      create: true,
      aggregateToAdmin: false,
      aggregateToEdit: false,
      aggregateToView: false,
      serviceAccountTokenCreate: needsTokens,
      servicebindings: { create: false },
    },
    systemAuthDelegator: false,
    serviceAccount: {
      create: true,
      name: operator.serviceAccount,
      // With EKS Pod Identity an association says it, and otherwise whatever sees to the role.
      ...(cluster.identity?.kind === 'irsa' && {
        annotations: { 'eks.amazonaws.com/role-arn': cluster.controllerRoleArn },
      }),
    },
    // The CRDs are part of the release: uninstalling it would delete each ExternalSecret, and with it the Secret.
    crds: { annotations: { 'helm.sh/resource-policy': 'keep' } },
    leaderElect: true,
    ...fine.pods,
    resources: fine.resources,
    metrics: { service: { enabled: true } },
    webhook: {
      ...fine.pods,
      failurePolicy: 'Fail',
      resources: fine.resources,
      metrics: { service: { enabled: true } },
    },
    certController: { resources: fine.resources, metrics: { service: { enabled: true } } },
  };
}
