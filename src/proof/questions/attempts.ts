import { allHold, mergedCombinations, type Part } from '../cases/merge.ts';
import { exactly, type ValueTest, type ValueTests } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, families } from '../cases/values.ts';
import type { CaseCaller } from '../counterexample.ts';
import { requestTag } from '../iam/keys.ts';
import type { Role, Tag } from '../iam/model.ts';
import { holds } from '../iam/operators.ts';
import { variablesOf } from '../iam/pattern.ts';
import { sessionTagProblem } from '../iam/session-tags.ts';
import { type Attempt, tagRequest } from './assumptions.ts';
import { freeContexts } from './resources.ts';
import { tagsOf, testedTags, withSpelling } from './sessions.ts';

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

/** Every attempt of a caller that the trust policy or the question can tell from another. */
export function attemptsOf(
  caller: CaseCaller,
  question: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): Iterable<Attempt> {
  const ids = externalIdCases(question, tests, values);
  return attemptsWith(caller, tagSets(caller, question, tests, values), ids, tests, values);
}

/**
 * Every attempt of somebody who shall not assume a role at all. What no statement looks at opens no way to it, and is left
 * out: tags, which only need one more action to be allowed, and an external id, which roles and users alone can pass.
 */
export function strangersAttempts(
  caller: CaseCaller,
  role: Role,
  tests: ValueTests,
  values: CaseValues,
): Iterable<Attempt> {
  const question = { role, tagKeys: [], callers: new Map() };
  const isAccount = caller.type === 'role' || caller.type === 'user';
  const looksAtTags = testedTags(tests, [requestTag]).length > 0 || keysOfTags.some((key) => tests.has(key));
  const ids = isAccount && tests.has('sts:externalid') ? externalIdCases(question, tests, values) : [null];
  return attemptsWith(
    caller,
    looksAtTags ? tagSets(caller, question, tests, values) : [[]],
    ids,
    tests,
    values,
  );
}

const keysOfTags: readonly string[] = ['aws:tagkeys', 'sts:transitivetagkeys'];

function* attemptsWith(
  caller: CaseCaller,
  tagSets: readonly (readonly Tag[])[],
  externalIds: readonly CaseValue[],
  tests: ValueTests,
  values: CaseValues,
): Generator<Attempt> {
  const names = sessionNames(tests, values);
  const contexts = freeContexts(tests, new Map(), values);
  const testsTransitive = tests.has('sts:transitivetagkeys');
  for (const tags of tagSets) {
    for (const transitiveTagKeys of testsTransitive ? subsets(tags.map(({ key }) => key)) : [[]]) {
      for (const externalId of externalIds) {
        for (const sessionName of names) {
          for (const context of contexts) {
            const id = externalId === null ? {} : { externalId };
            yield { caller, tags, transitiveTagKeys, ...id, sessionName, context };
          }
        }
      }
    }
  }
}

/** Limits of the parameters of AssumeRole, from the STS API Reference. */
const sessionName = /^[\w+=,.@-]{2,64}$/;
const externalIdText = /^[\w+=,.@:/-]{2,1224}$/;
const twoCharacters = { parts: [{ type: 'one' }, { type: 'one' }, { type: 'any' }] } as const;

function sessionNames(tests: ValueTests, values: CaseValues): string[] {
  const compared = tests.get('sts:rolesessionname') ?? [];
  const texts = values.of(compared, new Map(), [], { domain: twoCharacters, prefer: ['session'] });
  return texts.filter((text) => sessionName.test(text));
}

function externalIdCases(
  { externalIds = [] }: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): CaseValue[] {
  const compared = tests.get('sts:externalid') ?? [];
  const texts = values.of(compared, new Map(), externalIds.map(exactly), {
    domain: twoCharacters,
    prefer: ['another-id'],
  });
  return [null, ...texts.filter((text) => externalIdText.test(text))];
}

/** Every set of session tags that the trust policy or the question can tell from another, given the caller. */
function tagSets(
  caller: CaseCaller,
  question: TrustQuestion,
  tests: ValueTests,
  values: CaseValues,
): (readonly Tag[])[] {
  const claims = [...question.callers.values()];
  const familyOf = families(tests, []);
  const { context } = tagRequest(question.role, caller, []);
  const parts = tagKeyCases(question, tests, values).map((key) => {
    // Tags that are compared with each other need values that are the same, and values that differ.
    const family = familyOf(`${requestTag}${key.toLowerCase()}`);
    const members = [...family.keys].filter((one) => one.startsWith(requestTag));
    const pinned = claims.flatMap((one) =>
      members.flatMap((member) => [...(one.get(member.slice(requestTag.length)) ?? [])]),
    );
    const asked = ['', ...pinned].map(exactly);
    const options = { copies: members.length, prefer: ['payments', ...pinned] };
    const texts = values.of(family.tests, context, asked, options);
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
  caller: CaseCaller,
  { role, tagKeys, callers }: TrustQuestion,
): Part<readonly Tag[]> {
  const tags = tagsOf([key], [value]);
  const request = tagRequest(role, caller, tags);
  const { statements } = role.trust;
  const all = statements.flatMap(({ conditions }) => conditions);
  const ofKeys = all.filter((one) => keysOfTags.includes(one.key));
  const compared = all.some(({ values }) =>
    values.flatMap(variablesOf).some((one) => one.startsWith(requestTag)),
  );
  const claims = caller.type === 'role' ? callers.get(caller.arn)?.get(key.toLowerCase()) : undefined;
  const isOurs = tagKeys.some((one) => one.toLowerCase() === key.toLowerCase());
  return {
    value: tags,
    answers: statements.map(({ conditions }) =>
      allHold(
        conditions
          .filter((one) => one.key === `${requestTag}${key.toLowerCase()}`)
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
  const looked = withSpelling(tagKeys, testedTags(tests, [requestTag]));
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
  return keysOfTags.flatMap((key) => tests.get(key) ?? []);
}

/** STS takes a key in any case, and aws:TagKeys has it as it was passed: one spelling for each way to pass its lists. */
function spellings(key: string, tests: ValueTests, values: CaseValues): readonly string[] {
  const domain = { ...exactly(key), ignoreCase: true };
  return values.of(keyTests(tests), new Map(), [], { domain, prefer: [key] });
}

function subsets<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((all, item) => all.flatMap((one) => [one, one.concat(item)]), [[]]);
}
