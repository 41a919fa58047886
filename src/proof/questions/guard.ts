import { resourceTests, valueTests } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Decision, Policy, Role } from '../iam/model.ts';
import { requestOf, tagContext } from '../iam/requests.ts';
import { callersOf } from './callers.ts';
import { allowAll } from './requests.ts';
import { arnValues, freeContexts } from './resources.ts';
import { sessionWith } from './sessions.ts';

/** A guard on the tags that decide who reads, in one account. */
export interface GuardQuestion {
  readonly guard: Policy;
  readonly account: string;
  readonly partition: string;
  readonly tagKeys: readonly string[];
  /** Whether keys are chosen by their tags, so that those of keys have to be guarded too. */
  readonly kmsByTag: boolean;
}

/** Somebody who is no administrator and may still change a tag. */
export interface Unguarded {
  readonly principal: string;
  readonly action: string;
  readonly tagKeys: readonly string[];
  readonly decision: Decision;
}

/** What a guard found: how many cases it was asked about, and whom it lets through. */
export interface GuardAnswer {
  readonly cases: number;
  readonly unguarded: readonly Unguarded[];
}

/**
 * Can anybody but the administrators that the guard itself names change one of the tags, or the policy of a secret that
 * carries them? Any role or user, alone with the tag or with others, its key in any case.
 *
 * @throws TooManyCases
 */
export function askAboutGuard(question: GuardQuestion): GuardAnswer {
  const { guard, account, partition } = question;
  const tests = valueTests([guard]);
  const values = new CaseValues();
  const none: Policy = { ...guard, kind: 'trust', statements: [] };
  const home: Role = {
    arn: `arn:${partition}:iam::${account}:role/any`,
    tags: [],
    trust: none,
    identity: [],
  };
  const unguarded = new Map<string, Unguarded>();
  const admins = administratorsIn(guard);
  const arnsOf = (service: string, prefix: string) =>
    arnValues(home, service, prefix, resourceTests([guard]), tests, new Map(), values);
  const changes = changesOf(question, arnsOf('secretsmanager', 'secret:'), arnsOf('kms', 'key/'));
  let cases = 0;
  for (const { arn } of callersOf(home, admins, tests, values)) {
    if (admins.has(arn)) continue;
    const session = sessionWith({ ...home, arn, identity: [allowAll()] }, []);
    for (const change of changes) {
      for (const context of freeContexts(tests, new Map(), values)) {
        cases++;
        const { action, resource, tagKeys, tags } = change;
        const further = new Map([
          ...Object.entries(context),
          ...(tagKeys.length > 0 ? [['aws:tagkeys', tagKeys] as const] : []),
        ]);
        const request = requestOf(session, action, resource, [
          tagContext(['aws:resourcetag', 'secretsmanager:resourcetag'], tags),
          { known: further, unclear: [] },
        ]);
        const decision = evaluate(request, { identity: [allowAll()], scps: [[allowAll(), guard]] });
        if (decision.reason === 'explicit-deny' || unguarded.has(action)) continue;
        unguarded.set(action, { principal: arn, action, tagKeys, decision });
      }
    }
  }
  return { cases, unguarded: [...unguarded.values()] };
}

/** The roles and users that a guard spares, where it writes them without a wildcard. */
export function administratorsIn(guard: Policy): Set<string> {
  const conditions = guard.statements.flatMap((statement) => statement.conditions);
  const sparing = conditions.filter(
    ({ key, operator }) => key === 'aws:principalarn' && operator.includes('Not'),
  );
  const patterns = sparing.flatMap((condition) => condition.values);
  const plain = patterns.filter(({ parts }) => parts.every(({ type }) => type === 'text'));
  return new Set(plain.map(({ source }) => source).filter((arn) => splitArn(arn) !== undefined));
}

interface Change {
  readonly action: string;
  readonly resource: string;
  readonly tagKeys: readonly string[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

function changesOf(
  { account, partition, tagKeys, kmsByTag }: GuardQuestion,
  secrets: readonly string[],
  keys: readonly string[],
): Change[] {
  const tags = tagKeys.map((one) => ({ key: one, value: 'payments' }));
  const on = (arns: readonly string[], ...actions: readonly string[]) =>
    actions.flatMap((action) => arns.map((resource) => ({ action, resource })));
  const tagging = [
    ...on(
      secrets,
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
      'secretsmanager:CreateSecret',
    ),
    ...(kmsByTag
      ? [
          ...on(keys, 'kms:TagResource', 'kms:UntagResource'),
          ...on([`arn:${partition}:kms:us-west-2:${account}:*`], 'kms:CreateKey'),
        ]
      : []),
  ];
  const keySets = tagKeys.flatMap((one) => [
    [one],
    [one, 'another-tag'],
    [one.toUpperCase()],
    ['another-tag', one.toLowerCase()],
  ]);
  return [
    ...tagging.flatMap((one) => keySets.map((set) => ({ ...one, tagKeys: set, tags: [] }))),
    ...on(secrets, 'secretsmanager:PutResourcePolicy').map((one) => ({ ...one, tagKeys: [], tags })),
  ];
}
