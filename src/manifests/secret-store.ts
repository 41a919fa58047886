import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  SecretStore,
  type SecretStoreSpec,
  SecretStoreV1Beta1,
  type SecretStoreV1Beta1Spec,
} from '../../imports/external-secrets.io.ts';
import type { EsoRelease } from '../fleet/eso-release.ts';
import type { Tag } from '../fleet/model.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { generated, type Literals } from './literals.ts';

/** What an `AbacSecretStore` is made from. */
export interface AbacSecretStoreProps {
  /** Name, namespace, labels and annotations of the object. */
  readonly metadata: ApiObjectMetadata & { readonly name: string; readonly namespace: string };
  /** The release of External Secrets Operator in the cluster; `esoRelease('2.9.0')` finds it. */
  readonly release: EsoRelease;
  /** AWS region of the secrets. */
  readonly region: string;
  /** ARN of the access role, which the operator assumes with the session tags. */
  readonly role: string;
  /** ARNs of roles that the operator assumes before the access role, in order and without session tags. */
  readonly additionalRoles?: readonly string[] | undefined;
  /** External id that the role's trust policy asks for. */
  readonly externalId?: string | undefined;
  /** Session tags that the operator passes when it assumes the role: at least one, at most 50. */
  readonly sessionTags: readonly Tag[];
}

/**
 * A SecretStore for AWS Secrets Manager that reads with session tags, so that the access role's policy can compare
 * them with the tags of each secret. It writes every field that the API server would fill in.
 */
export class AbacSecretStore {
  /** The construct in the tree, of the API version that the release wants. */
  readonly object: SecretStore | SecretStoreV1Beta1;
  private readonly metadata: AbacSecretStoreProps['metadata'];
  private readonly spec: Spec;

  constructor(scope: Construct, id: string, props: AbacSecretStoreProps) {
    const { metadata, release } = props;
    this.metadata = metadata;
    this.spec = specOf(props);
    this.object =
      release.apiVersion === SecretStore.GVK.apiVersion
        ? new SecretStore(scope, id, { metadata, spec: generated<SecretStoreSpec>(this.spec) })
        : new SecretStoreV1Beta1(scope, id, {
            metadata,
            spec: generated<SecretStoreV1Beta1Spec>(this.spec),
          });
  }

  /** The object as plain data, as `object.toJson()` yields it where no property is a token: see `tenantObjects`. */
  manifest(): KubernetesObject {
    return this.object.apiVersion === SecretStore.GVK.apiVersion
      ? SecretStore.manifest({ metadata: this.metadata, spec: generated<SecretStoreSpec>(this.spec) })
      : SecretStoreV1Beta1.manifest({
          metadata: this.metadata,
          spec: generated<SecretStoreV1Beta1Spec>(this.spec),
        });
  }
}

/** What is valid in both API versions. */
type Spec = Pick<Literals<SecretStoreSpec> & Literals<SecretStoreV1Beta1Spec>, 'provider'>;

function specOf(props: AbacSecretStoreProps): Spec {
  const { release, region, role, additionalRoles, externalId, sessionTags } = props;
  return {
    provider: {
      aws: {
        service: 'SecretsManager',
        region,
        role,
        additionalRoles,
        externalId,
        sessionTags,
        ...release.defaults.aws,
      },
    },
  };
}
