import { detached } from '../../yaml/detached.ts';
import type { Mapping } from './store.ts';

/** A document, and the lines that it stands on. */
export interface PlainDocument {
  readonly object: Mapping;
  readonly lines: readonly Line[];
}

/** What a line says. Two with the same text are one and the same more often than not. */
export interface Line {
  readonly indent: number;
  readonly isItem: boolean;
  /** Undefined where a text is an item of a list. */
  readonly key: string | undefined;
  /** Undefined where it stands on the lines below. */
  readonly value: string | undefined;
}

/**
 * Reads YAML of a plain form, some times as fast as js-yaml does: block mappings and lists alone, each line of them with
 * one key or one text on it, each text such that no reader of YAML 1.1 or 1.2 takes it for anything but that text, and
 * comments on lines of their own. Most files of dist are such texts.
 *
 * @returns the documents; undefined for any other text, which includes all that is no YAML, keys that stand twice, and
 *   what is nested deeper than allowed
 */
export function readPlainYaml(text: string, maxDepth: number): PlainDocument[] | undefined {
  try {
    return new PlainReader(text, maxDepth).documents();
  } catch (problem) {
    if (problem === notPlain) return undefined;
    throw problem;
  }
}

const notPlain = new Error('the text is of another form');

/** Nothing that begins so is a number, a date or a sign of YAML, but for an exponent alone: to some it is a number. */
const safeStart = /^(?!\.?[Ee][+-]?\d+$)(?:[A-Za-z_/]|\.[A-Za-z])[\w./+=@,:-]*$/;
const safeNumber = /^\d[\w./+=@,:-]*$/;
/** No number, time or date has any of these, in any base. */
const inNoNumber = /[g-nq-su-wyG-NQ-SU-WY/=@]/;
const printable = /^[ -~]*$/;
const quotedText = /^'(?:[ -&(-~]|'')*'$/;

/** What readers take for no text though it begins like one. Source: the types bool, null and float of YAML 1.1. */
const words = new Set('y n yes no on off true false null .inf .nan'.split(' '));
const longestWord = 5;

/** The longest key of YAML. Source: YAML 1.1, implicit keys. */
const longestKey = 1024;

const space = 32;

/** Most lines stand in all files alike: what they say is found out once. */
const lines = new Map<string, Line>();
/** So many times as many as files have in common that those of the first files are among them. */
const mostLines = 2000;

function lineOf(text: string): Line {
  const known = lines.get(text);
  if (known !== undefined) return known;
  const own = detached(text);
  const line = readLine(own);
  if (lines.size < mostLines) lines.set(own, line);
  return line;
}

function readLine(text: string): Line {
  let indent = 0;
  while (text.charCodeAt(indent) === space) indent++;
  const isItem = text.startsWith('- ', indent);
  const rest = text.slice(isItem ? indent + 2 : indent);
  const end = rest.startsWith("'") ? -1 : rest.indexOf(' ');
  if (end === -1 && !rest.endsWith(':')) return { indent, isItem, key: undefined, value: textOf(rest) };
  const key = end === -1 ? rest : rest.slice(0, end);
  if (!key.endsWith(':') || key.length > longestKey) throw notPlain;
  const value = end === -1 ? undefined : textOf(rest.slice(end + 1));
  return { indent, isItem, key: plainText(key.slice(0, -1)), value };
}

class PlainReader {
  private at = 0;
  /** The line that is read; undefined at the end of a document. */
  private line: Line | undefined;
  private lines: Line[] = [];

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  documents(): PlainDocument[] {
    const documents: PlainDocument[] = [];
    const { text } = this;
    while (text[this.at] === '#') if (!printable.test(this.rest())) throw notPlain;
    while (this.at < text.length) {
      if (this.rest() !== '---') throw notPlain;
      this.lines = [];
      const first = this.next();
      if (first === undefined || first.isItem) throw notPlain;
      const { lines } = this;
      documents.push({ object: this.mapping(first, 0), lines });
      if (this.line !== undefined) throw notPlain;
    }
    return documents;
  }

  /** The rest of a line, behind which reading goes on. */
  private rest(): string {
    const end = this.text.indexOf('\n', this.at);
    if (end === -1) throw notPlain;
    const rest = this.text.slice(this.at, end);
    this.at = end + 1;
    return rest;
  }

  private next(): Line | undefined {
    const isEnd = this.at >= this.text.length || this.text.startsWith('---', this.at);
    this.line = isEnd ? undefined : lineOf(this.rest());
    if (this.line !== undefined) this.lines.push(this.line);
    return this.line;
  }

  /** The mapping whose first key is on this line: behind the sign of an item it stands two further in. */
  private mapping(first: Line, depth: number): Mapping {
    if (depth >= this.maxDepth) throw notPlain;
    const indent = first.isItem ? first.indent + 2 : first.indent;
    const mapping: Record<string, unknown> = {};
    let line: Line | undefined = first;
    do {
      const { key, value }: Line = line;
      if (key === undefined || key in mapping) throw notPlain;
      const next = this.next();
      mapping[key] = value ?? this.block(next, indent, depth + 1);
      line = this.line;
    } while (line !== undefined && line.indent === indent && !line.isItem);
    return mapping;
  }

  /** What stands below a key. */
  private block(first: Line | undefined, parent: number, depth: number): unknown {
    if (first === undefined || first.indent <= parent) throw notPlain;
    return first.isItem ? this.list(first, depth) : this.mapping(first, depth);
  }

  private list(first: Line, depth: number): unknown[] {
    if (depth >= this.maxDepth) throw notPlain;
    const items: unknown[] = [];
    let line: Line | undefined = first;
    do {
      if (line.key !== undefined) items.push(this.mapping(line, depth + 1));
      else {
        items.push(line.value);
        this.next();
      }
      line = this.line;
    } while (line !== undefined && line.indent === first.indent && line.isItem);
    return items;
  }
}

function textOf(scalar: string): string {
  if (!scalar.startsWith("'")) return plainText(scalar);
  if (!isQuotedText(scalar)) throw notPlain;
  return scalar.slice(1, -1).replaceAll("''", "'");
}

function plainText(text: string): string {
  if (!isPlainText(text)) throw notPlain;
  return text;
}

/** Whether a text in single quotes is one in ASCII. */
export function isQuotedText(text: string): boolean {
  return quotedText.test(text);
}

/** Whether a text without quotes is that text to every reader of YAML, as a key and as a value. */
export function isPlainText(text: string): boolean {
  const isText = safeStart.test(text)
    ? text.length > longestWord || !words.has(text.toLowerCase())
    : safeNumber.test(text) && inNoNumber.test(text);
  return isText && !text.endsWith(':');
}
