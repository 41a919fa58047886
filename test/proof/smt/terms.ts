/** A formula or term of SMT-LIB 2, as text. */
export type Term = string;

/** A text as a literal. SMT-LIB doubles quotes, and writes anything but printable ASCII by its code point. */
export function literal(text: string): Term {
  const characters = [...text].map((character) => {
    if (character === '"') return '""';
    const isPlain = character >= ' ' && character <= '~' && character !== '\\';
    return isPlain ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${characters.join('')}"`;
}

/** The text that a literal in a model stands for. */
export function textOfLiteral(term: Term): string {
  return term
    .slice(1, -1)
    .replaceAll('""', '"')
    .replace(/\\u\{([0-9a-f]+)\}/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}

/** True of no terms at all. */
export function and(terms: readonly Term[]): Term {
  if (terms.includes('false')) return 'false';
  return joined(
    'and',
    [...new Set(terms)].filter((term) => term !== 'true'),
    'true',
  );
}

/** False of no terms at all. */
export function or(terms: readonly Term[]): Term {
  if (terms.includes('true')) return 'true';
  return joined(
    'or',
    [...new Set(terms)].filter((term) => term !== 'false'),
    'false',
  );
}

function joined(name: string, terms: readonly Term[], none: Term): Term {
  return terms.length > 1 ? `(${name} ${terms.join(' ')})` : (terms[0] ?? none);
}

export function not(term: Term): Term {
  if (term === 'true') return 'false';
  return term === 'false' ? 'true' : `(not ${term})`;
}

export const equal = (one: Term, other: Term): Term => `(= ${one} ${other})`;

/** One of two terms. */
export function choose(condition: Term, yes: Term, no: Term): Term {
  if (condition === 'true') return yes;
  return condition === 'false' ? no : `(ite ${condition} ${yes} ${no})`;
}

export const inRegex = (text: Term, regex: Term): Term => `(str.in_re ${text} ${regex})`;

/** Texts one behind the other. */
export function concat(terms: readonly Term[]): Term {
  const [first, ...others] = terms;
  if (first === undefined) return '""';
  return others.length === 0 ? first : `(str.++ ${terms.join(' ')})`;
}

/** Regular expressions one behind the other. */
export function sequence(regexes: readonly Term[]): Term {
  const [first, ...others] = regexes;
  if (first === undefined) return '(str.to_re "")';
  return others.length === 0 ? first : `(re.++ ${regexes.join(' ')})`;
}

/** One of several regular expressions, of which there must be at least one. */
export function alternative(regexes: readonly Term[]): Term {
  return regexes.length === 1 ? regexes.join('') : `(re.union ${regexes.join(' ')})`;
}

export const regexOf = (text: string): Term => `(str.to_re ${literal(text)})`;
export const range = (from: string, to: string): Term => `(re.range ${literal(from)} ${literal(to)})`;

export const anyText: Term = 're.all';
export const anyCharacter: Term = 're.allchar';
/** What a wildcard stands for that must not reach beyond the next colon. */
export const notColon: Term = '(re.diff re.allchar (str.to_re ":"))';
export const printable: Term = `(re.* ${range(' ', '~')})`;

/** A text in any case. Only letters of ASCII have two. */
export function ignoringCase(text: string): Term {
  return sequence(
    [...text].map((character) => {
      const cases = new Set([character.toLowerCase(), character.toUpperCase()]);
      return alternative([...cases].map(regexOf));
    }),
  );
}
