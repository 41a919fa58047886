import type { Term } from './terms.ts';

/** A value that a request may hold. */
export interface Value {
  readonly present: Term;
  readonly value: Term;
  /** In place of the value if it is an ARN: its parts, as with resources. */
  readonly parts?: readonly Term[];
}

/** What a request holds of a condition key: one value, several, or AWS does not say when a condition holds, else none. */
export type Key =
  | ({ readonly kind: 'one' } & Value)
  | { readonly kind: 'many'; readonly elements: readonly Value[] }
  | { readonly kind: 'unclear'; readonly when: Term };

/** A request whose parts are constants of the solver. A policy becomes a formula about one. */
export interface Question {
  /** As AWS writes it. */
  readonly action: string;
  /**
   * The resource's ARN, cut at its colons: one text would take the solver a thousand times as long. No part holds a
   * colon, so that a pattern with as many colons matches part by part, and no wildcard can stand for a colon. Absent
   * where the policies name no resource.
   */
  readonly resource?: readonly Term[];
  /** When a statement's `Principal` names whoever asks. */
  named(type: string, value: string): Term;
  /** A condition key, in lower case. */
  key(name: string): Key;
  /** A new truth value that nobody knows, for what AWS leaves open. */
  open(): Term;
}

/** Says that something is not translated, so that no answer comes of it. */
export class NotAsked extends Error {}

/** @param what in the policy cannot be translated */
export function notAsked(what: string): NotAsked {
  return new NotAsked(`not translated: ${what}`);
}

/** The declarations of a question's constants, collected while formulas are made. */
export class Declarations {
  private readonly lines = new Map<string, string>();
  private openCount = 0;

  /** A constant by its own name, declared once. Names are written between bars, so they may hold any character but those. */
  constant(name: string, sort: 'String' | 'Bool' | 'Int'): Term {
    const term = `|${name}|`;
    this.lines.set(term, `(declare-const ${term} ${sort})`);
    return term;
  }

  /** From here on, names of open truth values are used again: for formulas of which only one will be asked about. */
  reuseOpen(): void {
    this.openCount = 0;
  }

  open(): Term {
    this.openCount += 1;
    return this.constant(`open ${this.openCount}`, 'Bool');
  }

  text(): string {
    return [...this.lines.values()].join('\n');
  }
}
