import type { EsoRelease } from './eso-release.ts';

/** Everything that is generated, decided: every name, ARN, tag and default. Clusters and tenants sort by name. */
export interface Fleet {
  readonly release: EsoRelease;
  readonly clusters: readonly Cluster[];
  readonly tenants: readonly Tenant[];
}

/** One EKS cluster. */
export interface Cluster {
  readonly name: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly partition: string;
  readonly environment?: string;
  readonly oidcProvider?: string;
  /** The role that reads secrets for this cluster's tenants. */
  readonly accessRoleArn: string;
  /** The account of that role, where the secrets are. */
  readonly secretsAccount: string;
  readonly externalId?: string;
}

/** One service in one cluster: the unit that everything downstream is generated from. */
export interface Tenant {
  readonly service: string;
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The service's own store first, then one for each shared identity, by name. */
  readonly stores: readonly Store[];
  /** By name. */
  readonly externalSecrets: readonly ExternalSecretPlan[];
}

/** A SecretStore: one identity that the namespace may claim. */
export interface Store {
  readonly name: string;
  /** The value of the tag `abac.tagKey`: the service's name, or that of the shared entry. */
  readonly identity: string;
  /** All session tags; the secrets it may read carry all of them. */
  readonly sessionTags: readonly Tag[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** An ExternalSecret and the Kubernetes Secret that it fills. */
export interface ExternalSecretPlan {
  /** Name of the ExternalSecret. */
  readonly name: string;
  /** Name of the Kubernetes Secret. */
  readonly target: string;
  /** Name of its SecretStore, one of the tenant's. */
  readonly store: string;
  /** A Go duration. */
  readonly refreshInterval: string;
  /** Type of the Kubernetes Secret; Opaque when absent. */
  readonly type?: string;
  /** By key. */
  readonly data: readonly KeyPlan[];
  /** In the order of the input: later ones win where properties have the same name. */
  readonly extracts: readonly RemoteSecret[];
  /** Templates by key; when there are any, only these keys go into the Secret. */
  readonly templates: Readonly<Record<string, string>>;
}

/** A secret in AWS. */
export interface RemoteSecret {
  /** Name or ARN. */
  readonly key: string;
  /** Version stage, or uuid/ and a version id. */
  readonly version?: string;
}

/** One key of a Kubernetes Secret and where its value comes from. */
export interface KeyPlan {
  readonly secretKey: string;
  readonly remote: RemoteSecret;
  /** A property of a JSON secret; the whole secret when absent. */
  readonly property?: string;
}
