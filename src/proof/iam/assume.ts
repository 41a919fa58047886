import type { Assumed, Assumption, Caller, Role } from './model.ts';

/**
 * Whether a caller gets a session of a role, and which tags that session carries.
 *
 * Needs sts:AssumeRole (or sts:AssumeRoleWithWebIdentity) and, when tags are passed or inherited, sts:TagSession.
 */
export function assumeRole(caller: Caller, assumption: Assumption, role: Role): Assumed {
  throw new Error(`not assumed: ${caller.type} ${assumption.sessionName} ${role.arn}`);
}
