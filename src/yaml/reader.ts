import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type Range,
  type Scalar,
  type ScalarTag,
} from 'yaml';
import type { Finding, Location, Path, PathTarget } from '../findings/finding.ts';

/** How many nodes aliases may add to a document before it counts as a bomb. */
export const maxAliasedNodes = 10_000;

/** Plain data: what YAML mappings, sequences and scalars become. Mappings have no prototype. */
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
}

/**
 * Reads every YAML 1.2 document of a text in time linear to its length. Nothing is thrown: syntax errors, duplicate
 * keys, too deep nesting, alias bombs and keys that are not text become findings of the document they are in.
 *
 * @returns the documents, at least one
 */
export function readYamlDocuments(file: string, text: string, options: YamlOptions): YamlFile[] {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = findTooDeep(tokens, options.maxDepth);
  if (tooDeep !== undefined) {
    const reader = new DocumentReader(file, text, lines, undefined, options);
    reader.report(
      'input-limit',
      tooDeep,
      tooDeep + 1,
      'this is nested too deep',
      `at most ${options.maxDepth} levels`,
    );
    return [reader.read()];
  }
  // Duplicate keys are looked for in plain(): the composer's own check is quadratic.
  const { customTags } = options;
  const composer = new Composer({
    uniqueKeys: false,
    version: '1.2',
    ...(customTags && { customTags: (tags) => [...customTags, ...tags] }),
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  return documents.map((document) => new DocumentReader(file, text, lines, document, options).read());
}

const yamlRules = 'YAML 1.2: spaces for indentation, ": " behind a key, every bracket and quote closed';

class DocumentReader {
  private readonly findings: Finding[] = [];
  private aliasedNodes = 0;
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

  read(): YamlFile {
    for (const problem of [...(this.document?.errors ?? []), ...(this.document?.warnings ?? [])]) {
      this.report('yaml-syntax', problem.pos[0], problem.pos[1], firstSentence(problem.message), yamlRules);
    }
    const contents = this.document?.contents ?? null;
    return {
      file: this.file,
      text: this.text,
      start: this.document?.range?.[0] ?? 0,
      value: this.plain(contents, 0, false),
      findings: this.findings,
      locate: (path, target = 'value') => this.locate(path, target),
      eachScalar: (visit) => this.eachScalar(contents, [], visit),
      locateRange: (start, end) => this.locateRange(start, end),
    };
  }

  /** The value of a node. Duplicate keys, non-text keys and alias bombs are reported on the way. */
  private plain(node: Node | null | undefined, depth: number, aliased: boolean): Plain {
    if (node === null || node === undefined) return null;
    if (aliased && ++this.aliasedNodes > maxAliasedNodes) return null;
    if (isAlias(node)) return this.plainAlias(node, depth);
    if (isScalar(node)) return node.value as Plain;
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

  private plainAlias(node: Node, depth: number): Plain {
    const [start, end] = rangeOf(node);
    const target = isAlias(node) && this.document ? node.resolve(this.document) : undefined;
    if (target === undefined || depth > this.options.maxDepth) {
      this.report(
        'yaml-alias',
        start,
        end,
        'an alias that stands for itself or for nothing',
        'an anchor above it',
      );
      return null;
    }
    const value = this.plain(target as Node, depth + 1, true);
    if (this.aliasedNodes > maxAliasedNodes) {
      const known = this.findings.some((finding) => finding.rule === 'yaml-alias');
      const allowed = `aliases that add at most ${maxAliasedNodes} values in all`;
      if (!known) this.report('yaml-alias', start, end, 'aliases multiply the document', allowed);
    }
    return value;
  }

  private keyOf(key: Node | null): string | undefined {
    const text = scalarText(key);
    if (text !== undefined && text !== '__proto__') return text;
    const [start, end] = key ? rangeOf(key) : [0, 1];
    const what = text === undefined ? 'a key that is not text' : '"__proto__" cannot be a key';
    this.report('wrong-type', start, end, what, 'keys that are words');
    return undefined;
  }

  private locate(path: Path, target: PathTarget): Location {
    let node: Node | null | undefined = this.document?.contents;
    let key: Node | null | undefined;
    for (const step of path) {
      const container = this.resolve(node);
      key = undefined;
      if (isMap(container)) {
        const pair = container.items.findLast((item) => scalarText(item.key as Node) === String(step));
        if (pair === undefined) break;
        key = pair.key as Node;
        node = (pair.value as Node | null) ?? key;
      } else if (isSeq(container) && container.items[Number(step)] !== undefined) {
        node = container.items[Number(step)] as Node;
      } else break;
    }
    const found = target === 'key' && key ? key : node;
    const [start, end] = found ? rangeOf(found) : [0, 1];
    return this.locateRange(start, end);
  }

  private resolve(node: Node | null | undefined): Node | null | undefined {
    return isAlias(node) && this.document ? (node.resolve(this.document) as Node | undefined) : node;
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

function firstSentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** The offset of the first token nested deeper than that; iterative, so that no input exhausts the stack. */
function findTooDeep(tokens: readonly CST.Token[], maxDepth: number): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    for (const child of children(token)) open.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function children(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items
    .flatMap((item) => [item.key, item.value])
    .filter((child) => child !== null && child !== undefined);
}
