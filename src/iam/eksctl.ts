import type { Cluster, Operator } from '../fleet/model.ts';
import type { Role } from './roles.ts';

/**
 * What eksctl needs to make the controller role and the operator's service account in one cluster, as a ClusterConfig:
 * `eksctl create iamserviceaccount --config-file FILE --approve`.
 *
 * @returns undefined when eksctl cannot make this role: it gives roles no path, makes them in the cluster's account
 * only, and its associations for EKS Pod Identity cannot switch session tags off
 */
export function clusterConfig(cluster: Cluster, role: Role, operator: Operator): unknown {
  if (cluster.identity?.kind === 'podIdentity' || role.path !== '/' || role.account !== cluster.account) {
    return undefined;
  }
  return {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: cluster.name, region: cluster.region },
    iam: {
      withOIDC: true,
      serviceAccounts: [
        {
          metadata: { name: operator.serviceAccount, namespace: operator.namespace },
          roleName: role.name,
          permissionsBoundary: role.permissionsBoundary,
          attachPolicy: role.policy,
        },
      ],
    },
  };
}
