import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { isUsualYaml } from '../../src/proof/files/usual-yaml.ts';
import { asOthersRead } from '../support/readers.ts';
import { runs } from '../support/run-compile.ts';

const holdsSomething = (value: unknown) => value !== null;

test.each(['dist', 'examples/aws-blog/dist', 'examples/platform/dist'])('%s is written so', (dist) => {
  const parts = ['clusters', 'operator', 'gitops']
    .map((part) => path.join(dist, part))
    .filter((part) => existsSync(part));
  const files = parts.flatMap((part) =>
    readdirSync(part, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  );
  const texts = files.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8'));
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text) => !isUsualYaml(text))).toEqual([]);
});

const scalars =
  `a b-c a.b/c 1h 1.2.3-rc /a _a .a a:b a=b '' 'a b' 'it''s' yes No y N true False null ~ .inf 1 01 -1 +1 1_0 1e3 1.5
  0x1f 0o7 12:30:45 2020-01-01 << = - --- ... a# #a &a *a !a |a >a | |- >- |2 |+ %a {} [] {a [a "a" a' a: :a ? e1 E12345678
  ./a $a .inf.nan constructor`.split(/\s+/);
const values = [
  ...scalars,
  'a b',
  'No  ',
  'yes ',
  'a #b',
  'a b: c',
  'a :b',
  'a  b',
  'a [b',
  "a 'b",
  ' a',
  'a\tb',
  'é é',
];
const line = fc.tuple(
  fc.constantFrom('', '', '  ', '  ', '    ', '- ', '  - ', '- - '),
  fc.constantFrom('a:', 'b:', 'c:', 'a: ', 'b: ', 'c: ', 'a', '', 'no: ', '1: '),
  fc.constantFrom(...values, '', ''),
);
const texts = fc
  .tuple(
    fc.constantFrom('\n', '\n', '\r\n'),
    fc.array(
      fc.oneof(
        { weight: 9, arbitrary: line.map((parts) => parts.join('')) },
        fc.constantFrom('---', '', ' ', '# a', ' # a'),
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  )
  .map(([end, lines]) => `${lines.join(end)}${end}`);

test('whatever is usual, and is YAML, readers of YAML 1.1 and 1.2 read as the same', () => {
  const { numRuns, seed } = runs(40_000);
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (!isUsualYaml(text)) return;
      let found: unknown[];
      try {
        found = loadAll(text).filter(holdsSomething);
      } catch {
        return;
      }
      read++;
      for (const others of asOthersRead(text)) expect(others.filter(holdsSomething)).toEqual(found);
    }),
    { numRuns, seed },
  );
  expect(read).toBeGreaterThan(numRuns / 50);
});

test.each([
  ['a tab', 'a: b\n\tc\n'],
  ['another character than those of ASCII', 'a: é\n'],
  ['another one in a comment', '# é\n'],
  ['a value behind two spaces', 'a:  yes\n'],
  ['a line of spaces', 'a: |-\n  b\n \n  c\n'],
  ['a text whose first line stands further in', 'a: |-\n    b\n  c\n'],
  ['a word that is true to some', 'a: yes\n'],
  ['a key that is true to some', 'yes: a\n'],
  ['a number that is none to some', 'a: 1_000\n'],
  ['an anchor', 'a: &b c\n'],
  ['a colon behind a text', 'a: b c: d\n'],
  ['a comment behind the second line of a text', 'a: b\n  c # d\n'],
  ['a text of several lines that is no value', '  |\n    a\n'],
])('%s is not usual', (_, text) => {
  expect(isUsualYaml(text)).toBe(false);
});

test.each([
  ['a line without anything in a text of several lines', 'a: |-\n  b\n\n  c &d: yes\n'],
  ['a text of several lines in a list', '- |\n  &a: yes\n'],
  ['one further in', 'a:\n  - |\n    &b: yes\n'],
])('%s is usual', (_, text) => {
  expect(isUsualYaml(text)).toBe(true);
});
