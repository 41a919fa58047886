import type { Plain } from './reader.ts';

/**
 * The values of the documents of a text of plain lines, many times as fast as they are read with their places: keys,
 * words, quoted texts without escapes, and lists and mappings of these in one line. That is all that most people write,
 * and nothing in which readers of YAML differ.
 *
 * @returns undefined for every other text, whether it is YAML or not
 */
export function plainDocuments(text: string): Plain[] | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return new PlainReader(text).documents();
  } catch (problem) {
    if (problem instanceof NotPlain) return undefined;
    throw problem;
  }
}

/** The longest text that is read this way: that of the largest input file. */
const maxLength = 16 * 1024 * 1024;

/** No line that a person would write is longer. */
const maxLineLength = 4096;

/** What a text may begin with that is not quoted; it goes on with anything but ": " and " #". */
const start = '[A-Za-z0-9_/]|\\./';
const rest = '[!-9;-~]*(?::+[!-9;-~]+)*';
const words = `(?:${start})${rest}(?: (?!#)[!-9;-~]${rest})*`;
const quoted = `"[ !#-\\[\\]-~]*"|'[ -&(-~]*'`;
/** In brackets and braces, "," and ":" end a word. */
const item = `(?:${start})[\\w./+=@-]*|${quoted}`;
const key = '[A-Za-z.][\\w./-]{0,255}';
const flow = (inner: string) =>
  `\\[\\]|\\{\\}|\\[ ?(?:${inner})(?:, (?:${inner}))* ?\\]|\\{ ?${key}: (?:${inner})(?:, ${key}: (?:${inner}))* ?\\}`;
const value = `${words}|${quoted}|${flow(`${item}|${flow(item)}`)}`;
const comment = '#[^\\p{C}\\p{Zl}\\p{Zp}]*';

/**
 * One line: its indentation, its dash, its key and what stands behind it, or what stands there without a key. It is never
 * nested deeper than any reader allows: by its indentation, its dash, its brackets and braces.
 */
const plainLine = new RegExp(
  `(?:(---)|( {0,24})(?:(- )?(?:(${key}):(?: (${value})?|(?=\\n|$))|(${value})))?)(?:(?: +|(?<=^|\\n *))${comment})? *(?:\\n|$)`,
  'uy',
);

/** What a list or mapping in one line consists of; a key has its colon with it. */
const flowTokens = /[[\]{}]|"[^"]*"|'[^']*'|[^ ,[\]{}]+/g;

/** Words that are not text to every reader of YAML 1.1 or 1.2: what they are depends on the reader. */
const unsure =
  /^(?:~|null|true|false|y|yes|n|no|on|off|[-+]?(?:\d+|\.\d+|\d+\.\d*)(?:e[-+]?\d+)?|0o[0-7]+|0x[\da-f]+|[-+]?\.(?:inf|nan))$/i;

/** Thrown where a text is not plain after all. */
class NotPlain extends Error {}

/** Reads line by line. What it does not expect at a place is not plain: it may be YAML, but seldom is. */
class PlainReader {
  private readonly text: string;
  private offset = 0;
  private isEnd = false;
  /** Of the line at hand; less than any line has at the end of a document. */
  private indent = -1;
  /** Whether the line begins with a dash, and what stands there behind it. */
  private isItem = false;
  private key: string | undefined;
  private value: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  documents(): Plain[] {
    this.next();
    // A first document may begin with "---".
    if (this.indent < 0) this.next();
    const values = [this.block()];
    while (!this.isEnd) {
      if (this.indent >= 0) throw new NotPlain();
      this.next();
      values.push(this.block());
    }
    return values;
  }

  /** Goes on to the next line that holds more than a comment. */
  private next(): void {
    while (this.offset < this.text.length) {
      const end = this.text.indexOf('\n', this.offset) + 1 || this.text.length;
      plainLine.lastIndex = this.offset;
      // A pattern that matches a long text would run out of stack.
      const line = end - this.offset > maxLineLength ? null : plainLine.exec(this.text);
      if (line === null) throw new NotPlain();
      this.offset = end;
      const [, boundary, indent = '', dash, key, valueOfKey, value] = line;
      if (boundary === undefined && key === undefined && value === undefined) continue;
      this.indent = boundary === undefined ? indent.length : -1;
      this.isItem = dash !== undefined;
      this.key = key;
      this.value = valueOfKey ?? value;
      return;
    }
    this.indent = -1;
    this.isEnd = true;
  }

  /** The list or mapping that begins with the line at hand. */
  private block(): Plain {
    if (this.indent < 0) throw new NotPlain();
    return this.isItem ? this.list() : this.mapping();
  }

  private list(): Plain[] {
    const { indent } = this;
    const items: Plain[] = [];
    while (this.indent === indent && this.isItem) items.push(this.item());
    if (this.indent > indent) throw new NotPlain();
    return items;
  }

  private item(): Plain {
    if (this.key === undefined) {
      const text = this.value ?? '';
      this.next();
      return plainValue(text);
    }
    // Its other keys stand below the first one, which is behind the dash.
    this.indent += 2;
    this.isItem = false;
    return this.mapping();
  }

  private mapping(): Plain {
    const { indent } = this;
    const mapping: { [key: string]: Plain } = {};
    while (this.indent === indent && !this.isItem) {
      const key = this.key;
      const text = this.value;
      this.next();
      add(mapping, key, text === undefined ? this.below(indent) : plainValue(text));
    }
    if (this.indent > indent) throw new NotPlain();
    return mapping;
  }

  /** What stands below a key. The dashes of a list may stand right below it. */
  private below(indent: number): Plain {
    const isBelow = this.indent > indent || (this.indent === indent && this.isItem);
    return isBelow ? this.block() : null;
  }
}

function add(mapping: { [key: string]: Plain }, key: string | undefined, value: Plain): void {
  if (key === undefined || unsure.test(key) || Object.hasOwn(mapping, key)) throw new NotPlain();
  mapping[key] = value;
}

function plainValue(text: string): Plain {
  const isFlow = text[0] === '[' || text[0] === '{';
  return isFlow ? flowValue((text.match(flowTokens) ?? []).reverse()) : scalar(text);
}

/** @param tokens in reverse; those of the value are taken off */
function flowValue(tokens: string[]): Plain {
  const token = tokens.pop() ?? '';
  if (token === '[') {
    const items: Plain[] = [];
    while (tokens.at(-1) !== ']') items.push(flowValue(tokens));
    tokens.pop();
    return items;
  }
  if (token !== '{') return scalar(token);
  const mapping: { [key: string]: Plain } = {};
  while (tokens.at(-1) !== '}') add(mapping, tokens.pop()?.slice(0, -1), flowValue(tokens));
  tokens.pop();
  return mapping;
}

function scalar(text: string): Plain {
  if (text[0] === '"' || text[0] === "'") return text.slice(1, -1);
  if (!unsure.test(text)) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new NotPlain();
}
