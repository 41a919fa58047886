import { assumeRole, decideSts, type StsAction, stsRequest } from '../proof/iam/assume.ts';
import type { Caller, Decision, Policy, Request } from '../proof/iam/model.ts';
import { policiesOf } from '../proof/iam/requests.ts';
import type { WayHop, WayResult } from '../proof/matrix/ways.ts';
import type { SourceMap } from './dist-access.ts';
import type { Step } from './model.ts';
import { decidingStatements } from './statements.ts';

/** The roles on the way of a store, each with who assumes it and which statement of its trust policy lets it. */
export function roleSteps(way: WayResult, accessRole: string, sources: SourceMap): Step[] {
  const steps = way.hops.map((hop) => roleStep(hop, accessRole, sources));
  const isStartKnown = way.hops[0] !== undefined && way.hops[0].caller.type !== 'session';
  const start = way.session === undefined ? undefined : way.controllerRole;
  const known = isStartKnown || start === undefined ? [] : [assumedStart(start)];
  // A way may end before any hop: the role is not in dist, or nobody can be the operator.
  const isEnded = way.session === undefined && steps.every(({ verdict }) => verdict === 'ok');
  const end: Step[] = isEnded
    ? [{ ...plain('accessRole', accessRole), verdict: 'denied', notes: [way.why] }]
    : [];
  return [...known, ...steps, ...end];
}

function plain(hop: Step['hop'], name: string): Step {
  return { hop, name, verdict: 'ok', notes: [], tags: [], statements: [] };
}

function assumedStart(role: string): Step {
  return { ...plain('operator', role), notes: ['taken for granted: no file says how the operator gets it'] };
}

interface Asked {
  readonly action: StsAction;
  readonly request: Request;
  readonly decision: Decision;
}

function roleStep({ caller, assumption, role }: WayHop, accessRole: string, sources: SourceMap): Step {
  const asked: Asked[] = [];
  const assumed = assumeRole(caller, assumption, role, (...question) => {
    const [who, action, what, which] = question;
    const decision = decideSts(...question);
    asked.push({ action, request: stsRequest(who, action, what, which), decision });
    return decision;
  });
  const hop = role.arn === accessRole ? 'accessRole' : caller.type === 'session' ? 'role' : 'operator';
  const isOk = assumed.session !== undefined;
  const shown = isOk ? asked.slice(0, 1) : asked.slice(-1);
  const isOfParameters = !isOk && assumed.refused === 'parameters';
  return {
    ...plain(hop, role.arn),
    verdict: isOk ? 'ok' : 'denied',
    notes: [callerWords(caller), ...(isOk ? [] : [assumed.why])],
    tags: assumed.session?.tags ?? [],
    location: role.trust.location,
    statements: isOfParameters
      ? []
      : shown.flatMap(({ request, decision }) =>
          decidingStatements(decision, request, policiesFor(decision, caller, role.trust), sources),
        ),
  };
}

/** Where the statement that allows is looked for. */
function policiesFor({ missing }: Decision, caller: Caller, trust: Policy): readonly Policy[] {
  if (caller.type !== 'session' || missing === undefined || missing === 'trust') return [trust];
  const { identity, boundary, session = [] } = policiesOf(caller.session);
  if (missing === 'boundary') return boundary === undefined ? [] : [boundary];
  return missing === 'session' ? session : identity;
}

function callerWords(caller: Caller): string {
  if (caller.type === 'webIdentity') return `by IRSA, as ${caller.subject}`;
  if (caller.type === 'podIdentity') return `by EKS Pod Identity, for ${caller.clusterArn}`;
  return `assumed by ${caller.session.role.arn}`;
}
