import { exactly, globsOf, type ValueTests, valueTests, withoutColon } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import type { Answer, CaseCaller, Failure } from '../counterexample.ts';
import type { Role } from '../iam/model.ts';
import type { Glob } from '../witness/automaton.ts';
import { type Attempt, assumeCase, attempt, outcome } from './assumptions.ts';
import { strangersAttempts } from './attempts.ts';
import { callersOf } from './callers.ts';
import { FailureList } from './failures.ts';
import { isDenied } from './requests.ts';
import { freeContexts } from './resources.ts';
import { placeOf } from './sessions.ts';

/** A controller role and which pods alone shall be able to get it. */
export interface ControllerQuestion {
  readonly role: Role;
  /** The operator's service accounts: `system:serviceaccount:<namespace>:<name>`. */
  readonly subjects: readonly string[];
  /** ARNs of the clusters that EKS Pod Identity may give the role in. */
  readonly podClusters: readonly string[];
}

/** `caller`: somebody else gets the role; `nobody`: no pod of the operator does, or none with tokens of one provider. */
export type ControllerFailure = 'caller' | 'nobody';

const audience = 'sts.amazonaws.com';

/**
 * Can anything but the operator's pods get a controller role? Any role or user, any token of the providers that the
 * trust policy names, any cluster of EKS Pod Identity, any other service; with any session tags, session name and external
 * id.
 *
 * @throws TooManyCases
 */
export function askAboutController(question: ControllerQuestion): Answer<ControllerFailure> {
  const { role, subjects, podClusters } = question;
  const tests = valueTests([role.trust]);
  const values = new CaseValues();
  const failures = new FailureList<ControllerFailure>();
  const isOperator = (caller: CaseCaller) =>
    (caller.type === 'webIdentity' && caller.audience === audience && subjects.includes(caller.subject)) ||
    (caller.type === 'podIdentity' && podClusters.includes(caller.clusterArn));
  let [count, anybody] = [0, false];
  const shutOut = new Set(subjects.length === 0 ? [] : providersOf(role));
  for (const caller of [...callersOf(role, [], tests, values), ...outsideCallers(question, tests, values)]) {
    const isRight = isOperator(caller);
    for (const one of isRight
      ? plainAttempts(caller, tests, values)
      : strangersAttempts(caller, role, tests, values)) {
      const decisions = attempt(role, one);
      count++;
      if (isRight && outcome(decisions).allowed) {
        anybody = true;
        if (caller.type === 'webIdentity') shutOut.delete(caller.provider);
      } else if (!isRight && !decisions.some(isDenied))
        failures.add({
          kind: 'caller',
          counterexample: assumeCase('denied', role, one),
          decision: outcome(decisions),
        });
    }
  }
  if (!anybody) failures.add(nobody(question));
  // Each is that of a cluster, whose operator would get no role.
  else for (const provider of shutOut) failures.add(nobody(question, provider));
  return { cases: count, failures: failures.all() };
}

const plain = { tags: [], transitiveTagKeys: [], sessionName: 'session' };

/** What a pod of the operator says when it asks for the role: neither tags nor an external id. */
function plainAttempts(caller: CaseCaller, tests: ValueTests, values: CaseValues): Attempt[] {
  return freeContexts(tests, new Map(), values).map((context) => ({ ...plain, caller, context }));
}

function nobody({ role, subjects, podClusters }: ControllerQuestion, shutOut?: string): Failure<'nobody'> {
  const [provider = ''] = shutOut === undefined ? providersOf(role) : [shutOut];
  const clusterArn = shutOut === undefined ? podClusters[0] : undefined;
  const caller: CaseCaller =
    clusterArn === undefined
      ? { type: 'webIdentity', provider, subject: subjects[0] ?? '', audience }
      : { type: 'podIdentity', clusterArn };
  const one = { ...plain, caller, context: {} };
  return {
    kind: 'nobody',
    counterexample: assumeCase('allowed', role, one),
    decision: outcome(attempt(role, one)),
  };
}

/** The identity providers that a trust policy names. */
export function providersOf(role: Role): string[] {
  const principals = role.trust.statements.flatMap((statement) => statement.principals ?? []);
  return [...new Set(principals.flatMap(({ type, value }) => (type === 'federated' ? [value] : [])))];
}

function* outsideCallers(
  question: ControllerQuestion,
  tests: ValueTests,
  values: CaseValues,
): Generator<CaseCaller> {
  const { role, subjects, podClusters } = question;
  for (const provider of providersOf(role)) {
    const [, address = ''] = /:oidc-provider\/(.*)$/s.exec(provider) ?? [];
    const claim = (name: string, asked: readonly string[], prefer: string) =>
      values.of(tests.get(`${address}:${name}`.toLowerCase()) ?? [], new Map(), asked.map(exactly), {
        prefer: [...asked, prefer],
      });
    for (const subject of claim('sub', subjects, 'system:serviceaccount:default:default'))
      for (const one of claim('aud', [audience], 'another-audience'))
        yield { type: 'webIdentity', provider, subject, audience: one };
  }
  const { partition, account } = placeOf(role);
  const prefer = [account, '999999999999'].map(
    (one) => `arn:${partition}:eks:us-west-2:${one}:cluster/another`,
  );
  const accounts = (tests.get('aws:sourceaccount') ?? []).flatMap((test) => globsOf(test, new Map()));
  const asked = [
    ...podClusters.map(exactly),
    inAccount({ parts: [text(account)] }),
    ...accounts.map(inAccount),
  ];
  const sources = tests.get('aws:sourcearn') ?? [];
  for (const clusterArn of values.of(sources, new Map(), asked, { domain: clusterDomain(partition), prefer }))
    yield { type: 'podIdentity', clusterArn };
}

const text = (value: string) => ({ type: 'text' as const, text: value });
const within = { type: 'any', withoutColon: true } as const;

/** The clusters of accounts. */
function inAccount({ parts, ignoreCase = false }: Glob): Glob {
  const before = [text('arn:'), within, text(':eks:'), within, text(':')];
  return { parts: [...before, ...parts.map(withoutColon), text(':'), { type: 'any' }], ignoreCase };
}

function clusterDomain(partition: string): Glob {
  const digit = { type: 'one', withoutColon: true } as const;
  return {
    parts: [
      text(`arn:${partition}:eks:`),
      { ...digit },
      within,
      text(':'),
      ...Array<typeof digit>(12).fill(digit),
      text(':cluster/'),
      { type: 'one' },
      { type: 'any' },
    ],
  };
}

/** Services other than EKS Pod Identity that a trust policy lets in. */
export function otherServicesIn(role: Role) {
  return role.trust.statements.flatMap((statement) =>
    (statement.principals ?? [])
      .filter(
        ({ type, value }) =>
          statement.effect === 'Allow' && type === 'service' && value !== 'pods.eks.amazonaws.com',
      )
      .map((principal) => ({ statement, principal })),
  );
}
