import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runConsole, runInProcess, sectionsOf, withConsole } from './support/documents.ts';

const file = path.resolve('docs/commands.md');
const sections = sectionsOf(readFileSync(file, 'utf8'));

describe('docs/commands.md', () => {
  it('has a section for each command', async () => {
    const { output } = await runInProcess(['--help']);
    const commands = [...output.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => `eso-abac ${name}`);
    const described = sections.map(({ heading }) => heading);
    expect(described).toEqual(['eso-abac', ...commands.filter((name) => name !== 'eso-abac help')]);
  });

  it.each(sections.map((section) => [section.heading, section] as const))(
    '%s: the help is what the command prints',
    async (heading, section) => {
      const output = await runConsole(section);
      if (process.env.UPDATE === '1') {
        writeFileSync(file, withConsole(readFileSync(file, 'utf8'), heading, output));
      } else expect(output).toBe(section.console);
      expect(output).toContain('Usage: eso-abac');
    },
  );
});
