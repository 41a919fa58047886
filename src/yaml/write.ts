import { CORE_SCHEMA, dump, Type } from 'js-yaml';

/**
 * An object as YAML that readers of version 1.1 and 1.2 take for the same: what one of them would read as a number,
 * a boolean or a date is quoted. Long texts stay on one line, so that a change of one word is a change of one line.
 * Texts of several lines are blocks, except where a reader or an editor could lose white space of them.
 *
 * The text is the one that js-yaml writes. js-yaml is asked for each key and value alone, because it spends most of its
 * time on how a text is to be quoted, and the texts of ten thousand services are the same for the most part.
 */
export function toYaml(object: Readonly<Record<string, unknown>>): string {
  return linesOf(object, '') ?? whole(object);
}

/** What js-yaml makes of a value, whatever is in it. */
function whole(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, schema });
}

/** The lines of a mapping or list that is not empty; undefined when a text in it takes more than one line. */
function linesOf(value: object, indent: string): string | undefined {
  let lines = '';
  for (const [key, item] of Object.entries(value)) {
    const start = Array.isArray(value) ? `${indent}-` : keyText(key);
    const rest = Array.isArray(value) ? itemText(item, indent) : valueText(item, indent);
    if (start === undefined || rest === undefined) return undefined;
    lines += Array.isArray(value) ? start + rest : indent + start + rest;
  }
  return lines;
}

/** What stands behind the colon of a key. */
function valueText(value: unknown, indent: string): string | undefined {
  if (!holdsSomething(value)) return scalarText(value);
  const lines = linesOf(value, `${indent}  `);
  return lines && `\n${lines}`;
}

/** What stands behind the dash of a list: the first line of a mapping or list stands on the same line. */
function itemText(value: unknown, indent: string): string | undefined {
  if (!holdsSomething(value)) return scalarText(value);
  const inner = `${indent}  `;
  const lines = linesOf(value, inner);
  return lines && ` ${lines.slice(inner.length)}`;
}

function holdsSomething(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

const keyText = remembered((key: string) => {
  const line = whole({ [key]: 0 });
  return line.endsWith(': 0\n') && line.indexOf('\n') === line.length - 1 && !line.startsWith('? ')
    ? line.slice(0, -' 0\n'.length)
    : undefined;
});

const stringText = remembered((text: string) => (text.includes('\n') ? undefined : ` ${whole(text)}`));

function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' ? stringText(value) : ` ${whole(value)}`;
}

/** The most texts that are kept: those of a single service are not met again. */
const mostRemembered = 5000;

/** A function that need not do again what it did a moment ago. */
function remembered<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    if (known.has(text)) return known.get(text) as Result;
    if (known.size >= mostRemembered) known.clear();
    const result = of(text);
    known.set(text, result);
    return result;
  };
}

/**
 * What readers of YAML 1.1 take for a number, a time or a date (https://yaml.org/type/ has the patterns) and the
 * writer's own types do not: `1_`, `0x_`, `E9`, `127.0.0.1` and `2001-1-1 0:0:0` among them. The writer quotes whatever one of
 * its types claims.
 */
const ambiguous = /^[-+]?(0[box][\da-f_]*|[\d.][\d_.:]*(e[-+]?\d*)?|e[-+]?\d+)$|^\d{4}-\d\d?-\d\d?|^(=|<<)$/i;

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
      resolve: (text: unknown) => typeof text === 'string' && ambiguous.test(text),
    }),
  ],
});
