import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Location } from '../findings/finding.ts';
import { rules } from '../findings/rules.ts';
import { sentences } from './machine.ts';
import { jsonText } from './printable.ts';
import type { Sources } from './text.ts';

/** GitHub refuses a run with more results ("SARIF support for code scanning", limits of SARIF files). */
const maxResults = 25_000;

const ruleIds = Object.keys(rules);

/**
 * Findings as a SARIF 2.1.0 log, for code scanning.
 *
 * GitHub shows nothing that has no place in a file: a finding without a location is placed at the first of the sources,
 * without a line. Beyond 25,000 results the rest is left out and counted in a notification.
 *
 * @param findings in the order of the report
 * @param sources the texts that the findings are about, the input first
 * @param version of this program
 */
export function sarifReport(findings: readonly Finding[], sources: Sources, version: string): string {
  const shown = findings.slice(0, maxResults);
  const fingerprint = fingerprints(sources);
  const [main] = sources.keys();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'eso-abac', semanticVersion: version, rules: Object.entries(rules).map(rule) },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation(findings.length - shown.length)],
        results: shown.map((finding) => result(finding, main, fingerprint(finding))),
      },
    ],
  };
  return jsonText(log);
}

function rule([id, meaning]: [string, string]): object {
  const text = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  return {
    id,
    shortDescription: { text },
    help: { text: `${text} docs/checks.md has an example of it with its output, under "${id}".` },
  };
}

function invocation(leftOut: number): object {
  const text = `${leftOut} more findings are left out, because GitHub takes ${maxResults} at most`;
  return {
    executionSuccessful: true,
    ...(leftOut > 0 && { toolExecutionNotifications: [{ level: 'warning', message: { text } }] }),
  };
}

function result(finding: Finding, main: string | undefined, fingerprint: string): object {
  const { rule: ruleId, severity: level, location } = finding;
  const file = location?.file ?? main;
  return {
    ruleId,
    ruleIndex: ruleIds.indexOf(ruleId),
    level,
    message: { text: withoutLinks(sentences(finding)) },
    locations:
      file === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file) },
                ...(location && { region: regionOf(location) }),
              },
            },
          ],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
  };
}

/** A message of plain text may hold links, unless their bracket is escaped. Source: SARIF 2.1.0, section 3.11.6. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '\\](');
}

function regionOf({ start, end }: Location): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** Relative to the working directory, which is the repository's root in CI; absolute for a file outside of it. */
function uriOf(file: string): string {
  const relative = path.relative('.', file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return pathToFileURL(file).href;
  return relative.split(path.sep).map(encodeURIComponent).join('/');
}

/**
 * What makes a finding the same one in the next run, under the only name that GitHub reads: its rule, its file and the
 * text of its line, wherever that line stands. Findings that share all three are numbered.
 */
function fingerprints(sources: Sources): (finding: Finding) => string {
  const lines = new Map<string, readonly string[]>();
  const seen = new Map<string, number>();
  return ({ rule: id, location, message }) => {
    const file = location?.file ?? '';
    const text = lines.get(file) ?? (sources.get(file) ?? '').split(/\r\n|\r|\n/);
    lines.set(file, text);
    const line = (location && text[location.start.line - 1]?.trim()) || message;
    const hash = createHash('sha256')
      .update(JSON.stringify([id, file, line]))
      .digest('hex')
      .slice(0, 32);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return `${hash}:${number}`;
  };
}
