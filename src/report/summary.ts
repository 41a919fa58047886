import { createColors } from 'picocolors';
import { printable } from './printable.ts';

/** A line of what was done: about what, and what is to be said of it. */
export interface Row {
  readonly label: string;
  readonly text: string;
  /** Whether somebody should look at it, though nothing is wrong. */
  readonly isNotable?: boolean;
}

/**
 * What was done, as lines of text: a table with one line for each row, or a text as it is.
 *
 * @param color whether to colour it: green is fine, yellow is to be looked at
 */
export function summaryText(done: string | readonly Row[], color: boolean): string {
  if (typeof done === 'string') return done === '' ? '' : `${done.split('\n').map(printable).join('\n')}\n`;
  const { green, yellow } = createColors(color);
  const rows = done.map((row) => ({ ...row, label: printable(row.label) }));
  const width = Math.max(0, ...rows.map(({ label }) => label.length));
  const lines = rows.map(({ label, text, isNotable }) => {
    const shown = isNotable ? yellow(text) : text;
    return `${green(label)}${' '.repeat(width - label.length)}  ${shown}\n`;
  });
  return lines.join('');
}
