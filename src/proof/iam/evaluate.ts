import { accountOf } from './arn.ts';
import { type Match, matchesIn } from './match.ts';
import type { Decision, Policies, PolicyKind, Request, Statement } from './model.ts';
import type { Naming } from './principals.ts';

/**
 * Whether IAM allows a request under these policies, and which statements decide it.
 *
 * Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access", "Policy
 * evaluation for requests within a single account" and "Cross-account policy evaluation logic"; for trust policies also
 * "Granting a user permissions to switch roles". In short:
 *
 * - A Deny in any policy wins. Each level of service control policies has to allow.
 * - In one account, an Allow of the identity policies or of the resource's policy is enough. Role trust policies and key
 *   policies are different: they have to allow, either the principal itself, which is enough, or its account, which
 *   leaves it to the identity policies. A key without a policy in sight is taken to leave it to them.
 * - Between accounts, both sides have to allow.
 * - A permissions boundary and session policies have to allow too, unless the resource's policy of the same account
 *   names the session or the user itself, or everyone (the page on `Principal` says so of everyone).
 * - Where the outcome hangs on something that AWS does not document, the reason is `unknown`.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const found = findMatches(request, policies);
  if (allMatches(found).every(({ certain }) => certain)) return decide(request, found);
  const most = decide(request, assume(found, 'Allow'));
  const least = decide(request, assume(found, 'Deny'));
  if (most.reason === least.reason) return least;
  const doubtful = allMatches(found).filter(({ certain }) => !certain);
  // An explicit deny and an implicit one are both a no, and that much is known.
  if (!most.allowed && !least.allowed) return most;
  return { allowed: false, reason: 'unknown', by: doubtful.map(({ statement }) => statement) };
}

/** What applies to a request, by the kind of policy it stands in. Undefined where there is no policy of that kind. */
interface Found {
  readonly identity: readonly Match[];
  readonly boundary: readonly Match[] | undefined;
  readonly session: readonly Match[] | undefined;
  readonly resource: readonly Match[] | undefined;
  readonly scps: readonly (readonly Match[])[];
}

function findMatches(request: Request, policies: Policies): Found {
  const { boundary, resource, session, scps = [] } = policies;
  const common = { resource: resource && matchesIn(resource, request) };
  // Services and users of identity providers come from outside: no account's policies are about them.
  const { type } = request.principal;
  if (type === 'service' || type === 'federated') {
    return { identity: [], boundary: undefined, session: undefined, scps: [], ...common };
  }
  return {
    ...common,
    identity: policies.identity.flatMap((policy) => matchesIn(policy, request)),
    boundary: boundary && matchesIn(boundary, request),
    session: session?.flatMap((policy) => matchesIn(policy, request)),
    scps: scps.map((level) => level.flatMap((policy) => matchesIn(policy, request))),
  };
}

function allMatches({ identity, boundary = [], session = [], resource = [], scps }: Found): Match[] {
  return [...scps.flat(), ...resource, ...boundary, ...session, ...identity];
}

/** The case in which doubtful statements of one effect apply, and those of the other do not. */
function assume(found: Found, effect: Statement['effect']): Found {
  const keep = (matches: readonly Match[]) =>
    matches.filter(({ certain, statement }) => certain || statement.effect === effect);
  return {
    identity: keep(found.identity),
    boundary: found.boundary && keep(found.boundary),
    session: found.session && keep(found.session),
    resource: found.resource && keep(found.resource),
    scps: found.scps.map(keep),
  };
}

function decide(request: Request, found: Found): Decision {
  const denying = allMatches(found).filter(({ statement }) => statement.effect === 'Deny');
  if (denying.length > 0) return { allowed: false, reason: 'explicit-deny', by: statementsOf(denying) };
  if (found.scps.some((level) => level.length === 0)) return missing('scp');
  const { principal } = request;
  if (principal.type === 'service' || principal.type === 'federated') {
    if (isForeignProvider(request) || !found.resource?.length) return missing(resourceKind(request));
    return allowed(found.resource);
  }
  const isSameAccount = principal.account === request.resourceAccount;
  return isSameAccount ? decideWithin(request, found) : decideAcross(request, found);
}

/** STS looks for an identity provider in the account of the role, and nowhere else. */
function isForeignProvider({ principal, resourceAccount }: Request): boolean {
  if (principal.type !== 'federated') return false;
  const account = accountOf(principal.provider);
  return account !== undefined && account !== resourceAccount;
}

/** Only Allow statements are left by now. */
function decideWithin(request: Request, found: Found): Decision {
  const itself = namedAs(found.resource, 'session', 'everyone');
  if (itself.length > 0) return allowed(itself);
  if (found.boundary?.length === 0) return missing('boundary');
  if (found.session?.length === 0) return missing('session');
  const role = namedAs(found.resource, 'role');
  if (role.length > 0) return allowed(role);
  const account = namedAs(found.resource, 'account');
  if (needsResource(request, found) && account.length === 0) return missing(resourceKind(request));
  if (!identityAllows(request, found)) return missing('identity');
  return allowed([...account, ...found.identity]);
}

function decideAcross(request: Request, found: Found): Decision {
  if (!found.resource?.length) return missing(resourceKind(request));
  if (found.boundary?.length === 0) return missing('boundary');
  if (found.session?.length === 0) return missing('session');
  if (!identityAllows(request, found)) return missing('identity');
  return allowed([...found.resource, ...found.identity]);
}

/** The root user may do everything in its account, except that it cannot assume roles (STS API, AssumeRole). */
function identityAllows({ principal, action }: Request, found: Found): boolean {
  return principal.type === 'root' ? !isOfSts(action) : found.identity.length > 0;
}

function needsResource({ action }: Request, found: Found): boolean {
  const isOfKms = action.toLowerCase().startsWith('kms:');
  return isOfSts(action) || (isOfKms && found.resource !== undefined);
}

function isOfSts(action: string): boolean {
  return action.toLowerCase().startsWith('sts:');
}

function resourceKind({ action }: Request): PolicyKind {
  return isOfSts(action) ? 'trust' : 'resource';
}

function namedAs(matches: readonly Match[] | undefined, ...as: readonly Naming[]): Match[] {
  return (matches ?? []).filter(({ namings }) => as.some((naming) => namings.has(naming)));
}

function allowed(by: readonly Match[]): Decision {
  return { allowed: true, reason: 'allowed', by: statementsOf(by) };
}

function missing(kind: PolicyKind): Decision {
  return { allowed: false, reason: 'implicit-deny', by: [], missing: kind };
}

function statementsOf(matches: readonly Match[]): Statement[] {
  return matches.map(({ statement }) => statement);
}
