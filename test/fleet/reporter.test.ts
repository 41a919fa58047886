import { describe, expect, it } from 'vitest';
import type { Locate } from '../../src/findings/finding.ts';
import { maxFindings } from '../../src/findings/limits.ts';
import { Reporter } from '../../src/fleet/reporter.ts';

/** A place whose line is the number in the path, or 1. */
const locate: Locate = (path) => {
  const line = path.find((step) => typeof step === 'number') ?? 1;
  return { file: 'services.yaml', start: { line, column: 1 }, end: { line, column: 2 } };
};

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('of a fleet', () => {
  it('the first errors are reported, and the first warnings however many errors there are', () => {
    const reporter = new Reporter(locate, new Set());
    for (const line of numbers(maxFindings + 2)) {
      reporter.report('unknown-region', ['clusters', line], 'a', { severity: 'warning' });
      reporter.report('invalid-value', ['clusters', line], 'b');
    }
    for (const [severity, message] of [
      ['warning', 'a'],
      ['error', 'b'],
    ]) {
      const found = reporter.findings().filter((finding) => finding.severity === severity);
      expect(found.map(({ location }) => location?.start.line)).toEqual(numbers(maxFindings));
      expect(new Set(found.map((finding) => finding.message))).toEqual(new Set([message]));
    }
  });

  it('the same is said once of one place, and again of another', () => {
    const reporter = new Reporter(locate, new Set());
    const all = [
      ['invalid-value', ['a', 'b'], 'wrong'],
      ['invalid-value', ['a/b'], 'wrong'],
      ['invalid-value', ['ab'], 'wrong'],
      ['invalid-value', ['a', 'b'], 'wrong too'],
      ['name-conflict', ['a', 'b'], 'wrong'],
    ] as const;
    for (const [rule, path, message] of [...all, ...all]) reporter.report(rule, path, message);
    expect(reporter.findings().map(({ rule, message }) => [rule, message])).toEqual(
      all.map(([rule, , message]) => [rule, message]),
    );
  });

  it('what takes long to say is not computed for what is not kept', () => {
    const reporter = new Reporter(locate, new Set());
    let computed = 0;
    const count = () => String(++computed);
    for (const line of numbers(maxFindings + 1))
      reporter.report('unknown-service', [line], 'a', { allowed: count, nearest: count });
    reporter.report('unknown-service', [1], 'a', { allowed: count });
    expect(computed).toBe(2 * maxFindings);
    expect(reporter.findings()[0]).toMatchObject({ allowed: '1', nearest: '2' });
  });

  it('nothing is said to be unknown where a part of what is known was left out', () => {
    const reporter = new Reporter(locate, new Set(['services']));
    reporter.report('unknown-service', ['a'], 'a');
    reporter.report('unknown-cluster', ['a'], 'b');
    reporter.report('invalid-value', ['a'], 'c');
    expect(reporter.findings().map(({ message }) => message)).toEqual(['b', 'c']);
  });
});
