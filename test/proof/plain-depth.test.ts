import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { readPlainYaml as readDocuments } from '../../src/proof/files/plain-yaml.ts';

const readPlainYaml = (text: string, depth: number) =>
  readDocuments(text, depth)?.map(({ object }) => object);

const indent = (level: number) => '  '.repeat(level);

/** Mappings in mappings. */
function mappings(depth: number): string {
  const lines = Array.from({ length: depth - 1 }, (_, level) => `${indent(level)}a:\n`);
  return `---\n${lines.join('')}${indent(depth - 1)}a: b\n`;
}

/** Mappings in lists in mappings; an even depth. */
function lists(depth: number): string {
  let lines = ['a: b'];
  for (let level = 2; level < depth; level += 2) {
    lines = ['a:', ...lines.map((line, index) => `  ${index === 0 ? '- ' : '  '}${line}`)];
  }
  return `---\n${['a:', ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

it.each([
  ['mappings', mappings],
  ['lists', lists],
])('%s are read down to the depth that is allowed', (_, write) => {
  for (const depth of [2, 4, 8, 16]) {
    const text = write(depth);
    expect(readPlainYaml(text, depth)).toEqual(loadAll(text));
    expect(readPlainYaml(text, depth + 1)).toEqual(loadAll(text));
    expect(readPlainYaml(text, depth - 1)).toBeUndefined();
  }
});

it('a key of YAML has at most 1024 characters', () => {
  const text = (length: number) => `---\n${'a'.repeat(length)}: b\n`;
  expect(readPlainYaml(text(1023), 4)).toEqual(loadAll(text(1023)));
  expect(readPlainYaml(text(1100), 4)).toBeUndefined();
});
