import type { CaseCaller, CaseContext, ReadCase, Way } from '../counterexample.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Context, Decision, Part, Policies, Policy, Request, Session } from '../iam/model.ts';
import { policiesOf, type Resource, requestOf, tagContext } from '../iam/requests.ts';
import { matches } from '../witness/automaton.ts';

/** What Secrets Manager lets an identity read of one secret. */
export const readActions = [
  'secretsmanager:GetSecretValue',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecretVersionIds',
] as const;

/** What KMS lets an identity read with one key. */
export const decryptAction = 'kms:Decrypt';

/** One of each set of actions that the same statements are about: what holds for one of them holds for all. */
export function distinctActions(policies: readonly Policy[], actions: readonly string[]): string[] {
  const bySignature = new Map<string, string>();
  for (const action of actions) {
    const lower = action.toLowerCase();
    const signature = policies.flatMap(({ statements }) =>
      statements.map(({ actions: { values } }) =>
        values
          .map(({ parts }) => Number(matches({ parts: parts.filter(isPlain), ignoreCase: true }, lower)))
          .join(''),
      ),
    );
    const key = signature.map((answers) => Number(answers.includes('1'))).join('');
    if (!bySignature.has(key)) bySignature.set(key, action);
  }
  return [...bySignature.values()];
}

/** Actions hold no variables. */
function isPlain(part: Part): part is Exclude<Part, { type: 'variable' }> {
  return part.type !== 'variable';
}

/** A request of a session for a secret or a key, with further condition keys. */
export function resourceRequest(
  session: Session,
  action: string,
  resource: Resource,
  context: CaseContext,
): Request {
  const prefixes = action.startsWith('kms:')
    ? ['aws:resourcetag']
    : ['aws:resourcetag', 'secretsmanager:resourcetag'];
  const further = { known: new Map(Object.entries(context)), unclear: [] };
  return requestOf(session, action, resource.arn, [tagContext(prefixes, resource.tags), further]);
}

/** Whether a session may do something with a secret or a key. */
export function decide(session: Session, action: string, resource: Resource, context: CaseContext): Decision {
  const request = resourceRequest(session, action, resource, context);
  return evaluate(request, policiesOn(session, request));
}

/** What binds a request of a session. Keys of other accounts have policies of their own, which are taken to let it in. */
export function policiesOn(session: Session, { action, resourceAccount }: Request): Policies {
  const isForeignKey = action.startsWith('kms:') && resourceAccount !== session.principal.account;
  return { ...policiesOf(session), ...(isForeignKey && { resource: allowEverybody() }) };
}

/** Denied for certain. What AWS does not document counts as allowed wherever that would be the harm. */
export function isDenied(decision: Decision): boolean {
  return !decision.allowed && decision.reason !== 'unknown';
}

/** The context that a session's requests have, whatever they ask for. */
export function sessionContext(session: Session): Context {
  return requestOf(session, 'sts:GetCallerIdentity', '', []).context;
}

/** A counterexample about a read, as data. */
export function readCase(
  expected: ReadCase['expected'],
  session: Session,
  action: string,
  resource: Resource,
  further: { readonly context?: CaseContext; readonly way?: Way; readonly secret?: string } = {},
): ReadCase {
  const { context = {}, way, secret } = further;
  return {
    question: 'read',
    expected,
    role: session.role.arn,
    sessionTags: session.tags,
    ...(way && { way }),
    action,
    resource,
    ...(secret !== undefined && { secret }),
    context,
  };
}

/** Allows everything: the identity policy of callers of whom nothing is known. */
export function allowAll(): Policy {
  const location = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const everything = {
    not: false,
    values: [{ source: '*', parts: [{ type: 'any' as const }], location }],
    location,
  };
  return {
    file: '',
    kind: 'identity',
    statements: [{ effect: 'Allow', actions: everything, resources: everything, conditions: [], location }],
    location,
  };
}

/** Allows everything to everybody: the policy of a resource of which nothing is known. */
export function allowEverybody(): Policy {
  const { statements, location, file } = allowAll();
  const principals = [{ type: 'any' as const, value: '', location }];
  return { file, kind: 'resource', statements: statements.map((one) => ({ ...one, principals })), location };
}

/** A caller in words. */
export function callerName(caller: CaseCaller): string {
  if (caller.type === 'webIdentity')
    return `${caller.subject} (audience ${caller.audience}) of ${caller.provider}`;
  if (caller.type === 'podIdentity') return `EKS Pod Identity for ${caller.clusterArn}`;
  return caller.arn;
}
