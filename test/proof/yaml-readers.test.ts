import { expect, it } from 'vitest';
import { mergedDifferently, readDifferently } from '../../src/proof/files/yaml-readers.ts';
import { said } from './said.ts';

const lines = [
  'a character that ends the line, and a comment with it, for some readers of YAML alone',
  'lines that end in a line feed',
];
const mark = ['a byte order mark in the text, which some readers pass over', 'none, or one in front'];
const another = [
  'what follows is another document for some readers of YAML, and for kubectl it is nothing',
  'documents that begin with ---',
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
  ['---\na: b\n--- \t\n---\r\n'],
  ['--- a\n', ['1:1-6', ...begun]],
  ['a: b\n---\t{}\n', ['2:1-7', ...begun]],
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

it.each<readonly [what: string, tree: unknown, isFound: boolean]>([
  ['none', { a: { b: [1, null, 'text', '<<'] } }, false],
  ['nothing', undefined, false],
  ['a text', '<<', false],
  ['null', null, false],
  ['one', { '<<': 1 }, true],
  ['one further in', { a: { b: { '<<': 1 } } }, true],
  ['one in a list', [{ a: 1 }, { '<<': null }], true],
  ['one behind others', { a: { b: 1 }, c: { d: { '<<': [] } } }, true],
])('a key that is merged: %s', (_, tree, isFound) => {
  const source = { path: 'a.yaml', text: 'a: b\nc: { <<: d }\n' };
  const { findings } = said([source], (reading) => {
    for (const finding of mergedDifferently(source, tree)) reading.findings.push(finding);
  });
  const message = 'a key that merges mappings: which of two values counts depends on the reader';
  expect(findings).toEqual(isFound ? [['<<', message, 'each key where it belongs']] : []);
});

it('a key that is merged under another spelling stands at the beginning', () => {
  const [finding] = mergedDifferently({ path: 'a.yaml', text: '"\\u003c<": a\n' }, { '<<': 'a' });
  expect(finding?.location).toEqual({
    file: 'a.yaml',
    start: { line: 1, column: 1 },
    end: { line: 1, column: 3 },
  });
});
