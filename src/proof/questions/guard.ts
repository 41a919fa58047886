import { resourceTests, valueTests } from '../cases/tests.ts';
import { type CaseValue, CaseValues, combinations } from '../cases/values.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import { requestTag, resourceTags } from '../iam/keys.ts';
import { matchesAction } from '../iam/match.ts';
import type { Context, Decision, Policy, Role, Tag } from '../iam/model.ts';
import { requestOf, tagContext } from '../iam/requests.ts';
import { asPrincipal } from './assumptions.ts';
import { callersOf } from './callers.ts';
import { allowAll, sessionContext } from './requests.ts';
import { arnValues, freeContexts } from './resources.ts';
import { sessionWith, tagsOf, testedTags, withSpelling } from './sessions.ts';

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
 * carries them? Any role or user with any tags, alone with the tag or with others, its key in any case, whatever the
 * tags' values and the other tags of the secret or key.
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
  const changes = changesOf(question, arnsOf('secretsmanager', 'secret:'), arnsOf('kms', 'key/'), values);
  const contexts = freeContexts(tests, new Map(), values);
  let cases = 0;
  for (const caller of callersOf(home, admins, tests, values)) {
    if (admins.has(caller.arn)) continue;
    const session = sessionWith({ ...home, arn: caller.arn }, caller.tags);
    for (const change of changes) {
      for (const tags of tagsOfChange(change, question, sessionContext(session), values)) {
        for (const context of contexts) {
          cases++;
          const { action, resource, tagKeys } = change;
          const further = new Map([...Object.entries(context), ['aws:tagkeys', tagKeys] as const]);
          const request = requestOf(session, action, resource, [
            tagContext(['aws:resourcetag', 'secretsmanager:resourcetag'], tags.resource),
            tagContext(['aws:requesttag'], tags.request),
            { known: further, unclear: [] },
          ]);
          const policies = { identity: [allowAll()], scps: [[allowAll(), guard]] };
          const decision = evaluate(asPrincipal(request, caller), policies);
          if (decision.reason === 'explicit-deny' || unguarded.has(action)) continue;
          unguarded.set(action, { principal: caller.arn, action, tagKeys, decision });
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

interface Change {
  readonly action: string;
  readonly resource: string;
  /** The keys of the tags that the request is about. */
  readonly tagKeys: readonly string[];
  /** Whether the tags of the question are among those of the resource, may be, or cannot because it is new. */
  readonly tagged: 'all' | 'any' | 'none';
}

function changesOf(
  { guard, tagKeys, kmsByTag }: GuardQuestion,
  secrets: readonly string[],
  keys: readonly string[],
  values: CaseValues,
): Change[] {
  const on = (arns: readonly string[], tagged: Change['tagged'], ...actions: readonly string[]) =>
    actions.flatMap((action) => arns.map((resource) => ({ action, resource, tagged })));
  const tagging = [
    ...on(secrets, 'any', 'secretsmanager:TagResource', 'secretsmanager:UntagResource'),
    ...on(secrets, 'none', 'secretsmanager:CreateSecret'),
    ...(kmsByTag
      ? [
          ...on(keys, 'any', 'kms:TagResource', 'kms:UntagResource'),
          // KMS asks for a key that is not there yet as `*`, and in any region.
          ...on(['*'], 'none', 'kms:CreateKey'),
        ]
      : []),
  ];
  const others = otherKeys(guard, tagKeys, values);
  const keySets = tagKeys.flatMap((one) => [
    [one],
    ...others.map((other) => [one, other]),
    [inCapitals(one)],
    ...others.map((other) => [other, one.toLowerCase()]),
  ]);
  return [
    ...tagging.flatMap((one) => keySets.map((set) => ({ ...one, tagKeys: set }))),
    ...on(secrets, 'all', 'secretsmanager:PutResourcePolicy').map((one) => ({ ...one, tagKeys: [] })),
  ];
}

/** The same key to whoever passes over case: some letters, such as ß, have no capital that is. */
function inCapitals(key: string): string {
  return key.replace(/./gu, (letter) => {
    const capital = letter.toUpperCase();
    return capital.toLowerCase() === letter.toLowerCase() ? capital : letter;
  });
}

/** Keys of further tags: one for each way in which a key can pass the guard's comparisons. */
function otherKeys(guard: Policy, tagKeys: readonly string[], values: CaseValues): string[] {
  const tests = valueTests([guard]);
  const domain = { parts: [{ type: 'one' }, { type: 'any' }] } as const;
  const listed = values.of(tests.get('aws:tagkeys') ?? [], new Map(), [], {
    domain,
    prefer: ['another-tag'],
  });
  const own = new Set(tagKeys.map((key) => key.toLowerCase()));
  const all = withSpelling([...listed], testedTags(tests, [requestTag]));
  return all.filter((key) => !own.has(key.toLowerCase()));
}

/** The values of tags that the statements about the action can tell apart: those of the resource, and of the request. */
function* tagsOfChange(
  { action, tagKeys, tagged }: Change,
  { guard, tagKeys: own }: GuardQuestion,
  context: Context,
  values: CaseValues,
): Generator<{ readonly resource: readonly Tag[]; readonly request: readonly Tag[] }> {
  const statements = guard.statements.filter(({ actions }) => matchesAction(actions, action));
  const tests = valueTests([{ ...guard, statements }]);
  const textsOf = (key: string, prefixes: readonly string[]) => {
    const compared = prefixes.flatMap((prefix) => tests.get(prefix + key.toLowerCase()) ?? []);
    return values.of(compared, context, [], { prefer: ['payments'] });
  };
  const ofResource = tagged === 'none' ? [] : testedTags(tests, resourceTags);
  const resourceKeys = tagged === 'all' ? withSpelling(own, ofResource) : ofResource;
  const resource = resourceKeys.map((key): readonly CaseValue[] => {
    const texts = textsOf(key, resourceTags);
    return tagged === 'all' && own.includes(key) ? texts : [null, ...texts];
  });
  const requestKeys = action.endsWith(':UntagResource') ? [] : tagKeys;
  const request = requestKeys.map((key) => textsOf(key, [requestTag]));
  for (const chosen of combinations([...resource, ...request]))
    yield {
      resource: tagsOf(resourceKeys, chosen),
      request: tagsOf(requestKeys, chosen.slice(resourceKeys.length)),
    };
}
