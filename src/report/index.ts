import type { Finding } from '../findings/finding.ts';
import { githubReport, jsonReport } from './machine.ts';
import { sarifReport } from './sarif.ts';
import { type Row, summaryText } from './summary.ts';
import { type Sources, textReport } from './text.ts';

/** The formats of `--format`. */
export const formats = ['text', 'json', 'github', 'sarif'] as const;
export type Format = (typeof formats)[number];

/** What a command has to say, before it is put into a format. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  /** What was done, as data for `json`. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What was done, for people; it may be empty. */
  readonly done: string | readonly Row[];
  /** The version of this program. */
  readonly version: string;
}

/** What goes to standard output and to standard error. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
}

/** Which of the two may be coloured: those that are a terminal. */
export type Colored = Readonly<Record<keyof Rendered, boolean>>;

/**
 * Puts a report into a format. Findings go to standard error as text, and to standard output as data.
 *
 * @param width of the terminal that standard error is, if it is one
 */
export function render(report: Report, format: Format, colored: Colored, width?: number): Rendered {
  const findings = sorted(report.findings);
  switch (format) {
    case 'json':
      return { stdout: jsonReport(findings, report.summary), stderr: '' };
    case 'github':
      return { stdout: githubReport(findings) + summaryText(report.done, false), stderr: '' };
    case 'sarif':
      return { stdout: sarifReport(findings, report.sources, report.version), stderr: '' };
    case 'text':
      return {
        stdout: summaryText(report.done, colored.stdout),
        stderr: textReport(findings, report.sources, colored.stderr, width),
      };
  }
}

/** By file, line and column; findings about no place come last, in the order they were found. */
function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => {
    if (!a.location || !b.location) return Number(!a.location) - Number(!b.location);
    const [first, second] = [a.location, b.location];
    if (first.file !== second.file) return first.file < second.file ? -1 : 1;
    return first.start.line - second.start.line || first.start.column - second.start.column;
  });
}
