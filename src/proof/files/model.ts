import type { Finding, Location } from '../../findings/finding.ts';
import type { Guard, Sample } from '../guard/model.ts';
import type { Policy, Role, Tag } from '../iam/model.ts';

/** A text of dist; `path` is relative to dist, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What dist says: who may become whom, who wants which secret, and which secrets there are. */
export interface Dist {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, DistRole>;
  readonly clusters: readonly Cluster[];
  readonly secrets: readonly DistSecret[];
  /** Guards on tags, by account. */
  readonly guards: ReadonlyMap<string, Policy>;
}

/** A role with its documents in roles/<name>/. */
export interface DistRole {
  readonly role: Role;
  readonly account: string;
  readonly name: string;
  /** Whether dist has its trust policy. Without one, eksctl makes the role. */
  readonly hasTrust: boolean;
  readonly permissionsBoundary?: string;
  readonly location: Location;
}

/** One cluster: what gives the operator its role, and the services in it. */
export interface Cluster {
  readonly name: string;
  /** Absent when no file says which role the operator has. */
  readonly operator?: OperatorRole;
  /** Absent when no file says how the operator is installed. */
  readonly helmValues?: HelmValues;
  readonly tenants: readonly Tenant[];
  /** What keeps tenants from claiming the tags of others. */
  readonly guard?: Guard;
  /** Objects of the services that stand for those of all. */
  readonly samples?: readonly Sample[];
}

/** What the values of the operator's Helm chart say of who it is. */
export interface HelmValues {
  readonly serviceAccount: string;
  /** ARN of the role that its pods ask for; absent where something else gives them one. */
  readonly role?: string;
  /** All of them. */
  readonly values: object;
  readonly source: Source;
}

/** How the operator's pod gets its role. */
export interface OperatorRole {
  readonly kind: 'irsa' | 'podIdentity';
  /** Whether the file that says so makes the role too, as that of eksctl does. */
  readonly makesRole: boolean;
  /** ARN of the role. */
  readonly role: string;
  readonly account: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Only where it makes the role. */
  readonly permissionsBoundary?: string;
  /** In which the cluster is; only where the file says it. */
  readonly region?: string;
  /** Only with Pod Identity. */
  readonly sessionTags: boolean;
  readonly sessionPolicy?: Policy;
  readonly location: Location;
}

/** One service in one cluster: what its namespace may claim, and what it asks for. */
export interface Tenant {
  readonly cluster: string;
  readonly file: string;
  readonly service: string;
  readonly namespace: string;
  /** The identities that the namespace's labels name: that of the service, and shared ones. */
  readonly identities: readonly string[];
  readonly stores: readonly Store[];
  readonly reads: readonly SecretRead[];
}

/** A place in a file of several YAML documents. It is looked up when a finding is about it. */
export interface YamlPlace {
  readonly file: string;
  /** Which of the documents that hold something. */
  readonly document: number;
  readonly path: readonly (string | number)[];
}

/** A SecretStore. */
export interface Store {
  readonly name: string;
  readonly region: string;
  readonly role: string;
  readonly additionalRoles: readonly string[];
  readonly externalId?: string;
  readonly sessionTags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly place: YamlPlace;
}

/** One secret that an ExternalSecret wants through a store. */
export interface SecretRead {
  readonly externalSecret: string;
  readonly store: string;
  /** Name or ARN of the secret. */
  readonly key: string;
  readonly place: YamlPlace;
}

/** A secret that must exist, in one region. A replica is a secret of its own there. */
export interface DistSecret {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly identity: string;
  readonly tags: readonly Tag[];
  /** ARN of the key that it is encrypted with; the account's default key when absent. */
  readonly kmsKey?: string;
  readonly location: Location;
}

/** Collects what is found while reading. */
export class Reading {
  readonly findings: Finding[] = [];
  /** What the proof takes for granted, because dist does not say it. */
  readonly assumptions = new Set<string>();

  /** @param isValidated whether the objects of services are known to be such as the API server takes */
  constructor(readonly isValidated: boolean = false) {}

  /** Reports that a file says something that cannot be, or nothing is known about. */
  document(location: Location, message: string, allowed: string): void {
    this.findings.push({ rule: 'proof-document', severity: 'error', message, allowed, location });
  }
}

/** The first character of a file, for what is about all of it. */
export function startOf(file: string): Location {
  return { file, start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
}
