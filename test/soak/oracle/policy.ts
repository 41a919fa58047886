import { remembered } from '../remembered.ts';

/** A policy document as JSON.parse gives it. */
export type Document = object;

/** What a request is about. Context keys in lower case. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: ReadonlyMap<string, string | readonly string[]>;
  /** Who asks, as trust policies name callers: an ARN, `service:…` or `federated:…`. */
  readonly caller?: string;
}

/** Something stands in a document that this reading of AWS's rules has no answer to. */
export class NotJudged extends Error {}

/** Whether some statement of the documents allows the request, and none denies it. */
export function isAllowed(documents: readonly Document[], request: IamRequest): boolean {
  const applying = documents.flatMap(statementsOf).filter((one) => applies(one, request));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && applying.every(({ Effect }) => Effect !== 'Deny')
  );
}

/** Whether some statement of the documents denies the request. */
export function isDenied(documents: readonly Document[], request: IamRequest): boolean {
  return documents.flatMap(statementsOf).some((one) => one.Effect === 'Deny' && applies(one, request));
}

type Statement = Readonly<Record<string, unknown>>;

const known = new Set([
  ...['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

const statements = new WeakMap<Document, readonly Statement[]>();

/** A document is asked about many requests, and does not change meanwhile. */
function statementsOf(document: Document): readonly Statement[] {
  const known = statements.get(document) ?? readStatements(document);
  statements.set(document, known);
  return known;
}

function readStatements(document: Document): Statement[] {
  const { Version, Statement, ...rest } = record(document, 'a document');
  // An older version of the language knows no variables.
  if (Version !== '2012-10-17') throw new NotJudged(`the version ${String(Version)}`);
  if (Object.keys(rest).some((key) => key !== 'Id')) throw new NotJudged(`the elements ${Object.keys(rest)}`);
  return list(Statement).map((one) => {
    const statement = record(one, 'a statement');
    const odd = Object.keys(statement).find((key) => !known.has(key));
    if (odd !== undefined) throw new NotJudged(`the element ${odd}`);
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
      throw new NotJudged(`the effect ${String(statement.Effect)}`);
    return statement;
  });
}

function applies(statement: Statement, request: IamRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition = {} } = statement;
  const some = (value: unknown, subject: string, ignoreCase = false) =>
    list(value).some((pattern) => isLike(expanded(text(pattern), request), subject, ignoreCase));
  if (Action !== undefined && !some(Action, request.action, true)) return false;
  if (NotAction !== undefined && some(NotAction, request.action, true)) return false;
  if (Resource !== undefined && !some(Resource, request.resource)) return false;
  if (NotResource !== undefined && some(NotResource, request.resource)) return false;
  if (Principal !== undefined && !isPrincipal(Principal, request.caller ?? '')) return false;
  return Object.entries(record(Condition, 'Condition')).every(([operator, block]) =>
    Object.entries(record(block, operator)).every(([key, values]) => holds(operator, key, values, request)),
  );
}

function isPrincipal(principal: unknown, caller: string): boolean {
  if (principal === '*') return true;
  return Object.entries(record(principal, 'Principal')).some(([type, names]) =>
    list(names).some((one) => {
      const name = text(one);
      if (type === 'Service') return caller === `service:${name}`;
      if (type === 'Federated') return caller === `federated:${name}`;
      if (type !== 'AWS') throw new NotJudged(`the principal ${type}`);
      const account = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
      if (account !== undefined) return caller.startsWith('arn:') && caller.split(':')[4] === account;
      return name === caller || (name === '*' && caller.startsWith('arn:'));
    }),
  );
}

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
function holds(operator: string, key: string, values: unknown, request: IamRequest): boolean {
  const [, set, name = '', ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const found = request.context.get(key.toLowerCase());
  const wanted = list(values).map(text);
  if (name === 'Null') return wanted.some((one) => one === String(found === undefined));
  const test = tests[name.replace('Not', '')];
  if (test === undefined) throw new NotJudged(`the operator ${operator}`);
  const isNegated = name.includes('Not');
  if (found === undefined) return ifExists !== undefined || set === 'ForAllValues:' || (isNegated && !set);
  const one = (value: string) =>
    wanted.some((pattern) => test(expanded(pattern, request), value)) !== isNegated;
  const all = [found].flat();
  if (set === 'ForAllValues:') return all.every(one);
  return set === 'ForAnyValue:' || all.length > 1 ? all.some(one) : all.length === 1 && one(all[0] ?? '');
}

type Test = (pattern: string, value: string) => boolean;

const byParts: Test = (pattern, value) => {
  const [parts, own] = [pattern.split(':'), value.split(':')];
  const rest = (all: readonly string[]) => [...all.slice(0, 5), all.slice(5).join(':')];
  return parts.length > 5 && rest(parts).every((part, index) => isLike(part, rest(own)[index] ?? ''));
};

const tests: Readonly<Record<string, Test>> = {
  StringEquals: (pattern, value) => plain(pattern) === value,
  StringEqualsIgnoreCase: (pattern, value) => plain(pattern).toLowerCase() === value.toLowerCase(),
  StringLike: (pattern, value) => isLike(pattern, value),
  ArnEquals: byParts,
  ArnLike: byParts,
  Bool: (pattern, value) => pattern === value,
};

/** What comes from a variable stands between these, so that a `*` in a tag is no wildcard. */
const [open, close] = ['\u0001', '\u0002'];

function plain(pattern: string): string {
  return pattern.replaceAll(open, '').replaceAll(close, '');
}

/** Puts values in place of variables; one without value makes a pattern that nothing is like. */
function expanded(pattern: string, { context }: IamRequest): string {
  return pattern.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (['*', '?', '$'].includes(inside)) return `${open}${inside}${close}`;
    const [, key = '', fallback] = /^\s*(.*?)\s*(?:,\s*'(.*)'\s*)?$/.exec(inside) ?? [];
    const value = context.get(key.toLowerCase()) ?? fallback;
    return typeof value === 'string' ? `${open}${value}${close}` : '\u0000';
  });
}

/** The expression of each pattern: the same few are held against many values. */
const expressions = remembered(5000, expressionOf);
const ignoringCase = remembered(5000, (pattern) => new RegExp(expressionOf(pattern).source, 'isu'));

function isLike(pattern: string, value: string, ignoreCase = false): boolean {
  return (ignoreCase ? ignoringCase : expressions)(pattern).test(value);
}

function expressionOf(pattern: string): RegExp {
  let isLiteral = false;
  const source = [...pattern].map((character) => {
    if (character === open || character === close) {
      isLiteral = character === open;
      return '';
    }
    if (!isLiteral && character === '*') return '.*';
    if (!isLiteral && character === '?') return '.';
    return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su');
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotJudged(`${what} that is no mapping`);
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  throw new NotJudged(`the value ${JSON.stringify(value)}`);
}
