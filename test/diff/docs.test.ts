import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runConsole, sectionsOf, withConsole } from '../support/documents.ts';

const file = 'docs/diff.md';

it('docs/diff.md shows what the commands print', async () => {
  const text = readFileSync(file, 'utf8');
  const example = sectionsOf(text).find(({ heading }) => heading === 'An example');
  if (example === undefined) throw new Error('the section is gone');
  const output = await runConsole(example);
  if (process.env.UPDATE === '1') writeFileSync(file, withConsole(text, example.heading, output));
  else expect(output).toBe(example.console);
  expect(output).toContain('! datadog/key in us-west-2 becomes shared');
});
