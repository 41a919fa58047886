import type { AdmissionRequest } from './guard/model.ts';
import type { Decision, Tag } from './iam/model.ts';

/** Values of condition keys, by key in lower case; null is a key that the request does not have. */
export type CaseContext = Readonly<Record<string, string | readonly string[] | null>>;

/** How a session of the access role came about, hop by hop. Absent where any session with these tags shows the case. */
export interface Way {
  readonly cluster: string;
  /** ARN of the role that the operator's pod has. */
  readonly controllerRole: string;
  /** ARNs of the roles between it and the access role. */
  readonly roleChain: readonly string[];
  readonly externalId?: string;
  readonly transitiveTagKeys?: readonly string[];
}

/** A session that asks for a secret, or for the key that a secret is encrypted with. */
export interface ReadCase {
  readonly question: 'read';
  /** What should have happened. */
  readonly expected: 'allowed' | 'denied';
  /** ARN of the role that the session is of. */
  readonly role: string;
  readonly sessionTags: readonly Tag[];
  readonly way?: Way;
  readonly action: string;
  /** The secret, or for kms:Decrypt the key. */
  readonly resource: { readonly arn: string; readonly tags: readonly Tag[] };
  /** For kms:Decrypt: the ARN of the secret that it is for. */
  readonly secret?: string;
  readonly context: CaseContext;
}

/** Somebody who tries to assume a role. */
export interface AssumeCase {
  readonly question: 'assume';
  readonly expected: 'allowed' | 'denied';
  /** ARN of the role that is to be assumed. */
  readonly role: string;
  readonly caller: CaseCaller;
  readonly sessionTags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly externalId?: string;
  /** `session` when absent. */
  readonly sessionName?: string;
  readonly context: CaseContext;
}

/** Who assumes a role: with every right that an identity policy can give, so that the trust policy alone decides. */
export type CaseCaller =
  | {
      readonly type: 'role' | 'user';
      readonly arn: string;
      readonly session?: string;
      readonly tags: readonly Tag[];
    }
  | {
      readonly type: 'webIdentity';
      readonly provider: string;
      readonly subject: string;
      readonly audience: string;
    }
  | { readonly type: 'podIdentity'; readonly clusterArn: string };

/** A request to the API server of a cluster. */
export interface AdmissionCase {
  readonly question: 'admission';
  readonly expected: 'allowed' | 'denied';
  readonly cluster: string;
  readonly request: AdmissionRequest;
}

/** A request to AWS that shows what is wrong. */
export type AwsCase = ReadCase | AssumeCase;

/** A request that shows what is wrong: `prove --replay` evaluates it again. */
export type Counterexample = AwsCase | AdmissionCase;

/** A counterexample with the decision that makes it one, and what is wrong in a word that a finding can be made of. */
export interface Failure<Kind extends string = string> {
  readonly kind: Kind;
  readonly counterexample: AwsCase;
  readonly decision: Decision;
}

/** What a question found: how many cases it looked at, and for each kind of failure the first one. */
export interface Answer<Kind extends string = string> {
  readonly cases: number;
  readonly failures: readonly Failure<Kind>[];
}
