import { ApiObject, type ApiObjectMetadata, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EsoRelease } from '../fleet/eso-release.ts';
import { keepAnnotations } from '../fleet/labels.ts';
import type { Tenant } from '../fleet/model.ts';
import { ServiceExternalSecret } from './external-secret.ts';
import { type KubernetesObject, sorted } from './kubernetes-object.ts';
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
  /** The objects as plain data, in that order: see `tenantObjects`. */
  readonly manifests: () => KubernetesObject[];

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
    const namespaceObject = this.namespaceObject(tenant);
    const stores = tenant.stores.map(
      ({ name, sessionTags }) =>
        new AbacSecretStore(this, `store-${name}`, {
          metadata: metadata(name, 1),
          release,
          region: cluster.region,
          role: cluster.accessRoleArn,
          ...(cluster.roleChain.length > 0 && { additionalRoles: cluster.roleChain }),
          ...(cluster.externalId !== undefined && { externalId: cluster.externalId }),
          sessionTags,
        }),
    );
    const externalSecrets = tenant.externalSecrets.map(
      (plan) =>
        new ServiceExternalSecret(this, `secret-${plan.name}`, {
          metadata: metadata(plan.name, 2),
          release,
          plan,
          secretLabels: labels,
        }),
    );
    this.manifests = () => [
      namespaceObject,
      ...[...stores, ...externalSecrets].map(({ manifest }) => manifest()),
    ];
  }

  private namespaceObject({ namespace, service, stores }: Tenant): KubernetesObject {
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
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata };
    new ApiObject(this, 'namespace', own);
    return own;
  }
}

/**
 * The objects of one tenant, in the order in which they are to be applied. A pure function of one tenant: an App of
 * its own for each keeps the time linear, where one App over all charts would be quadratic.
 *
 * They are what `toJson()` of the constructs yields, made by the conversions that cdk8s has generated for their types.
 * `toJson()` would first look for dependencies between them, for tokens in every value and for patches, of which there
 * are none, and that takes longer than everything else here.
 */
export function tenantObjects(tenant: Tenant, release: EsoRelease): KubernetesObject[] {
  const chart = new ServiceChart(new App(), 'service', { tenant, release });
  return chart.manifests().map(inReadingOrder);
}

/** Name before labels, as people write it; every other order is that of the CRD, and maps are sorted. */
function inReadingOrder({ apiVersion, kind, metadata, ...rest }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = metadata as Record<string, unknown>;
  const ordered = {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: sorted(labels as Record<string, string>),
    annotations: sorted(annotations as Record<string, string>),
  };
  return { apiVersion, kind, metadata: ordered, ...rest };
}
