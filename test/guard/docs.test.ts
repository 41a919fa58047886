import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatorKinds } from '../../src/findings/generators.ts';
import { otherProviders } from '../../src/input/guard-names.ts';

/** The names of a list in docs/guard.md that begins with a word. */
function listed(word: string): string[] {
  const text = readFileSync('docs/guard.md', 'utf8');
  const [, names = ''] = new RegExp(`^- ${word}: ((?:.|\\n(?!-|\\n))*)`, 'm').exec(text) ?? [];
  return names.trim().split(/,\s+/);
}

it('docs/guard.md lists what guard.allow may name', () => {
  expect(listed('Providers')).toEqual(otherProviders);
  expect(listed('Generators')).toEqual(generatorKinds);
});
