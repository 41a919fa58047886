import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../src/findings/rules.ts';
import { runConsole, sectionsOf, withConsole } from './support/documents.ts';

const file = path.resolve('docs/checks.md');
const text = readFileSync(file, 'utf8');
const sections = sectionsOf(text);

describe('docs/checks.md', () => {
  it('has a section for each rule, in the order of the registry', () => {
    expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(rules));
  });

  it.each(sections.map((section) => [section.heading, section] as const))(
    '%s: the example gives the output shown',
    async (rule, section) => {
      const output = await runConsole(section);
      if (process.env.UPDATE === '1') {
        writeFileSync(file, withConsole(readFileSync(file, 'utf8'), rule, output));
      } else expect(output).toBe(section.console);
      expect(output).toContain(`[${rule}]`);
    },
  );
});
