import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { command } from './support/command.ts';
import { inFolder, writeFiles } from './support/run.ts';

const readme = readFileSync('README.md', 'utf8');
/** The block of README.md that begins with a text, without its fence. */
const blockWith = (begin: string) => {
  const block = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].find(([, text]) =>
    text?.startsWith(begin),
  );
  if (block?.[1] === undefined) throw new Error(`README.md has no block that begins with ${begin}`);
  return block[1];
};
/** The input that README.md shows, a service of which is changed. */
const input = blockWith('version: 1\n');
const changed = (from: string, to: string) => ({ 'services.yaml': input.replace(from, to) });

it('what README.md shows of a run in this repository is what is printed', () =>
  inFolder(async (folder) => {
    for (const name of ['services.yaml', 'dist']) cpSync(name, path.join(folder, name), { recursive: true });
    const { stdout } = await command(folder, []);
    expect(blockWith('$ npm ci')).toBe(`$ npm ci\n$ npm run synth\n${stdout}`);
  }));

it('what README.md shows of a wrong input is what is printed', () =>
  inFolder(async (folder) => {
    writeFiles(folder, changed('us-west-2', 'us-wets-2'));
    const { stderr } = await command(folder, []);
    expect(stderr).toContain(blockWith('services.yaml:'));
  }));
