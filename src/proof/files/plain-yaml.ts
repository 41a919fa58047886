import type { Mapping } from './store.ts';

/**
 * Reads YAML of a plain form, some times as fast as js-yaml does: block mappings and lists alone, each line of them with
 * one key or one text on it, each text such that no reader of YAML 1.1 or 1.2 takes it for anything but that text, and
 * comments on lines of their own. Most files of dist are such texts.
 *
 * @returns the documents; undefined for any other text, which includes all that is no YAML, keys that stand twice, and
 *   what is nested deeper than allowed
 */
export function readPlainYaml(text: string, maxDepth: number): Mapping[] | undefined {
  try {
    return new PlainReader(text, maxDepth).documents();
  } catch (problem) {
    if (problem === notPlain) return undefined;
    throw problem;
  }
}

const notPlain = new Error('the text is of another form');

/** Nothing that begins so is a number, a date or a sign of YAML. */
const safeStart = /^(?:[A-Za-z_/]|\.[A-Za-z])[\w./+=@,:-]*$/;
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

class PlainReader {
  private at = 0;
  /** Of the line that is read; -1 at the end of a document. */
  private indent = -1;
  private isItem = false;
  /** Undefined where a text is an item of a list. */
  private key: string | undefined;
  private value: string | undefined;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  documents(): Mapping[] {
    const documents: Mapping[] = [];
    const { text } = this;
    while (text[this.at] === '#') if (!printable.test(this.rest())) throw notPlain;
    while (this.at < text.length) {
      if (this.rest() !== '---') throw notPlain;
      this.next();
      if (this.indent !== 0 || this.isItem) throw notPlain;
      documents.push(this.mapping(0, 0));
      if (this.indent >= 0) throw notPlain;
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

  private next(): void {
    const { text, at: start } = this;
    this.indent = -1;
    if (start >= text.length || text.startsWith('---', start)) return;
    let at = start;
    while (text.charCodeAt(at) === space) at++;
    this.indent = at - start;
    this.isItem = text.startsWith('- ', at);
    if (this.isItem) at += 2;
    this.at = at;
    const rest = this.rest();
    const end = rest.startsWith("'") ? -1 : rest.indexOf(' ');
    if (end === -1 && !rest.endsWith(':')) {
      this.key = undefined;
      this.value = textOf(rest);
    } else {
      const key = end === -1 ? rest : rest.slice(0, end);
      if (!key.endsWith(':') || key.length > longestKey) throw notPlain;
      this.key = plainText(key.slice(0, -1));
      this.value = end === -1 ? undefined : textOf(rest.slice(end + 1));
    }
  }

  /** The mapping whose first key is on this line, at an indent. */
  private mapping(indent: number, depth: number): Mapping {
    if (depth >= this.maxDepth) throw notPlain;
    const mapping: Record<string, unknown> = {};
    do {
      const key = this.key;
      const value = this.value;
      if (key === undefined || key in mapping) throw notPlain;
      this.next();
      mapping[key] = value ?? this.block(indent, depth + 1);
    } while (this.indent === indent && !this.isItem);
    return mapping;
  }

  /** What stands below a key. */
  private block(parent: number, depth: number): unknown {
    const { indent, isItem } = this;
    if (indent <= parent) throw notPlain;
    return isItem ? this.list(indent, depth) : this.mapping(indent, depth);
  }

  private list(indent: number, depth: number): unknown[] {
    if (depth >= this.maxDepth) throw notPlain;
    const items: unknown[] = [];
    do {
      if (this.key !== undefined) items.push(this.mapping(indent + 2, depth + 1));
      else {
        items.push(this.value);
        this.next();
      }
    } while (this.indent === indent && this.isItem);
    return items;
  }
}

function textOf(scalar: string): string {
  if (!scalar.startsWith("'")) return plainText(scalar);
  if (!quotedText.test(scalar)) throw notPlain;
  return scalar.slice(1, -1).replaceAll("''", "'");
}

function plainText(text: string): string {
  const isText = safeStart.test(text)
    ? text.length > longestWord || !words.has(text.toLowerCase())
    : safeNumber.test(text) && inNoNumber.test(text);
  if (!isText || text.endsWith(':')) throw notPlain;
  return text;
}
