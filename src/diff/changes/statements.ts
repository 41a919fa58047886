import { grouped } from '../../grouped.ts';
import type { Condition, Pattern, Patterns, Policy, Statement } from '../../proof/iam/model.ts';
import { operatorName } from '../../proof/iam/operators.ts';
import { pairs } from '../side.ts';
import { names, type Words, words } from '../words.ts';

/** What differs in one statement of a policy. */
export interface StatementChange {
  /** Whether more is allowed than before, or may be. */
  readonly widens: boolean;
  /** What follows the name of the policy. */
  readonly text: Words;
  /** Whom a trust policy names now and did not before. */
  readonly callers: readonly string[];
  /** The texts that come in, such as ARNs. */
  readonly added: readonly string[];
}

/**
 * Compares two policies statement by statement, by Sid or, without one, by place. A statement is a set of tests that must
 * all hold: with more values a test holds more often, without a test the statement does.
 */
export function comparePolicies(before: Policy, after: Policy): StatementChange[] {
  const { added, removed, both } = pairs(byName(before), byName(after));
  return [
    ...added.map((one) => whole(one, true)),
    ...removed.map((one) => whole(one, false)),
    ...both.flatMap(([old, now]) => compareStatements(old, now)),
  ];
}

interface Named {
  readonly name: string;
  readonly statement: Statement;
}

function byName({ statements }: Policy): Map<string, Named> {
  const named = statements.map((statement, index) => ({ name: statement.sid ?? `#${index + 1}`, statement }));
  return new Map([...grouped(named, ({ name }) => name).values()].flatMap((same) => same.map(numbered)));
}

/** Statements with the same Sid are told apart by their place among these. */
function numbered(one: Named, index: number): [string, Named] {
  return [JSON.stringify([one.name, index]), one];
}

function whole({ name, statement }: Named, isAdded: boolean): StatementChange {
  const isAllow = statement.effect === 'Allow';
  const verb = isAdded ? words`has a new statement` : words`no longer has the statement`;
  const actions = names(statement.actions.values.map(({ source }) => source));
  const effect = isAllow ? words`allows` : words`denies`;
  return {
    widens: isAllow === isAdded,
    callers: [],
    text: words`${verb} ${name}, which ${effect} ${statement.actions.not ? words`all but ${actions}` : words`${actions}`}`,
    added: isAdded ? [...testsOf(statement).values()].flatMap(({ values }) => [...values]) : [],
  };
}

/** One test of a statement: what it looks at, and the texts with which it holds. */
interface Test {
  readonly what: string;
  readonly values: ReadonlySet<string>;
  /** Whether it holds for fewer requests with more values. */
  readonly isNegated: boolean;
}

function compareStatements(
  { name, statement: before }: Named,
  { statement: after }: Named,
): StatementChange[] {
  if (before.effect !== after.effect) {
    const isAllow = after.effect === 'Allow';
    const text = words`${isAllow ? words`allows` : words`denies`} by ${name} what it ${isAllow ? words`denied` : words`allowed`}`;
    return [{ widens: isAllow, text, callers: [], added: [] }];
  }
  const isAllow = after.effect === 'Allow';
  const { added, removed, both } = pairs(testsOf(before), testsOf(after));
  return [
    ...removed.map(({ what }) => ({
      widens: isAllow,
      text: words`no longer asks for ${what} in statement ${name}`,
      callers: [],
      added: [],
    })),
    ...added.map(({ what, values }) => ({
      widens: !isAllow,
      text: words`now asks for ${what} in statement ${name}: ${names(values)}`,
      callers: [],
      added: [...values],
    })),
    ...both.flatMap(([old, now]) => compareTests(name, isAllow, old, now)),
  ];
}

function compareTests(name: string, isAllow: boolean, old: Test, now: Test): StatementChange[] {
  const [come, gone] = [without(now.values, old.values), without(old.values, now.values)];
  if (come.length + gone.length === 0) return [];
  const moreHold = (now.isNegated ? gone : come).length > 0;
  const fewerHold = (now.isNegated ? come : gone).length > 0;
  const plus = come.length === 0 ? words`` : words` with ${names(come)}`;
  const minus = gone.length === 0 ? words`` : words` without ${names(gone)}`;
  const isCaller = isAllow && (now.what === 'Principal' || now.what.endsWith(' aws:principalarn'));
  return [
    {
      widens: isAllow ? moreHold : fewerHold,
      text: words`has ${now.what} of statement ${name} now${plus}${minus}`,
      callers: isCaller && !now.isNegated ? come : [],
      added: come,
    },
  ];
}

function testsOf({ actions, resources, principals, conditions }: Statement): Map<string, Test> {
  const elements: Test[] = [elementTest('Action', actions)];
  if (resources !== undefined) elements.push(elementTest('Resource', resources));
  if (principals !== undefined) {
    const values = principals.map(({ type, value }) => (type === 'any' ? '*' : value));
    elements.push({ what: 'Principal', values: new Set(values), isNegated: false });
  }
  return new Map([...elements, ...conditions.map(conditionTest)].map((test) => [test.what, test]));
}

function elementTest(name: string, { not, values }: Patterns): Test {
  return { what: not ? `Not${name}` : name, values: sourcesOf(values), isNegated: not };
}

function conditionTest(condition: Condition): Test {
  const { operator, key, values } = condition;
  const what = `${operatorName(condition)} ${key}`;
  return { what, values: sourcesOf(values), isNegated: operator.includes('Not') };
}

function sourcesOf(patterns: readonly Pattern[]): Set<string> {
  return new Set(patterns.map(({ source }) => source));
}

function without(values: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...values].filter((value) => !others.has(value));
}
