import type { AdmissionCase, AssumeCase, Counterexample, ReadCase } from '../counterexample.ts';
import type { Cluster, Dist, Source, Store } from '../files/model.ts';
import { readDist } from '../files/read.ts';
import { tagWords } from '../findings.ts';
import { Admission } from '../guard/decide.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Decision, Session } from '../iam/model.ts';
import { decryptRequest } from '../iam/requests.ts';
import { Ways } from '../matrix/ways.ts';
import { attempt, outcome } from '../questions/assumptions.ts';
import { ours } from '../questions/failures.ts';
import { callerName, policiesOn, resourceRequest } from '../questions/requests.ts';
import { sessionWith } from '../questions/sessions.ts';
import { rolesFor } from './role-use.ts';

/** What happens when a counterexample is tried on dist. */
export interface Replay {
  /** Each step, and what allowed or denied it. */
  readonly steps: readonly string[];
  /** What the whole comes to, and what it should. */
  readonly outcome: 'allowed' | 'denied' | 'not documented' | 'not judged';
  readonly expected: Counterexample['expected'];
}

/** Evaluates one counterexample against dist, hop by hop. */
export function replay(sources: Iterable<Source>, counterexample: Counterexample): Replay {
  const { dist } = readDist(sources);
  if (counterexample.question === 'admission') return replayAdmission(dist, counterexample);
  return counterexample.question === 'read'
    ? replayRead(dist, counterexample)
    : replayAssume(dist, counterexample);
}

function replayAdmission({ clusters }: Dist, { cluster, expected, request }: AdmissionCase): Replay {
  const guard = clusters.find(({ name }) => name === cluster)?.guard;
  const { operation, kind, name, user } = request;
  const what = `${operation} of ${kind} ${name} by ${user.username} in cluster "${cluster}"`;
  const { refusals, problems } =
    guard === undefined ? { refusals: [], problems: [] } : new Admission(guard).decide(request);
  if (refusals.length > 0) {
    const by = [...new Set(refusals.map(({ policy }) => policy.name))].join(', ');
    return { steps: [`${what}: denied by ${by}`], outcome: 'denied', expected };
  }
  const [problem] = problems;
  if (problem === undefined) return { steps: [`${what}: allowed`], outcome: 'allowed', expected };
  return { steps: [`${what}: ${problem.why} in ${problem.policy.name}`], outcome: 'not judged', expected };
}

function replayAssume(
  dist: Dist,
  { role: arn, expected, caller, sessionTags: tags, ...rest }: AssumeCase,
): Replay {
  const role = dist.roles.get(arn)?.role;
  if (role === undefined) return notThere(arn, expected);
  const { transitiveTagKeys, externalId, sessionName = 'session', context } = rest;
  const id = externalId === undefined ? {} : { externalId };
  const decisions = attempt(role, { caller, tags, transitiveTagKeys, ...id, sessionName, context });
  const actions = [
    caller.type === 'webIdentity' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
    'sts:TagSession',
  ];
  const steps = decisions.map(
    (decision, index) =>
      `${actions[index]} on ${arn} by ${callerName(caller)} with ${tagWords(tags)}: ${words(decision)}`,
  );
  return { steps, outcome: outcomeOf(outcome(decisions)), expected };
}

function replayRead(dist: Dist, counterexample: ReadCase): Replay {
  const { role: arn, expected, sessionTags, way, action, resource, secret, context } = counterexample;
  const role = dist.roles.get(arn)?.role;
  if (role === undefined) return notThere(arn, expected);
  const steps: string[] = [];
  const session = way === undefined ? sessionWith(role, sessionTags) : walk(dist, counterexample, steps);
  if (session === undefined) return { steps, outcome: 'denied', expected };
  // What Secrets Manager says of itself and of the secret is the same in any request.
  const asked =
    secret === undefined ? [] : decryptRequest(session, { arn: secret, tags: [] }, resource).context;
  const request = resourceRequest(session, action, resource, { ...Object.fromEntries(asked), ...context });
  const decision = evaluate(request, policiesOn(session, request));
  steps.push(
    `${action} on ${resource.arn} with ${tagWords(resource.tags)} by a session of ${arn} with ${tagWords(session.tags)}: ${words(decision)}`,
  );
  return { steps, outcome: outcomeOf(decision), expected };
}

function walk(
  dist: Dist,
  { role, way, sessionTags, resource, secret }: ReadCase,
  steps: string[],
): Session | undefined {
  if (way === undefined) return undefined;
  const ways = new Ways(dist, rolesFor('controller', dist));
  const cluster: Cluster = dist.clusters.find(({ name }) => name === way.cluster) ?? {
    name: way.cluster,
    tenants: [],
  };
  const region = splitArn(secret ?? resource.arn)?.[3] ?? '';
  const hops = [...way.roleChain, role];
  let last: Session | undefined;
  steps.push(`cluster "${way.cluster}": the operator has ${way.controllerRole}`);
  for (const [index, hop] of hops.entries()) {
    const isLast = index === hops.length - 1;
    const store: Store = {
      name: '',
      region,
      role: hop,
      additionalRoles: hops.slice(0, index),
      ...(isLast && way.externalId !== undefined && { externalId: way.externalId }),
      sessionTags: isLast ? sessionTags : [],
      transitiveTagKeys: isLast ? (way.transitiveTagKeys ?? []) : [],
      place: { file: '', document: 0, path: [] },
    };
    const result = ways.sessionOf(cluster, store);
    const tags = isLast ? ` with ${tagWords(sessionTags)}` : '';
    steps.push(
      `assumes ${hop}${tags}: ${result.session === undefined ? `denied: ${result.why}` : 'allowed'}`,
    );
    last = result.session;
    if (last === undefined) return undefined;
  }
  return last;
}

function notThere(arn: string, expected: Counterexample['expected']): Replay {
  return { steps: [`role ${arn} is not in dist: denied`], outcome: 'denied', expected };
}

function outcomeOf({ allowed, reason }: Decision): Replay['outcome'] {
  if (reason === 'unknown') return 'not documented';
  return allowed ? 'allowed' : 'denied';
}

function words(decision: Decision): string {
  const places = ours(decision).map(
    ({ sid, location }) => `${location.file}:${location.start.line}${sid === undefined ? '' : ` (${sid})`}`,
  );
  const by = places.length === 0 ? '' : ` by ${[...new Set(places)].join(', ')}`;
  if (decision.reason === 'implicit-deny') return 'denied: no statement allows it';
  return decision.reason === 'unknown'
    ? `AWS does not document what happens${by}`
    : `${outcomeOf(decision)}${by}`;
}
