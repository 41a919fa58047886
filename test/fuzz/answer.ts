import { strict as assert } from 'node:assert';
import type { Finding } from '../../src/findings/finding.ts';
import { maxFindings } from '../../src/findings/limits.ts';
import { formats, render } from '../../src/report/index.ts';
import type { Sources } from '../../src/report/text.ts';
import { stackTrace } from '../support/run.ts';

/** The most findings about one input: of its text, of its shape and of what it refers to, errors and warnings. */
const most = 5 * maxFindings;

/**
 * What must be true of findings whatever they are about: each error says something about a place that is there, and the
 * report is of bounded size and no crash.
 *
 * @param bound how many findings there may be at most
 * @returns what is printed of them, in all formats
 */
export function expectReported(findings: readonly Finding[], sources: Sources, bound: number = most): string {
  assert(findings.length <= bound, `${findings.length} findings`);
  const lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]));
  for (const { severity, message, location } of findings) {
    assert(message !== '', 'a finding without a message');
    if (location === undefined) {
      assert(severity !== 'error', `no place: ${message}`);
      continue;
    }
    const { file, start, end } = location;
    assert(start.line >= 1 && start.column >= 1, `no place that there is: ${message}`);
    // Of a file that is no text, no lines are kept.
    const own = lines.get(file);
    const width = own === undefined ? Number.POSITIVE_INFINITY : own[start.line - 1]?.length;
    assert(width !== undefined, `line ${start.line} is not in the file: ${message}`);
    assert(start.column <= width + 1, `column ${start.column} is not there: ${message}`);
    assert(
      end.line > start.line || (end.line === start.line && end.column >= start.column),
      `the end stands before the start: ${message}`,
    );
  }
  const report = { findings, sources, summary: {}, done: '', version: '0' };
  const printed = formats.map((format) => render(report, format, { stdout: false, stderr: false }));
  const [text] = printed;
  assert(!stackTrace.test(text?.stderr ?? ''), 'a stack trace is printed');
  assert((text?.stderr.length ?? 0) < (findings.length + 1) * 2500, 'a report of endless length');
  return printed.map(({ stdout, stderr }) => stdout + stderr).join('\n');
}
