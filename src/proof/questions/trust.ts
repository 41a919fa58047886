import { allHold, mergedCombinations, type Part } from '../cases/merge.ts';
import { exactly, type ValueTest, type ValueTests, valueTests } from '../cases/tests.ts';
import { type CaseValue, CaseValues } from '../cases/values.ts';
import type { Answer, CaseContext, Failure } from '../counterexample.ts';
import type { PrincipalPattern, Role, Statement, Tag } from '../iam/model.ts';
import { holds } from '../iam/operators.ts';
import { variablesOf } from '../iam/pattern.ts';
import { sessionTagProblem } from '../iam/session-tags.ts';
import { type Attempt, assumeCase, attempt, outcome, tagRequest } from './assumptions.ts';
import { type AccountCaller, callersOf } from './callers.ts';
import { FailureList } from './failures.ts';
import { isDenied } from './requests.ts';
import { freeContexts } from './resources.ts';
import { tagsOf, tagValue, testedTags, withSpelling } from './sessions.ts';

/** What a caller may claim: for each pinned tag key, in lower case, the values of its clusters. */
export type Claims = ReadonlyMap<string, ReadonlySet<string>>;

/** A role and who alone shall be able to assume it. */
export interface TrustQuestion {
  readonly role: Role;
  /** Tags that every session must have, and the only ones it may have. */
  readonly tagKeys: readonly string[];
  /** The callers by ARN. */
  readonly callers: ReadonlyMap<string, Claims>;
  /** If given, one of these external ids must be passed. */
  readonly externalIds?: readonly string[];
}

/**
 * - `caller`: somebody else assumes the role
 * - `missingTag`, `otherTag`, `pinnedTag`, `externalId`: a caller does so without one of the tags or with an empty one,
 *   with a tag that is none of them, with another cluster's value, or without the external id
 * - `nobody`: nobody assumes it at all
 */
export type TrustFailure = 'caller' | 'missingTag' | 'otherTag' | 'pinnedTag' | 'externalId' | 'nobody';

/**
 * Can anybody but the callers assume a role, or a caller in a way that it should not? Any role or user of any account,
 * any session tags, any external id, whatever else the request says.
 *
 * @throws TooManyCases
 */
export function askAboutTrust(question: TrustQuestion): Answer<TrustFailure> {
  const { role, callers } = question;
  const tests = valueTests([role.trust]);
  const values = new CaseValues();
  const failures = new FailureList<TrustFailure>();
  let [count, anybody] = [0, false];
  let firstRight: Attempt | undefined;
  for (const caller of callersOf(role, callers.keys(), tests, values)) {
    for (const one of attemptsOf(caller, question, tests, values)) {
      count++;
      const wrong = whatIsWrong(one, question);
      // That one of the callers can assume the role is known by now.
      if (wrong === undefined && anybody) continue;
      const decisions = attempt(role, one);
      if (wrong === undefined) {
        anybody ||= outcome(decisions).allowed;
        firstRight ??= one;
      } else if (!decisions.some(isDenied)) {
        const by = wrong === 'otherTag' || wrong === 'pinnedTag' ? outcome(decisions) : decisions[0];
        failures.add({
          kind: wrong,
          counterexample: assumeCase('denied', role, one),
          decision: by ?? outcome(decisions),
        });
      }
    }
  }
  if (!anybody && firstRight !== undefined) failures.add(nobody(role, firstRight));
  return { cases: count, failures: failures.all() };
}

function nobody(role: Role, right: Attempt): Failure<'nobody'> {
  const decision = outcome(attempt(role, right));
  return { kind: 'nobody', counterexample: assumeCase('allowed', role, right), decision };
}

function whatIsWrong(one: Attempt, question: TrustQuestion): Exclude<TrustFailure, 'nobody'> | undefined {
  const { caller, tags, externalId } = one;
  const claims = caller.type === 'role' ? question.callers.get(caller.arn) : undefined;
  if (claims === undefined) return 'caller';
  const keys = new Set(question.tagKeys.map((key) => key.toLowerCase()));
  if (question.tagKeys.some((key) => !tagValue(tags, key))) return 'missingTag';
  if (tags.some(({ key }) => !keys.has(key.toLowerCase()))) return 'otherTag';
  if ([...claims].some(([key, allowed]) => !allowed.has(tagValue(tags, key) ?? ''))) return 'pinnedTag';
  const { externalIds } = question;
  if (externalIds !== undefined && !externalIds.includes(externalId ?? '')) return 'externalId';
  return undefined;
}

function* attemptsOf(
  caller: AccountCaller,
  question: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): Generator<Attempt> {
  const externalIds = externalIdCases(question, tests, values);
  const names = textCases(tests, 'sts:rolesessionname', values, 'session').filter((name) =>
    sessionName.test(name),
  );
  const contexts = freeContexts(tests, new Map(), values);
  const testsTransitive = tests.has('sts:transitivetagkeys');
  for (const tags of tagSets(caller, question, tests, values)) {
    for (const transitiveTagKeys of testsTransitive ? subsets(tags.map(({ key }) => key)) : [[]]) {
      for (const externalId of externalIds) {
        for (const sessionName of names) {
          for (const context of contexts) {
            const id = externalId === null ? {} : { externalId };
            yield {
              caller,
              tags,
              transitiveTagKeys,
              ...id,
              sessionName,
              context: context satisfies CaseContext,
            };
          }
        }
      }
    }
  }
}

/** Limits of the parameters of AssumeRole, from the STS API Reference. */
const sessionName = /^[\w+=,.@-]{2,64}$/;
const externalIdText = /^[\w+=,.@:/-]{2,1224}$/;

function externalIdCases(
  { externalIds = [] }: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): CaseValue[] {
  const asked = externalIds.map(exactly);
  const domain = { parts: [{ type: 'one' }, { type: 'one' }, { type: 'any' }] } as const;
  const texts = values.of(tests.get('sts:externalid') ?? [], new Map(), asked, {
    domain,
    prefer: ['another-id'],
  });
  return [null, ...texts.filter((text) => externalIdText.test(text))];
}

function textCases(tests: ValueTests, key: string, values: CaseValues, usual: string): readonly string[] {
  return values.of(tests.get(key) ?? [], new Map(), [], { prefer: [usual] });
}

/** Every set of session tags that the trust policy or the question can tell from another, given the caller. */
function tagSets(
  caller: AccountCaller,
  question: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): (readonly Tag[])[] {
  const claims = [...question.callers.values()];
  const parts = tagKeyCases(question, tests, values).map((key) => {
    const pinned = claims.flatMap((one) => [...(one.get(key.toLowerCase()) ?? [])]);
    const asked = ['', ...pinned].map(exactly);
    const those = tests.get(`aws:requesttag/${key.toLowerCase()}`) ?? [];
    const texts = values.of(those, new Map(), asked, { prefer: ['payments', ...pinned] });
    return [
      tagPart(key, null, caller, question),
      ...spellings(key, tests, values).flatMap((one) =>
        texts.map((value) => tagPart(one, value, caller, question)),
      ),
    ];
  });
  const isPossible = (tags: readonly (readonly Tag[])[]) =>
    sessionTagProblem({ sessionName: '', tags: tags.flat(), transitiveTagKeys: [] }, []) === undefined;
  return mergedCombinations(parts, isPossible).map(({ value }) => value.flat());
}

/**
 * What each statement says of one tag, or of its absence. What it says of all keys together hangs on which answers its
 * conditions on them have for each key alone, and on whether there is a key at all: these are facts.
 */
function tagPart(
  key: string,
  value: CaseValue,
  caller: AccountCaller,
  { role, tagKeys, callers }: TrustQuestion,
): Part<readonly Tag[]> {
  const tags = tagsOf([key], [value]);
  const request = tagRequest(role, caller, tags);
  const { statements } = role.trust;
  const all = statements.flatMap(({ conditions }) => conditions);
  const ofKeys = all.filter((one) => one.key === 'aws:tagkeys');
  const compared = all.some(({ values }) =>
    values.flatMap(variablesOf).some((one) => one.startsWith('aws:requesttag/')),
  );
  const claims = caller.type === 'role' ? callers.get(caller.arn)?.get(key.toLowerCase()) : undefined;
  const isOurs = tagKeys.some((one) => one.toLowerCase() === key.toLowerCase());
  return {
    value: tags,
    answers: statements.map(({ conditions }) =>
      allHold(
        conditions
          .filter((one) => one.key === `aws:requesttag/${key.toLowerCase()}`)
          .map((one) => holds(one, request)),
      ),
    ),
    facts: [
      ...(value === null ? [] : [`keys ${ofKeys.map((one) => String(holds(one, request))).join()}`]),
      ...(isOurs && !value ? ['missing'] : []),
      ...(!isOurs && value !== null ? ['other'] : []),
      ...(claims && !claims.has(value ?? '') ? ['not claimed'] : []),
      // With tags compared to each other, an answer hangs on more than one of them.
      ...(compared ? [JSON.stringify(tags)] : []),
    ],
  };
}

/** The question's keys, those that the policy looks at, and one for each way in which a key can pass its lists of keys. */
function tagKeyCases({ tagKeys }: TrustQuestion, tests: ValueTests, values: CaseValues): string[] {
  const looked = withSpelling(tagKeys, testedTags(tests, ['aws:requesttag/']));
  const domain = { parts: [{ type: 'one' }, { type: 'any' }] } as const;
  const listed = keyTests(tests);
  const more = values.of(listed, new Map(), looked.map(exactly), { domain, prefer: ['another-tag'] });
  return withSpelling(
    looked,
    more.filter((key) => !looked.some((one) => one.toLowerCase() === key.toLowerCase())),
  );
}

/** The comparisons with the keys of tags. */
function keyTests(tests: ValueTests): ValueTest[] {
  return ['aws:tagkeys', 'sts:transitivetagkeys'].flatMap((key) => tests.get(key) ?? []);
}

/** STS takes a key in any case, and aws:TagKeys has it as it was passed: one spelling for each way to pass its lists. */
function spellings(key: string, tests: ValueTests, values: CaseValues): readonly string[] {
  const domain = { ...exactly(key), ignoreCase: true };
  return values.of(keyTests(tests), new Map(), [], { domain, prefer: [key] });
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((all, item) => all.flatMap((one) => [one, one.concat(item)]), [[]]);
}

/** Statements that let a service or somebody from an identity provider assume a role, by the principal that they name. */
export function outsidersIn(
  role: Role,
): { readonly statement: Statement; readonly principal: PrincipalPattern }[] {
  return role.trust.statements.flatMap((statement) => {
    if (statement.effect === 'Deny') return [];
    const outside = (statement.principals ?? []).filter(
      ({ type }) => type === 'service' || type === 'federated',
    );
    return outside.map((principal) => ({ statement, principal }));
  });
}
