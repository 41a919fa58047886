import { resourceTests, valueTests } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Decision, Policy, Role } from '../iam/model.ts';
import { identitiesOf } from './callers.ts';
import { allowAll } from './requests.ts';
import { arnValues, freeContexts } from './resources.ts';
import { sessionWith } from './sessions.ts';
import { changeRequest, changesOf, tagsOfChange } from './tag-changes.ts';

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
 * carries them? Any role, user, session of a user or root user, with any tags, with any in the request, their keys in any
 * case, whatever the tags' values and the other tags of the secret or key.
 *
 * @throws TooManyCases
 */
export function askAboutGuard(question: GuardQuestion): GuardAnswer {
  const { guard, account, partition, tagKeys, kmsByTag } = question;
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
  const changes = changesOf(
    arnsOf('secretsmanager', 'secret:'),
    kmsByTag ? arnsOf('kms', 'key/') : undefined,
  );
  const contexts = freeContexts(tests, new Map(), values);
  const policies = { identity: [allowAll()], scps: [[allowAll(), guard]] };
  let cases = 0;
  for (const { arn, type, tags: own } of identitiesOf(home, admins, tests, values)) {
    if (admins.has(arn)) continue;
    const session = sessionWith({ ...home, arn }, own);
    for (const change of changes) {
      const { action } = change;
      for (const tags of tagsOfChange(change, guard, tagKeys, session, values)) {
        const request = changeRequest(session, change, tags);
        for (const free of contexts) {
          cases++;
          const context = new Map([...request.context, ['aws:principaltype', type], ...Object.entries(free)]);
          const decision = evaluate({ ...request, context }, policies);
          if (decision.reason === 'explicit-deny' || unguarded.has(action)) continue;
          const keys = tags.request.map(({ key }) => key);
          unguarded.set(action, { principal: arn, action, tagKeys: keys, decision });
        }
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
