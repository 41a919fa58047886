import {
  type Automaton,
  accepts,
  automatonOf,
  type Glob,
  matches,
  next,
  type Positions,
  start,
} from './automaton.ts';

/** A text, and which of the globs it matches. */
export interface Witness {
  readonly text: string;
  readonly matches: readonly boolean[];
}

/** What is asked for. */
export interface WitnessOptions {
  /** Only texts of this set; any text when absent. */
  readonly domain?: Glob;
  /** How many different texts are wanted for each combination that has so many; 1 when absent. */
  readonly copies?: number;
  /** Texts that are taken as a witness where they are one, because they say more to a reader. */
  readonly prefer?: readonly string[];
}

/** The most states that are looked at. No policy of a real account comes near: a state is a prefix of some pattern. */
const maxStates = 100_000;

/** The globs have so many combinations that they are not looked at one by one. */
export class TooManyCases extends Error {}

/**
 * For each combination of truth values that some text gives the globs, the shortest text that does, or several.
 * A decision that depends on a text only through these globs is the same for every text of one combination, so looking
 * at the witnesses is looking at all texts.
 *
 * It walks the product of the globs' automata breadth first over the characters that occur in them and one that does
 * not (one for each copy): all others behave like that one. Shortest texts come first; among equals the order is that of the characters.
 *
 * @throws TooManyCases
 */
export function witnesses(
  globs: readonly Glob[],
  { domain, copies = 1, prefer = [] }: WitnessOptions = {},
): Witness[] {
  const automata = (domain === undefined ? globs : [...globs, domain]).map(automatonOf);
  const alphabet = alphabetOf(automata, copies);
  const product: Product = { automata, alphabet, copies, hasDomain: domain !== undefined };
  const found = new Map<string, Witness[]>();
  for (const text of domain === undefined ? prefer : prefer.filter((text) => matches(domain, text))) {
    add(found, { text, matches: globs.map((glob) => matches(glob, text)) }, copies);
  }
  for (const { text, state } of walk(product)) {
    const truths = state.map((positions, index) => accepts(automata[index] as Automaton, positions));
    if (domain !== undefined && !truths.pop()) continue;
    add(found, { text, matches: truths }, copies);
  }
  return [...found.values()].flat();
}

function add(found: Map<string, Witness[]>, witness: Witness, copies: number): void {
  const key = witness.matches.map(Number).join('');
  const known = found.get(key) ?? [];
  found.set(key, known);
  if (known.length < copies && known.every(({ text }) => text !== witness.text)) known.push(witness);
}

interface Product {
  readonly automata: readonly Automaton[];
  readonly alphabet: readonly string[];
  readonly copies: number;
  /** Whether the last automaton is that of the domain: a text that left it never comes back. */
  readonly hasDomain: boolean;
}

type State = readonly Positions[];

interface Reached {
  readonly state: State;
  readonly key: string;
  readonly character: string;
}

/** Each state of the product with the shortest texts that lead to it, as many as there are to be copies. */
function* walk(product: Product): Generator<{ text: string; state: State }> {
  const { automata, copies } = product;
  const visits = new Map<string, number>();
  const successors = new Map<string, readonly Reached[]>();
  const first = automata.map(start);
  const queue: { text: string; state: State; key: string }[] = [
    { text: '', state: first, key: keyOf(first) },
  ];
  for (const { text, state, key } of queue) {
    const visited = visits.get(key) ?? 0;
    if (visited === copies) continue;
    visits.set(key, visited + 1);
    if (visits.size > maxStates) throw new TooManyCases();
    yield { text, state };
    const following = successors.get(key) ?? successorsOf(state, product);
    successors.set(key, following);
    for (const reached of following) {
      if ((visits.get(reached.key) ?? 0) < copies) queue.push({ ...reached, text: text + reached.character });
    }
  }
}

function successorsOf(from: State, product: Product): Reached[] {
  const { automata, alphabet, copies, hasDomain } = product;
  const told = toldApartAt(from, product);
  // What no glob tells apart here leads where the characters lead that none tells apart anywhere, which come first.
  const characters = alphabet.filter(
    (character, index) => index < copies || told.has(character) || told.has(character.toLowerCase()),
  );
  return characters.flatMap((character) => {
    const state = automata.map((automaton, index) => next(automaton, from[index] ?? [], character));
    if (hasDomain && state.at(-1)?.length === 0) return [];
    return [{ state, key: keyOf(state), character }];
  });
}

/** The characters for which some glob has a step of its own where it stands. */
function toldApartAt(state: State, { automata }: Product): Set<string> {
  const characters = new Set<string>();
  for (const [index, { steps }] of automata.entries()) {
    for (const position of state[index] ?? []) {
      const step = steps[position];
      if (step?.type === 'character') characters.add(step.character);
      else if (step?.withoutColon) characters.add(':');
    }
  }
  return characters;
}

function keyOf(state: State): string {
  return state.map((positions) => positions.join()).join(';');
}

/** Characters that make the nicest witnesses. Any other would do. */
const preferred = [...'xyzwvutsrqponmlkjihgfedcbaXYZ0123456789-_./=+@ '];

/** The characters that some glob tells apart, and as many that none does as there are to be copies. */
function alphabetOf(automata: readonly Automaton[], copies: number): string[] {
  const characters = new Set<string>();
  const ignoreCase = automata.some((automaton) => automaton.ignoreCase);
  for (const step of automata.flatMap(({ steps }) => steps)) {
    if (step.type !== 'character') {
      if (step.withoutColon) characters.add(':');
      continue;
    }
    characters.add(step.character);
    if (ignoreCase) for (const variant of caseVariants(step.character)) characters.add(variant);
  }
  return [...others(characters, copies), ...[...characters].sort()];
}

/** One character in both cases, where each has a single character for the other. */
function caseVariants(character: string): string[] {
  return [character.toLowerCase(), character.toUpperCase()].filter((variant) => [...variant].length === 1);
}

function others(characters: ReadonlySet<string>, number: number): string[] {
  const isOther = (character: string) =>
    [character, ...caseVariants(character)].every((variant) => !characters.has(variant));
  const found = preferred.filter(isOther).slice(0, number);
  for (let code = 0x100; found.length < number; code++) {
    const character = String.fromCodePoint(code);
    if (isOther(character)) found.push(character);
  }
  return found;
}
