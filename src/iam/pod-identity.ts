import type { Cluster, Operator } from '../fleet/model.ts';
import type { Template } from './cloudformation.ts';
import type { Role } from './roles.ts';

/**
 * The association that gives the operator's pods the controller role, for a cluster with EKS Pod Identity. It is
 * deployed in the cluster's region, hence a template of its own.
 *
 * Session tags are off: the six that EKS sets are transitive and would follow into the access role's session, whose
 * trust takes no tags but ours. The session policy is the controller's own policy once more: whoever widened the role
 * would not widen what the operator can do. It needs session tags to be off.
 * Source: CloudFormation Template Reference, "AWS::EKS::PodIdentityAssociation".
 */
export function podIdentityTemplate(cluster: Cluster, role: Role, operator: Operator): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The operator's role in cluster ${cluster.name}`,
    Resources: {
      PodIdentityAssociation: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        Properties: {
          ClusterName: cluster.name,
          Namespace: operator.namespace,
          ServiceAccount: operator.serviceAccount,
          RoleArn: role.arn,
          DisableSessionTags: true,
          Policy: JSON.stringify(role.policy),
        },
      },
    },
  };
}
