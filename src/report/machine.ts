import type { Finding } from '../findings/finding.ts';
import { jsonText, printable } from './printable.ts';

/** Findings as one JSON document, with a summary of what the command did. */
export function jsonReport(findings: readonly Finding[], summary: Readonly<Record<string, unknown>>): string {
  return jsonText({ ...summary, findings });
}

/**
 * Findings as GitHub workflow commands, which show up as annotations at the lines they are about.
 * Source of the format: GitHub Actions, "Workflow commands", with its rules for escaping.
 */
export function githubReport(findings: readonly Finding[]): string {
  return findings.map((finding) => `${githubCommand(finding)}\n`).join('');
}

function githubCommand(finding: Finding): string {
  const { location, rule } = finding;
  const properties: Record<string, string | number> = { title: rule };
  if (location) {
    const { start, end } = location;
    Object.assign(properties, {
      file: location.file,
      line: start.line,
      col: start.column,
      endLine: end.line,
    });
    if (end.line === start.line) properties.endColumn = end.column;
  }
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapeProperty(printable(String(value)))}`,
  );
  return `::${finding.severity} ${list.join(',')}::${escapeData(visible(sentences(finding)))}`;
}

/** What a finding says, what is allowed and the nearest spelling, on a line each. */
export function sentences({ message, allowed, nearest }: Finding): string {
  const lines = [message, allowed && `Allowed: ${allowed}`, nearest && `Did you mean ${nearest}?`];
  return lines.filter(Boolean).join('\n');
}

/** The lines of a text, in which nothing is obeyed. */
function visible(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
