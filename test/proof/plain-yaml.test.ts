import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { readPlainYaml as readDocuments } from '../../src/proof/files/plain-yaml.ts';
import { asOthersRead } from '../support/readers.ts';
import { runs } from '../support/run-compile.ts';

const maxDepth = 64;

function readPlainYaml(text: string, depth: number) {
  return readDocuments(text, depth)?.map(({ object }) => object);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

test.each(['dist', 'examples/aws-blog/dist', 'examples/platform/dist'])(
  'the services in %s are read as js-yaml does',
  (dist) => {
    const services = filesBelow(path.join(dist, 'clusters')).filter((file) => file.includes('/services/'));
    const read = services.map((file) => {
      const text = readFileSync(file, 'utf8');
      const found = readPlainYaml(text, maxDepth);
      if (found !== undefined) expect(found, file).toEqual(loadAll(text));
      return found;
    });
    // The others hold texts of several lines.
    expect(read.filter((one) => one !== undefined).length).toBeGreaterThan(0.9 * services.length);
  },
);

/** Pieces that are plain, pieces that are not, and pieces that only look like the one or the other. */
const scalars =
  `a b-c a.b/c arn:aws:iam::1:role/x 1h 3scale 1.2.3-rc /a _a .a a:b a=b a,b '' 'a b' 'it''s' ': ' '#'
  yes No on OFF y N true False null NULL ~ .inf .NaN 1 01 0x1f 0o7 0b1 1_000 1,000 1e3 1.5 1.e1 -1 +1 12:30:45 2020-01-01
  2001-12-14t21:59:43.10-05:00 << = - -- --- ... . a# #a &a *a !a |a >a %a @a \`a {} [] {a [a "a" a" a' 'a a: :a ? ?a
  __proto__ constructor a\\b é \u{1F600} 0p1 0x1p-2 1z 1:2g e13 E-1 .e+1 e1 e1x ee1 e`.split(/\s+/);
const separators = [': ', ':', ' : ', ':  ', ': # ', ' '];
const starts = ['', '', '', '  ', '    ', '- ', '  - ', '    - ', '-  ', '- - ', '\t', ' '];
const others = [
  '---\n',
  '---\n',
  '--- \n',
  '...\n',
  '# a\n',
  '#é\n',
  '\n',
  ' \n',
  '  # a\n',
  '--- a\n',
  '---a: b\n',
  '\r\n',
];

const scalar = fc.constantFrom(...scalars);
const keys = fc.constantFrom('a', 'b', 'c', 'd', '1h', 'e');
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constantFrom(...starts), keys, fc.constant(': '), scalar) },
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...starts), keys, fc.constant(':')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...starts), scalar) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...starts), scalar, fc.constantFrom(...separators), scalar),
  },
);
/** Keys with what stands below each, as dist is laid out. */
const { block } = fc.letrec<{ block: string[] }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small' },
    fc
      .uniqueArray(keys, { minLength: 1, maxLength: 3 })
      .chain((all) =>
        fc.tuple(
          ...all.map((key) => fc.constantFrom(...scalars.slice(0, 24)).map((one) => `${key}: ${one}`)),
        ),
      ),
    fc.tuple(keys, tie('block')).map(([key, below]) => [`${key}:`, ...below.map((one) => `  ${one}`)]),
    fc
      .tuple(keys, fc.array(tie('block'), { minLength: 1, maxLength: 2 }))
      .map(([key, items]) => [
        `${key}:`,
        ...items.flatMap((item) => item.map((one, index) => `  ${index === 0 ? '- ' : '  '}${one}`)),
      ]),
  ),
}));
const anyLine = fc.oneof(
  { weight: 9, arbitrary: line.map((parts) => parts.join('')) },
  fc.constantFrom(...others),
);

/** Such a text, with one line that is another, or one more. */
const texts = fc.tuple(block, fc.option(fc.tuple(fc.nat(), fc.boolean(), anyLine))).map(([lines, change]) => {
  const changed = [...lines];
  if (change !== null) changed.splice(change[0] % (lines.length + 1), change[1] ? 1 : 0, change[2]);
  return `---\n${changed.map((one) => (one.endsWith('\n') ? one : `${one}\n`)).join('')}`;
});

test('whatever is read plainly, readers of YAML 1.1 and 1.2 read as the same', () => {
  const { numRuns, seed } = runs(5000);
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const found = readPlainYaml(text, maxDepth);
      if (found === undefined) return;
      read++;
      for (const others of asOthersRead(text)) expect(others).toEqual(found);
    }),
    { numRuns, seed },
  );
  expect(read).toBeGreaterThan(numRuns / 20);
});

test.each(scalars)('the text %s is plain only where it is that text to every reader', (one) => {
  for (const text of [`---\na: ${one}\n`, `---\n${one}: a\n`, `---\na:\n  - ${one}\n`]) {
    const found = readPlainYaml(text, maxDepth);
    if (found !== undefined) for (const others of asOthersRead(text)) expect(others).toEqual(found);
  }
});

test.each([
  ['a text in quotes, in a list', "---\na:\n  - 'b c'\n"],
  ['what stands further in', '---\n  a: b\n  c: d\n'],
  ['a comment before it', '# a\n---\na: b\n'],
])('%s is read as js-yaml does', (_, text) => {
  expect(readPlainYaml(text, maxDepth)).toEqual(loadAll(text));
});

test.each([
  ['a key that stands twice', '---\na: b\na: c\n'],
  ['a key that stands twice, in a list', '---\na:\n  - b: c\n    b: d\n'],
  ['a text of two lines', '---\na: b\n  c\n'],
  ['a key without value', '---\na:\nb: c\n'],
  ['a list at the indent of its key', '---\na:\n- b\n'],
  ['a text for a mapping', '---\nab c\n'],
  ['a list for a mapping', '---\n- a: b\n'],
  ['what stands less far in than what is above', '---\n  a: b\nc: d\n'],
  ['two indents', '---\na:\n    b: c\n  d: e\n'],
  ['an empty document', '---\n---\na: b\n'],
  ['no line break at the end', '---\na: bc'],
  ['a tab', '---\na:\tb\n'],
  ['the end of a document', '---\na: b\n...\n'],
  ['a merge', '---\na: b\n<<: c\n'],
  ['a key that every object has', '---\nconstructor: a\n'],
  ['what looks like a number', '---\na: 1e3\n'],
  ['what looks like a date', '---\na: 2020-01-01\n'],
])('%s is left to js-yaml', (_, text) => {
  expect(readPlainYaml(text, maxDepth)).toBeUndefined();
});

test('each document has the lines that it stands on', () => {
  const documents = readDocuments("---\na: b\n---\nc:\n  - 'd'\n  - e: f\n", maxDepth);
  const line = (indent: number, isItem: boolean, key?: string, value?: string) => {
    return { indent, isItem, key, value };
  };
  expect(documents?.map(({ lines }) => lines)).toEqual([
    [line(0, false, 'a', 'b')],
    [line(0, false, 'c'), line(2, true, undefined, 'd'), line(2, true, 'e', 'f')],
  ]);
});

test('what is nested too deep is left to js-yaml', () => {
  const nested = (levels: number) =>
    `---\n${Array.from({ length: levels }, (_, index) => `${'  '.repeat(index)}a:\n`).join('')}${'  '.repeat(levels)}a: b\n`;
  expect(readPlainYaml(nested(2), 3)).toEqual([{ a: { a: { a: 'b' } } }]);
  expect(readPlainYaml(nested(3), 3)).toBeUndefined();
  const listed = '---\na:\n  - b\n';
  expect(readPlainYaml(listed, 2)).toEqual([{ a: ['b'] }]);
  expect(readPlainYaml(listed, 1)).toBeUndefined();
});
