import type { Key, Question } from './question.ts';
import { notAsked } from './question.ts';
import {
  and,
  anyCharacter,
  anyText,
  choose,
  concat,
  equal,
  ignoringCase,
  inRegex,
  literal,
  or,
  regexOf,
  sequence,
  type Term,
} from './terms.ts';

/** What a text of a policy is made of. */
export type Token =
  | { readonly text: string }
  | { readonly text?: undefined; readonly wildcard: '*' | '?' }
  | {
      readonly text?: undefined;
      readonly wildcard?: undefined;
      readonly key: string;
      readonly fallback?: string;
    };

/** Takes a text of a policy apart: wildcards where they are some, variables, and the three escapes of `${}`. */
export function tokensOf(source: string, wildcards: boolean): Token[] {
  return source.split(/(\$\{[^}]*\}|[*?])/).flatMap((piece): Token[] => {
    if (piece === '') return [];
    if (piece === '*' || piece === '?') return wildcards ? [{ wildcard: piece }] : [{ text: piece }];
    if (!piece.startsWith('${')) return [{ text: piece }];
    const inner = piece.slice(2, -1).trim();
    if (inner === '*' || inner === '?' || inner === '$') return [{ text: inner }];
    const comma = inner.indexOf(',');
    if (comma < 0) return [{ key: inner.toLowerCase() }];
    const fallback = inner.slice(comma + 1).trim();
    return [{ key: inner.slice(0, comma).trim().toLowerCase(), fallback: fallback.slice(1, -1) }];
  });
}

const isVariable = (token: Token): boolean => token.text === undefined && token.wildcard === undefined;

/** When a value is what a pattern says. A variable without value or default makes a pattern that nothing equals. */
export function matches(tokens: readonly Token[], text: Term, question: Question): Term {
  if (!tokens.some(isVariable)) return matchesConstant(tokens, text);
  if (tokens.some((token) => token.text === undefined && token.wildcard === '?')) {
    throw notAsked('a variable and `?` in one text');
  }
  const parts: Term[][] = [[]];
  const defined: Term[] = [];
  for (const token of tokens) {
    if (token.text !== undefined) parts.at(-1)?.push(literal(token.text));
    else if (token.wildcard !== undefined) parts.push([]);
    else {
      const { value, isDefined } = variable(token, question);
      parts.at(-1)?.push(value);
      defined.push(isDefined);
    }
  }
  return and([...defined, matchesParts(parts.map(concat), text)]);
}

function matchesConstant(tokens: readonly Token[], text: Term): Term {
  const [first, ...others] = tokens;
  if (first === undefined) return equal(text, '""');
  if (first.text !== undefined && others.length === 0) return equal(text, literal(first.text));
  return inRegex(text, globRegex(tokens));
}

/**
 * Regular expressions of SMT-LIB hold no variables, so wildcards beside one are said by positions: the first part
 * stands at the beginning, each further one at the first place behind the one before it, the last at the end.
 */
function matchesParts(parts: readonly Term[], text: Term): Term {
  const [start = '""', ...others] = parts;
  const end = others.pop();
  if (end === undefined) return equal(text, start);
  const conditions = [`(str.prefixof ${start} ${text})`, `(str.suffixof ${end} ${text})`];
  let position = `(str.len ${start})`;
  for (const part of others) {
    const found = `(str.indexof ${text} ${part} ${position})`;
    conditions.push(`(>= ${found} 0)`);
    position = `(+ ${found} (str.len ${part}))`;
  }
  return and([...conditions, `(>= (- (str.len ${text}) (str.len ${end})) ${position})`]);
}

function variable(
  token: { readonly key: string; readonly fallback?: string },
  question: Question,
): { readonly value: Term; readonly isDefined: Term } {
  const key: Key = question.key(token.key);
  if (key.kind !== 'one') throw notAsked(`the variable ${token.key}`);
  if (token.fallback === undefined) return { value: key.value, isDefined: key.present };
  return { value: choose(key.present, key.value, literal(token.fallback)), isDefined: 'true' };
}

/** The texts that a pattern without variables matches. `*` stands for `star`, `?` for `one`. */
function globRegex(tokens: readonly Token[]): Term {
  return sequence(
    tokens.map((token) => {
      if (token.text !== undefined) return regexOf(token.text);
      return token.wildcard === '*' ? anyText : anyCharacter;
    }),
  );
}

/** When a text equals one of a policy ignoring case. */
export function equalsIgnoringCase(tokens: readonly Token[], text: Term, question: Question): Term {
  const only = tokens[0];
  if (!tokens.some(isVariable)) {
    return inRegex(text, ignoringCase(tokens.map((token) => token.text ?? '').join('')));
  }
  if (tokens.length > 1 || only === undefined || only.text !== undefined || only.wildcard !== undefined) {
    throw notAsked('a variable within a text, ignoring case');
  }
  const { value, isDefined } = variable(only, question);
  return and([isDefined, sameLetters(value, text)]);
}

const shortLength = 4;

/**
 * SMT-LIB knows no lower case, so the characters are compared one by one, up to this length. Longer texts count as
 * different, which is said of short ones only by this question; a text of one letter shows all that case can do.
 */
function sameLetters(one: Term, other: Term): Term {
  const places = Array.from({ length: shortLength }, (_, place) => {
    const [a, b] = [`(str.to_code (str.at ${one} ${place}))`, `(str.to_code (str.at ${other} ${place}))`];
    const upper = (code: Term) => `(and (<= 65 ${code}) (<= ${code} 90))`;
    return or([
      equal(a, b),
      and([upper(a), equal(`(+ ${a} 32)`, b)]),
      and([upper(b), equal(`(+ ${b} 32)`, a)]),
    ]);
  });
  const length = `(= (str.len ${one}) (str.len ${other}))`;
  return or([equal(one, other), and([length, `(<= (str.len ${one}) ${shortLength})`, ...places])]);
}

/**
 * When an ARN is what a pattern says: part by part, or up to a `*` at the end that stands for all that follows. Patterns
 * with fewer colons and a wildcard elsewhere are not translated.
 */
export function matchesArn(source: string, arn: readonly Term[], question: Question): Term {
  if (source === '*') return 'true';
  const parts = partsOf(source);
  const isPrefix = parts.length < arn.length && /^[^*?]*\*$/.test(source.replace(/\$\{.*?\}/g, ''));
  if (parts.length !== arn.length && !/[*?$]/.test(source)) return 'false';
  if (parts.length !== arn.length && !isPrefix) throw notAsked(`the ARN ${source}`);
  return and(parts.map((part, index) => matches(tokensOf(part, true), arn[index] ?? '""', question)));
}

/** Cut at the colons, but for those within a variable's name. */
function partsOf(source: string): string[] {
  return source.split(/:(?![^{]*\})/);
}
