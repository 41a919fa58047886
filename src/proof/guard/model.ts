import type { Finding } from '../../findings/finding.ts';
import type { Mapping } from '../files/store.ts';

/** An expression of CEL with the place in its policy where it stands. */
export interface Expression {
  readonly text: string;
  readonly path: readonly (string | number)[];
}

/** Labels that must be there for an object to be selected. */
export interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** Which requests are matched. Each list may hold `*`. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly scope: string;
  readonly resourceNames: readonly string[];
}

/** What a policy or a binding is about. */
export interface Match {
  readonly matchPolicy: string;
  /** Absent where a binding says nothing, and so takes what the policy takes. */
  readonly rules?: readonly Rule[];
  readonly excluded: readonly Rule[];
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
}

/** A ValidatingAdmissionPolicy. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly failurePolicy: string;
  readonly match: Match;
  readonly conditions: readonly Expression[];
  readonly variables: readonly (Expression & { readonly name: string })[];
  readonly validations: readonly Expression[];
  /** The bindings that deny what the policy refuses. */
  readonly bindings: readonly { readonly match: Match; readonly place: Place }[];
  readonly place: Place;
}

/** An object in a file of a cluster's platform. */
export interface Place {
  readonly file: string;
  /** Which of the documents that hold something. */
  readonly document: number;
}

/** A rule of a ClusterRole. */
export interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames: readonly string[];
}

/** A ClusterRole or ClusterRoleBinding as it stands, to be forged. */
export interface RightsObject {
  readonly name: string;
  readonly object: Mapping;
}

/** A ClusterRole that a ClusterRoleBinding gives to somebody. */
export interface Grant {
  readonly subject: { readonly kind: string; readonly name: string; readonly namespace: string };
  readonly rights: readonly Right[];
}

/** What the files of a cluster's platform say. */
export interface Guard {
  readonly policies: readonly AdmissionPolicy[];
  readonly roles: readonly RightsObject[];
  readonly bindings: readonly RightsObject[];
  readonly grants: readonly Grant[];
  /** The operator's own namespace; empty when no file says it. */
  readonly operatorNamespace: string;
  /** The name of its service account: that of the chart, where no file says it. */
  readonly operatorAccount: string;
  /** Versions of its API in which the SecretStores and ExternalSecrets of dist are written, and so are served. */
  readonly servedVersions: readonly string[];
  /** Whether the operator's namespace says that the cluster has no guard, and has none. */
  readonly isOff: boolean;
  /** Where the cluster says whether it has a guard, or should. */
  readonly place: Place;
  /** What is wrong with the objects themselves. */
  readonly findings: readonly Finding[];
}

/** The service account that the operator's Helm chart makes, if it is not told otherwise. */
export const chartAccount = 'external-secrets';

/** What is known of a cluster of which no file says anything. */
export function noGuard(cluster: string): Guard {
  const place = { file: `clusters/${cluster}/platform/namespace.yaml`, document: 0 };
  return {
    policies: [],
    roles: [],
    bindings: [],
    grants: [],
    operatorNamespace: '',
    operatorAccount: chartAccount,
    servedVersions: [],
    isOff: false,
    place,
    findings: [],
  };
}

/** Somebody who asks the API server for something. */
export interface User {
  readonly username: string;
  readonly groups: readonly string[];
  /** A cluster administrator has every right. */
  readonly isAdministrator?: boolean;
}

/** What is asked of the API server, as admission policies see it. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural. */
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Empty for objects of the whole cluster. A Namespace is in itself. */
  readonly namespace: string;
  readonly object: Mapping | null;
  readonly oldObject: Mapping | null;
  /** The Namespace that the object is in; null for objects of the whole cluster. */
  readonly namespaceObject: Mapping | null;
  readonly user: User;
  readonly dryRun: boolean;
}

/** A request with what it is, in a few words that follow "a tenant can …" or "… must be allowed". */
export interface Attempt {
  readonly what: string;
  readonly request: AdmissionRequest;
  /** What a report calls it, with all that are alike; `what` when absent. */
  readonly attack?: string;
  /** A name that makes it allowed where a policy names it: the platform lets tenants have that. */
  readonly unlessNamed?: string;
}

/** Objects of a service that stand for all that differ from them in names alone. */
export interface Sample {
  readonly file: string;
  readonly namespace: Mapping;
  readonly stores: readonly Mapping[];
  readonly externalSecrets: readonly Mapping[];
  /** Equal for services that policies treat alike, whatever their ExternalSecrets are. */
  readonly shape: string;
  /** The same for each of the ExternalSecrets. */
  readonly secretShapes: readonly string[];
  /** Which document of the file each object is, by kind and name. */
  readonly documents: ReadonlyMap<string, number>;
  /** Whether another sample has a namespace and stores like these, so that there is nothing new but ExternalSecrets. */
  readonly isAgain: boolean;
}
