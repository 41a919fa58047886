import type { Principal, PrincipalPattern } from './model.ts';

/**
 * How a statement of a trust or resource policy names whoever makes a request.
 *
 * - `session`: by the ARN of the very session, or of the user
 * - `role`: by the ARN of the role that the session is of
 * - `everyone`: by `*`
 * - `account`: by the account, which leaves the decision to the account's identity policies
 * - `other`: by the name of the service or of the identity provider
 *
 * Source: IAM User Guide, "AWS JSON policy elements: Principal". Names in ARNs count with case.
 */
export type Naming = 'session' | 'role' | 'everyone' | 'account' | 'other';

/** The ways in which these patterns name a principal. None when the statement is not about it. */
export function namings(patterns: readonly PrincipalPattern[], principal: Principal): ReadonlySet<Naming> {
  return new Set(
    patterns.map((pattern) => namingOf(pattern, principal)).filter((naming) => naming !== undefined),
  );
}

function namingOf(pattern: PrincipalPattern, principal: Principal): Naming | undefined {
  if (pattern.type === 'any') return 'everyone';
  if (principal.type === 'service') {
    return pattern.type === 'service' && pattern.value === principal.name ? 'other' : undefined;
  }
  if (principal.type === 'federated') {
    return pattern.type === 'federated' && pattern.value === principal.provider ? 'other' : undefined;
  }
  if (pattern.type === 'account') return pattern.value === principal.account ? 'account' : undefined;
  if (pattern.type !== 'arn' || principal.type === 'root') return undefined;
  if (principal.type === 'user') return pattern.value === principal.arn ? 'session' : undefined;
  if (pattern.value === principal.session) return 'session';
  return pattern.value === principal.role ? 'role' : undefined;
}
