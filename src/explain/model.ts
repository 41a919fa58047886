import type { Location } from '../findings/finding.ts';
import type { Tag } from '../proof/iam/model.ts';

/** Why a service may or may not read a secret, hop by hop. */
export interface Explanation {
  readonly service: string;
  readonly cluster: string;
  readonly namespace: string;
  /** The SecretStore whose way is explained. */
  readonly store: string;
  readonly secret: { readonly name: string; readonly account: string; readonly region: string };
  /** The evaluator's decision, the same as that of the proof. */
  readonly allowed: boolean;
  /** Whether the namespace's labels let it claim the identity that owns the secret. */
  readonly meant: boolean;
  /** Whether an ExternalSecret of the service asks for it. */
  readonly asked: boolean;
  readonly steps: readonly Step[];
  /** The lines of the input that make it so; empty when the input is not at hand. */
  readonly input: readonly InputLine[];
}

/**
 * One hop.
 *
 * - `ok`: it lets through
 * - `denied`: here it ends
 * - `skipped`: it was never asked, because an earlier hop ended it
 * - `warning`: it lets through, and should not
 */
export interface Step {
  readonly hop: 'namespace' | 'store' | 'operator' | 'role' | 'accessRole' | 'policy' | 'secret' | 'key';
  readonly name: string;
  readonly verdict: 'ok' | 'denied' | 'skipped' | 'warning';
  /** In words. */
  readonly notes: readonly string[];
  readonly tags: readonly Tag[];
  /** File of dist. */
  readonly location?: Location;
  /** The statements that decide; for a denial those that come closest to allowing. */
  readonly statements: readonly JudgedStatement[];
}

/** A statement with what a request makes of its conditions. */
export interface JudgedStatement {
  /** Sid, or the number of the statement. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly location: Location;
  readonly conditions: readonly Comparison[];
}

/** A condition with its two values. */
export interface Comparison {
  /** As the document writes it. */
  readonly key: string;
  readonly operator: string;
  /** What the request has; absent when it has no such key. */
  readonly request?: string | readonly string[];
  /** What the policy wants, with variables filled in; `null` for a variable that has no value. */
  readonly wanted: readonly (string | null)[];
  /** The same as the document writes it. */
  readonly written: readonly string[];
  /** Absent when AWS does not document it. */
  readonly holds?: boolean;
}

/** A line of the input. */
export interface InputLine {
  readonly location: Location;
  readonly text: string;
  /** What the line says, in a few words. */
  readonly what: string;
}
