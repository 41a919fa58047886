import type { AssumeCase, CaseCaller, CaseContext } from '../counterexample.ts';
import { accountOf } from '../iam/arn.ts';
import { stsRequest } from '../iam/assume.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Assumption, Caller, Decision, Request, Role, Tag } from '../iam/model.ts';
import { allowAll, isDenied } from './requests.ts';
import { sessionWith } from './sessions.ts';

/** An attempt to assume a role, as a case: who, with what, and what the request says besides. */
export interface Attempt {
  readonly caller: CaseCaller;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly externalId?: string;
  readonly sessionName: string;
  readonly context: CaseContext;
}

/**
 * Whether the trust policy lets somebody assume a role, whose own policies allow everything: the decisions on the
 * actions that it takes, up to the first that is denied.
 */
export function attempt(role: Role, { caller, context, ...rest }: Attempt): Decision[] {
  const assumption: Assumption = rest;
  const first = caller.type === 'webIdentity' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
  const actions = rest.tags.length > 0 ? ([first, 'sts:TagSession'] as const) : ([first] as const);
  const decisions: Decision[] = [];
  for (const action of actions) {
    const request = stsRequest(callerOf(caller), action, assumption, role);
    const further = new Map([...request.context, ...Object.entries(context)]);
    const policies = { identity: [allowAll()], resource: role.trust };
    const decision = evaluate(asPrincipal({ ...request, context: further }, caller), policies);
    decisions.push(decision);
    if (isDenied(decision)) break;
  }
  return decisions;
}

/** The request of somebody who passes these session tags, all of them to be passed on. */
export function tagRequest(role: Role, caller: CaseCaller, tags: readonly Tag[]): Request {
  const assumption = { sessionName: 'session', tags, transitiveTagKeys: tags.map(({ key }) => key) };
  return stsRequest(callerOf(caller), 'sts:TagSession', assumption, role);
}

/** The decision that an attempt fails by: what denies it, else what AWS does not document; else the last one. */
export function outcome(decisions: readonly Decision[]): Decision {
  const last = decisions.at(-1) as Decision;
  return isDenied(last) ? last : (decisions.find(({ allowed }) => !allowed) ?? last);
}

function callerOf(caller: CaseCaller): Caller {
  if (caller.type === 'webIdentity' || caller.type === 'podIdentity') return caller;
  const trust = { file: '', kind: 'trust' as const, statements: [], location: allowAll().location };
  const role = { arn: caller.arn, tags: [], trust, identity: [allowAll()] };
  return { type: 'session', session: sessionWith(role, caller.tags) };
}

/** The same request by a user, or by the session that a caller is, in place of that of a role. */
export function asPrincipal(request: Request, caller: CaseCaller): Request {
  if (caller.type !== 'role' && caller.type !== 'user') return request;
  if (caller.type === 'user') {
    const account = accountOf(caller.arn) ?? '';
    const context = new Map([...request.context, ['aws:principaltype', 'User'] as const]);
    return { ...request, context, principal: { type: 'user', arn: caller.arn, account } };
  }
  if (caller.session === undefined || request.principal.type !== 'session') return request;
  return { ...request, principal: { ...request.principal, session: caller.session } };
}

/** An attempt as data. */
export function assumeCase(expected: AssumeCase['expected'], role: Role, attempt: Attempt): AssumeCase {
  const { caller, tags, transitiveTagKeys, externalId, sessionName, context } = attempt;
  return {
    question: 'assume',
    expected,
    role: role.arn,
    caller,
    sessionTags: tags,
    transitiveTagKeys,
    ...(externalId !== undefined && { externalId }),
    ...(sessionName !== 'session' && { sessionName }),
    context,
  };
}
