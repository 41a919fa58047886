import fc from 'fast-check';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { Reading } from '../../src/proof/files/model.ts';
import { objectsIn } from '../../src/proof/files/tenants.ts';
import { readByOthers, readDifferently } from '../../src/proof/files/yaml-readers.ts';
import { difference, wordsAt } from '../../src/proof/files/yaml-values.ts';
import { toYaml } from '../../src/yaml/write.ts';
import { anyText, awkwardKey, tagText } from '../support/arbitrary-text.ts';

const lines = [
  'a character that ends the line, and a comment with it, for some readers of YAML alone',
  'lines that end in a line feed',
];
const mark = ['a byte order mark in the text, which some readers pass over', 'none, or one in front'];
const control = [
  'a tab or another control character, which not every reader of YAML takes',
  'what can be seen, and spaces',
];
const another = [
  'what follows is another document for some readers of YAML, and for kubectl it is nothing',
  'documents that begin with ---',
];
const far = [
  'a key too far from its colon: to some readers a key and its colon are 1024 characters at most',
  'a colon right behind the key',
];
const begun = [
  'a document that begins on the line of its ---, which kubectl may not see as one',
  '--- on a line of its own',
];

/** What is found in a text, and at which line and columns. */
function found(text: string) {
  return readDifferently({ path: 'a.yaml', text }).map(({ rule, severity, message, allowed, location }) => {
    expect([rule, severity, location?.file]).toEqual(['proof-document', 'error', 'a.yaml']);
    const { start, end } = location ?? expect.fail();
    expect(end.line).toBe(start.line);
    return [`${start.line}:${start.column}-${end.column}`, message, allowed];
  });
}

type Row = readonly [text: string, ...found: (readonly string[])[]];

const rows: readonly Row[] = [
  ['a: b\n'],
  ['a: b\r\nc: d\r\n'],
  ['a: b\rc: d\n', ['1:5-6', ...lines]],
  ['a: b\n# c\r', ['2:4-5', ...lines]],
  ...['\u0085', '\u2028', '\u2029'].map((end): Row => [`a: b\n# c${end}d: e\n`, ['2:4-5', ...lines]]),
  ['\ufeffa: b\n'],
  ['\ufeffa: b\n\ufeffc: d\n', ['2:1-2', ...mark]],
  ['a: \ufeffb\n', ['1:4-5', ...mark]],
  ['...\n', ['1:1-4', ...another]],
  ['a: b\n...\n', ['2:1-4', ...another]],
  ['a: b\n...', ['2:1-4', ...another]],
  ['a: b\n... # more\nc: d\n', ['2:1-11', ...another]],
  ['a: b\n...c: d\n'],
  ['a: b\n ...\n'],
  ['%YAML 1.1\n---\n', ['1:1-10', ...another]],
  ['a: b\n%\n', ['2:1-2', ...another]],
  ['a: 5%\n'],
  ['---\na: b\n---  \n---\r\n'],
  ['a: b\n# \t\n', ['2:3-4', ...control]],
  ['a: \u0080b\u0007\n', ['1:4-5', ...control]],
  ['a: \uffff\n', ['1:4-5', ...control]],
  [`a${' '.repeat(899)}: b\n`],
  [`a${' '.repeat(900)}: b\n`, ['1:1-903', ...far]],
  ['--- a\n', ['1:1-6', ...begun]],
  ['a: b\n---\t{}\n', ['2:4-5', ...control], ['2:1-7', ...begun]],
  ['----\n', ['1:1-5', ...begun]],
  ['a: ---b\n'],
  ['# \u2028\n--- a\n...\n', ['1:3-4', ...lines], ['3:1-4', ...another], ['2:1-6', ...begun]],
];

it.each(rows.map(([text, ...expected]) => ({ text, name: JSON.stringify(text), expected })))(
  '$name',
  ({ text, expected }) => {
    expect(found(text)).toEqual(expected);
  },
);

/** What is found of values in a text, at which line and column. */
function foundByOthers(text: string) {
  const source = { path: 'a.yaml', text };
  const values = loadAll(text, undefined, { schema: CORE_SCHEMA }) as unknown[];
  const locate = (document: number, path: readonly string[]) => ({
    file: [document, ...path].join('.'),
    start: { line: 1, column: 1 },
    end: { line: 1, column: 2 },
  });
  return readByOthers(source, values, locate).map(({ rule, severity, message, allowed, location }) => {
    const { file = '', start, end } = location ?? expect.fail();
    expect([rule, severity]).toEqual(['proof-document', 'error']);
    const isPlace = file === 'a.yaml';
    expect(allowed).toBe(
      isPlace ? 'what every reader takes' : 'a text in quotes, or what is the same to every reader',
    );
    return [isPlace ? `${start.line}:${start.column}-${end.column}` : file, message];
  });
}

const refused = (what: string) => `not every reader of YAML takes this: ${what}`;
const sign = refused('an anchor, a tag, a merge, or a colon without a space');
const comment = refused('Comments must be separated from other tokens by white space characters');
const bracket = refused('Flow sequence must end with a ]');
const differs = (key: string, one: string, other: string) =>
  `"${key}" is ${one} to some readers of YAML, and ${other} to others`;

const same = (what: string) => `${what} is not the same to every reader of YAML`;

const byOthers: readonly (readonly [text: string, ...found: (readonly [string, string])[]])[] = [
  ['# é\n'],
  ['a: { b: [c, 1, -2.5, true, null] }\n---\nd: "\\\\/"\n'],
  ['a: yes\n', ['0.a', differs('a', '"yes"', 'true')]],
  ['a: b\n---\n---\nc: { d: [e, 017] }\n', ['1.c.d.1', differs('c.d.1', '17', '15')]],
  ['a: b\n---\n---\nc: d\n---\ne: yes\n', ['2.e', differs('e', '"yes"', 'true')]],
  ['a: 0o17\n', ['0.a', differs('a', '15', '"0o17"')]],
  ['a: 2001-01-01\n', ['0.a', differs('a', '"2001-01-01"', 'one thing')]],
  ['a: 1:30\n', ['0.a', differs('a', '"1:30"', '90')]],
  ['a: 1_000\n', ['1:4-9', sign]],
  ['a: .inf\n', ['0.a', same('"a"')]],
  ['a: 9007199254740993\n', ['0.a', same('"a"')]],
  ['a: 9007199254740991\n'],
  ['~: a\n', ['0', same('this')]],
  ['1: a\n', ['0', same('this')]],
  ['a: { b, [c]: d }\n', ['0.a', same('"a"')]],
  ['a: &b c\n', ['1:4-6', sign]],
  ['a: !!str b\n', ['1:4-9', sign]],
  ['a: !\n', ['1:4-5', sign]],
  ['<<: { a: b }\n', ['1:1-3', sign]],
  ['a: {b:, c: d}\n', ['1:7-8', sign]],
  ['a: [b, :c]\n', ['1:8-10', sign]],
  ['a: :c\nb: d? e\nf: .E_\n'],
  ['a: [b? , c]\n', ['1:5-7', sign]],
  ['a: "\\/"\n', ['1:4-8', sign]],
  ["a: '\\/'\n"],
  ['a: |-\n  b?\n  :c\n'],
  ['a: >-\n  b?\n'],
  ['{"a":"b","c":[1]}\n'],
  ['a: {b: c, d:[e]}\n', ['1:13-14', sign]],
  ['a: b1_0\nc: 1_0d\n'],
  ['a: |-\n  1_0\n  <<\n'],
  ['a: [b:c, d]\n'],
  ['a: [b? c]\n', ['1:5-9', sign]],
  ['a: [b]\nc: { d: e }\nf: g? h\n'],
  ['# [\na: b? c\n'],
  ['a: # ]\n  [b? c]\n', ['2:4-8', sign]],
  ['|\n]\n---\na: [b? c]\n', ['4:5-9', sign]],
  ['a: "b & c" # d & e "\\/"\nf: \'"\\/"\'\n'],
  ['a: "\\n\\/"\n', ['1:4-10', sign]],
  ['a: "b"# c\n', ['1:7-10', comment]],
  ['|\n---\n[\n', ['4:1-2', bracket]],
];

it.each(byOthers.map(([text, ...expected]) => ({ text, name: JSON.stringify(text), expected })))(
  'values in $name',
  ({ text, expected }) => {
    expect(foundByOthers(text)).toEqual(expected);
  },
);

/** Every text of as many of these signs, of which numbers and times are made, or fewer. */
function madeOf(signs: string, most: number): string[] {
  if (most === 0) return [''];
  return ['', ...madeOf(signs, most - 1).flatMap((rest) => [...signs].map((sign) => sign + rest))];
}

it.each([
  ['whatever the texts', fc.sample(fc.oneof(anyText, awkwardKey, tagText), { numRuns: 20_000, seed: 1 })],
  ['however much they look like numbers', madeOf('_-+.:0e1xb', 4)],
])('nothing is found in what eso-abac writes, %s', (_, texts) => {
  const found = texts.flatMap((text) => {
    const object = { [text === '__proto__' ? 'x' : text]: [text, { text }] };
    // The other one is not of the plain form that is read faster.
    return [object, { ...object, more: 'é' }].flatMap((one) => {
      const reading = new Reading();
      const written = toYaml(one);
      objectsIn({ path: 'a.yaml', text: written }, reading);
      return reading.findings.map(({ message }) => [written, message]);
    });
  });
  expect(found).toEqual([]);
});

it.each<[what: string, one: unknown, other: unknown, path: string[] | undefined]>([
  ['the same', { a: ['b', null] }, new Map([['a', ['b', null]]]), undefined],
  ['a list and a mapping', ['a'], new Map([['0', 'a']]), []],
  ['a mapping and a number', { a: 'b' }, 1, []],
  ['a key more', { a: 'b', c: 'd' }, new Map([['a', 'b']]), []],
  ['another key', { a: 'b' }, new Map([['c', 'b']]), []],
  ['a key that every object of JavaScript has', { a: 'b' }, new Map([['valueOf', 'b']]), []],
])('the first difference of two readings: %s', (_, one, other, path) => {
  expect(difference(one, other)).toEqual(path);
});

it('what stands at a path is told in words', () => {
  const values = [{ a: [null, Number.POSITIVE_INFINITY, 'b', {}] }, new Map([['a', 1]])];
  const paths = ['0 a 0', '0 a 1', '0 a 2', '0 a 3', '0 a', '1 a'];
  expect(paths.map((path) => wordsAt(values, path.split(' ')))).toEqual([
    'null',
    'Infinity',
    '"b"',
    'one thing',
    'one thing',
    '1',
  ]);
});
