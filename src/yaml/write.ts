import { CORE_SCHEMA, dump, Type } from 'js-yaml';

/**
 * An object as YAML that readers of version 1.1 and 1.2 take for the same: what one of them would read as a number,
 * a boolean or a date is quoted. Long texts stay on one line, so that a change of one word is a change of one line.
 * Texts of several lines are blocks, except where a reader or an editor could lose white space of them.
 *
 * The text is the one that js-yaml writes. js-yaml is asked for each key and value alone, because it spends most of its
 * time on how a text is to be quoted: most texts of ten thousand services are the same, or names that need no quotes.
 */
export function toYaml(object: Readonly<Record<string, unknown>>): string {
  return mappingLines(object, '', '') ?? whole(object);
}

/** What js-yaml makes of a value, whatever is in it. */
function whole(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, schema });
}

/**
 * The lines of a mapping or list, none when it is empty; undefined when a text in it takes more than one line.
 *
 * @param first what stands before the first key or dash
 * @param indent what stands before the others
 */
function linesOf(value: object, first: string, indent: string): string | undefined {
  return Array.isArray(value)
    ? listLines(value, first, indent)
    : mappingLines(value as Readonly<Record<string, unknown>>, first, indent);
}

function mappingLines(
  mapping: Readonly<Record<string, unknown>>,
  first: string,
  indent: string,
): string | undefined {
  let lines = '';
  let start = first;
  for (const key of Object.keys(mapping)) {
    const name = keyText(key);
    const value = valueText(mapping[key], indent);
    if (name === undefined || value === undefined) return undefined;
    lines += start + name + value;
    start = indent;
  }
  return lines;
}

/** What stands behind the colon of a key. */
function valueText(value: unknown, indent: string): string | undefined {
  if (!isCollection(value)) return scalarText(value);
  const inner = `${indent}  `;
  const lines = linesOf(value, inner, inner);
  return lines === '' ? scalarText(value) : lines && `\n${lines}`;
}

function listLines(list: readonly unknown[], first: string, indent: string): string | undefined {
  let lines = '';
  let start = first;
  for (const item of list) {
    const text = itemLines(item, start, indent);
    if (text === undefined) return undefined;
    lines += text;
    start = indent;
  }
  return lines;
}

/** The first line of a mapping or list in a list stands on the line of its dash. */
function itemLines(item: unknown, start: string, indent: string): string | undefined {
  const lines = isCollection(item) ? linesOf(item, `${start}- `, `${indent}  `) : '';
  if (lines !== '') return lines;
  const text = scalarText(item);
  return text && `${start}-${text}`;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const keyText = remembered((key: string) => {
  const line = whole({ [key]: 0 });
  return line.endsWith(': 0\n') && line.indexOf('\n') === line.length - 1 && !line.startsWith('? ')
    ? line.slice(0, -' 0\n'.length)
    : undefined;
});

const stringText = remembered((text: string) => (text.includes('\n') ? undefined : ` ${whole(text)}`));

/**
 * A text that needs no quotes, such as a name or a path. Two letters and a "-", "_" or "/" tell it from whatever YAML
 * takes for a number, a boolean or a date.
 */
const plainName = /^[a-z]{2}[a-z\d]*[-_/][-\w./]*$/i;

function scalarText(value: unknown): string | undefined {
  if (typeof value !== 'string') return ` ${whole(value)}`;
  return plainName.test(value) ? ` ${value}\n` : stringText(value);
}

/** The most texts that are kept: those of a single service are not met again. */
const mostRemembered = 5000;

/** A function that need not do again what it did a moment ago. */
function remembered<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Result;
    if (known.size >= mostRemembered) known.clear();
    const result = of(text);
    known.set(text, result);
    return result;
  };
}

/**
 * What readers of YAML 1.1 take for a number, a time or a date (https://yaml.org/type/ has the patterns) and the
 * writer's own types do not, wherever it has underscores: `1_`, `_-0`, `0x_`, `1e_3`, `E9`, `127.0.0.1` and
 * `2001-1-1 0:0:0` among them. The writer quotes whatever one of its types claims.
 */
const ambiguous = /^[-+]?(0[box][\da-f]*|[\d.][\d.:]*(e[-+]*\d*)?|e[-+]*\d+)$|^\d{4}-\d\d?-\d\d?|^(=|<<)$/i;

/**
 * A text of several lines with white space at its start, at the end of a line, or with empty lines at its end. In a
 * block it hangs on indentation indicators and on spaces that nobody sees: readers differ in what they keep of a last
 * line of spaces, and editors and commit hooks strip them.
 */
const fragile = /^\s|[ \t](?:\n|$)|\n\n$/;

const schema = CORE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:fragile', {
      kind: 'scalar',
      resolve: () => false,
      predicate: (value: unknown) => typeof value === 'string' && value.includes('\n') && fragile.test(value),
      represent: (text: unknown) => dump(text, { flowLevel: 0, lineWidth: -1 }).trimEnd(),
    }),
    new Type('tag:yaml.org,2002:ambiguous', {
      kind: 'scalar',
      resolve: (text: unknown) => typeof text === 'string' && ambiguous.test(text.replaceAll('_', '')),
    }),
  ],
});
