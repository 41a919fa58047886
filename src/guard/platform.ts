import type { Cluster, Fleet } from '../fleet/model.ts';
import { type AdmissionPolicy, admissionObjects } from './admission-policy.ts';
import { clusterKindsPolicy } from './cluster-kinds.ts';
import { externalSecretPolicy } from './external-secrets.ts';
import { namespacePolicy } from './namespaces.ts';
import { operatorNamespace } from './operator.ts';
import { ownObjectsPolicy } from './own-objects.ts';
import { roleObjects } from './rbac.ts';
import { secretStorePolicy } from './secret-stores.ts';

/** A Kubernetes object as plain data. */
export type PlatformObject = Readonly<Record<string, unknown>>;

/** Some objects of a cluster's platform that stand in one file. */
export interface PlatformFile {
  /** Its name without folder and ending. */
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly summary: string;
  readonly objects: readonly PlatformObject[];
}

/**
 * What a cluster needs before any service, one file after the other. None of it depends on the services, so that it
 * is the same for one and for ten thousand.
 */
export function platformFiles(fleet: Fleet, cluster: Cluster): PlatformFile[] {
  const policies = [
    policyFile(secretStorePolicy(fleet, cluster), 'Which SecretStores a namespace may hold.'),
    policyFile(externalSecretPolicy(fleet), 'Which ExternalSecrets a namespace may hold.'),
    policyFile(clusterKindsPolicy(fleet), "Who may write the operator's other kinds."),
    policyFile(namespacePolicy, 'Who may change the labels that say what a namespace may claim.'),
    policyFile(ownObjectsPolicy, 'Who may change the rights that the other policies rest on.'),
  ];
  return [
    ...(cluster.isGuarded ? policies : []),
    {
      name: 'namespace',
      summary: "The operator's own namespace.",
      objects: [operatorNamespace(fleet.operator, cluster)],
    },
    {
      name: 'rbac',
      summary: 'Roles for those who deploy and for those who look after a service.',
      objects: roleObjects(fleet.guard.deployers),
    },
  ];
}

function policyFile(policy: AdmissionPolicy, summary: string): PlatformFile {
  const name = policy.name.replace(/^eso-abac-/, 'admission-');
  return { name, summary, objects: admissionObjects(policy) };
}
