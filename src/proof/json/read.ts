import {
  createScanner,
  type Node as ParsedNode,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Finding, Location, Position } from '../../findings/finding.ts';
import { readLaidOut } from './laid-out.ts';
import type { JsonEntry, JsonNode } from './node.ts';

/** The deepest nesting that is read. */
export const maxJsonDepth = 40;

/** The longest text that is read, in UTF-16 code units. */
export const maxJsonLength = 20_000_000;

/** A JSON text that was read: its root, or what is wrong with it. */
export type JsonFile =
  | { readonly root: JsonNode; readonly findings: readonly [] }
  | { readonly root: undefined; readonly findings: readonly Finding[] };

/**
 * Reads a strict JSON text (RFC 8259: no comments, no trailing commas) into a tree that knows its places, in time linear
 * to its length. Nothing is thrown: syntax errors, duplicate keys, too much depth or length are findings with their
 * place.
 */
export function readJson(file: string, text: string): JsonFile {
  const root = text.length > maxJsonLength ? undefined : readLaidOut(file, text, maxJsonDepth);
  return root === undefined ? readAnyLayout(file, text) : { root, findings: [] };
}

/** The same for a text of any layout, three times as slow. */
export function readAnyLayout(file: string, text: string): JsonFile {
  return new JsonReader(file, text).read();
}

class JsonReader {
  private readonly findings: Finding[] = [];
  private readonly file: string;
  private readonly text: string;
  /** Offsets at which the lines begin. */
  private readonly lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.lineStarts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  }

  read(): JsonFile {
    if (this.text.length > maxJsonLength) {
      this.report('input-limit', 0, 1, 'this text is too long', `at most ${maxJsonLength} characters`);
      return { root: undefined, findings: this.findings };
    }
    const tooDeep = this.findTooDeep();
    if (tooDeep !== undefined) {
      this.report('input-limit', tooDeep, 1, 'this is nested too deep', `at most ${maxJsonDepth} levels`);
      return { root: undefined, findings: this.findings };
    }
    const errors: ParseError[] = [];
    const parsed = parseTree(this.text, errors, { disallowComments: true });
    this.reportSyntax(errors);
    const root = parsed && errors.length === 0 ? this.nodeOf(parsed) : undefined;
    if (root === undefined || this.findings.length > 0) return { root: undefined, findings: this.findings };
    return { root, findings: [] };
  }

  /** The offset of the first bracket nested too deep. The parser recurses, so this is found out beforehand. */
  private findTooDeep(): number | undefined {
    // With so few brackets it cannot be, and most texts have no more.
    if (this.text.split(/[[{]/, maxJsonDepth + 2).length <= maxJsonDepth + 1) return undefined;
    const scanner = createScanner(this.text, true);
    let depth = 0;
    for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
      if (opening.has(token)) depth += 1;
      if (closing.has(token)) depth -= 1;
      if (depth > maxJsonDepth) return scanner.getTokenOffset();
    }
    return undefined;
  }

  /** Only the first error: those behind it follow from it more often than not. */
  private reportSyntax(errors: readonly ParseError[]): void {
    const [first] = errors;
    if (first === undefined) return;
    const found = this.text.slice(first.offset, first.offset + Math.max(first.length, 1));
    const what = found === '' ? 'the text ends too early' : `unexpected ${quoted(found)}`;
    const code = printParseErrorCode(first.error);
    const message = `not JSON: ${what}`;
    this.report(
      'json-syntax',
      first.offset,
      first.length,
      message,
      expectations[code] ?? 'JSON as of RFC 8259',
    );
  }

  private nodeOf(node: ParsedNode): JsonNode {
    const location = this.locate(node.offset, node.length);
    const children = node.children ?? [];
    if (node.type === 'object') return { type: 'object', entries: this.entriesOf(children), location };
    if (node.type === 'array') {
      return { type: 'array', items: children.map((child) => this.nodeOf(child)), location };
    }
    if (node.type === 'string') return { type: 'string', value: String(node.value), location };
    if (node.type === 'number') return { type: 'number', value: Number(node.value), location };
    if (node.type === 'boolean') return { type: 'boolean', value: node.value === true, location };
    return { type: 'null', location };
  }

  private entriesOf(properties: readonly ParsedNode[]): JsonEntry[] {
    const seen = new Set<string>();
    return properties.flatMap(({ children }) => {
      const [keyNode, valueNode] = children ?? [];
      if (keyNode === undefined || valueNode === undefined) return [];
      const key = String(keyNode.value);
      if (seen.has(key)) {
        const message = `the key "${key}" stands here twice`;
        this.report('duplicate-key', keyNode.offset, keyNode.length, message, 'each key once');
      }
      seen.add(key);
      const location = this.locate(keyNode.offset, keyNode.length);
      return [{ key, value: this.nodeOf(valueNode), location }];
    });
  }

  private locate(offset: number, length: number): Location {
    return { file: this.file, start: this.position(offset), end: this.position(offset + length) };
  }

  private position(offset: number): Position {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  private report(
    rule: Finding['rule'],
    offset: number,
    length: number,
    message: string,
    allowed: string,
  ): void {
    const location = this.locate(offset, Math.max(length, 1));
    this.findings.push({ rule, severity: 'error', message, allowed, location });
  }
}

// Numbers of SyntaxKind: the library declares it as `const enum`, which has no value at run time.
const opening: ReadonlySet<number> = new Set([1, 3]);
const closing: ReadonlySet<number> = new Set([2, 4]);
const endOfFile = 17;

const textRules = String.raw`text in double quotes on one line; a backslash only before one of " \ / b f n r t u`;

const expectations: Readonly<Partial<Record<ReturnType<typeof printParseErrorCode>, string>>> = {
  InvalidSymbol: 'a value, a comma or a bracket; words are true, false and null',
  InvalidNumberFormat: 'a number such as 1, -2.5 or 1e3',
  PropertyNameExpected: 'a key in double quotes',
  ValueExpected: 'a value; no comma behind the last one',
  ColonExpected: 'a colon behind the key',
  CommaExpected: 'a comma between two values',
  CloseBraceExpected: 'a comma or a closing brace }',
  CloseBracketExpected: 'a comma or a closing bracket ]',
  EndOfFileExpected: 'nothing behind the end of the document',
  InvalidCommentToken: 'JSON without comments',
  UnexpectedEndOfString: textRules,
  InvalidCharacter: textRules,
  InvalidEscapeCharacter: textRules,
  InvalidUnicode: textRules,
  UnexpectedEndOfNumber: 'a number such as 1, -2.5 or 1e3',
};

/** A text in quotes, on one line, with what nobody could see written as escapes. */
function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(short).replace(/[\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, escaped);
}
