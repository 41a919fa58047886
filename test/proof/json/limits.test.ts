import { describe, expect, it } from 'vitest';
import { maxJsonDepth, maxJsonLength, readAnyLayout, readJson } from '../../../src/proof/json/read.ts';

const found = (text: string) =>
  readJson('f.json', text).findings.map(({ severity, message, allowed }) => [severity, message, allowed]);

const text = String.raw`text in double quotes on one line; a backslash only before one of " \ / b f n r t u`;
const number = 'a number such as 1, -2.5 or 1e3';

describe('what is allowed in place of what is wrong', () => {
  it.each([
    ['[tru]', 'unexpected "tru"', 'a value, a comma or a bracket; words are true, false and null'],
    ['[1.]', 'unexpected "1."', number],
    ['[1e]', 'unexpected "1e"', number],
    ['{a: 1}', 'unexpected "a"', 'a value, a comma or a bracket; words are true, false and null'],
    ['{1: 1}', 'unexpected "1"', 'a key in double quotes'],
    ['[1,]', 'unexpected "]"', 'a value; no comma behind the last one'],
    ['{"a" 1}', 'unexpected "1"', 'a colon behind the key'],
    ['[1 2]', 'unexpected "2"', 'a comma between two values'],
    ['{"a": 1', 'the text ends too early', 'a comma or a closing brace }'],
    ['[1', 'the text ends too early', 'a comma or a closing bracket ]'],
    ['1 2', 'unexpected "2"', 'nothing behind the end of the document'],
    ['[1] /* x */', 'unexpected "/* x */"', 'JSON without comments'],
    ['["a', 'unexpected "\\"a"', text],
    ['["\t"]', 'unexpected "\\"\\t\\""', text],
    ['["\\x"]', 'unexpected "\\"\\\\x\\""', text],
    ['["\\u12"]', 'unexpected "\\"\\\\u12\\""', text],
  ])('%j: %s', (json, what, allowed) => {
    expect(found(json)).toEqual([['error', `not JSON: ${what}`, allowed]]);
  });

  it('a key that stands twice', () => {
    expect(found('{"a": 1, "a": 2}')).toEqual([['error', 'the key "a" stands here twice', 'each key once']]);
  });

  it('what nobody could see is written as an escape, what is long is cut off', () => {
    expect(found('[\u007f]')[0]?.[1]).toBe('not JSON: unexpected "\\u007f"');
    expect(found('[\u2028]')[0]?.[1]).toBe('not JSON: unexpected "\\u2028"');
    const [forty, more] = ['x'.repeat(40), 'x'.repeat(41)];
    expect(found(`[${forty}]`)[0]?.[1]).toBe(`not JSON: unexpected "${forty}"`);
    expect(found(`[${more}]`)[0]?.[1]).toBe(`not JSON: unexpected "${forty}…"`);
  });
});

describe('limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('hold in any layout', () => {
    const deep = (depth: number) => `${JSON.stringify(JSON.parse(nested(depth)), null, 2)}\n`;
    for (const write of [nested, deep, (depth: number) => nested(depth).replaceAll('[', '[ ')]) {
      expect(found(write(maxJsonDepth))).toEqual([]);
      expect(found(write(maxJsonDepth + 1))).toEqual([
        ['error', 'this is nested too deep', `at most ${maxJsonDepth} levels`],
      ]);
    }
  });

  it('count depth and not brackets, and none that stands in a text', () => {
    const wide = `[${Array(3 * maxJsonDepth)
      .fill('[{}]')
      .join()}]`;
    expect(found(wide)).toEqual([]);
    expect(found(JSON.stringify(nested(2 * maxJsonDepth)))).toEqual([]);
    const objects = `${'{"a": '.repeat(maxJsonDepth + 1)}1${'}'.repeat(maxJsonDepth + 1)}`;
    expect(found(objects)).toEqual([['error', 'this is nested too deep', `at most ${maxJsonDepth} levels`]]);
  });

  it('of length hold for a text that is laid out too', () => {
    const long = (length: number) => `"${'a'.repeat(length - 3)}"\n`;
    expect(readJson('f', long(maxJsonLength)).root?.type).toBe('string');
    const tooLong = ['error', 'this text is too long', `at most ${maxJsonLength} characters`];
    expect(found(long(maxJsonLength + 1))).toEqual([tooLong]);
    expect(readAnyLayout('f', long(maxJsonLength)).root?.type).toBe('string');
    expect(readAnyLayout('f', long(maxJsonLength + 1)).root).toBeUndefined();
  });
});
