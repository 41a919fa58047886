import { createColors } from 'picocolors';
import type { Finding, Location } from '../findings/finding.ts';
import { counted } from './counted.ts';
import { printable as visible } from './printable.ts';

/** The texts that code frames are cut from, by file. */
export type Sources = ReadonlyMap<string, string>;

type Colors = ReturnType<typeof createColors>;

/** The longest and the shortest stretch of a line that a frame shows. */
const [frameWidth, leastWidth] = [110, 20];

/**
 * Findings as text for a terminal: `file:line:column: severity: what is wrong [rule]`, the offending line with the
 * place underlined, what is allowed, and the nearest valid spelling. Ends with a count.
 *
 * @param color whether to colour it
 * @param width of the terminal: a line that goes on below would part the mark from its place
 */
export function textReport(
  findings: readonly Finding[],
  sources: Sources,
  color: boolean,
  width = Number.POSITIVE_INFINITY,
): string {
  const colors = createColors(color);
  const linesOf = splitOnce(sources);
  const blocks = findings.map((finding) => block(finding, linesOf, colors, width));
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n${count(findings)}\n`;
}

function block(
  finding: Finding,
  linesOf: (file: string) => readonly string[],
  colors: Colors,
  width: number,
): string {
  const { severity, location } = finding;
  const label = severity === 'error' ? colors.red('error') : colors.yellow('warning');
  const place = location
    ? `${printable(location.file)}:${location.start.line}:${location.start.column}: `
    : '';
  const lines = [
    `${colors.bold(place)}${label}: ${printable(finding.message)} ${colors.dim(`[${finding.rule}]`)}`,
  ];
  if (location) lines.push(...frame(location, linesOf(location.file), colors, width));
  if (finding.allowed) lines.push(`   ${colors.dim('allowed:')} ${printable(finding.allowed)}`);
  if (finding.nearest)
    lines.push(`   ${colors.dim('did you mean')} ${colors.green(printable(finding.nearest))}?`);
  return `${lines.join('\n')}\n`;
}

function frame(location: Location, lines: readonly string[], colors: Colors, width: number): string[] {
  const { start, end } = location;
  const line = lines[start.line - 1];
  // A line may be the whole of a file, and have a finding at each word.
  if (line === undefined || !/\S/.test(line)) return [];
  const number = String(start.line);
  const room = Math.max(leastWidth, Math.min(frameWidth, width - `${number} | `.length));
  const before = Math.floor(Math.min(40, room / 2));
  const from = Math.max(0, Math.min(start.column - 1 - before, line.length - room));
  const to = from + room;
  const shown = (begin: number, until: number) => printable(line.slice(begin, Math.min(until, to)));
  const place = shown(start.column - 1, end.line === start.line ? end.column - 1 : line.length);
  const caret = `^${'~'.repeat(Math.max(0, columns(place) - 1))}`;
  const gutter = ' '.repeat(number.length);
  const indent = ' '.repeat(columns(shown(from, start.column - 1)));
  return [
    colors.dim(`${number} | `) + shown(from, to),
    colors.dim(`${gutter} | `) + indent + colors.red(caret),
  ];
}

/** Characters that terminals show on two columns. Source: Unicode Standard Annex 11, "W" and "F". */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu;

/** On how many columns a terminal shows a text: marks that combine with a letter have none of their own. */
function columns(text: string): number {
  return [...text.replace(/\p{M}/gu, '').replace(wide, '  ')].length;
}

/** "2 errors, 1 warning". */
function count(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.length - errors;
  return [errors > 0 && counted(errors, 'error'), warnings > 0 && counted(warnings, 'warning')]
    .filter(Boolean)
    .join(', ');
}

/** The longest text that is shown of a message: what it quotes comes from the input, and may have any length. */
const textWidth = 600;

/** A text of a message, cut where it is too long, in which nothing is obeyed. */
export function printable(text: string): string {
  const shown = text.length > textWidth ? `${text.slice(0, textWidth)}…` : text;
  return visible(shown);
}

function splitOnce(sources: Sources): (file: string) => readonly string[] {
  const split = new Map<string, readonly string[]>();
  return (file) => {
    const lines = split.get(file) ?? (sources.get(file) ?? '').split(/\r\n|\r|\n/);
    split.set(file, lines);
    return lines;
  };
}
