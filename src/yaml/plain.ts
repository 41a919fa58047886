import { FAILSAFE_SCHEMA, loadAll, Type, YAMLException } from 'js-yaml';
import type { ReadItems } from './items.ts';
import type { Plain } from './reader.ts';

/**
 * The values of the documents of a text of plain lines, ten times as fast as they are read with their places: keys,
 * words, quoted texts without escapes, and lists and mappings of these in one line. That is all that most people write,
 * and nothing in which readers of YAML differ.
 *
 * @param known what was read before, and remembers this
 * @returns undefined for every other text, whether it is YAML or not
 */
export function plainDocuments(text: string, known?: ReadItems): Plain[] | undefined {
  if (text.length > maxLength || !hasPlainLines(text)) return undefined;
  try {
    const document = known?.document(text, read);
    const values = document === undefined ? read(text) : [document];
    return values.length > 0 && !values.includes(null) ? values : undefined;
  } catch (problem) {
    if (problem instanceof YAMLException) return undefined;
    throw problem;
  }
}

/** @throws YAMLException */
function read(text: string): Plain[] {
  return loadAll(text, null, { schema }) as Plain[];
}

/** The longest text that is read this way: that of the largest input file. */
const maxLength = 16 * 1024 * 1024;

/** No line that a person would write is longer. */
const maxLineLength = 4096;

/** What a text may begin with that is not quoted; it goes on with anything but ": " and " #". */
const start = '[A-Za-z0-9_/]|\\./';
const rest = '[!-9;-~]*(?::+[!-9;-~]+)*';
const words = `(?:${start})${rest}(?: (?!#)[!-9;-~]${rest})*`;
const quoted = `"[ !#-\\[\\]-~]*"|'[ -&(-~]*'`;
/** In brackets and braces, "," and ":" end a word. */
const item = `(?:${start})[\\w./+=@-]*|${quoted}`;
const key = '[A-Za-z.][\\w./-]{0,255}';
const flow = (inner: string) =>
  `\\[\\]|\\{\\}|\\[ ?(?:${inner})(?:, (?:${inner}))* ?\\]|\\{ ?${key}: (?:${inner})(?:, ${key}: (?:${inner}))* ?\\}`;
const value = `${words}|${quoted}|${flow(`${item}|${flow(item)}`)}`;
const comment = '#[^\\p{C}\\p{Zl}\\p{Zp}]*';

const entry = `${key}:(?: (?:${value})?|(?=\\n|$))|${value}`;

/** One line, never nested deeper than any reader allows: by its indentation, its dash, its brackets and braces. */
const plainLine = new RegExp(
  `(?:---| {0,24}(?:(?:- )?(?:${entry}))?)(?:(?: +|(?<=^|\\n *))${comment})? *(?:\\n|$)`,
  'uy',
);

function hasPlainLines(text: string): boolean {
  let offset = 0;
  while (offset < text.length) {
    const end = text.indexOf('\n', offset) + 1 || text.length;
    plainLine.lastIndex = offset;
    // A pattern that matches a long text would run out of stack.
    if (end - offset > maxLineLength || !plainLine.test(text)) return false;
    offset = end;
  }
  return true;
}

/** Words that are not text to every reader of YAML 1.1 or 1.2: what they are depends on the reader. */
const unsure =
  /^(?:~|null|true|false|y|yes|n|no|on|off|[-+]?(?:\d+|\.\d+|\d+\.\d*)(?:e[-+]?\d+)?|0o[0-7]+|0x[\da-f]+|[-+]?\.(?:inf|nan))$/i;

const schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:bool', {
      kind: 'scalar',
      resolve: (text: unknown) => text === 'true' || text === 'false',
      construct: (text) => text === 'true',
    }),
    new Type('tag:yaml.org,2002:int', {
      kind: 'scalar',
      resolve: (text: unknown) => typeof text === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(text),
      construct: Number,
    }),
    new Type('unsure', {
      kind: 'scalar',
      resolve: (text: unknown) => {
        if (typeof text === 'string' && unsure.test(text)) throw new YAMLException('unsure');
        return false;
      },
    }),
  ],
});
