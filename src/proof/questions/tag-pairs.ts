import { allHold, mergedCombinations, type Part } from '../cases/merge.ts';
import { exactly, type ValueTests } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, combinations, type Family, families } from '../cases/values.ts';
import { principalTag, resourceTags } from '../iam/keys.ts';
import type { Condition, Pattern, Policy, Role, Tag } from '../iam/model.ts';
import { holds } from '../iam/operators.ts';
import type { Glob } from '../witness/automaton.ts';
import { resourceRequest, sessionContext } from './requests.ts';
import { resourceTagName, sessionWith, tagsOf, tagValue, testedTags, withSpelling } from './sessions.ts';

/** The tags of a session and those of a secret or key that it asks for. */
export interface TagPair {
  readonly session: readonly Tag[];
  readonly resource: readonly Tag[];
}

/** What pairs of tags are wanted for. */
export interface TagPairQuestion {
  readonly role: Role;
  readonly policies: readonly Policy[];
  readonly tests: ValueTests;
  /** The tags that the question itself compares. */
  readonly tagKeys: readonly string[];
  /** Any action on the resources: it says which condition keys their tags have. */
  readonly action: string;
  readonly arn: string;
}

/**
 * Every pair of tags that the policies or the question can tell from another.
 *
 * Tags that are compared with each other form a family, and no condition looks at two families. So for each family by
 * itself all values are tried that its comparisons tell apart. A decision hangs on which statements apply, and a
 * statement applies when its conditions hold in every family, so of the combinations of families that are alike in that
 * one is kept: the cases grow with the number of tags and not with a power of it.
 */
export function tagPairs(question: TagPairQuestion, values: CaseValues): TagPair[] {
  const { tests, tagKeys } = question;
  const keys = withSpelling(tagKeys, testedTags(tests, [principalTag, ...resourceTags]));
  const related = keys.map((key) => [principalName(key), `resourcetag/${key.toLowerCase()}`] as const);
  const familyOf = families(tests, related, resourceTagName);
  const groups = new Map<string, { family: Family; keys: string[] }>();
  for (const key of keys) {
    const family = familyOf(principalName(key));
    const name = [...family.keys].join();
    const group = groups.get(name) ?? { family, keys: [] };
    groups.set(name, group);
    group.keys.push(key);
  }
  const parts = [...groups.values()].map(({ family, keys: own }) =>
    [...pairsOf(family, own, question, values)].map((pair) => partOf(pair, family, own, question)),
  );
  return mergedCombinations(parts).map(({ value }) => ({
    session: value.flatMap(({ session }) => session),
    resource: value.flatMap(({ resource }) => resource),
  }));
}

function principalName(key: string): string {
  return `${principalTag}${key.toLowerCase()}`;
}

/** All pairs of one family: the session's values first, then what the resource may hold, given these. */
function* pairsOf(
  family: Family,
  keys: readonly string[],
  { role, tests }: TagPairQuestion,
  values: CaseValues,
): Generator<TagPair> {
  const sessionValues = valuesOf(family, values);
  // An empty value may count as none, and a variable then has its default.
  const defaults = fallbacksOf(family);
  for (const chosen of combinations(keys.map(() => sessionValues))) {
    const session = tagsOf(keys, chosen);
    const context = sessionContext(sessionWith(role, session));
    const asked = [...session.map(({ value }) => exactly(value)), ...defaults, exactly('')];
    const lists = keys.map((key) => {
      const those = resourceTags.flatMap((prefix) => tests.get(prefix + key.toLowerCase()) ?? []);
      return orNone(values.of(those, context, asked, { prefer: ['shipping'] }));
    });
    for (const resource of combinations(lists)) yield { session, resource: tagsOf(keys, resource) };
  }
}

/**
 * A session's values: one for each way in which a value passes the family's comparisons while no variable has a value but
 * its default, and as many of these as the session has tags in the family.
 */
function valuesOf(family: Family, values: CaseValues): CaseValue[] {
  const members = [...family.keys].filter((key) => key.startsWith(principalTag)).length;
  const prefer = ['payments', 'orders', 'ledger', 'refunds', 'search', 'mail'];
  return orNone(values.of(family.tests, new Map(), [exactly('')], { copies: members, prefer }));
}

/**
 * These values and those that may be none. AWS does not say what an empty value is, so it is a case of its own, and the
 * last: where another one shows the same failure, that is the plainer example.
 */
function orNone(texts: readonly string[]): CaseValue[] {
  return [...texts.filter((text) => text !== ''), null, ''];
}

/** The default values of the family's variables. */
function fallbacksOf(family: Family): Glob[] {
  return family.tests.flatMap(({ pattern }) =>
    pattern.parts.flatMap((part) =>
      part.type === 'variable' && part.fallback !== undefined ? [exactly(part.fallback)] : [],
    ),
  );
}

/** What each statement says of a pair of one family, and what the question itself asks about its tags. */
function partOf(
  pair: TagPair,
  family: Family,
  keys: readonly string[],
  { role, policies, tagKeys, action, arn }: TagPairQuestion,
): Part<TagPair> {
  const session = sessionWith(role, pair.session);
  const request = resourceRequest(session, action, { arn, tags: pair.resource }, {});
  const statements = policies.flatMap((policy) => policy.statements);
  const asked = keys.map((key) => {
    const what = whatIsAsked(tagValue(session.tags, key), tagValue(pair.resource, key));
    return tagKeys.includes(key) ? what : `further tag ${what}`;
  });
  const named = statements.some(({ resources }) => resources?.values.some((one) => names(one, family)));
  return {
    value: pair,
    answers: statements.map(({ conditions }) =>
      allHold(conditions.filter((one) => isAbout(one, family)).map((one) => holds(one, request))),
    ),
    // With a resource compared to them, an answer hangs on the very values.
    facts: named ? [...asked, JSON.stringify(pair.session)] : asked,
  };
}

/** Whether a tag is the same on both sides, and whether it is there at all: more no question asks. */
function whatIsAsked(own: string | undefined, other: string | undefined): string {
  if (own === undefined && other === undefined) return 'absent';
  if (own !== other) return 'different';
  return own === '' ? 'empty' : 'equal';
}

function isAbout({ key }: Condition, { keys }: Family): boolean {
  return keys.has(resourceTagName(key));
}

/** Whether a pattern has a variable of the family. */
function names({ parts }: Pattern, { keys }: Family): boolean {
  return parts.some((part) => part.type === 'variable' && keys.has(resourceTagName(part.key)));
}
