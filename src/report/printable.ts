/**
 * What of a text from elsewhere may reach a terminal or a log as it is. Names, values, keys and file names come from
 * whoever may propose a change; three things read more than characters in them: terminals, GitHub's runner and parsers
 * of Markdown.
 */

/** Characters that move a cursor, start a terminal sequence, turn text around, are invisible or end a line. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A text with one visible character for each that a terminal or GitHub's runner would obey. The runner looks for
 * commands in all that a step prints: `::name::` where a line begins, `##[name]` anywhere in it.
 *
 * Source: actions/runner, ActionCommand.TryParseV2 and TryParse.
 */
export function printable(text: string): string {
  return text
    .replace(unseen, (character) => (character === '\t' ? ' ' : '�'))
    .replace(/##\[/g, '#�[')
    .replace(/^(\s*):(?=:)/, '$1�');
}

/** Data as JSON of two spaces that says the same without a character that anything would obey; it ends its last line. */
export function jsonText(data: unknown): string {
  return `${harmlessJson(JSON.stringify(data, null, 2))}\n`;
}

/** A text of JSON with escapes for what `printable` replaces. Outside of its strings there is nothing of that. */
export function harmlessJson(json: string): string {
  return json
    .replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
      [...Array(character.length).keys()].map((at) => codeOf(character.charCodeAt(at))).join(''),
    )
    .replace(/##\[/g, `#${codeOf('#'.charCodeAt(0))}[`);
}

function codeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/**
 * A text as a code span of Markdown, in which nothing is markup, a mention, a link or a reference.
 *
 * Source: CommonMark 0.31, "Code spans": the fence is longer than any run of backticks in it.
 */
export function codeSpan(text: string): string {
  const shown = printable(text).trim();
  if (shown === '') return '(empty)';
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + runs.reduce((longest, run) => Math.max(longest, run.length), 0));
  const edge = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${edge}${shown}${edge}${fence}`;
}

/** A sentence in Markdown: as it is where it holds nothing that is markup or becomes a link, else as a code span. */
export function sentence(text: string): string {
  const isPlain = /^[\p{L}\p{N}\s"',.;:()/-]*$/u.test(text) && !/:\/\/|www\.|GH-\d/i.test(text);
  return isPlain ? text.replace(/\s+/g, ' ') : codeSpan(text);
}

/** A code span in a cell of a table, where a bar ends the cell even in code. Source: GitHub Flavored Markdown, "Tables". */
export function cell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}
