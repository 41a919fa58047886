import { detached } from './detached.ts';
import type { Plain } from './reader.ts';

/**
 * What a process remembers of what it has read: the items of the lists that documents of plain lines hold, by their texts.
 * Nobody changes what was read.
 */
export class ReadItems {
  private latest: ReadonlyMap<string, Plain> = new Map();
  private current = new Map<string, Plain>();

  /** What was not read since the call before is forgotten. */
  next(): void {
    [this.latest, this.current] = [this.current, new Map()];
  }

  /** Forgets everything. */
  clear(): void {
    [this.latest, this.current] = [new Map(), new Map()];
  }

  /**
   * Reads a document of plain lines, but no item that was read before.
   *
   * @param read gives the documents of a text
   * @returns undefined when it is more than one mapping, or one of an odd form
   * @throws what `read` throws
   */
  document(text: string, read: (text: string) => Plain[]): Plain | undefined {
    const { rest, items } = cutItems(text);
    const [document, ...others] = read(rest);
    if (others.length > 0 || typeof document !== 'object' || document === null) return undefined;
    if (Array.isArray(document)) return undefined;
    for (const [key, texts] of items) {
      // What is left there belongs to the list, in a form of its own.
      if (document[key] !== null) return undefined;
      document[key] = texts.map((one) => this.item(one, read));
    }
    return document;
  }

  private item(text: string, read: (text: string) => Plain[]): Plain {
    const list = this.latest.get(text) ?? this.current.get(text) ?? read(detached(text))[0] ?? null;
    this.current.set(text, list);
    const [item = null] = Array.isArray(list) ? list : [];
    return item;
  }
}

/** A document of plain lines in parts. */
interface Cut {
  /** What belongs to no item: the keys of the lists stand there without a value. */
  readonly rest: string;
  /** The items of each list, by its key: each is a list of one. */
  readonly items: ReadonlyMap<string, readonly string[]>;
}

const keyLine = /([A-Za-z.][\w./-]*): *\n/y;
const [space, newline, numberSign] = [32, 10, 35];

/**
 * Cuts the items out of the lists that stand right below the keys of a document. An item begins at each dash of the list's
 * indentation and goes on as long as lines are indented deeper.
 *
 * @param text of lines each of which is whole by itself, see `plainDocuments`
 */
function cutItems(text: string): Cut {
  const items = new Map<string, string[]>();
  let [rest, kept, key] = ['', 0, ''];
  let list: { readonly indent: number; readonly items: string[]; start: number } | undefined;
  for (let at = 0; at < text.length; ) {
    const start = at;
    at = text.indexOf('\n', start) + 1 || text.length;
    let sign = start;
    while (text.charCodeAt(sign) === space) sign++;
    const first = text.charCodeAt(sign);
    if (sign === text.length || first === newline || first === numberSign) continue;
    const indent = sign - start;
    const isItem = text.startsWith('- ', sign);
    if (list !== undefined) {
      if (indent > list.indent) continue;
      list.items.push(text.slice(list.start, start));
      list.start = start;
      if (isItem && indent === list.indent) continue;
      [list, kept] = [undefined, start];
    } else if (isItem && key !== '') {
      rest += text.slice(kept, start);
      list = { indent, items: [], start };
      items.set(key, list.items);
      continue;
    }
    keyLine.lastIndex = start;
    key = keyLine.exec(text)?.[1] ?? '';
  }
  if (list === undefined) rest += text.slice(kept);
  else list.items.push(text.slice(list.start));
  return { rest, items };
}
