import type { Location } from '../../findings/finding.ts';
import type { Context, Part, Pattern } from './model.ts';

/** What may stand in a text of a policy besides plain characters. */
export interface PatternSyntax {
  readonly wildcards: boolean;
  readonly variables: boolean;
}

/** A variable that cannot be read: `${` without `}`, spaces around its name, or a default value that is not in quotes. */
export interface BadVariable {
  readonly text: string;
}

/**
 * Takes a text of a policy apart. `${*}`, `${?}` and `${$}` stand for these three characters themselves; any other
 * `${…}` is a variable, with an optional default: `${aws:PrincipalTag/team, 'none'}`. A name with a space at one of its ends
 * is not understood: whether the space belongs to a tag's key is not documented.
 *
 * Source: IAM User Guide, "IAM policy elements: Variables and tags".
 */
export function parsePattern(
  source: string,
  syntax: PatternSyntax,
  location: Location,
): Pattern | BadVariable {
  const parts: Part[] = [];
  const token = /\$\{([^}]*)(\}?)|[*?]/g;
  let end = 0;
  for (const match of source.matchAll(token)) {
    const part = partOf(match, syntax);
    if (part === undefined) return { text: match[0] };
    addText(parts, source.slice(end, match.index));
    if (part.type === 'text') addText(parts, part.text);
    else parts.push(part);
    end = match.index + match[0].length;
  }
  addText(parts, source.slice(end));
  return { source, parts, location };
}

function partOf(match: RegExpMatchArray, syntax: PatternSyntax): Part | undefined {
  const [token, variable, close] = match;
  if (variable === undefined) {
    if (!syntax.wildcards) return { type: 'text', text: token };
    return { type: token === '*' ? 'any' : 'one' };
  }
  if (!syntax.variables) return { type: 'text', text: token };
  if (close === '') return undefined;
  if (variable === '*' || variable === '?' || variable === '$') return { type: 'text', text: variable };
  const [, name, fallback] = /^([^\s,'](?:[^,']*[^\s,'])?)(?:,\s*'([^']*)')?$/.exec(variable) ?? [];
  if (name === undefined) return undefined;
  return { type: 'variable', key: name.toLowerCase(), name, ...(fallback !== undefined && { fallback }) };
}

function addText(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (text === '') return;
  if (last?.type === 'text') parts[parts.length - 1] = { type: 'text', text: last.text + text };
  else parts.push({ type: 'text', text });
}

/** The condition keys, in lower case, that a pattern takes values from. */
export function variablesOf(pattern: Pattern): string[] {
  return pattern.parts.flatMap((part) => (part.type === 'variable' ? [part.key] : []));
}

/** A pattern whose variables have their values: text and wildcards. */
export type Glob = readonly Exclude<Part, { type: 'variable' }>[];

function isPlain(part: Part): part is Glob[number] {
  return part.type !== 'variable';
}

/**
 * A pattern with the values of a request. Characters of a value are never wildcards.
 *
 * @returns undefined when a variable has neither value nor default: such a pattern is equal to nothing and like nothing
 *   ("Policy variables with no value" in the page above). A key of several values cannot be a variable and has none.
 */
export function resolve(pattern: Pattern, context: Context): Glob | undefined {
  if (pattern.parts.every(isPlain)) return pattern.parts;
  const resolved: Exclude<Part, { type: 'variable' }>[] = [];
  for (const part of pattern.parts) {
    if (part.type !== 'variable') {
      resolved.push(part);
      continue;
    }
    const value = context.get(part.key);
    const text = typeof value === 'string' ? value : part.fallback;
    if (text === undefined) return undefined;
    resolved.push({ type: 'text', text });
  }
  return resolved;
}

/**
 * Whether a text matches, with regard to case. `*` stands for any text, also none, and `?` for one character (code
 * point). Takes at most the length of the text times that of the pattern.
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  let part = 0;
  let at = 0;
  // Where to go on when what is behind the last `*` does not match: the `*` takes one character more.
  let afterStar: { part: number; at: number } | undefined;
  while (at < text.length || part < glob.length) {
    const next = glob[part];
    const end = next && endOf(next, text, at);
    if (next?.type === 'any') {
      part += 1;
      afterStar = { part, at };
    } else if (end !== undefined) {
      part += 1;
      at = end;
    } else if (afterStar !== undefined && afterStar.at < text.length) {
      afterStar = { part: afterStar.part, at: afterStar.at + characterLength(text, afterStar.at) };
      part = afterStar.part;
      at = afterStar.at;
    } else return false;
  }
  return true;
}

/** Where a part that begins at an offset ends in the text, or undefined when it does not match there. */
function endOf(part: Glob[number], text: string, at: number): number | undefined {
  if (part.type === 'text') return text.startsWith(part.text, at) ? at + part.text.length : undefined;
  return at < text.length ? at + characterLength(text, at) : undefined;
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** The text that a glob without wildcards stands for. */
export function textOf(glob: Glob): string {
  return glob.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
