import { type CST, Lexer, Parser } from 'yaml';
import { unlessOverflow } from '../findings/limits.ts';

/** The most lexical units that are read: nearly three times what 10,000 services need. Each costs memory several times over. */
export const maxUnits = 2_000_000;

/** The syntax tree of a text, and what can be said of it before it is read as data. */
export interface Tokens {
  readonly tokens: readonly CST.Token[];
  /** Offset of the first node that is nested deeper than allowed. */
  readonly tooDeep: number | undefined;
  /** Offsets of the brackets, braces and quotes that nothing closes, in no order. */
  readonly unclosed: readonly number[];
}

/**
 * Splits a text into tokens, in time linear to its length.
 *
 * @returns the offset at which the text is too much to read, if it is
 */
export function tokensOf(text: string, maxDepth: number): Tokens | { tooMany: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let [count, offset] = [0, 0];
  // The parser leaves the levels of a block one within another.
  const isRead = unlessOverflow(() => {
    for (const unit of new Lexer().lex(text)) {
      // Each unit costs memory several times over: what is refused here would not fit into it.
      if (++count > maxUnits) return false;
      for (const token of parser.next(unit)) tokens.push(token);
      // The lexer's own marks of where a document and a scalar begin, which are not in the text.
      if (unit !== '\u0002' && unit !== '\u001f') offset += unit.length;
    }
    for (const token of parser.end()) tokens.push(token);
    return true;
  });
  if (isRead === undefined) return { tokens, tooDeep: offset, unclosed: [] };
  return isRead ? { tokens, ...inspect(tokens, maxDepth) } : { tooMany: offset };
}

/** Iterative, so that no input exhausts the stack. */
function inspect(tokens: readonly CST.Token[], maxDepth: number): Omit<Tokens, 'tokens'> {
  const unclosed: number[] = [];
  let tooDeep: number | undefined;
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) {
      tooDeep = token.offset;
      break;
    }
    if (!isClosed(token)) unclosed.push(token.offset);
    for (const child of children(token)) open.push({ token: child, depth: depth + 1 });
  }
  return { tooDeep, unclosed };
}

function isClosed(token: CST.Token): boolean {
  if (token.type === 'flow-collection') {
    const closing = token.start.source === '[' ? ']' : '}';
    return token.end.some(({ source }) => source === closing);
  }
  if (token.type === 'single-quoted-scalar') return trailing(token.source.slice(1), "'") % 2 === 1;
  if (token.type !== 'double-quoted-scalar') return true;
  const inner = token.source.slice(1);
  return inner.endsWith('"') && trailing(inner.slice(0, -1), '\\') % 2 === 0;
}

/** How often a text ends with a character. */
function trailing(text: string, character: string): number {
  let count = 0;
  while (text[text.length - 1 - count] === character) count++;
  return count;
}

function children(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items
    .flatMap((item) => [item.key, item.value])
    .filter((child) => child !== null && child !== undefined);
}
