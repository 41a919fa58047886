import { keepAnnotations, managedByLabel } from '../fleet/labels.ts';
import type { Cluster, Operator } from '../fleet/model.ts';
import type { PlatformObject } from './platform.ts';

/**
 * The operator's own namespace, in which only pods without any privilege run. Where a cluster has no guard, an
 * annotation says so, for whoever reads the folder alone.
 *
 * Source: Kubernetes, "Pod Security Standards" and "Pod Security Admission".
 */
export function operatorNamespace({ namespace: name }: Operator, { isGuarded }: Cluster): PlatformObject {
  const levels = ['audit', 'enforce', 'warn'].map((mode) => [
    `pod-security.kubernetes.io/${mode}`,
    'restricted',
  ]);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { ...managedByLabel, 'kubernetes.io/metadata.name': name, ...Object.fromEntries(levels) },
      annotations: {
        ...keepAnnotations,
        ...(!isGuarded && { 'eso-abac/guard': 'false' }),
      },
    },
  };
}
