import type { Finding } from '../findings/finding.ts';
import type { Proof, ProofCounts } from '../proof/prove/prove.ts';

/** Everything that dist and its proof say about who can read which secret. `report --format json` prints it. */
export interface AccessReport {
  readonly proven: boolean;
  readonly counts: ProofCounts;
  /** The tags that decide; the first one holds the identity. */
  readonly tagKeys: readonly string[];
  readonly clusters: readonly ReportCluster[];
  /** The accounts of secrets and roles, with the file that guards the tags there, if there is one. */
  readonly accounts: readonly { readonly account: string; readonly tagGuard?: string }[];
  /** One for each service in each cluster, by service and cluster. */
  readonly services: readonly ReportService[];
  /** Each in its region: a replica is a secret of its own. By name, account and region. */
  readonly secrets: readonly ReportSecret[];
  readonly findings: readonly Finding[];
  readonly attacks: Proof['attacks'];
  readonly assumptions: readonly string[];
}

/** A tag of a secret or a session. */
export interface ReportTag {
  readonly key: string;
  readonly value: string;
}

/** A cluster, how its operator gets its role and what guards it. */
export interface ReportCluster {
  readonly name: string;
  /** Absent when no file says how the operator gets its role. */
  readonly operator?: {
    readonly kind: 'irsa' | 'podIdentity';
    readonly role: string;
    readonly namespace: string;
    readonly serviceAccount: string;
  };
  readonly guard: {
    /** Whether the cluster says of itself that it has no guard. */
    readonly off: boolean;
    /** The admission policies, by name. */
    readonly policies: readonly {
      readonly name: string;
      /** What the API server does when the policy cannot be evaluated. */
      readonly failurePolicy: string;
      /** Whether a binding denies what the policy refuses. */
      readonly bound: boolean;
      readonly file: string;
    }[];
    /** Who gets which ClusterRole's rights by a binding of the platform. */
    readonly subjects: readonly {
      readonly kind: string;
      readonly name: string;
      readonly namespace: string;
    }[];
  };
}

/** A secret that must exist, in one region. */
export interface ReportSecret {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The identity that owns it. */
  readonly identity: string;
  readonly tags: readonly ReportTag[];
  /** ARN of the key; absent for the account's default key. */
  readonly kmsKey?: string;
  /** File of dist and line. */
  readonly place: string;
}

/** One service in one cluster. */
export interface ReportService {
  readonly service: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly file: string;
  /** What the namespace's labels let it claim: its own identity first, then shared ones. */
  readonly identities: readonly string[];
  readonly stores: readonly ReportStore[];
  readonly wants: readonly ReportWant[];
  /**
   * - `ok`: it may read what it asks for, and nothing of others
   * - `blocked`: it asks for something that it may not read
   * - `foreign`: it may read something of an identity that it may not claim
   */
  readonly state: 'ok' | 'blocked' | 'foreign';
}

/** A SecretStore with the way to its secrets. */
export interface ReportStore {
  readonly name: string;
  readonly region: string;
  readonly sessionTags: readonly ReportTag[];
  /** ARNs from the operator's role over the roles of the chain to the access role. */
  readonly roles: readonly string[];
  /** The statement that allows, of a secret that the session may read. */
  readonly statement?: ReportStatement;
  /** Why the store gets no session. */
  readonly refused?: string;
  /** Indexes of the secrets that its session may read. */
  readonly reads: readonly number[];
}

/** A statement of the access role's policy. */
export interface ReportStatement {
  /** `Sid`, or the statement's number when it has none. */
  readonly name: string;
  readonly place: string;
  readonly conditions: readonly {
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
  }[];
}

/** A secret that an ExternalSecret asks for. */
export interface ReportWant {
  readonly externalSecret: string;
  /** Index among the service's stores; absent when there is none of the name. */
  readonly store?: number;
  /** Name or ARN, as the ExternalSecret says. */
  readonly key: string;
  /** Index of the secret; absent when dist has none. */
  readonly secret?: number;
  readonly allowed: boolean;
}
