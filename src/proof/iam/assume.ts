import { accountOf, splitArn } from './arn.ts';
import { evaluate } from './evaluate.ts';
import type {
  Assumed,
  Assumption,
  Caller,
  Decision,
  Policies,
  Request,
  Role,
  Session,
  Tag,
} from './model.ts';
import { type ContextPart, joinContext, policiesOf, requestOf, tagContext } from './requests.ts';
import { sessionTagProblem, sessionTags } from './session-tags.ts';

/** An action that STS asks the policies about. */
export type StsAction = 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity' | 'sts:TagSession';

/**
 * Whether a caller gets a session of a role, and which tags that session carries.
 *
 * Needs sts:AssumeRole (or sts:AssumeRoleWithWebIdentity) and, when tags are passed or inherited, sts:TagSession; each by
 * the trust policy and, unless that names the caller itself, by the caller's policies.
 *
 * Source: IAM User Guide, "Pass session tags in AWS STS"; STS API Reference, AssumeRole.
 *
 * @param decide asks the policies; whoever knows the answer already may give it instead
 */
export function assumeRole(
  caller: Caller,
  assumption: Assumption,
  role: Role,
  decide: Decide = decideSts,
): Assumed {
  const inherited = caller.type === 'session' ? caller.session.transitive : [];
  const problem = parameterProblem(assumption) ?? sessionTagProblem(assumption, inherited);
  if (problem !== undefined) return { refused: 'parameters', why: `STS refuses ${problem}` };
  for (const action of actionsOf(caller, assumption, inherited)) {
    const decision = decide(caller, action, assumption, role);
    if (!decision.allowed) return { refused: action, decision, why: wordsFor(action, decision, role) };
  }
  return { session: sessionOf(assumption, inherited, role) };
}

/** Whether policies allow one of the actions that a caller needs to assume a role. */
export type Decide = (caller: Caller, action: StsAction, assumption: Assumption, role: Role) => Decision;

/** Asks the evaluator. */
export const decideSts: Decide = (caller, action, assumption, role) =>
  evaluate(stsRequest(caller, action, assumption, role), stsPolicies(caller, role));

/** Limits of the parameters of AssumeRole, from the STS API Reference. */
function parameterProblem({ sessionName, externalId }: Assumption): string | undefined {
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) return `the session name "${sessionName}"`;
  if (externalId === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(externalId)) return undefined;
  return `the external id "${externalId}"`;
}

function actionsOf(caller: Caller, { tags }: Assumption, inherited: readonly Tag[]): StsAction[] {
  const first = caller.type === 'webIdentity' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
  return tags.length + inherited.length > 0 ? [first, 'sts:TagSession'] : [first];
}

/** What the caller asks of STS, for one of the actions that it needs. */
export function stsRequest(caller: Caller, action: StsAction, assumption: Assumption, role: Role): Request {
  const parts = [assumptionContext(action, assumption), roleContext(role)];
  if (caller.type === 'session') {
    return requestOf(caller.session, action, role.arn, [...parts, inheritedContext(caller.session)]);
  }
  const resourceAccount = accountOf(role.arn) ?? '';
  const place: ContextPart = {
    known: new Map([['aws:resourceaccount', resourceAccount]]),
    unclear: ['aws:requestedregion'],
  };
  const outside =
    caller.type === 'webIdentity' ? tokenContext(caller) : podIdentityContext(caller.clusterArn);
  const context = joinContext([...parts, place, outside]);
  const principal =
    caller.type === 'webIdentity'
      ? ({ type: 'federated', provider: caller.provider } as const)
      : ({ type: 'service', name: podIdentityService } as const);
  return { action, resource: role.arn, resourceAccount, principal, ...context };
}

function stsPolicies(caller: Caller, role: Role): Policies {
  if (caller.type !== 'session') return { identity: [], resource: role.trust };
  return { ...policiesOf(caller.session), resource: role.trust };
}

/** sts:ExternalId and sts:RoleSessionName are documented for sts:AssumeRole and not for sts:TagSession. */
function assumptionContext(action: StsAction, assumption: Assumption): ContextPart {
  const { tags, transitiveTagKeys, externalId, sessionName } = assumption;
  const known = new Map(tagContext(['aws:requesttag'], tags).known);
  known.set('sts:rolesessionname', sessionName);
  if (tags.length > 0)
    known.set(
      'aws:tagkeys',
      tags.map(({ key }) => key),
    );
  if (transitiveTagKeys.length > 0) known.set('sts:transitivetagkeys', transitiveTagKeys);
  if (externalId !== undefined) known.set('sts:externalid', externalId);
  const unclear = ['sts:rolesessionname', ...(externalId === undefined ? [] : ['sts:externalid'])];
  return { known, unclear: action === 'sts:TagSession' ? unclear : [] };
}

function roleContext({ tags }: Role): ContextPart {
  return tagContext(['aws:resourcetag', 'iam:resourcetag'], tags);
}

/** Whether inherited tags count as tags of the request is not documented. */
function inheritedContext({ transitive }: Session): ContextPart {
  if (transitive.length === 0) return { known: new Map(), unclear: [] };
  const tags = transitive.map(({ key }) => `aws:requesttag/${key.toLowerCase()}`);
  return { known: new Map(), unclear: ['aws:tagkeys', 'sts:transitivetagkeys', ...tags] };
}

const principalKeys = ['aws:principalarn', 'aws:principalaccount', 'aws:principaltype'];

/**
 * Source: IAM User Guide, "IAM and AWS STS condition context keys", on keys for OIDC federation: the provider's address
 * without https://, a colon, and the name of the claim.
 */
function tokenContext(caller: Caller & { readonly type: 'webIdentity' }): ContextPart {
  const [, address = ''] = /:oidc-provider\/(.*)$/s.exec(caller.provider) ?? [];
  const known: [string, string][] = [
    ['aws:federatedprovider', caller.provider],
    [`${address.toLowerCase()}:sub`, caller.subject],
    [`${address.toLowerCase()}:aud`, caller.audience],
  ];
  return { known: new Map(known), unclear: principalKeys };
}

const podIdentityService = 'pods.eks.amazonaws.com';

/** A service that calls on behalf of a resource says which (IAM User Guide, "The confused deputy problem"). */
function podIdentityContext(clusterArn: string): ContextPart {
  const known: [string, string][] = [
    ['aws:sourcearn', clusterArn],
    ['aws:sourceaccount', accountOf(clusterArn) ?? ''],
    ['aws:principalisawsservice', 'true'],
    ['aws:principalservicename', podIdentityService],
  ];
  return { known: new Map(known), unclear: principalKeys };
}

function sessionOf(assumption: Assumption, inherited: readonly Tag[], role: Role): Session {
  const [, partition = '', , , account = '', resource = ''] = splitArn(role.arn) ?? [];
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const session = `arn:${partition}:sts::${account}:assumed-role/${name}/${assumption.sessionName}`;
  return {
    role,
    principal: { type: 'session', role: role.arn, session, account },
    ...sessionTags(assumption, inherited, role.tags),
    ...(assumption.policies && { policies: assumption.policies }),
  };
}

function wordsFor(action: StsAction, decision: Decision, role: Role): string {
  const what = `${action} on ${role.arn}`;
  if (decision.reason === 'explicit-deny') return `${what} is denied by a statement`;
  if (decision.reason === 'unknown') return `AWS does not document whether ${what} is allowed here`;
  return `${what} is not allowed by the ${policyWords[decision.missing ?? 'identity']}`;
}

const policyWords = {
  identity: "caller's policies",
  trust: "role's trust policy",
  resource: "role's trust policy",
  boundary: "caller's permissions boundary",
  session: "caller's session policies",
  scp: "service control policies of the caller's account",
} as const;
