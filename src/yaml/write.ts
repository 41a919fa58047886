import { CORE_SCHEMA, dump, Type } from 'js-yaml';

/**
 * An object as YAML that readers of version 1.1 and 1.2 take for the same: what one of them would read as a number,
 * a boolean or a date is quoted. Long texts stay on one line, so that a change of one word is a change of one line.
 * Texts of several lines are blocks, except where a reader or an editor could lose white space of them.
 */
export function toYaml(object: Readonly<Record<string, unknown>>): string {
  return dump(object, { lineWidth: -1, noRefs: true, schema });
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
