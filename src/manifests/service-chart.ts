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
  private readonly namespaceObject: KubernetesObject;
  private readonly namespaced: readonly (AbacSecretStore | ServiceExternalSecret)[];

  constructor(scope: Construct, id: string, { tenant, release }: ServiceChartProps) {
    super(scope, id);
    const { namespace, cluster, service } = tenant;
    const labels = ownLabels(service);
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: namespaceMetadata(tenant, labels) };
    new ApiObject(this, 'namespace', own);
    this.namespaceObject = own;
    const stores = tenant.stores.map(
      ({ name, sessionTags }) =>
        new AbacSecretStore(this, `store-${name}`, {
          metadata: { name, namespace, labels, annotations: storeAnnotations },
          release,
          region: cluster.region,
          role: cluster.accessRoleArn,
          additionalRoles: cluster.roleChain.length > 0 ? cluster.roleChain : undefined,
          externalId: cluster.externalId,
          sessionTags,
        }),
    );
    const externalSecrets = tenant.externalSecrets.map(
      (plan, index) =>
        new ServiceExternalSecret(this, `secret-${index}`, {
          metadata: { name: plan.name, namespace, labels, annotations: externalSecretAnnotations },
          release,
          plan,
          secretLabels: labels,
        }),
    );
    this.namespaced = [...stores, ...externalSecrets];
  }

  /** The objects as plain data, in that order: see `tenantObjects`. */
  manifests(): KubernetesObject[] {
    return [this.namespaceObject, ...this.namespaced.map((construct) => construct.manifest())];
  }
}

const namespaceAnnotations = sorted({ ...syncWave(0), ...keepAnnotations });
const storeAnnotations = syncWave(1);
const externalSecretAnnotations = syncWave(2);

/** Name before labels, here and everywhere, as people write it. */
function namespaceMetadata(
  { namespace, stores }: Tenant,
  labels: Readonly<Record<string, string>>,
): ApiObjectMetadata {
  const shared = stores.slice(1).map(({ identity }) => identity);
  return {
    name: namespace,
    labels: sorted({
      ...labels,
      // The API server sets the name label on every Namespace; written here, what is applied is what is read back.
      'kubernetes.io/metadata.name': namespace,
      ...identityLabels(shared),
    }),
    annotations: namespaceAnnotations,
  };
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
  return new ServiceChart(new App(), 'service', { tenant, release }).manifests();
}
