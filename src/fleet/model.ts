import type { EsoRelease } from './eso-release.ts';

/** Everything that is generated, decided: every name, ARN, tag and default. Clusters and tenants sort by name. */
export interface Fleet {
  readonly release: EsoRelease;
  readonly operator: Operator;
  readonly clusters: readonly Cluster[];
  readonly tenants: readonly Tenant[];
  /** Keys of the tags that must match: that of the identity first, then the further ones, sorted. */
  readonly tagKeys: readonly [string, ...string[]];
  /** The AWS secrets that must exist, by account, region and identity. */
  readonly secrets: readonly SecretGroup[];
  readonly kms: Kms;
  /** ARN, or the name of a managed policy that exists in each account. */
  readonly permissionsBoundary?: string | undefined;
  /** Names, paths with names, or ARNs of the roles that may change the tags that decide who reads. */
  readonly administrators: readonly string[];
  readonly guard: Guard;
  /** Who applies dist to the clusters; absent when the input does not say. */
  readonly gitops?: Gitops | undefined;
}

/** Where dist lies, and which of Argo CD and Flux get objects: at least one of them. */
export interface Gitops {
  /** URL of the repository, as the input has it. */
  readonly repository: string;
  /** A branch, a full reference such as refs/tags/v1, or a commit. */
  readonly revision: string;
  /** Folder of dist in the repository, or `.`. */
  readonly path: string;
  readonly argocd?: ArgoCd | undefined;
  readonly flux?: Flux | undefined;
}

/** One Argo CD that deploys to every cluster. */
export interface ArgoCd {
  readonly namespace: string;
  readonly applicationFor: 'cluster' | 'service';
  /** What Argo CD calls each cluster, by the cluster's name; no two are equal. */
  readonly destinations: ReadonlyMap<string, string>;
}

/** A Flux in each cluster, the same in all of them. */
export interface Flux {
  readonly namespace: string;
  /** Name of the Secret with the credentials for the repository. */
  readonly secretRef?: string | undefined;
}

/** Who deploys, and what tenants' namespaces may hold besides what is generated. */
export interface Guard {
  /** In the order of the input. With none, only cluster administrators deploy. */
  readonly deployers: readonly Deployer[];
  readonly allow: {
    /** Providers of SecretStores besides `aws`, as CRDs name them; sorted. */
    readonly providers: readonly string[];
    /** Kinds of generators; sorted. */
    readonly generators: readonly string[];
  };
}

/** Whom Kubernetes lets set what namespaces may claim. */
export type Deployer =
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'User' | 'Group'; readonly name: string };

/** The service account that External Secrets Operator runs as, the same in each cluster. */
export interface Operator {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** How customer managed keys are allowed: not at all, by their ARNs, or by the tags that secrets carry too. */
export type Kms =
  | { readonly kind: 'none' }
  | { readonly kind: 'keys'; readonly keys: readonly KmsKey[] }
  | { readonly kind: 'byTag' };

/** A KMS key and what its ARN says about it. */
export interface KmsKey {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** The AWS secrets of one identity in one region of one account. */
export interface SecretGroup {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly identity: string;
  /** By name. */
  readonly secrets: readonly AwsSecret[];
}

/** A secret that must exist in AWS Secrets Manager. */
export interface AwsSecret {
  /** Its name, never an ARN. */
  readonly name: string;
  /** What it must be tagged with to be read by its owner. */
  readonly tags: readonly Tag[];
  /** Regions that it must be replicated to, sorted. */
  readonly replicaRegions: readonly string[];
}

/** How the operator's pods get the controller role: IAM roles for service accounts, or EKS Pod Identity. */
export type OperatorIdentity =
  | { readonly kind: 'irsa' /** The OIDC issuer without https://. */; readonly oidcProvider: string }
  | { readonly kind: 'podIdentity' };

/** One EKS cluster. */
export interface Cluster {
  readonly name: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly partition: string;
  readonly environment?: string | undefined;
  /** Absent when the input does not say: then something else, such as eksctl, sees to it. */
  readonly identity?: OperatorIdentity | undefined;
  /** The operator's own role. */
  readonly controllerRoleArn: string;
  /** ARNs of the roles that the operator assumes before the access role, in order, without tags. */
  readonly roleChain: readonly string[];
  /** Further tags that have one value in the whole cluster: all that a session from here may claim of them. */
  readonly pinnedTags: readonly Tag[];
  /** All further tags, by key; `{service}` in a value stands for the service's name, everything else is filled in. */
  readonly tagTemplates: readonly Tag[];
  /** Whether the cluster gets admission policies. Without them whoever may write a SecretStore may claim any tag. */
  readonly isGuarded: boolean;
  /** The role that reads secrets for this cluster's tenants. */
  readonly accessRoleArn: string;
  /** The account of that role, where the secrets are. */
  readonly secretsAccount: string;
  readonly externalId?: string | undefined;
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

/** A tag of a secret in AWS, or of a session. */
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
  readonly type?: string | undefined;
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
  readonly version?: string | undefined;
}

/** One key of a Kubernetes Secret and where its value comes from. */
export interface KeyPlan {
  readonly secretKey: string;
  readonly remote: RemoteSecret;
  /** A property of a JSON secret; the whole secret when absent. */
  readonly property?: string | undefined;
}
