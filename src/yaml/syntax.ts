import type { Document, YAMLError } from 'yaml';

/** A syntax error in plain words, at offsets of the text. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly allowed: string;
}

/** One slip early in a file yields many errors after it, so no more than this are told. */
const maxProblems = 20;

const rules = 'YAML 1.2: spaces for indentation, ": " behind a key, every bracket and quote closed';

/** What the parser's words mean for the author of the file. The others are clear enough. */
const plainWords: Readonly<Record<string, string>> = {
  MULTILINE_IMPLICIT_KEY: 'a key is expected here, with ": " behind it',
  BLOCK_AS_IMPLICIT_KEY: 'a value and a mapping in one place: a text with ": " in it needs quotes',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
};

/**
 * What is wrong with the syntax of a document: each bracket or quote that nothing closes, where it opens, and then one
 * error for each line.
 *
 * @param unclosed offsets of brackets, braces and quotes that nothing closes
 * @param lineAt the line of an offset
 */
export function syntaxProblems(
  document: Document,
  text: string,
  unclosed: readonly number[],
  lineAt: (offset: number) => number,
): SyntaxProblem[] {
  const errors = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'BAD_INDENT')];
  if (errors.length === 0) return [];
  const [from, , to] = document.range ?? [0, 0, text.length];
  const conflict = /^(?:<{7}|={7}|>{7})(?: .*)?$/m.exec(text.slice(from, to));
  if (conflict !== null) return [unresolved(conflict, from)];
  const others = errors.filter((error) => !isAboutUnclosed(error) || unclosed.length === 0).map(inPlainWords);
  // Of several in one line it is the innermost that was forgotten.
  const innermost = [
    ...new Map([...unclosed].sort(ascending).map((offset) => [lineAt(offset), offset])).values(),
  ];
  const all = [...innermost.map((offset) => notClosed(text, offset)), ...others];
  const first = innermost[0] ?? text.length;
  const lines = new Set<number>();
  return all
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => {
      const line = lineAt(start);
      // What stands behind an open bracket or quote is read as a part of it: errors there follow from it.
      if (lines.has(line) || (start > first && !innermost.includes(start))) return false;
      return lines.add(line);
    })
    .slice(0, maxProblems);
}

function unresolved({ 0: line, index }: RegExpExecArray, from: number): SyntaxProblem {
  const message = 'a merge conflict that was not resolved begins here';
  return {
    start: from + index,
    end: from + index + line.length,
    message,
    allowed: 'one of its sides, without the marks',
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function isAboutUnclosed({ message }: YAMLError): boolean {
  return /end with a|Missing closing/.test(message);
}

function notClosed(text: string, offset: number): SyntaxProblem {
  const opening = text[offset] ?? '';
  const closing = { '[': ']', '{': '}' }[opening] ?? opening;
  const message = `nothing closes this ${opening}`;
  return { start: offset, end: offset + 1, message, allowed: `a ${closing} where it ends` };
}

function inPlainWords({ code, message, pos: [start, end] }: YAMLError): SyntaxProblem {
  const line = message.split('\n', 1)[0] ?? message;
  const own = (line.charAt(0).toLowerCase() + line.slice(1, 200)).replace('tag:yaml.org,2002:', '!!');
  return { start, end, message: plainWords[code] ?? own, allowed: rules };
}
