import { CORE_SCHEMA, Type, YAMLException } from 'js-yaml';
import type { Finding } from '../../findings/finding.ts';
import type { Source } from './model.ts';

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
  [/(?<!^)\ufeff/, 'a byte order mark in the text, which some readers pass over', 'none, or one in front'],
  [
    /^(?:\.\.\.(?=\s|$)|%).*/m,
    'what follows is another document for some readers of YAML, and for kubectl it is nothing',
    'documents that begin with ---',
  ],
  [
    /\S[ \t]{900,}:/,
    'a key too far from its colon: to some readers a key and its colon are 1024 characters at most',
    'a colon right behind the key',
  ],
  [
    /^---(?![ \t\r]*$).*/m,
    'a document that begins on the line of its ---, which kubectl may not see as one',
    '--- on a line of its own',
  ],
];

/** No more spellings than these: `oN` is a text to everybody. */
const word = /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;

/**
 * Nothing but texts, numbers, lists and the like: `!!binary` and `<<` are others to some readers. Words that are true or false
 * in YAML 1.1, without quotes, are an error.
 *
 * Source: YAML 1.1, the type bool.
 */
export const commonSchema = CORE_SCHEMA.extend({
  implicit: [
    new Type('tag:eso-abac,2026:word', {
      kind: 'scalar',
      resolve: (text: unknown) => typeof text === 'string' && word.test(text),
      construct: (text: unknown) => {
        throw new YAMLException(`"${String(text)}" is a text to some readers, and true or false to others`);
      },
    }),
  ],
});

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

/** The same for a key that some readers merge: which of two values then counts depends on the reader. */
export function mergedDifferently(source: Source, objects: unknown): Finding[] {
  if (!hasMergeKey(objects)) return [];
  const offset = Math.max(0, source.text.indexOf('<<'));
  const message = 'a key that merges mappings: which of two values counts depends on the reader';
  return [findingOf(source, { offset, length: 2, message, allowed: 'each key where it belongs' })];
}

/** @param value a tree */
function hasMergeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '<<') || Object.values(value).some(hasMergeKey);
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
