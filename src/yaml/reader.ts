import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Range,
  type Scalar,
  type ScalarTag,
  type YAMLMap,
} from 'yaml';
import type { Finding, Location, Path, PathTarget } from '../findings/finding.ts';
import { maxFindings, unlessOverflow } from '../findings/limits.ts';
import type { ReadItems } from './items.ts';
import { plainDocuments } from './plain.ts';
import { syntaxProblems } from './syntax.ts';
import { maxUnits, tokensOf } from './tokens.ts';

/** How many nodes aliases may add to a document before it counts as a bomb. */
const maxAliasedNodes = 10_000;

/** The longest text that is read: patterns that look at longer ones run out of stack. */
const maxTextLength: number = 2 ** 20;

/** Plain data: what YAML mappings, sequences and scalars become. No mapping has a key `__proto__`. */
export type Plain = string | number | bigint | boolean | null | Plain[] | { [key: string]: Plain };

/** A YAML document that was read: its value, its problems, and where each part of it stands. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
  /** Offset in `text` at which the document begins. */
  readonly start: number;
  readonly value: Plain;
  readonly findings: readonly Finding[];
  /** Turns a path into a place; falls back to the nearest parent that exists. */
  readonly locate: (path: Path, target?: PathTarget) => Location;
  /** The value at a path as it is written in the file. */
  readonly written: (path: Path) => string;
  /** Calls back for each scalar, keys included, with the path of the value it belongs to. */
  readonly eachScalar: (visit: (scalar: Scalar, path: Path, target: PathTarget) => void) => void;
  /** Turns two offsets into a place. */
  readonly locateRange: (start: number, end: number) => Location;
}

/** How a text is read. */
export interface YamlOptions {
  /** The deepest nesting that is read. */
  readonly maxDepth: number;
  /** Further scalars that are not text, beyond those of YAML 1.2. */
  readonly customTags?: ScalarTag[];
  /** Whether `<<` merges a mapping into the one around it. */
  readonly merge?: boolean;
  /** What was read before. */
  readonly known?: ReadItems | undefined;
}

/**
 * Reads every YAML 1.2 document of a text in time linear to its length. Nothing is thrown: syntax errors, duplicate
 * keys, too deep nesting, alias bombs and keys that are not text become findings of the document they are in.
 *
 * Where a text is plain, the places in it are only looked for when somebody asks for one. If it has too many words for that,
 * every place is its beginning.
 *
 * @returns the documents, at least one
 */
export function readYamlDocuments(file: string, text: string, options: YamlOptions): YamlFile[] {
  const values = plainDocuments(text, options.known);
  if (values === undefined) return readWithPlaces(file, text, options);
  let read: YamlFile[] | undefined;
  return values.map((value, index) => {
    const placed = () => {
      read ??= readWithPlaces(file, text, options);
      return (read[index] ?? read[0]) as YamlFile;
    };
    return {
      file,
      text,
      get start() {
        return placed().start;
      },
      value,
      findings: [],
      locate: (path, target) => placed().locate(path, target),
      written: (path) => placed().written(path),
      eachScalar: (visit) => placed().eachScalar(visit),
      locateRange: (start, end) => placed().locateRange(start, end),
    };
  });
}

/** The same for any text. */
export function readWithPlaces(file: string, text: string, options: YamlOptions): YamlFile[] {
  const lines = linesOf(text);
  const refused = (offset: number, message: string, allowed: string) => {
    const reader = new DocumentReader(file, text, lines, undefined, options);
    reader.report('input-limit', offset, offset + 1, message, allowed);
    return [reader.read([])];
  };
  const read = tokensOf(text, options.maxDepth);
  if ('tooMany' in read)
    return refused(0, 'this is more than can be read', `at most ${maxUnits} words and signs`);
  const { tokens, tooDeep, unclosed } = read;
  if (tooDeep !== undefined) {
    return refused(tooDeep, 'this is nested too deep', `at most ${options.maxDepth} levels`);
  }
  const documents = unlessOverflow(() => compose(tokens, text, options));
  if (documents === undefined) return refused(0, 'this is not YAML', 'YAML 1.2');
  const offsets = [...unclosed].sort((a, b) => b - a);
  return documents.map((document) => {
    const [, , end] = document.range ?? [0, 0, text.length];
    const own: number[] = [];
    for (let offset = offsets.at(-1); offset !== undefined && offset < end; offset = offsets.at(-1)) {
      own.push(offset);
      offsets.pop();
    }
    return new DocumentReader(file, text, lines, document, options).read(own);
  });
}

/** Where each line begins. The parser's own count loses lines behind a syntax error. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  let start = 0;
  do {
    lines.addNewLine(start);
    start = text.indexOf('\n', start) + 1;
  } while (start > 0);
  return lines;
}

function compose(tokens: readonly CST.Token[], text: string, { customTags }: YamlOptions): Document[] {
  // Duplicate keys are looked for in plain(): the composer's own check is quadratic.
  const composer = new Composer({
    uniqueKeys: false,
    version: '1.2',
    ...(customTags && { customTags: (tags) => [...customTags, ...tags] }),
  });
  const { stackTraceLimit } = Error;
  // Each syntax error is an Error, and the text may hold a million of them.
  Error.stackTraceLimit = 0;
  try {
    return [...composer.compose(tokens, true, text.length)];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

class DocumentReader {
  private readonly findings: Finding[] = [];
  /** The lines of syntax errors. */
  private readonly broken = new Set<number>();
  private aliasedNodes = 0;
  private isBomb = false;
  /** What each alias stands for; without those that stand for nothing. */
  private readonly targets = new Map<Alias, Node>();
  /** The entries of each mapping that a path led through, by key. */
  private readonly entries = new Map<YAMLMap, ReadonlyMap<string, YAMLMap['items'][number]>>();
  private readonly file: string;
  private readonly text: string;
  private readonly lines: LineCounter;
  private readonly document: Document | undefined;
  private readonly options: YamlOptions;

  constructor(
    file: string,
    text: string,
    lines: LineCounter,
    document: Document | undefined,
    options: YamlOptions,
  ) {
    this.file = file;
    this.text = text;
    this.lines = lines;
    this.document = document;
    this.options = options;
  }

  /** @param unclosed offsets of brackets and quotes that nothing closes */
  read(unclosed: readonly number[]): YamlFile {
    const lineAt = (offset: number) => this.lines.linePos(offset).line;
    const problems = this.document ? syntaxProblems(this.document, this.text, unclosed, lineAt) : [];
    for (const { start, end, message, allowed } of problems) {
      this.report('yaml-syntax', start, end, message, allowed);
      this.broken.add(lineAt(start));
    }
    const contents = this.document?.contents ?? null;
    this.collectAnchors(contents, new Map());
    return {
      file: this.file,
      text: this.text,
      start: this.document?.range?.[0] ?? 0,
      value: this.plain(contents, 0, false),
      findings: this.findings,
      locate: (path, target = 'value') => this.locateRange(...this.find(path, target)),
      written: (path) => this.text.slice(...this.find(path, 'value')),
      eachScalar: (visit) => this.eachScalar(contents, [], visit),
      locateRange: (start, end) => this.locateRange(start, end),
    };
  }

  /** The value of a node. Duplicate keys, non-text keys and alias bombs are reported on the way. */
  private plain(node: Node | null | undefined, depth: number, aliased: boolean): Plain {
    if (node === null || node === undefined) return null;
    if (aliased && ++this.aliasedNodes > maxAliasedNodes) return null;
    if (isAlias(node)) return this.plainAlias(node, depth);
    if (isScalar(node)) return this.plainScalar(node);
    if (isSeq(node)) return node.items.map((item) => this.plain(item as Node, depth + 1, aliased));
    if (!isMap(node)) return null;
    const result: Mapping = Object.create(null);
    const merged: Plain[] = [];
    for (const { key, value } of node.items) {
      const name = this.keyOf(key as Node | null);
      if (name === undefined) continue;
      if (name === '<<' && this.options.merge) {
        merged.push(this.plain(value as Node | null, depth + 1, aliased));
        continue;
      }
      if (name in result && !aliased) {
        const [start, end] = rangeOf(key as Node);
        this.report('duplicate-key', start, end, `the key "${name}" stands here twice`, 'each key once');
      }
      result[name] = this.plain(value as Node | null, depth + 1, aliased);
    }
    return addMissing(result, merged.flat());
  }

  /** What is too long is refused, and so are `!!binary` and `!!timestamp`, which make objects of texts. */
  private plainScalar(node: Scalar): Plain {
    const [start, end] = rangeOf(node);
    if (end - start > maxTextLength) {
      this.report(
        'input-limit',
        start,
        end,
        'a text that is too long',
        `at most ${maxTextLength} characters`,
      );
      return null;
    }
    if (typeof node.value !== 'object' || node.value === null) return node.value as Plain;
    this.report(
      'yaml-syntax',
      start,
      end,
      `a value with the tag ${node.tag}`,
      'text, numbers, true and false',
    );
    return null;
  }

  private plainAlias(node: Alias, depth: number): Plain {
    const [start, end] = rangeOf(node);
    const target = this.targets.get(node);
    if (target === undefined || depth > this.options.maxDepth) {
      const message = target
        ? 'an alias that stands for itself'
        : `there is no anchor "&${node.source}" above this`;
      this.report('yaml-alias', start, end, message, 'an anchor above it, around something else');
      return null;
    }
    const value = this.plain(target, depth + 1, true);
    if (this.aliasedNodes > maxAliasedNodes && !this.isBomb) {
      this.isBomb = true;
      const allowed = `aliases that add at most ${maxAliasedNodes} values in all`;
      this.report('yaml-alias', start, end, 'aliases multiply the document', allowed);
    }
    return value;
  }

  private keyOf(key: Node | null): string | undefined {
    const [start, end] = key ? rangeOf(key) : [0, 1];
    const text = end - start > maxTextLength ? undefined : scalarText(key);
    if (text !== undefined && text !== '__proto__') return text;
    // What does not parse is often no key either.
    if (this.broken.has(this.lines.linePos(start).line)) return undefined;
    const what = text === undefined ? 'a key that is not text' : '"__proto__" cannot be a key';
    this.report('wrong-type', start, end, what, 'keys that are words');
    return undefined;
  }

  /** The offsets of what a path leads to, or of the nearest parent that exists. */
  private find(path: Path, target: PathTarget): readonly [start: number, end: number] {
    let node: Node | null | undefined = this.document?.contents;
    let key: Node | null | undefined;
    for (const step of path) {
      const container = isAlias(node) ? this.targets.get(node) : node;
      key = undefined;
      if (isMap(container)) {
        const pair = this.entriesOf(container).get(String(step));
        if (pair === undefined) break;
        key = pair.key as Node;
        node = (pair.value as Node | null) ?? key;
      } else if (isSeq(container) && container.items[Number(step)] !== undefined) {
        node = container.items[Number(step)] as Node;
      } else break;
    }
    const found = target === 'key' && key ? key : node;
    return found ? rangeOf(found) : [0, 1];
  }

  /** An index, because looking through a mapping for each of its keys is quadratic. The last of equal keys counts. */
  private entriesOf(map: YAMLMap): ReadonlyMap<string, YAMLMap['items'][number]> {
    const known = this.entries.get(map);
    const entries = known ?? new Map(map.items.map((pair) => [scalarText(pair.key as Node) ?? '', pair]));
    if (known === undefined) this.entries.set(map, entries);
    return entries;
  }

  /** Notes what aliases stand for, in the order of the text. The library would look through the text for each. */
  private collectAnchors(node: Node | null | undefined, anchors: Map<string, Node>): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) this.targets.set(node, target);
      return;
    }
    if (node?.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) this.collectAnchors(item as Node, anchors);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      this.collectAnchors(key as Node, anchors);
      this.collectAnchors(value as Node | null, anchors);
    }
  }

  private eachScalar(
    node: Node | null | undefined,
    path: Path,
    visit: (scalar: Scalar, path: Path, target: PathTarget) => void,
  ): void {
    if (isScalar(node)) visit(node, path, 'value');
    else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        this.eachScalar(item as Node, [...path, index], visit);
      });
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const at = [...path, scalarText(key as Node) ?? ''];
        if (isScalar(key)) visit(key, at, 'key');
        this.eachScalar(value as Node | null, at, visit);
      }
    }
  }

  private locateRange(start: number, end: number): Location {
    const from = this.lines.linePos(start);
    const to = this.lines.linePos(Math.max(start + 1, end));
    return {
      file: this.file,
      start: { line: Math.max(1, from.line), column: Math.max(1, from.col) },
      end: { line: Math.max(1, to.line), column: Math.max(1, to.col) },
    };
  }

  report(rule: Finding['rule'], start: number, end: number, message: string, allowed: string): void {
    if (this.findings.length >= maxFindings) return;
    const location = this.locateRange(start, end);
    this.findings.push({ rule, severity: 'error', message, allowed, location });
  }
}

type Mapping = { [key: string]: Plain };

/** What `<<` does: entries of the others where the mapping has none itself; the first one wins. */
function addMissing(mapping: Mapping, others: readonly Plain[]): Mapping {
  for (const other of others) {
    if (typeof other !== 'object' || other === null || Array.isArray(other)) continue;
    for (const [key, value] of Object.entries(other)) mapping[key] ??= value;
  }
  return mapping;
}

/** The text of a key as written in the file, so that `1` and `no` stay what the reader sees. */
function scalarText(key: Node | null): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return key.source ?? undefined;
}

function rangeOf(node: Node): readonly [number, number] {
  const [start, end] = (node.range as Range | undefined) ?? [0, 1];
  return [start, end];
}
