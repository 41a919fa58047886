/**
 * Finite automata of glob patterns. A state of one pattern is the set of positions at which a text that was read so far
 * may stand in it; a state of several patterns is one such set for each.
 */

/**
 * A piece of a glob.
 *
 * - `text` stands for itself, `any` for any text, also none, `one` for one character
 * - with `withoutColon`, `any` and `one` stand for no colon: as in all but the last segment of an ARN
 */
export type GlobPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'any' | 'one'; readonly withoutColon?: boolean };

/** A set of texts. With `ignoreCase`, letters match in either case. */
export interface Glob {
  readonly parts: readonly GlobPart[];
  readonly ignoreCase?: boolean;
}

/** One position of a glob: a character that must come next, or a wildcard. */
type Step =
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'any' | 'one'; readonly withoutColon: boolean };

/** A glob, character by character. The position behind the last step accepts. */
export interface Automaton {
  readonly steps: readonly Step[];
  readonly ignoreCase: boolean;
}

/** Positions of an automaton, in ascending order. Those behind an `any` are in the set as well: it may stand for nothing. */
export type Positions = readonly number[];

/** Takes a glob apart into characters (Unicode code points). */
export function automatonOf({ parts, ignoreCase = false }: Glob): Automaton {
  const steps = parts.flatMap((part): Step[] => {
    if (part.type !== 'text') return [{ type: part.type, withoutColon: part.withoutColon ?? false }];
    return [...part.text].map((character) => ({
      type: 'character',
      character: ignoreCase ? character.toLowerCase() : character,
    }));
  });
  return { steps, ignoreCase };
}

/** Where the empty text stands. */
export function start(automaton: Automaton): Positions {
  return closure(automaton, new Set([0]));
}

/** Where a text stands when one more character is read. */
export function next(automaton: Automaton, positions: Positions, character: string): Positions {
  if (positions.length === 0) return positions;
  const reached = new Set<number>();
  const read = automaton.ignoreCase ? character.toLowerCase() : character;
  for (const position of positions) {
    const step = automaton.steps[position];
    if (step === undefined) continue;
    if (step.type === 'character') {
      if (step.character === read) reached.add(position + 1);
    } else if (!(step.withoutColon && character === ':')) {
      reached.add(step.type === 'any' ? position : position + 1);
    }
  }
  return closure(automaton, reached);
}

/** Whether a text that stands there is one of the glob's. */
export function accepts(automaton: Automaton, positions: Positions): boolean {
  return positions.at(-1) === automaton.steps.length;
}

const nowhere: Positions = [];

function closure(automaton: Automaton, positions: Set<number>): Positions {
  if (positions.size === 0) return nowhere;
  for (const position of positions) {
    if (automaton.steps[position]?.type === 'any') positions.add(position + 1);
  }
  return [...positions].sort((a, b) => a - b);
}

/** Says of texts whether a glob's set holds them. */
export type Matcher = (text: string) => boolean;

/** Gets a glob ready to be held against many texts. */
export function matcherOf(glob: Glob): Matcher {
  const automaton = automatonOf(glob);
  const first = start(automaton);
  return (text) => {
    let positions = first;
    for (const character of text) {
      if (positions.length === 0) return false;
      positions = next(automaton, positions, character);
    }
    return accepts(automaton, positions);
  };
}

/** Whether a glob's set holds a text. */
export function matches(glob: Glob, text: string): boolean {
  return matcherOf(glob)(text);
}
