import { createColors } from 'picocolors';
import type { Finding, Location } from '../findings/finding.ts';
import { counted } from './counted.ts';
import { printable as visible } from './printable.ts';

/** The texts that code frames are cut from, by file. */
export type Sources = ReadonlyMap<string, string>;

type Colors = ReturnType<typeof createColors>;

/** The longest stretch of a line that a frame shows. */
const frameWidth = 110;

/**
 * Findings as text for a terminal: `file:line:column: severity: what is wrong [rule]`, the offending line with the
 * place underlined, what is allowed, and the nearest valid spelling. Ends with a count.
 *
 * @param color whether to colour it
 */
export function textReport(findings: readonly Finding[], sources: Sources, color: boolean): string {
  const colors = createColors(color);
  const linesOf = splitOnce(sources);
  const blocks = findings.map((finding) => block(finding, linesOf, colors));
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n${count(findings)}\n`;
}

function block(finding: Finding, linesOf: (file: string) => readonly string[], colors: Colors): string {
  const { severity, location } = finding;
  const label = severity === 'error' ? colors.red('error') : colors.yellow('warning');
  const place = location
    ? `${printable(location.file)}:${location.start.line}:${location.start.column}: `
    : '';
  const lines = [
    `${colors.bold(place)}${label}: ${printable(finding.message)} ${colors.dim(`[${finding.rule}]`)}`,
  ];
  if (location) lines.push(...frame(location, linesOf(location.file), colors));
  if (finding.allowed) lines.push(`   ${colors.dim('allowed:')} ${printable(finding.allowed)}`);
  if (finding.nearest)
    lines.push(`   ${colors.dim('did you mean')} ${colors.green(printable(finding.nearest))}?`);
  return `${lines.join('\n')}\n`;
}

function frame(location: Location, lines: readonly string[], colors: Colors): string[] {
  const { start, end } = location;
  const line = lines[start.line - 1];
  // A line may be the whole of a file, and have a finding at each word.
  if (line === undefined || !/\S/.test(line)) return [];
  const from = Math.max(0, Math.min(start.column - 1 - 40, line.length - frameWidth));
  const shown = printable(line.slice(from, from + frameWidth));
  const width = (end.line === start.line ? end.column : line.length + 1) - start.column;
  const room = shown.length - (start.column - 1 - from);
  const caret = `^${'~'.repeat(Math.max(0, Math.min(width, room) - 1))}`;
  const number = String(start.line);
  const gutter = ' '.repeat(number.length);
  const indent = ' '.repeat(start.column - 1 - from);
  return [colors.dim(`${number} | `) + shown, colors.dim(`${gutter} | `) + indent + colors.red(caret)];
}

/** "2 errors, 1 warning". */
export function count(findings: readonly Finding[]): string {
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
