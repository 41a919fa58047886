import { arnLike } from './arn.ts';
import { conditionKey } from './keys.ts';
import type { Condition, Context, Operator, Request } from './model.ts';
import { type Glob, matchesGlob, resolve, textOf, variablesOf } from './pattern.ts';

/** How an operator compares a value of the request with one of the policy. */
interface Comparison {
  readonly matches: (glob: Glob, value: string) => boolean;
  /** Whether the condition asks that no value of the policy match, rather than one of them. */
  readonly negated: boolean;
}

const equals = (glob: Glob, value: string) => textOf(glob) === value;
const equalsIgnoringCase = (glob: Glob, value: string) => textOf(glob).toLowerCase() === value.toLowerCase();
const like = (glob: Glob, value: string) => matchesGlob(glob, value);

/**
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators". ArnEquals and ArnLike are the same there.
 * `Null` does not compare values and is decided apart.
 */
const comparisons: Readonly<Record<Exclude<Operator, 'Null'>, Comparison>> = {
  StringEquals: { matches: equals, negated: false },
  StringNotEquals: { matches: equals, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: true },
  StringLike: { matches: like, negated: false },
  StringNotLike: { matches: like, negated: true },
  ArnEquals: { matches: arnLike, negated: false },
  ArnNotEquals: { matches: arnLike, negated: true },
  ArnLike: { matches: arnLike, negated: false },
  ArnNotLike: { matches: arnLike, negated: true },
  Bool: { matches: equalsIgnoringCase, negated: false },
};

/**
 * Whether a condition holds for a request, or undefined when AWS does not document it.
 *
 * What is not documented: keys that the request lists as unclear, free keys that it does not mention, and what a tag
 * with an empty value is: a text without characters, or "no value", as for a key that is absent (the guide says of
 * ForAllValues that it takes an empty string for no value, and says nothing of the others). Where the readings of an
 * empty value agree, they decide.
 */
export function holds(condition: Condition, request: Request): boolean | undefined {
  const keys = [condition.key, ...condition.values.flatMap(variablesOf)];
  if (keys.some((key) => isUnclear(key, request))) return undefined;
  const answers = readings(keys, request.context).map((context) => holdsFor(condition, context));
  return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined;
}

/** Whether it is unknown if a request carries a condition key (in lower case), or with what value. */
export function isUnclear(key: string, request: Request): boolean {
  if (request.unclear?.has(key)) return true;
  return !request.context.has(key) && conditionKey(key)?.free === true;
}

/** The context as it is and, if one of these keys has an empty value, in every combination of it being absent. */
function readings(keys: readonly string[], context: Context): Context[] {
  const empty = [...new Set(keys)].filter((key) => {
    const value = context.get(key);
    return value === '' || (typeof value === 'object' && value?.includes(''));
  });
  return empty.reduce<Context[]>(
    (all, key) => all.flatMap((one) => [one, new Map(one).set(key, withoutEmpty(one.get(key)))]),
    [context],
  );
}

function withoutEmpty(value: string | readonly string[] | null | undefined): readonly string[] | null {
  return typeof value === 'object' ? (value?.filter((one) => one !== '') ?? null) : null;
}

/** An operator as a policy writes it. */
export function operatorName({ operator, quantifier, ifExists }: Condition): string {
  return `${quantifier === undefined ? '' : `${quantifier}:`}${operator}${ifExists ? 'IfExists' : ''}`;
}

function holdsFor(condition: Condition, context: Context): boolean {
  const value = context.get(condition.key) ?? undefined;
  const isThere = (value !== undefined && value.length > 0) || value === '';
  if (condition.operator === 'Null') {
    return condition.values.some(({ source }) => (source === 'true') !== isThere);
  }
  const { matches, negated } = comparisons[condition.operator];
  const globs = condition.values.map((pattern) => resolve(pattern, context));
  // A pattern that cannot be resolved is equal to nothing: it never matches, and so a negated operator holds.
  const test = (one: string) => globs.some((glob) => glob !== undefined && matches(glob, one)) !== negated;
  const values = typeof value === 'string' ? [value] : (value ?? []);
  if (condition.quantifier === 'ForAllValues') return values.every(test);
  if (condition.quantifier === 'ForAnyValue') return values.some(test);
  if (!isThere) return condition.ifExists || negated;
  return values.some(test);
}
