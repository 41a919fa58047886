import type { Finding, Location } from '../../findings/finding.ts';
import type { Source } from './model.ts';
import { oddSignIn } from './yaml-signs.ts';
import { difference, otherReadings, wordsAt } from './yaml-values.ts';

/** Something in a text of which readers of YAML make different things. */
interface Difference {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly allowed: string;
}

/** Each with what it means to those who apply a file. Source: YAML 1.1 and 1.2 on line breaks; kubectl on documents. */
const differences: readonly (readonly [pattern: RegExp, message: string, allowed: string])[] = [
  [
    /\r(?!\n)|[\u0085\u2028\u2029]/,
    'a character that ends the line, and a comment with it, for some readers of YAML alone',
    'lines that end in a line feed',
  ],
  [
    /[^\P{Cc}\r\n\u0085]|[\ufffe\uffff]/u,
    'a tab or another control character, which not every reader of YAML takes',
    'what can be seen, and spaces',
  ],
  [/(?<!^)\ufeff/, 'a byte order mark in the text, which some readers pass over', 'none, or one in front'],
  [
    /^(?:\.\.\.(?=\s|$)|%).*/m,
    'what follows is another document for some readers of YAML, and for kubectl it is nothing',
    'documents that begin with ---',
  ],
  [
    /\S {900,}:/,
    'a key too far from its colon: to some readers a key and its colon are 1024 characters at most',
    'a colon right behind the key',
  ],
  [
    /^---(?! *\r?$).*/m,
    'a document that begins on the line of its ---, which kubectl may not see as one',
    '--- on a line of its own',
  ],
];

/**
 * Findings for all that Kubernetes' reader of YAML, which knows YAML 1.1, takes for something else than ours: what it
 * applies would be other objects than those that are judged.
 */
export function readDifferently(source: Source): Finding[] {
  return differences.flatMap(([pattern, message, allowed]) => {
    const found = pattern.exec(source.text);
    return found === null
      ? []
      : [findingOf(source, { offset: found.index, length: found[0].length, message, allowed })];
  });
}

/** Finds a place by the document, of those that hold something, and the path in it. */
type Locate = (document: number, path: readonly string[]) => Location;

/**
 * The first value of which readers of YAML 1.1 or 1.2 make anything else than what was read, or which is no JSON.
 *
 * @param values what the documents of the text were read as
 */
export function readByOthers(source: Source, values: readonly unknown[], locate: Locate): Finding[] {
  const sign = oddSignIn(source.text);
  if (sign !== undefined)
    return [refused(source, sign, 'an anchor, a tag, a merge, or a colon without a space')];
  const held = values.filter(holdsSomething);
  for (const other of otherReadings(source.text)) {
    if ('problem' in other) return [refused(source, other.place, other.problem)];
    const others = other.values.filter(holdsSomething);
    const path = difference(held, others);
    if (path !== undefined) return [differenceAt(path, held, others, locate)];
  }
  return [];
}

function holdsSomething(document: unknown): boolean {
  return document !== null;
}

function refused(source: Source, [offset, end]: readonly [number, number], what: string): Finding {
  const message = `not every reader of YAML takes this: ${what}`;
  return findingOf(source, { offset, length: end - offset, message, allowed: 'what every reader takes' });
}

function differenceAt(
  found: readonly string[],
  values: readonly unknown[],
  others: readonly unknown[],
  locate: Locate,
): Finding {
  const [index = '0', ...path] = found;
  const what = path.length === 0 ? 'this' : `"${path.join('.')}"`;
  const [one, other] = [wordsAt(values, found), wordsAt(others, found)];
  const isSaid = one !== other;
  return {
    rule: 'proof-document',
    severity: 'error',
    message: isSaid
      ? `${what} is ${one} to some readers of YAML, and ${other} to others`
      : `${what} is not the same to every reader of YAML`,
    allowed: 'a text in quotes, or what is the same to every reader',
    location: locate(Number(index), path),
  };
}

function findingOf({ path, text }: Source, { offset, length, message, allowed }: Difference): Finding {
  const lines = text.slice(0, offset).split('\n');
  const start = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  const end = { ...start, column: start.column + Math.max(1, length) };
  return {
    rule: 'proof-document',
    severity: 'error',
    message,
    allowed,
    location: { file: path, start, end },
  };
}
