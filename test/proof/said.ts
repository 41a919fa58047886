import type { Finding, Location } from '../../src/findings/finding.ts';
import type { Counterexample } from '../../src/proof/counterexample.ts';
import { Reading, type Source } from '../../src/proof/files/model.ts';

/** What is said of a file: the text that it is said of, what is wrong with it, and what would be right. */
export type Said = readonly [at: string, message: string, allowed: string | undefined];

/** What a reader says of files, and what it makes of them. */
export function said<Result>(files: readonly Source[], read: (reading: Reading) => Result) {
  const reading = new Reading();
  const result = read(reading);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const findings = reading.findings.map(({ message, allowed, location }): Said => {
    const text = location && texts.get(location.file);
    return [text === undefined ? 'nowhere' : excerpt(text, location as Location), message, allowed];
  });
  return { result, findings };
}

/** The text of a place on one line. Of long ones the beginning says enough. */
function excerpt(text: string, { start, end }: Location): string {
  const lines = text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  const found = lines.map((line) => line.trim()).join('');
  return found.length > 24 ? `${found.slice(0, 24)}…` : found;
}

/** A text as `JSON.stringify` lays it out. */
export const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A counterexample in a finding, if it has one. */
export const counterexampleOf = ({ counterexample }: Finding) => counterexample as Counterexample | undefined;
