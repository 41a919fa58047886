import type { Location } from '../../findings/finding.ts';
import type { Context, Part, Pattern } from './model.ts';

/** What may stand in a text of a policy besides plain characters. */
export interface PatternSyntax {
  readonly wildcards: boolean;
  readonly variables: boolean;
}

/** A variable that cannot be read: `${` without `}`, or a default value that is not in quotes. */
export interface BadVariable {
  readonly text: string;
}

/**
 * Takes a text of a policy apart. `${*}`, `${?}` and `${$}` stand for these three characters themselves; any other
 * `${…}` is a variable, with an optional default: `${aws:PrincipalTag/team, 'none'}`.
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
  const [, name, fallback] = /^\s*([^\s,'][^,']*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
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

/**
 * A pattern with the values of a request. Characters of a value are never wildcards.
 *
 * @returns undefined when a variable has neither value nor default: such a pattern is equal to nothing and like nothing
 *   ("Policy variables with no value" in the page above). A key of several values cannot be a variable and has none.
 */
export function resolve(pattern: Pattern, context: Context): Glob | undefined {
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

/** What a `*` or a `?` may stand for, given the character and whether the wildcard ends its segment of an ARN. */
export type Reach = (character: string) => boolean;

const anyCharacter: Reach = () => true;

/** Whether a text matches, with regard to case. `*` stands for any text, `?` for one character (code point). */
export function matchesGlob(
  glob: Glob,
  text: string,
  reach: (index: number) => Reach = () => anyCharacter,
): boolean {
  return matchesTokens(tokensOf(glob, reach), [...text]);
}

type Token =
  | { readonly character: string }
  | { readonly character?: undefined; readonly many: boolean; readonly reach: Reach };

function tokensOf(glob: Glob, reach: (index: number) => Reach): Token[] {
  return glob.flatMap((part, index): Token[] => {
    if (part.type === 'text') return [...part.text].map((character) => ({ character }));
    return [{ many: part.type === 'any', reach: reach(index) }];
  });
}

/**
 * Walks through the text once for each `*`, remembering every place of the pattern that could be reached so far. No
 * pattern makes this slower than its length times that of the text.
 */
function matchesTokens(tokens: readonly Token[], text: readonly string[]): boolean {
  let reached = closure(new Set([0]), tokens);
  for (const character of text) {
    const next = new Set<number>();
    for (const place of reached) {
      const token = tokens[place];
      if (token === undefined) continue;
      if (token.character !== undefined) {
        if (token.character === character) next.add(place + 1);
      } else if (token.reach(character)) next.add(token.many ? place : place + 1);
    }
    if (next.size === 0) return false;
    reached = closure(next, tokens);
  }
  return reached.has(tokens.length);
}

/** A `*` may stand for nothing: whoever is in front of it is behind it too. */
function closure(places: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const place of places) {
    const token = tokens[place];
    if (token !== undefined && token.character === undefined && token.many) places.add(place + 1);
  }
  return places;
}

/** Whether a text is what a glob of text parts says. Wildcards never occur in it. */
export function textOf(glob: Glob): string {
  return glob.map((part) => (part.type === 'text' ? part.text : part.type === 'any' ? '*' : '?')).join('');
}
