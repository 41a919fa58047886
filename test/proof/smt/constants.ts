import { Declarations, type Key } from './question.ts';
import { anyText, inRegex, literal, type Term } from './terms.ts';

/** A key that may be absent, and its value where it is there. */
export interface Optional {
  readonly present: Term;
  readonly value: Term;
}

/** The constants of one problem, and what is known of each of them beforehand. */
export class Constants {
  readonly declarations = new Declarations();
  readonly rules = new Set<Term>();

  /** @param domain a regular expression of the texts that it may be */
  text(name: string, domain = anyText): Term {
    const term = this.declarations.constant(name, 'String');
    if (domain !== anyText) this.rules.add(inRegex(term, domain));
    return term;
  }

  optional(name: string, domain = anyText): Optional {
    return { present: this.declarations.constant(`has ${name}`, 'Bool'), value: this.text(name, domain) };
  }

  open(): Term {
    return this.declarations.open();
  }
}

/** A key that has this value in every request. */
export const fixed = (text: string): Key => ({ kind: 'one', present: 'true', value: literal(text) });

/** A key that no request has. */
export const absent: Key = { kind: 'one', present: 'false', value: '""' };

/** The condition keys, in lower case, whose values depend on how or from where a request is made, by what they may hold. */
export const freeKeys: ReadonlyMap<string, 'boolean' | 'text'> = new Map([
  ['aws:multifactorauthpresent', 'boolean'],
  ['aws:securetransport', 'boolean'],
  ['aws:principalorgid', 'text'],
  ['aws:resourceorgid', 'text'],
  ['aws:sourcevpc', 'text'],
  ['aws:sourcevpce', 'text'],
  ['secretsmanager:versionid', 'text'],
  ['secretsmanager:versionstage', 'text'],
]);

/** The keys of tags that documents look at under one of these prefixes, in lower case. */
export function tagsIn(documents: readonly unknown[], prefixes: readonly string[]): string[] {
  const names = documents.flatMap((document) => textsIn(document));
  const found = names.flatMap((name) =>
    [...name.toLowerCase().matchAll(/([a-z]+:[a-z]+tag)\/([^'"},]+)/g)].flatMap(
      ([, prefix = '', tag = '']) => (prefixes.includes(prefix) ? [tag.trim()] : []),
    ),
  );
  return [...new Set(found)];
}

/** Every text in a JSON value, keys included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
