import type { Finding } from '../../findings/finding.ts';
import type { JsonNode } from '../json/node.ts';
import type { Policy, PolicyKind } from './model.ts';

/** A policy, or all that is wrong with it or not understood. Never both: what has findings is not judged. */
export type ReadPolicy =
  | { readonly policy: Policy; readonly findings: readonly [] }
  | { readonly policy?: undefined; readonly findings: readonly Finding[] };

/**
 * Reads a policy document.
 *
 * @returns the policy, or findings of the rules `policy-syntax` (AWS would refuse it) and `policy-unknown` (we do not
 *   know what it means, so nothing is said about it)
 */
export function readPolicy(file: string, text: string, kind: PolicyKind): ReadPolicy {
  throw new Error(`not read: ${file} ${text.length} ${kind}`);
}

/** The same for a document that stands inside another one, such as a CloudFormation template. */
export function policyFrom(node: JsonNode, kind: PolicyKind): ReadPolicy {
  throw new Error(`not read: ${node.type} ${kind}`);
}
