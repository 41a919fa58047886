import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainOf, valueAt } from '../../../src/proof/json/node.ts';
import { maxJsonDepth, maxJsonLength, readJson } from '../../../src/proof/json/read.ts';
import { runs } from '../../support/run-compile.ts';

/** What is found, as `line:column rule: message`. */
function found(text: string): string[] {
  return readJson('f.json', text).findings.map(
    ({ rule, message, location }) => `${location?.start.line}:${location?.start.column} ${rule}: ${message}`,
  );
}

describe('readJson', () => {
  it.each([
    ['{\n "Effect": "Allow",k\n "x": 1}', '2:20 json-syntax: not JSON: unexpected "k"'],
    ['', '1:1 json-syntax: not JSON: the text ends too early'],
    ['{"a":1,}', '1:8 json-syntax: not JSON: unexpected "}"'],
    ['// x\n1', '1:1 json-syntax: not JSON: unexpected "// x"'],
    ['[1] 2', '1:5 json-syntax: not JSON: unexpected "2"'],
    ["{'a': 1}", '1:2 json-syntax: not JSON: unexpected "\'a\'"'],
    ['{"a": 1\r\n"b": 2}', '2:1 json-syntax: not JSON: unexpected "\\"b\\""'],
    ['\ufeff{}', '1:1 json-syntax: not JSON: unexpected "\\ufeff"'],
  ])('%j', (text, problem) => {
    expect(found(text)).toEqual([problem]);
  });

  it('reports every key that stands twice, at any depth', () => {
    expect(found('{"a": {"b": 1,\n"b": 2}, "a": 3, "\\u0061": 4}')).toEqual([
      '2:1 duplicate-key: the key "b" stands here twice',
      '2:10 duplicate-key: the key "a" stands here twice',
      '2:18 duplicate-key: the key "a" stands here twice',
    ]);
  });

  it('has limits', () => {
    expect(readJson('f', '['.repeat(maxJsonDepth) + ']'.repeat(maxJsonDepth)).findings).toEqual([]);
    expect(found('['.repeat(1_000_000))).toEqual([
      `1:${maxJsonDepth + 1} input-limit: this is nested too deep`,
    ]);
    expect(found(`"${'a'.repeat(maxJsonLength)}"`)).toEqual(['1:1 input-limit: this text is too long']);
  });

  it('knows the place of keys and values', () => {
    const { root } = readJson('f.json', '{\n  "a": [true,\n    {"__proto__": null}]\n}');
    const list = valueAt(root, 'a');
    expect(list?.location).toEqual({
      file: 'f.json',
      start: { line: 2, column: 8 },
      end: { line: 3, column: 25 },
    });
    const inner = list?.type === 'array' ? list.items[1] : undefined;
    expect(inner?.type === 'object' && inner.entries[0]?.location.start).toEqual({ line: 3, column: 6 });
    expect(valueAt(inner, '__proto__')?.type).toBe('null');
    expect(valueAt(inner, 'toString')).toBeUndefined();
  });

  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { root, findings } = readJson('f', text);
        // JSON.parse turns -0 into text and back into 0; depth is a limit of ours.
        fc.pre(findings.every(({ rule }) => rule !== 'input-limit'));
        expect(findings).toEqual([]);
        expect(root && JSON.stringify(plainOf(root))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      runs(300),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0',
      '01',
      '1.',
      '1e5',
      'null',
      'tru',
      ' ',
      '\n',
      '"',
      '\\',
      '/*',
      '//',
      '\t',
      '"\u0001"',
      '"\\u00e9"',
      '"\\x"',
      'NaN',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 7 }), (tokens) => {
        const text = tokens.join('');
        const problems = readJson('f', text).findings.filter(({ rule }) => rule !== 'duplicate-key');
        expect(problems.length === 0).toBe(isJson(text));
      }),
      runs(3000),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
