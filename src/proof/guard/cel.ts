import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { askingFor, type Question } from './authorizer.ts';
import { costlyIn } from './costs.ts';
import { countedIn } from './counted.ts';
import { everyLookOf, given, type Look, operandsOf, withoutParts } from './looks.ts';
import { writtenOf } from './written.ts';

/** What an expression comes to. */
export type Outcome = { readonly value: unknown } | { readonly problem: string };

/** An expression that can be evaluated, and what it looks at. */
export interface Compiled {
  /** As it is written. */
  readonly text: string;
  readonly evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
  /** Names of fields, wherever they stand. */
  readonly fields: ReadonlySet<string>;
  /** Texts that are compared as a whole. */
  readonly texts: ReadonlySet<string>;
  /** Texts that others begin with, end with, or are put together from. */
  readonly parts: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
  /** Everywhere it looks: two requests that are the same there are the same to it. */
  readonly looks: readonly Look[];
  /** The same, with what lies in something that it looks at as a whole. */
  readonly everyLook: readonly Look[];
  /** What it counts, other than whether there is any: paths, empty for what is none. */
  readonly counted: readonly (readonly string[])[];
  /** What it is made from by an operator of logic; each can be evaluated by itself. */
  readonly operands: readonly Compiled[];
  /** That operator. */
  readonly logic?: Logic;
  /** Whether it comes to true or false: whoever uses it compares no text with it. */
  readonly isCondition: boolean;
  /** As it was read; undefined when it is no expression. */
  readonly ast?: ASTNode;
  /** Why nothing can be said about it; undefined when something can. */
  readonly problem?: string;
}

/** The operators of logic. */
export type Logic = '&&' | '||' | '!' | '?:';

const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
for (const name of given) environment.registerVariable(name, 'dyn');
for (const part of ['group', 'resource', 'subresource', 'namespace', 'name', 'check'] as const)
  environment.registerFunction(`dyn.${part}(string): dyn`, (question: unknown, text: string) =>
    askingFor(asQuestion(question), part, text),
  );
environment.registerFunction('dyn.allowed(): bool', (question: unknown) => {
  const { answers, parts } = asQuestion(question);
  return answers(parts);
});

function asQuestion(value: unknown): Question {
  if (typeof value === 'object' && value !== null && 'answers' in value) return value as Question;
  throw new Error('this is no question to the authorizer');
}

/**
 * Functions and macros that are covered. Each is one of comparing, choosing or putting together texts, so that two
 * objects that differ in names alone are treated alike.
 *
 * Source: Kubernetes, "Common Expression Language in Kubernetes", and the specification of CEL.
 */
const functions: ReadonlySet<string> = new Set(
  'has all exists exists_one map filter size startsWith endsWith contains join substring orValue hasValue value or string dyn group resource subresource namespace name check allowed'.split(
    ' ',
  ),
);

/** Keys that the library leaves out of a mapping that an expression writes down. */
const droppedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The API server takes no longer expressions. Source: cel-go, the default of ExpressionSizeCodePointLimit. */
const longest = 100_000;

const partFunctions = new Set(['startsWith', 'endsWith', 'contains', '+']);
const cache = new Map<string, Compiled>();
/** The policies of some ten clusters that differ. */
const mostKept = 5_000;

/** Compiles an expression; the same text is compiled once. */
export function compile(text: string): Compiled {
  const known = cache.get(text) ?? compileNew(text);
  cache.set(text, known);
  return known;
}

/** Forgets what a long run has seen too much of. Of one text there are then two results: not to be asked within a trial. */
export function forgetExpressions(): void {
  if (cache.size > mostKept) cache.clear();
}

function compileNew(text: string): Compiled {
  const looks = {
    text,
    fields: new Set<string>(),
    texts: new Set<string>(),
    parts: new Set<string>(),
    numbers: new Set<number>(),
    looks: [],
    everyLook: [],
    counted: [],
    operands: [],
    isCondition: false,
  };
  if (text.length > longest) return { ...looks, evaluate: () => undefined, problem: 'it is too long' };
  try {
    const parsed = environment.parse(text);
    const checked = parsed.check();
    if (!checked.valid)
      return { ...looks, ast: parsed.ast, evaluate: parsed, problem: firstLine(checked.error) };
    const unknown = new Set(costlyIn(parsed.ast));
    walk(parsed.ast, '', { ...looks, unknown });
    const [name] = unknown;
    const problem = name === undefined ? {} : { problem: `${name} is not covered` };
    const logic = name === undefined ? logicOf(parsed.ast) : undefined;
    const operands = logic === undefined ? [] : joinedAlike(parsed.ast).map((one) => compile(writtenOf(one)));
    const everyLook = everyLookOf(parsed.ast);
    return {
      ...looks,
      ast: parsed.ast,
      looks: withoutParts(everyLook),
      everyLook,
      counted: countedIn(parsed.ast),
      operands,
      ...(logic && { logic }),
      isCondition: isCondition(parsed.ast),
      evaluate: parsed,
      ...problem,
    };
  } catch (error) {
    return { ...looks, evaluate: () => undefined, problem: firstLine(error) };
  }
}

/** Undefined where a choice is between something else than true and false, too. */
export function logicOf({ op, args }: ASTNode): Logic | undefined {
  if (op === '&&' || op === '||') return op;
  if (op === '!_') return '!';
  return op === '?:' && args.slice(1).every(isTruth) ? op : undefined;
}

function isTruth(node: ASTNode): boolean {
  return (
    isCondition(node) ||
    logicOf(node) !== undefined ||
    (node.op === 'value' && typeof node.args === 'boolean')
  );
}

/** Of three that are joined alike each is an operand. */
function joinedAlike(node: ASTNode): ASTNode[] {
  const isJoined = node.op === '&&' || node.op === '||';
  return operandsOf(node).flatMap((one) => (isJoined && one.op === node.op ? joinedAlike(one) : [one]));
}

const comparing = new Set('&& || !_ == != in < <= > >='.split(' '));
const asking = new Set('has all exists exists_one startsWith endsWith contains hasValue allowed'.split(' '));

function isCondition({ op, args }: ASTNode): boolean {
  return comparing.has(op) || ((op === 'call' || op === 'rcall') && asking.has(args[0]));
}

interface Looks {
  readonly fields: Set<string>;
  readonly texts: Set<string>;
  readonly parts: Set<string>;
  readonly numbers: Set<number>;
  readonly unknown: Set<string>;
}

/** @param parent what the node is an operand of */
function walk(node: ASTNode, parent: string, looks: Looks): void {
  const text = textOf(node);
  if (text !== undefined) {
    // CEL counts characters where the library counts half of some, and knows one kind of line break.
    if (/[\ud800-\udfff\r]/.test(text)) looks.unknown.add('a character that CEL may read otherwise');
    if (isRawWithBackslash(node)) looks.unknown.add('a raw text with a backslash');
    (partFunctions.has(parent) ? looks.parts : looks.texts).add(text);
    return;
  }
  for (const key of keysIn(node)) {
    if (droppedKeys.has(key)) looks.unknown.add(`a mapping with the key "${key}"`);
  }
  if ((node.op === '.?' || node.op === '[?]') && kept.has(parent))
    looks.unknown.add('an optional value that is kept');
  if (isOdd(node, parent) || isMadeToCompare(node)) looks.unknown.add('such a list or mapping');
  switch (node.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (!node.args.some(isNumber)) looks.unknown.add(`${node.op} between what may be texts`);
      break;
    case 'value':
      if (node.args !== null && typeof node.args !== 'boolean') looks.numbers.add(Number(node.args));
      if (isOddNumber(node)) looks.unknown.add('such a number');
      return;
    case 'in':
      if (isNoText(node.args[0]) && node.args[1].op !== 'list')
        looks.unknown.add('what is no text, among keys');
      break;
    case '-_':
      if (node.args.op !== 'value') looks.unknown.add('a sign before what is no number');
      break;
    case '.':
    case '.?':
      looks.fields.add(node.args[1]);
      walk(node.args[0], node.op, looks);
      return;
    case 'call':
    case 'rcall': {
      const [name, ...rest] = node.args;
      if (!functions.has(name)) looks.unknown.add(`the function ${name}`);
      for (const operand of rest.flat()) walk(operand, name, looks);
      return;
    }
    case '[]':
    case '[?]': {
      const [, key] = node.args;
      if (key.op === 'value' && typeof key.args === 'string') looks.fields.add(key.args);
      break;
    }
  }
  for (const operand of operandsOf(node)) walk(operand, node.op, looks);
}

/** What keeps an optional value, so that it is hard to see what a fallback is for. */
const kept: ReadonlySet<string> = new Set(['?:', 'list', 'map', 'filter']);

/**
 * A mapping or list that is written down where forgeries hold none that is equal to the letter, or where its type decides
 * whether the API server takes the expression.
 */
function isOdd(node: ASTNode, parent: string): boolean {
  if (node.op !== 'list' && node.op !== 'map') return false;
  const items = operandsOf(node);
  if (items.length === 0) return !['', 'in', 'orValue', '?:'].includes(parent);
  return node.op === 'map' || items.some(({ op }) => op === 'list' || op === 'map');
}

/** A list that is made and compared as a whole. */
function isMadeToCompare({ op, args }: ASTNode): boolean {
  if (op !== '==' && op !== '!=') return false;
  return args.some((one) => one.op === 'rcall' && ['map', 'filter'].includes(one.args[0]));
}

/** Texts have an order too, by which policies could treat services differently whose names they compare with nothing. */
function isNumber({ op, args }: ASTNode): boolean {
  if (op === 'value') return typeof args === 'number' || typeof args === 'bigint';
  return (op === 'call' || op === 'rcall') && args[0] === 'size';
}

/** The keys of a mapping that is written down, as far as they are plain texts. */
function keysIn({ op, args }: ASTNode): string[] {
  return op === 'map' ? args.flatMap(([key]) => textOf(key) ?? []) : [];
}

/** A text, be it put together from others; undefined for anything else. */
function textOf({ op, args }: ASTNode): string | undefined {
  if (op === 'value') return typeof args === 'string' ? args : undefined;
  if (op !== '+') return undefined;
  const [one, other] = args.map(textOf);
  return one === undefined || other === undefined ? undefined : one + other;
}

/** The library takes ["a"] and "a" for the same key. */
function isNoText({ op, args }: ASTNode): boolean {
  return op === 'list' || op === 'map' || (op === 'value' && typeof args !== 'string');
}

/** One that the library reads and CEL does not: larger than 64 bits hold, or with an X that is no x. */
function isOddNumber({ args, input, range }: ASTNode): boolean {
  return (
    (typeof args === 'bigint' && BigInt.asIntN(64, args) !== args) || input.startsWith('0X', range.start)
  );
}

/** There, the library passes over the character after a backslash, be it the end of the text; CEL does not. */
function isRawWithBackslash({ op, args, input, range }: ASTNode): boolean {
  if (op === '+') return args.some(isRawWithBackslash);
  return /^[rR].*\\/s.test(input.slice(range.start, range.end));
}

/** Evaluates an expression. An error of CEL is an outcome. */
export function outcomeOf(
  { evaluate, problem }: Compiled,
  variables: Readonly<Record<string, unknown>>,
): Outcome {
  if (problem !== undefined) return { problem };
  try {
    return { value: evaluate(readable(variables)) };
  } catch (error) {
    return { problem: firstLine(error) };
  }
}

const objects = ['object', 'oldObject', 'namespaceObject'];
const read = new WeakMap<object, unknown>();

/** What the library can read: it asks a mapping for its constructor, which one with such a key of its own does not have. */
function readable(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (objects.every((name) => withMaps(variables[name]) === variables[name])) return variables;
  const changed = objects.map((name) => [name, withMaps(variables[name])] as const);
  return { ...variables, ...Object.fromEntries(changed) };
}

/** The same value, its mappings with the key "constructor" as Maps; the very same if there are none. */
function withMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = read.get(value) ?? (holdsConstructor(value) ? madeAnew(value) : value);
  read.set(value, known);
  return known;
}

function holdsConstructor(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'constructor') || Object.values(value).some(holdsConstructor);
}

function madeAnew(value: object): unknown {
  const entries = Object.entries(value).map(([key, one]) => [key, withMaps(one)] as const);
  if (Array.isArray(value)) return entries.map(([, one]) => one);
  return Object.hasOwn(value, 'constructor') ? new Map(entries) : Object.fromEntries(entries);
}

/** What went wrong, without the place in the expression. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
