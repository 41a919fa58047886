import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  ExternalSecret,
  type ExternalSecretSpec,
  ExternalSecretV1Beta1,
  type ExternalSecretV1Beta1Spec,
} from '../../imports/external-secrets.io.ts';
import type { EsoRelease } from '../fleet/eso-release.ts';
import type { ExternalSecretPlan } from '../fleet/model.ts';
import { type KubernetesObject, sorted } from './kubernetes-object.ts';
import { generated, type Literals } from './literals.ts';

/** What a `ServiceExternalSecret` is made from. */
export interface ServiceExternalSecretProps {
  /** Name, namespace, labels and annotations of the object. */
  readonly metadata: ApiObjectMetadata & { readonly name: string; readonly namespace: string };
  /** The release of External Secrets Operator in the cluster; `esoRelease('2.9.0')` finds it. */
  readonly release: EsoRelease;
  /** Which secrets to read and which keys they become. */
  readonly plan: ExternalSecretPlan;
  /** Labels of the Kubernetes Secret. The operator copies nothing else onto it. */
  readonly secretLabels: Readonly<Record<string, string>>;
}

/**
 * An ExternalSecret that owns one Kubernetes Secret. It writes every field that the API server would fill in, and
 * always a template: without one the operator copies the ExternalSecret's own labels and annotations onto the Secret,
 * Argo CD's tracking among them, and Argo CD would then prune the Secret.
 */
export class ServiceExternalSecret {
  /** The construct in the tree, of the API version that the release wants. */
  readonly object: ExternalSecret | ExternalSecretV1Beta1;
  private readonly metadata: ServiceExternalSecretProps['metadata'];
  private readonly spec: Spec;

  constructor(scope: Construct, id: string, props: ServiceExternalSecretProps) {
    const { metadata, release } = props;
    this.metadata = metadata;
    this.spec = specOf(props);
    this.object =
      release.apiVersion === ExternalSecret.GVK.apiVersion
        ? new ExternalSecret(scope, id, { metadata, spec: generated<ExternalSecretSpec>(this.spec) })
        : new ExternalSecretV1Beta1(scope, id, {
            metadata,
            spec: generated<ExternalSecretV1Beta1Spec>(this.spec),
          });
  }

  /** The object as plain data, as `object.toJson()` yields it where no property is a token: see `tenantObjects`. */
  manifest(): KubernetesObject {
    return this.object.apiVersion === ExternalSecret.GVK.apiVersion
      ? ExternalSecret.manifest({ metadata: this.metadata, spec: generated<ExternalSecretSpec>(this.spec) })
      : ExternalSecretV1Beta1.manifest({
          metadata: this.metadata,
          spec: generated<ExternalSecretV1Beta1Spec>(this.spec),
        });
  }
}

/** What is valid in both API versions. */
type Spec = Literals<ExternalSecretSpec> & Literals<ExternalSecretV1Beta1Spec>;

function specOf({ plan, release, secretLabels }: ServiceExternalSecretProps): Spec {
  const { defaults } = release;
  const { data, extracts, templates } = plan;
  return {
    refreshInterval: plan.refreshInterval,
    secretStoreRef: { name: plan.store, kind: 'SecretStore' },
    target: {
      name: plan.target,
      ...defaults.target,
      template: {
        type: plan.type,
        ...defaults.template,
        metadata: { labels: sorted(secretLabels) },
        data: Object.keys(templates).length > 0 ? sorted(templates) : undefined,
      },
    },
    data:
      data.length > 0
        ? data.map(({ secretKey, remote, property }) => ({
            secretKey,
            remoteRef: { key: remote.key, property, version: remote.version, ...defaults.remoteRef },
          }))
        : undefined,
    dataFrom:
      extracts.length > 0
        ? extracts.map(({ key, version }) => ({ extract: { key, version, ...defaults.remoteRef } }))
        : undefined,
  };
}
