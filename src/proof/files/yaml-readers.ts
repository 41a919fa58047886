import { CST, Lexer, parseAllDocuments } from 'yaml';
import type { Finding, Location } from '../../findings/finding.ts';
import type { Source } from './model.ts';

/** Something in a text of which readers of YAML make different things. */
interface Difference {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly allowed: string;
}

/** Each with what it means to those who apply a file. Source: YAML 1.1 and 1.2 on line breaks; kubectl on documents. */
const differences: readonly (readonly [pattern: RegExp, message: string, allowed: string])[] = [
  [
    /\r(?!\n)|[\u0085\u2028\u2029]/,
    'a character that ends the line, and a comment with it, for some readers of YAML alone',
    'lines that end in a line feed',
  ],
  [
    /[^\P{Cc}\r\n\u0085]|[\ufffe\uffff]/u,
    'a tab or another control character, which not every reader of YAML takes',
    'what can be seen, and spaces',
  ],
  [/(?<!^)\ufeff/, 'a byte order mark in the text, which some readers pass over', 'none, or one in front'],
  [
    /^(?:\.\.\.(?=\s|$)|%).*/m,
    'what follows is another document for some readers of YAML, and for kubectl it is nothing',
    'documents that begin with ---',
  ],
  [
    /\S {900,}:/,
    'a key too far from its colon: to some readers a key and its colon are 1024 characters at most',
    'a colon right behind the key',
  ],
  [
    /^---(?! *\r?$).*/m,
    'a document that begins on the line of its ---, which kubectl may not see as one',
    '--- on a line of its own',
  ],
];

/**
 * Findings for all that Kubernetes' reader of YAML, which knows YAML 1.1, takes for something else than ours: what it
 * applies would be other objects than those that are judged.
 */
export function readDifferently(source: Source): Finding[] {
  return differences.flatMap(([pattern, message, allowed]) => {
    const found = pattern.exec(source.text);
    return found === null
      ? []
      : [findingOf(source, { offset: found.index, length: found[0].length, message, allowed })];
  });
}

/** Finds a place by the document, of those that hold something, and the path in it. */
type Locate = (document: number, path: readonly string[]) => Location;

/**
 * The first value of which readers of YAML 1.1 or 1.2 make anything else than what was read, or which is no JSON.
 *
 * @param values what the documents of the text were read as
 */
export function readByOthers(source: Source, values: readonly unknown[], locate: Locate): Finding[] {
  const sign = oddSignIn(source.text);
  if (sign !== undefined)
    return [refused(source, sign, 'an anchor, a tag, a merge, or a colon without a space')];
  for (const version of ['1.1', '1.2'] as const) {
    const documents = [...parseAllDocuments(source.text, { version })];
    const [problem] = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    if (problem !== undefined) return [refused(source, problem.pos, problem.message.split('\n', 1)[0] ?? '')];
    const others = documents.map((document) => document.toJS({ mapAsMap: true }) as unknown);
    const found = difference(values, others);
    if (found !== undefined) return [differenceAt(found, values, others, locate)];
  }
  return [];
}

function refused(source: Source, [offset, end]: readonly [number, number], what: string): Finding {
  const message = `not every reader of YAML takes this: ${what}`;
  return findingOf(source, { offset, length: end - offset, message, allowed: 'what every reader takes' });
}

/** Where something stands that readers take for different things, or refuse, which shows in no value. */
function oddSignIn(text: string): readonly [number, number] | undefined {
  let [offset, depth] = [0, 0];
  let [before, beforeThat] = ['plain', 'plain'];
  let isMarked = false;
  for (const lexeme of new Lexer().lex(text)) {
    const isPlain: boolean = isMarked && !/^[|>]/.test(beforeThat);
    const isBehindKey = before === ':' && beforeThat === 'plain' && !/^\s/.test(lexeme);
    const odd: RegExp = isPlain ? (depth > 0 ? oddInBrackets : oddText) : oddSign;
    if (isBehindKey || ((isPlain || !isMarked) && odd.test(lexeme))) return [offset, offset + lexeme.length];
    const kind = isMarked ? 'plain' : lexeme;
    depth += kind === '{' || kind === '[' ? 1 : kind === '}' || kind === ']' ? -1 : 0;
    isMarked = lexeme === CST.SCALAR;
    // These stand in no text.
    if ([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR].includes(lexeme)) continue;
    offset += lexeme.length;
    [before, beforeThat] = [kind, before];
  }
  return undefined;
}

/** Anchors, aliases and tags, and a slash behind a backslash in quotes. */
const oddSign = /^[&*!]|^"(?:[^\\]|\\[^/])*\\\//;
/** What merges mappings, and numbers with underscores. */
const oddText = /^<<$|^(?=.*\d)(?=.*_)[-+.\d][-+._\deE]*$/;
/** In brackets, colons and question marks may be signs too. */
const oddInBrackets = new RegExp(`${oddText.source}|^:|:\\?|\\?(?:\\s|$)`);

function differenceAt(
  [index = '0', ...path]: readonly string[],
  values: readonly unknown[],
  others: readonly unknown[],
  locate: Locate,
): Finding {
  const document = values.slice(0, Number(index)).filter((value) => value !== null).length;
  const what = path.length === 0 ? 'this' : `"${path.join('.')}"`;
  const [one, other] = [values, others].map((all) => wordFor([index, ...path].reduce(inside, all)));
  return {
    rule: 'proof-document',
    severity: 'error',
    message:
      one === other
        ? `${what} is not the same to every reader of YAML`
        : `${what} is ${one} to some readers of YAML, and ${other} to others`,
    allowed: 'a text in quotes, or what is the same to every reader',
    location: locate(document, path),
  };
}

function inside(value: unknown, key: string): unknown {
  if (value instanceof Map) return value.get(key);
  return typeof value === 'object' && value !== null ? value[key as never] : undefined;
}

function wordFor(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'one thing';
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
}

/** Where two values differ first, or are no JSON; undefined when they are the same. Of the other, mappings are Maps. */
function difference(one: unknown, other: unknown): string[] | undefined {
  if (typeof one !== 'object' || one === null) return one === other && isJson(one) ? undefined : [];
  const entries = entriesOf(other);
  if (entries === undefined || Array.isArray(one) !== Array.isArray(other)) return [];
  if (Object.keys(one).length !== entries.length) return [];
  for (const [key, value] of entries) {
    if (!Object.hasOwn(one, key)) return [];
    const inside = difference(one[key as never], value);
    if (inside !== undefined) return [key, ...inside];
  }
  return undefined;
}

/** Undefined where there are none, or not all keys are texts. */
function entriesOf(value: unknown): (readonly [string, unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  if (!(value instanceof Map)) return undefined;
  const entries = [...value];
  return entries.every(([key]) => typeof key === 'string') ? entries : undefined;
}

/** Others than the numbers that JavaScript holds may be others to Kubernetes. */
function isJson(value: unknown): boolean {
  return typeof value !== 'number' || (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

function findingOf({ path, text }: Source, { offset, length, message, allowed }: Difference): Finding {
  const lines = text.slice(0, offset).split('\n');
  const start = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  const end = { ...start, column: start.column + Math.max(1, length) };
  return {
    rule: 'proof-document',
    severity: 'error',
    message,
    allowed,
    location: { file: path, start, end },
  };
}
