import { describe, expect, it } from 'vitest';
import { entryOf, plainOf, valueAt } from '../../../src/proof/json/node.ts';
import { maxJsonDepth, maxJsonLength, readAnyLayout, readJson } from '../../../src/proof/json/read.ts';

const value = { a: [1, 'b', true, false, null, { c: {} }], d: null, e: '' };

describe('a text of JSON', () => {
  it.each([
    ['laid out as usual', `${JSON.stringify(value, null, 2)}\n`],
    ['on one line', JSON.stringify(value)],
  ])('%s has the values that it is made of', (_, text) => {
    const { root } = readJson('f.json', text);
    expect(root && JSON.parse(JSON.stringify(plainOf(root)))).toEqual(value);
    expect(root && plainOf(root)).toMatchObject({
      a: [1, 'b', true, false, null, { c: {} }],
      d: null,
      e: '',
    });
    const types = entryOf(root, 'a')?.value;
    expect(types?.type === 'array' && types.items.map(({ type }) => type)).toEqual([
      ...['number', 'string', 'boolean', 'boolean', 'null', 'object'],
    ]);
  });

  it('has values at the end of keys, and nowhere else', () => {
    const { root } = readJson('f.json', JSON.stringify(value));
    expect([valueAt(root)?.type, valueAt(root, 'd')?.type, valueAt(root, 'a')?.type]).toEqual([
      ...['object', 'null', 'array'],
    ]);
    expect([
      valueAt(root, 'x'),
      valueAt(root, 'a', '0'),
      valueAt(undefined, 'a'),
      entryOf(root, 'x'),
    ]).toEqual(Array(4).fill(undefined));
  });

  it.each([
    ['\n', '2:1-2:2'],
    ['\r\n', '2:1-2:2'],
    ['\r', '2:1-2:2'],
    ['\n\n', '3:1-3:2'],
    [' ', '1:3-1:4'],
  ])('has places by its lines, whose ends are %j', (end, place) => {
    const { root } = readAnyLayout('f.json', `[${end}1]`);
    const item = root?.type === 'array' ? root.items[0] : undefined;
    const { start, end: to } = item?.location ?? {
      start: { line: 0, column: 0 },
      end: { line: 0, column: 0 },
    };
    expect(`${start.line}:${start.column}-${to.line}:${to.column}`).toBe(place);
  });

  it.each([
    ['brackets in texts', `"${'['.repeat(2 * maxJsonDepth)}"`, []],
    [
      'brackets side by side',
      `[${Array(2 * maxJsonDepth)
        .fill('{}')
        .join()}]`,
      [],
    ],
    ['brackets of both kinds', '[{"a":'.repeat(21), [[41, 'this is nested too deep']]],
  ])('is as deep as its brackets: %s', (_, text, expected) => {
    const depths = readAnyLayout('f.json', text).findings.map(({ message }) => [maxJsonDepth + 1, message]);
    expect(depths).toEqual(expected);
  });

  it('is too long, however it is laid out', () => {
    const findings = readAnyLayout('f.json', ' '.repeat(maxJsonLength + 1)).findings;
    expect(findings).toEqual([
      {
        rule: 'input-limit',
        severity: 'error',
        message: 'this text is too long',
        allowed: `at most ${maxJsonLength} characters`,
        location: { file: 'f.json', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
      },
    ]);
  });
});
