import type { Document, YAMLError } from 'yaml';
import { codeOf } from '../findings/code-of.ts';

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

/** What the parser's words mean for the author of the file, by a part of its message. The others are clear enough. */
const plainWords: readonly (readonly [parsers: RegExp, plain: string])[] = [
  [/^Implicit keys need to be on a single line/, 'a key is expected here, with ": " behind it'],
  [/1024 chars/, 'a key of more than 1024 characters'],
  [
    /at node end$/,
    'text behind the end of a value: what begins with {, [ or a quote needs quotes around all of it',
  ],
  [/^A block sequence may not/, 'this line is indented as none above it'],
  [
    /^Sequence item without - indicator/,
    'a "- " is missing here, or this is not indented as the lines above',
  ],
];

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
  const others = errors.filter((error) => !isAboutUnclosed(error) || unclosed.length === 0);
  // Of several in one line it is the innermost that was forgotten.
  const innermost = [
    ...new Map([...unclosed].sort(ascending).map((offset) => [lineAt(offset), offset])).values(),
  ];
  const all = [...innermost.map((offset) => notClosed(text, offset)), ...others.map(asFound)];
  const first = innermost[0] ?? text.length;
  const told = new Map<number, SyntaxProblem>();
  // Up to where lines are indented as deep as the last one that was told: they are read with it.
  let below = 0;
  for (const problem of all.sort((a, b) => a.start - b.start)) {
    const { start, message } = problem;
    if (told.size === maxProblems) break;
    // What stands behind an open bracket or quote is read as a part of it: errors there follow from it.
    if (told.has(lineAt(start)) || (start > first && !innermost.includes(start))) continue;
    if (start < below && /must start at the same column$/.test(message)) continue;
    if (told.size > 0 && /in YAML stream/.test(message)) continue;
    told.set(lineAt(start), inPlainWords(problem, text));
    below = endOfBlock(text, start);
  }
  return [...told.values()];
}

/** Where the first line begins that is indented less than that of an offset. */
function endOfBlock(text: string, offset: number): number {
  const indent = indentOf(lineOf(text, offset).line);
  if (indent === 0) return offset;
  const shallower = new RegExp(`\\n[ \\t]{0,${indent - 1}}(?![ \\t\\n])`, 'g');
  shallower.lastIndex = offset;
  return shallower.exec(text)?.index ?? text.length;
}

function lineOf(text: string, offset: number): { readonly begin: number; readonly line: string } {
  const begin = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', begin);
  return { begin, line: text.slice(begin, end < 0 ? text.length : end) };
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
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

function asFound({ message, pos: [start, end] }: YAMLError): SyntaxProblem {
  return { start, end, message: message.split('\n', 1)[0] ?? message, allowed: rules };
}

function inPlainWords(problem: SyntaxProblem, text: string): SyntaxProblem {
  const { start, end, message } = problem;
  const { begin, line } = lineOf(text, start);
  const odd = line.search(/(?![ \t\r\ufeff])\s/);
  if (odd >= 0 && begin + odd < Math.max(start + 1, end)) {
    const at = begin + odd;
    return {
      ...problem,
      start: at,
      end: at + 1,
      message: `${codeOf(line.charAt(odd))} looks like a space, and is none to YAML`,
    };
  }
  if (/^Nested mappings are not allowed/.test(message)) return nestedMapping(problem, text);
  const plain = plainWords.find(([parsers]) => parsers.test(message))?.[1];
  const own = (message.charAt(0).toLowerCase() + message.slice(1, 200)).replace('tag:yaml.org,2002:', '!!');
  return { ...problem, message: plain ?? own };
}

/** A mapping behind a value: a text lacks its quotes, an item the space behind its "-", or what follows is too deep. */
function nestedMapping(problem: SyntaxProblem, text: string): SyntaxProblem {
  const { begin, line } = lineOf(text, problem.start);
  const indent = indentOf(line);
  if (/^-[^\s-]/.test(line.slice(indent))) {
    const start = begin + indent;
    return { ...problem, start, end: start + 1, message: 'the "-" of an item needs a space behind it' };
  }
  if (/: /.test(line.slice(problem.start - begin))) {
    return { ...problem, message: 'a value and a mapping in one place: a text with ": " in it needs quotes' };
  }
  const next = /\n[ \t]*(?=[^\s#])/g;
  next.lastIndex = problem.start;
  const found = next.exec(text);
  const start = found ? found.index + found[0].length : problem.start;
  return {
    ...problem,
    start,
    end: start + 1,
    message: 'this is indented too deep: what is above has a value',
  };
}
