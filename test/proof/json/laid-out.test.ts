import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLaidOut } from '../../../src/proof/json/laid-out.ts';
import { maxJsonDepth, readAnyLayout } from '../../../src/proof/json/read.ts';
import { runs } from '../../support/run-compile.ts';

const laidOut = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const read = (text: string) => readLaidOut('a.json', text, maxJsonDepth);

describe('a text that is laid out as usual', () => {
  test('is read as any other, places included', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const usual = laidOut(JSON.parse(text));
        expect(read(usual)).toEqual(readAnyLayout('a.json', usual).root);
      }),
      runs(500),
    );
  });

  test.each([
    ['another indentation', '{\n    "a": 1\n}\n'],
    ['one line', '{"a":1}\n'],
    ['no line break at the end', '{\n  "a": 1\n}'],
    ['white space at the end', '{\n  "a": 1\n}\n\n'],
    ['a key that stands twice', '{\n  "a": 1,\n  "a": 1\n}\n'],
    ['a key that stands twice, once with an escape', '{\n  "a": 1,\n  "\\u0061": 1\n}\n'],
    ['a number written otherwise', '{\n  "a": 1.0\n}\n'],
    ['an escape that is not needed', '{\n  "a": "\\u0061"\n}\n'],
    ['numbers as keys in another order', '{\n  "b": 1,\n  "1": 1\n}\n'],
    ['no JSON', '{\n  "a": 1,\n}\n'],
    ['a comment', '{\n  // b\n  "a": 1\n}\n'],
    ['nothing', ''],
  ])('%s is left to the reader of any layout', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  test('is read as deep as any other', () => {
    const nested = (depth: number) => laidOut(JSON.parse('['.repeat(depth) + ']'.repeat(depth)));
    for (const depth of [maxJsonDepth, maxJsonDepth + 1]) {
      expect(read(nested(depth))).toEqual(readAnyLayout('a.json', nested(depth)).root);
    }
    expect(read(nested(maxJsonDepth))).toBeDefined();
  });
});
