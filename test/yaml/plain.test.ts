import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadItems } from '../../src/yaml/items.ts';
import { plainDocuments } from '../../src/yaml/plain.ts';
import { readWithPlaces, readYamlDocuments } from '../../src/yaml/reader.ts';
import { damaged } from '../fuzz/hostile-text.ts';
import { runs } from '../support/run-compile.ts';

const options = { maxDepth: 32 };

/** What is read without places is what is read with them, and nothing is wrong with it. */
function expectSame(text: string): boolean {
  const values = plainDocuments(text);
  // Of items that were read before, and of those that were not.
  const known = new ReadItems();
  for (const _ of ['first', 'again']) {
    known.next();
    expect(plainDocuments(text, known), text).toEqual(values);
  }
  if (values === undefined) return false;
  const placed = readWithPlaces('x', text, options);
  expect(
    placed.flatMap(({ findings }) => findings),
    text,
  ).toEqual([]);
  expect(
    placed.map(({ value }) => plain(value)),
    text,
  ).toEqual(plain(values));
  return true;
}

/** Without the difference between a mapping with and one without a prototype. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

const indentation = fc.integer({ min: 0, max: 5 }).map((steps) => ' '.repeat(steps));
const key = fc.constantFrom(
  'name',
  'keys',
  'a',
  'DB_USER',
  'tls.crt',
  'x/y',
  'constructor',
  'true',
  'No',
  'a-b',
  'b:c',
  '.a',
  '...',
);
const word = fc.constantFrom(
  ...[
    'a',
    'us-west-2',
    '1h',
    '15m',
    '2.9.0',
    '1',
    '0',
    '007',
    '-1',
    '1e3',
    '0x1f',
    '1_000',
    '12:30',
    '12:30:45',
    '.5',
    '5.',
    '2001-01-01',
  ],
  ...[
    'true',
    'True',
    'yes',
    'Off',
    'null',
    '~',
    '',
    'a b',
    'a:b',
    'arn:aws:iam::1:role/x',
    'a #b',
    'a#b',
    'a,b',
    './a',
    '...',
    'a {{ .b }}:c',
    'a*',
    'x "y"',
    'a - b',
    "a 'b",
    'a, b',
    'a ]',
    'a &b',
    'a | b',
    'a ? b',
    'a ! b',
    'a:: b',
    'a::b',
    'a:',
    'a :b',
    'a : b',
    'a %',
    'a: b',
    '__proto__',
    '<<',
    '*',
    '@x',
  ],
  ...[
    '"x y"',
    '"a: b"',
    '"#"',
    '"a\\tb"',
    "'it''s'",
    "'#x'",
    '""',
    "''",
    '"no"',
    "'a",
    '|',
    '>-',
    '&a',
    '*a',
    '!!str 1',
    '- a',
    '? a',
    '%x',
  ],
  ...[
    '[]',
    '[a]',
    '[a, b]',
    '[ a, "b c" ]',
    '[a,b]',
    '{ a: b }',
    '{a: b, c: [d]}',
    '{ a: [b, c], d: { e: f } }',
    '{a}',
    '[a: b]',
    '{a:b}',
    '{ a: 1, a: 2 }',
    '[[a]]',
  ],
);
const line = fc
  .tuple(
    indentation,
    fc.constantFrom('', '', '- ', '- - ', '-'),
    fc.option(key, { nil: undefined, freq: 5 }),
    fc.option(word, { nil: undefined, freq: 4 }),
    fc.constantFrom('', '', '', ' ', ' # why', '#', '\t'),
  )
  .map(([indent, dash, name, text, end]) =>
    `${indent}${dash}${name === undefined ? '' : `${name}: `}${text ?? ''}${end}`.replace(/ $/, (space) =>
      dash === '' ? '' : space,
    ),
  );
const separator = fc.constantFrom('\n', '\n', '\n', '\n', '\n', '\n---\n', '\r\n', '\n\n', '\n...\n');
const text = fc
  .array(fc.tuple(line, separator), { minLength: 1, maxLength: 8 })
  .map((lines) => lines.map(([one, end]) => one + end).join(''));

/** A text that has a fair chance to be YAML: keys of one mapping stand below each other. */
const tidy = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '  ', '    ', '  - ', '- '),
      fc.uniqueArray(key, { minLength: 1, maxLength: 3 }),
      word,
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((blocks) =>
    blocks
      .map(([indent, names, value]) =>
        names
          .map((name, index) => `${index === 0 ? indent : indent.replace('-', ' ')}${name}: ${value}\n`)
          .join(''),
      )
      .join(''),
  );

describe('a plain text is read without places as it is read with them', () => {
  test('whatever its lines are', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(text, tidy), (one) => {
        if (expectSame(one)) read += 1;
      }),
      runs(4000),
    );
    expect(read).toBeGreaterThan(100);
  });

  test('the inputs of this repository, damaged', () => {
    const seeds = ['services.yaml', 'examples/platform/services.yaml', 'examples/aws-blog/services.yaml'];
    const teams = readdirSync('examples/platform/services').map(
      (name) => `examples/platform/services/${name}`,
    );
    const bytes = [...seeds, ...teams].map((file) => readFileSync(file));
    fc.assert(
      fc.property(damaged(bytes), (one) => {
        expectSame(new TextDecoder().decode(one));
      }),
      runs(1000),
    );
  });

  test('the manifests of this repository', () => {
    const files = (readdirSync('examples/platform/dist', { recursive: true }) as string[]).filter((file) =>
      file.endsWith('.yaml'),
    );
    const read = files.filter((file) =>
      expectSame(readFileSync(path.join('examples/platform/dist', file), 'utf8')),
    );
    expect(read.length).toBeGreaterThan(files.length / 2);
  });
});

describe('what readers differ in is not plain', () => {
  test.each([
    ...[
      'a: yes',
      'a: NO',
      'a: on',
      'a: y',
      'a: True',
      'a: null',
      'a: ~',
      'a: 0x1f',
      'a: 0o7',
      'a: 1e3',
      'a: 1.5',
      'a: -1',
      'a: .inf',
    ],
    ...[
      'a: 1234567890123456',
      'a: 007',
      'a: &b c',
      'a: *b',
      'a: !!str b',
      '<<: a',
      '? a',
      'a: |\n  b',
      'a: "\\n"',
      "a: 'it''s'",
      'a:\tb',
      '%YAML 1.1\n---\na: b',
    ],
    ...['a: b\na: c', '__proto__: a', 'a: \u2028', 'a: b\n...\n', '', '# nothing', 'a: b\n---\n'],
  ])('%j', (one) => {
    expect(plainDocuments(one)).toBeUndefined();
  });
});

test('what is nested deep or very long is not plain', () => {
  expect(plainDocuments(`${' '.repeat(24)}a: b`)).toBeDefined();
  expect(plainDocuments(`${' '.repeat(25)}a: b`)).toBeUndefined();
  expect(plainDocuments(`a: ${'b'.repeat(4000)}`)).toBeDefined();
  expect(plainDocuments(`a: ${'b'.repeat(5000)}`)).toBeUndefined();
});

test('places are found afterwards', () => {
  const [first, second] = readYamlDocuments('x', 'a: b\n---\nc:\n  - d: [e, f]\n', options);
  expect(first?.locate(['a'])).toMatchObject({ start: { line: 1, column: 4 } });
  expect(second?.locate(['c', 0, 'd', 1])).toMatchObject({
    file: 'x',
    start: { line: 4, column: 12 },
    end: { line: 4, column: 13 },
  });
  expect(second?.written(['c', 0, 'd'])).toBe('[e, f]');
  expect(second?.start).toBe(5);
});

test('a plain text with too many words to place them is read, and every place is its beginning', () => {
  const many = Array.from({ length: 90_000 }, (_, index) => `k${index}: [a, b, c, d, e, f]\n`).join('');
  const [first, second] = readYamlDocuments('x', `a: b\n---\n${many}`, options);
  expect(first?.findings).toEqual([]);
  expect(Object.keys(second?.value ?? {}).length).toBe(90_000);
  expect(second?.locate(['k89999'])).toMatchObject({ start: { line: 1, column: 1 } });
});
