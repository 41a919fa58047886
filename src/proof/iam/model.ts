import type { Location } from '../../findings/finding.ts';

/** What a document is attached to. It decides which elements the document may and must have. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'boundary' | 'session' | 'scp';

/** A policy document of version 2012-10-17 in which everything is understood. */
export interface Policy {
  readonly file: string;
  readonly kind: PolicyKind;
  readonly statements: readonly Statement[];
  readonly location: Location;
}

/** One statement. It applies to a request when all its parts match. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Only in trust and resource policies. */
  readonly principals?: readonly PrincipalPattern[];
  readonly actions: Patterns;
  /** Absent in trust policies: the resource is the role that they belong to. */
  readonly resources?: Patterns;
  readonly conditions: readonly Condition[];
  readonly location: Location;
}

/** Action, NotAction, Resource or NotResource. `not` turns the match around. */
export interface Patterns {
  readonly not: boolean;
  readonly values: readonly Pattern[];
  /** Place of the element's key. */
  readonly location: Location;
}

/**
 * Whom a statement names in `Principal`.
 *
 * - `any`: `"*"` or `{"AWS": "*"}`
 * - `account`: an account's number or its `:root` ARN. It stands for every principal of the account, and leaves it to
 *   the account's identity policies which of them it is.
 * - `arn`: the ARN of a role, a user or a role session, as written
 * - `service`, `federated`: a service's name, the ARN or name of an identity provider
 */
export interface PrincipalPattern {
  readonly type: 'any' | 'account' | 'arn' | 'service' | 'federated';
  /** Account number, ARN or name. Empty for `any`. */
  readonly value: string;
  readonly location: Location;
}

/** One key of one operator in a Condition block. All conditions of a statement must hold. */
export interface Condition {
  readonly operator: Operator;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  /** The condition key in lower case: names of keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly Pattern[];
  /** Place of the condition key. */
  readonly location: Location;
}

/** The condition operators that are judged, by the names of AWS. */
export type Operator =
  | 'StringEquals'
  | 'StringNotEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringNotEqualsIgnoreCase'
  | 'StringLike'
  | 'StringNotLike'
  | 'ArnEquals'
  | 'ArnNotEquals'
  | 'ArnLike'
  | 'ArnNotLike'
  | 'Bool'
  | 'Null';

/**
 * A text of a policy, taken apart. Wildcards and variables are parts only where they mean something: in values of
 * StringEquals, for example, `*` is a character like any other and stands in a `text` part.
 */
export interface Pattern {
  /** As written in the document. */
  readonly source: string;
  readonly parts: readonly Part[];
  readonly location: Location;
}

/**
 * - `text` stands for itself
 * - `any` (`*`) for any text, also none; `one` (`?`) for one character
 * - `variable` for the value of a context key (`key` in lower case, `name` as written), else for `fallback`
 */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'any' }
  | { readonly type: 'one' }
  | { readonly type: 'variable'; readonly key: string; readonly name: string; readonly fallback?: string };

/**
 * What a request says about itself, by condition key in lower case. A list is a key of several values, null one that
 * is not there. Whatever is not in the map is not there either, except for free keys (see keys.ts): one of those that
 * is not in the map is unknown.
 */
export type Context = ReadonlyMap<string, string | readonly string[] | null>;

/** A key and value of a tag. Keys are compared without regard to case, values with. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Who makes a request. */
export type Principal =
  /** A session of a role: `role` is the role's ARN, `session` that of the session (sts … assumed-role/name/session). */
  | { readonly type: 'session'; readonly role: string; readonly session: string; readonly account: string }
  | { readonly type: 'user'; readonly arn: string; readonly account: string }
  /** The root user of an account. */
  | { readonly type: 'root'; readonly account: string }
  /** An AWS service, such as pods.eks.amazonaws.com, on behalf of a resource in `account` if that is known. */
  | { readonly type: 'service'; readonly name: string }
  /** Somebody whom an identity provider vouches for; `provider` is the ARN of the provider in IAM. */
  | { readonly type: 'federated'; readonly provider: string };

/** One action on one resource by one principal. */
export interface Request {
  /** As AWS writes it: `secretsmanager:GetSecretValue`. */
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly principal: Principal;
  readonly context: Context;
  /** Condition keys, in lower case, of which AWS does not document whether or with what value this request has them. */
  readonly unclear?: ReadonlySet<string>;
}

/** The policies that decide a request. */
export interface Policies {
  /** Identity policies of the role or user, inline and managed. */
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  /** Session policies, passed when the role was assumed. One of them must allow too. */
  readonly session?: readonly Policy[];
  /** The resource's own policy; for sts:AssumeRole and its kin the trust policy, which every role has. */
  readonly resource?: Policy;
  /** Service control policies of the principal's account: one list for each level from the root to the account. */
  readonly scps?: readonly (readonly Policy[])[];
}

/**
 * IAM's decision.
 *
 * - `by` are the statements that made it: those that deny explicitly, or those that allow. Empty when nothing allows.
 * - `missing` says which kind of policy did not allow, when the reason is `implicit-deny`.
 * - `unknown`: AWS does not document what happens. It counts neither as allowed nor as denied.
 */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: 'allowed' | 'explicit-deny' | 'implicit-deny' | 'unknown';
  readonly by: readonly Statement[];
  readonly missing?: PolicyKind;
}

/** A role with all that decides who assumes it and what its sessions may do. */
export interface Role {
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly trust: Policy;
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  /** As in Policies. */
  readonly scps?: readonly (readonly Policy[])[];
}

/** A session of a role. */
export interface Session {
  readonly role: Role;
  readonly principal: Principal & { readonly type: 'session' };
  /** `aws:PrincipalTag/…` of its requests: session tags, and the role's tags whose keys they do not override. */
  readonly tags: readonly Tag[];
  /** Session tags that follow into the next session of a chain. */
  readonly transitive: readonly Tag[];
  readonly policies?: readonly Policy[];
}

/** What somebody passes who assumes a role. */
export interface Assumption {
  readonly sessionName: string;
  readonly tags: readonly Tag[];
  /** Keys among `tags` that shall follow into further sessions. */
  readonly transitiveTagKeys: readonly string[];
  readonly externalId?: string;
  /** Session policies. */
  readonly policies?: readonly Policy[];
}

/**
 * Who assumes a role.
 *
 * - a session: sts:AssumeRole
 * - a token of an OpenID Connect provider: sts:AssumeRoleWithWebIdentity. `provider` is the ARN of the provider in IAM,
 *   `subject` and `audience` are the token's `sub` and `aud`.
 * - EKS Pod Identity: sts:AssumeRole by the service pods.eks.amazonaws.com for the cluster with that ARN
 */
export type Caller =
  | { readonly type: 'session'; readonly session: Session }
  | {
      readonly type: 'webIdentity';
      readonly provider: string;
      readonly subject: string;
      readonly audience: string;
    }
  | { readonly type: 'podIdentity'; readonly clusterArn: string };

/** How an attempt to assume a role ended. A refusal names the action that was not allowed and why. */
export type Assumed =
  | { readonly session: Session }
  | {
      readonly session?: undefined;
      /** The action that IAM denied, or `parameters` when STS refuses what was passed before IAM is asked. */
      readonly refused: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity' | 'sts:TagSession' | 'parameters';
      readonly decision?: Decision;
      /** In words, for a finding. */
      readonly why: string;
    };
