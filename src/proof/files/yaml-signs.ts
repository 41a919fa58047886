import { CST, Lexer } from 'yaml';

/** A piece of a text of YAML. */
interface Piece {
  readonly text: string;
  readonly offset: number;
  /** Whether it is a text without quotes, or one of several lines. In a file of objects none of those looks odd. */
  readonly isText: boolean;
}

/**
 * Where something stands first that readers of YAML take for different things, or that some refuse, and that shows in no
 * value: an anchor, an alias, a tag, a key that merges mappings, a number with underscores, a slash behind a backslash, or a
 * colon without a space.
 *
 * @returns where it begins and ends; undefined when there is none
 */
export function oddSignIn(text: string): readonly [number, number] | undefined {
  let depth = 0;
  let [before, beforeThat]: (Piece | undefined)[] = [];
  for (const piece of piecesOf(text)) {
    const { offset, text: own, isText } = piece;
    const isBehindKey = before?.text === ':' && beforeThat?.isText && !/\s/.test(own);
    if (isBehindKey || isOdd(piece, depth > 0)) return [offset, offset + own.length];
    if (!isText) depth += Number(/^[[{]/.test(own)) - Number(/^[\]}]/.test(own));
    [before, beforeThat] = [piece, before];
  }
  return undefined;
}

function isOdd({ text, isText }: Piece, isInBrackets: boolean): boolean {
  if (!isText) return /^[&!*]|^"(?:[^\\]|\\[^/])*\\\//.test(text);
  return isOddText(text) || (isInBrackets && /^:|:\?|\?(?:\s|$)/.test(text));
}

function isOddText(text: string): boolean {
  return text === '<<' || (text.includes('_') && number.test(text.replaceAll('_', '')));
}

const number = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

function* piecesOf(text: string): Generator<Piece> {
  let offset = 0;
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!marks.has(lexeme)) {
      yield { text: lexeme, offset, isText };
      offset += lexeme.length;
    }
    isText = lexeme === CST.SCALAR;
  }
}

/** What the lexer says and does not stand in the text. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
