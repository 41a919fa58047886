import { absent } from './constants.ts';
import { equalsIgnoringCase, matches, matchesArn, tokensOf } from './pattern.ts';
import { type Key, notAsked, type Question, type Value } from './question.ts';
import { and, choose, equal, not, or, type Term } from './terms.ts';

/** When the statements of a policy that allow apply to a request, and when those that deny do. */
export interface Effects {
  readonly allows: Term;
  readonly denies: Term;
}

/** @param document as JSON.parse gives it: a policy in the form that AWS takes */
export function effectsOf(document: unknown, question: Question): Effects {
  const statements = listOf(objectOf(document).Statement).map(objectOf);
  const applying = (effect: string) =>
    or(statements.filter(({ Effect }) => Effect === effect).map((statement) => applies(statement, question)));
  return { allows: applying('Allow'), denies: applying('Deny') };
}

const elements = new Set('Sid Effect Principal Action NotAction Resource NotResource Condition'.split(' '));

function applies(statement: Readonly<Record<string, unknown>>, question: Question): Term {
  const other = Object.keys(statement).find((name) => !elements.has(name));
  if (other !== undefined) throw notAsked(`the element ${other}`);
  const { Principal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const { resource } = question;
  const parts: Term[] = [];
  if (Principal !== undefined) parts.push(principals(Principal, question));
  if (Action !== undefined) parts.push(names(Action, question.action));
  if (NotAction !== undefined) parts.push(not(names(NotAction, question.action)));
  const resources = (value: unknown) =>
    or(textsOf(value).map((source) => matchesArn(source, resource ?? [], question)));
  if (Resource !== undefined) parts.push(resources(Resource));
  if (NotResource !== undefined) parts.push(not(resources(NotResource)));
  for (const [operator, byKey] of Object.entries(objectOf(Condition ?? {}))) {
    for (const [key, values] of Object.entries(objectOf(byKey))) {
      parts.push(condition(operator, key.toLowerCase(), textsOf(values), question));
    }
  }
  return and(parts);
}

function principals(element: unknown, question: Question): Term {
  if (element === '*') return 'true';
  const byType = Object.entries(objectOf(element));
  return or(byType.flatMap(([type, values]) => textsOf(values).map((value) => question.named(type, value))));
}

/** Actions are constants on both sides, so this is decided here: without regard to case, `*` and `?` as wildcards. */
function names(element: unknown, action: string): Term {
  const isNamed = textsOf(element).some((source) => {
    const quoted = source.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${quoted.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is').test(action);
  });
  return isNamed ? 'true' : 'false';
}

/** When one key of a condition block holds. */
function condition(operator: string, name: string, values: readonly string[], question: Question): Term {
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const asked = withReadings(question);
  const key = asked.key(name);
  if (key.kind === 'unclear') {
    const none: Question = { ...question, key: () => absent };
    return choose(key.when, question.open(), condition(operator, name, values, none));
  }
  const present = key.kind === 'one' ? key.present : or(key.elements.map((element) => element.present));
  if (base === 'Null') {
    return or(values.map((value) => (value.toLowerCase() === 'true' ? not(present) : present)));
  }
  const isNegated = base.includes('Not');
  const test = (value: Value): Term => {
    const one = or(values.map((source) => compare(base.replace('Not', ''), source, value, asked)));
    return isNegated ? not(one) : one;
  };
  return quantified(key, { quantifier, ifExists: ifExists !== undefined, isNegated }, test);
}

function quantified(
  key: Exclude<Key, { readonly kind: 'unclear' }>,
  how: { readonly quantifier: string | undefined; readonly ifExists: boolean; readonly isNegated: boolean },
  test: (value: Value) => Term,
): Term {
  const elements = key.kind === 'one' ? [key] : key.elements;
  if (how.quantifier === 'ForAllValues') {
    return and(elements.map((value) => or([not(value.present), test(value)])));
  }
  if (how.quantifier === 'ForAnyValue') {
    if (how.ifExists) throw notAsked('ForAnyValue with IfExists');
    return or(elements.map((value) => and([value.present, test(value)])));
  }
  if (key.kind === 'many') throw notAsked('a key of several values without ForAllValues or ForAnyValue');
  return how.ifExists || how.isNegated ? or([not(key.present), test(key)]) : and([key.present, test(key)]);
}

function compare(base: string, source: string, { value, parts }: Value, question: Question): Term {
  if (base.startsWith('Arn') && parts === undefined) throw notAsked('an ARN operator on what is no ARN');
  if (parts !== undefined) {
    if (base === 'ArnEquals' || base === 'ArnLike' || base === 'StringLike') {
      return matchesArn(source, parts, question);
    }
    if (base === 'StringEquals' && !/[*?]/.test(source)) return matchesArn(source, parts, question);
    throw notAsked(`${base} on an ARN`);
  }
  switch (base) {
    case 'StringEquals':
      return matches(tokensOf(source, false), value, question);
    case 'StringLike':
      return matches(tokensOf(source, true), value, question);
    case 'StringEqualsIgnoreCase':
      return equalsIgnoringCase(tokensOf(source, false), value, question);
    case 'Bool':
      return equalsIgnoringCase([{ text: source }], value, question);
    default:
      throw notAsked(`the operator ${base}`);
  }
}

/**
 * A value without characters may count as none: AWS says so of ForAllValues and nothing of the others. Within one
 * condition it is one or the other, whichever it may be.
 */
function withReadings(question: Question): Question {
  const asNone = new Map<string, Term>();
  const readingOf = (name: string): Term => {
    const known = asNone.get(name) ?? question.open();
    asNone.set(name, known);
    return known;
  };
  const read = (name: string, value: Value): Value => {
    if (value.present === 'false' || value.parts !== undefined) return value;
    const isNone = and([readingOf(name), equal(value.value, '""')]);
    return { ...value, present: and([value.present, not(isNone)]) };
  };
  return {
    ...question,
    key: (name) => {
      const key = question.key(name);
      if (key.kind === 'one') return { kind: 'one', ...read(name, key) };
      if (key.kind === 'many') return { kind: 'many', elements: key.elements.map((one) => read(name, one)) };
      return key;
    },
  };
}

/** A JSON object; anything else where one is needed is not translated. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notAsked(`not an object: ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: unknown): string[] {
  return listOf(value).map(String);
}
