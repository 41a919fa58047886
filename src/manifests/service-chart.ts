import { ApiObject, type ApiObjectMetadata, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EsoRelease } from '../fleet/eso-release.ts';
import { keepAnnotations } from '../fleet/labels.ts';
import type { Tenant } from '../fleet/model.ts';
import { ServiceExternalSecret } from './external-secret.ts';
import { identityLabels, ownLabels, syncWave } from './ownership.ts';
import { AbacSecretStore } from './secret-store.ts';

/** What a `ServiceChart` is made from. */
export interface ServiceChartProps {
  /** The service in its cluster; `resolveFleet` yields one for each. */
  readonly tenant: Tenant;
  /** The release of External Secrets Operator in the cluster. */
  readonly release: EsoRelease;
}

/**
 * Everything of one service in one cluster: its Namespace, a SecretStore for each identity that it may claim, and its
 * ExternalSecrets, in the order in which they are to be applied.
 */
export class ServiceChart extends Chart {
  constructor(scope: Construct, id: string, { tenant, release }: ServiceChartProps) {
    super(scope, id);
    const { namespace, cluster, service } = tenant;
    const labels = ownLabels(service);
    const metadata = (name: string, wave: 1 | 2) => ({
      name,
      namespace,
      labels,
      annotations: syncWave(wave),
    });
    this.namespaceObject(tenant);
    for (const { name, sessionTags } of tenant.stores) {
      new AbacSecretStore(this, `store-${name}`, {
        metadata: metadata(name, 1),
        release,
        region: cluster.region,
        role: cluster.accessRoleArn,
        ...(cluster.roleChain.length > 0 && { additionalRoles: cluster.roleChain }),
        ...(cluster.externalId !== undefined && { externalId: cluster.externalId }),
        sessionTags,
      });
    }
    for (const plan of tenant.externalSecrets) {
      new ServiceExternalSecret(this, `secret-${plan.name}`, {
        metadata: metadata(plan.name, 2),
        release,
        plan,
        secretLabels: labels,
      });
    }
  }

  private namespaceObject({ namespace, service, stores }: Tenant): void {
    const shared = stores.slice(1).map(({ identity }) => identity);
    const metadata: ApiObjectMetadata = {
      name: namespace,
      // The API server sets the name label on every Namespace; written here, what is applied is what is read back.
      labels: {
        ...ownLabels(service),
        ...identityLabels(shared),
        'kubernetes.io/metadata.name': namespace,
      },
      annotations: { ...syncWave(0), ...keepAnnotations },
    };
    new ApiObject(this, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata });
  }
}

/** A Kubernetes object as plain data. */
export type KubernetesObject = Record<string, unknown>;

/**
 * The objects of one tenant, in the order in which they are to be applied. A pure function of one tenant: an App of
 * its own for each keeps the time linear, where one App over all charts would be quadratic.
 */
export function tenantObjects(tenant: Tenant, release: EsoRelease): KubernetesObject[] {
  const chart = new ServiceChart(new App(), 'service', { tenant, release });
  // Object by object, in the order in which they were made: the chart's own toJson() would first look for dependencies
  // between them, which there are none of, and that takes as long as everything else here.
  return chart.apiObjects.map((object) => inReadingOrder(object.toJson() as KubernetesObject));
}

/** Name before labels, as people write it; every other order is that of the CRD, and maps are sorted. */
function inReadingOrder({ apiVersion, kind, metadata, ...rest }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = metadata as Record<string, unknown>;
  const ordered = {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: sorted(labels),
    annotations: sorted(annotations),
  };
  return { apiVersion, kind, metadata: ordered, ...rest };
}

function sorted(map: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
