import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ReadItems } from '../../src/yaml/items.ts';
import { plainDocuments } from '../../src/yaml/plain.ts';
import { runs } from '../support/run-compile.ts';

const indentation = fc.integer({ min: 0, max: 4 }).map((length) => ' '.repeat(length));
const rest = fc.constantFrom(
  '- a',
  '- b: c',
  '- b:',
  'services:',
  'b: c',
  'b:',
  'word',
  '[]',
  '# a',
  '',
  '- [a, b]',
);
const lines = fc.array(
  fc.tuple(indentation, rest).map(([spaces, one]) => `${spaces}${one}`),
  { maxLength: 9 },
);
const lists = lines.map((all) => ['services:', ...all].join('\n'));

describe('items that are remembered', () => {
  test('are what they are in the whole text, whatever its lines are', () => {
    let cut = 0;
    const property = fc.property(lists, fc.constantFrom('', '\n'), lists, (one, end, other) => {
      const known = new ReadItems();
      for (const text of [one + end, `${one}\n${other}${end}`, one + end]) {
        known.next();
        expect(plainDocuments(text, known), text).toEqual(plainDocuments(text));
        const read = new ReadItems().document(text, () => [{ services: null }]);
        if (read !== undefined && JSON.stringify(read) !== '{"services":null}') cut++;
      }
    });
    const { numRuns, seed } = runs(3000);
    fc.assert(property, { numRuns, seed });
    expect(cut).toBeGreaterThan(numRuns / 10);
  });

  it.each([
    'services:\n- a\n---\nb: c\n',
    'services:\n- a\n  b\n- c: d\n  e: f\n',
    'a:\n  - b\n\n# c\n  - d\ne:\n- f\n- - g\n',
    '# a\nservices: # b\n  - c\nshared: []\ninclude:\n  - d',
  ])('are what they are in %j', (text) => {
    const values = plainDocuments(text);
    expect(plainDocuments(text, new ReadItems())).toEqual(values);
  });

  const services = (...names: string[]) =>
    `version: 1\nservices:\n${names.map((name) => `  - name: ${name}\n# of ${name}\n\n    secrets: [a]\n`).join('')}shared: []\n`;

  it('are read once, and again when they were left out meanwhile', () => {
    const known = new ReadItems();
    const texts = [services('a', 'b', 'a'), services('c', 'b'), services('a', 'b')];
    const read = texts.map((text) => {
      known.next();
      const all: string[] = [];
      const document = known.document(text, (part) => {
        all.push(part);
        return part.startsWith('version') ? [{ version: 1, services: null, shared: [] }] : [[part]];
      });
      expect(document).toEqual({
        version: 1,
        services: text.match(/ {2}- name: (\w)\n.*\n\n.*\n/g),
        shared: [],
      });
      return all.map((part) => /name: (\w)/.exec(part)?.[1] ?? part);
    });
    const outside = 'version: 1\nservices:\nshared: []\n';
    expect(read).toEqual([
      [outside, 'a', 'b'],
      [outside, 'c'],
      [outside, 'a'],
    ]);
  });

  it('are forgotten with everything', () => {
    const known = new ReadItems();
    let count = 0;
    const read = () => {
      known.next();
      known.document(services('a'), (part) => {
        count++;
        return part.startsWith('version') ? [{ services: null }] : [[part]];
      });
    };
    read();
    read();
    expect(count).toBe(3);
    known.clear();
    read();
    expect(count).toBe(5);
  });
});
