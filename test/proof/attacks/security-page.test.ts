import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Group } from './attack.ts';
import { groups, harmless } from './index.ts';

const file = 'docs/security.md';
const begin = '<!-- attacks: written by UPDATE=1 npx vitest run test/proof/attacks -->\n';
const end = '<!-- end of the attacks -->\n';

function sectionOf({ title, stops, attacks }: Group): string {
  const rows = attacks.map(({ name, does, finds }) => `| ${name} | ${does} | \`${finds.rule}\` |`);
  return [
    `### ${title}`,
    '',
    stops,
    '',
    '| Change | What comes of it | Found as |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

it('docs/security.md lists the attacks as they are', () => {
  const names = harmless.map(({ name }) => `- ${name}`).join('\n');
  const attacks = groups.reduce((sum, group) => sum + group.attacks.length, 0);
  const wanted = `
${attacks} changes of what is emitted. A test makes each of them, and the proof has to fail with the right finding at the right
place.

${groups.map(sectionOf).join('\n')}
### Changes that harm nobody

The proof must not cry wolf either. These pass:

${names}

`;
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (process.env.UPDATE === '1') writeFileSync(file, text.slice(0, from) + wanted + text.slice(to));
  else expect(text.slice(from, to)).toBe(wanted);
});

it('every attack has a name of its own and says what comes of it', () => {
  const all = groups.flatMap(({ attacks }) => attacks);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.filter(({ does }) => does === '')).toEqual([]);
});
