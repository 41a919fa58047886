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
  const reached: number[] = [];
  reach(automaton, reached, 0);
  return reached;
}

/** Where a text stands when one more character is read. */
export function next(automaton: Automaton, positions: Positions, character: string): Positions {
  const reached: number[] = [];
  const read = automaton.ignoreCase ? character.toLowerCase() : character;
  for (const position of positions) {
    const step = automaton.steps[position];
    if (step === undefined) continue;
    if (step.type === 'character') {
      if (step.character === read) reach(automaton, reached, position + 1);
    } else if (!(step.withoutColon && character === ':')) {
      reach(automaton, reached, step.type === 'any' ? position : position + 1);
    }
  }
  return reached;
}

/** Whether a text that stands there is one of the glob's. */
export function accepts(automaton: Automaton, positions: Positions): boolean {
  return positions.at(-1) === automaton.steps.length;
}

/**
 * Adds a position, and those behind it as far as `any` steps lead. Positions are reached in ascending order and each
 * run has no gaps, so what is not behind the last one is there already.
 */
function reach(automaton: Automaton, reached: number[], position: number): void {
  let last = reached.at(-1) ?? -1;
  for (let at = position; ; at++) {
    if (at > last) {
      reached.push(at);
      last = at;
    }
    if (automaton.steps[at]?.type !== 'any') return;
  }
}

/** Whether whatever follows is one of the glob's too: a `*` at its end stands for all of it. */
function acceptsAll(automaton: Automaton, positions: Positions): boolean {
  const last = automaton.steps.at(-1);
  return last?.type === 'any' && !last.withoutColon && accepts(automaton, positions);
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
      if (acceptsAll(automaton, positions)) return true;
      positions = next(automaton, positions, character);
    }
    return accepts(automaton, positions);
  };
}

/** Whether a glob's set holds a text. */
export function matches(glob: Glob, text: string): boolean {
  return matcherOf(glob)(text);
}

/** Whether a glob's set holds all texts that begin so, or none; undefined where it depends on how they go on. */
export function holdsAll(glob: Glob, beginning: string): boolean | undefined {
  const automaton = automatonOf(glob);
  let positions = start(automaton);
  for (const character of beginning) positions = next(automaton, positions, character);
  if (positions.length === 0) return false;
  return acceptsAll(automaton, positions) || undefined;
}
