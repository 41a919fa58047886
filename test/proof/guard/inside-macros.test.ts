import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/proof/guard/cel.ts';
import { askedInMacros } from '../../../src/proof/guard/inside-macros.ts';

const asked = (text: string) => {
  const { ast } = compile(text);
  return ast === undefined ? [] : askedInMacros(ast).map(({ text: one, ofOne }) => [one, ofOne.text]);
};

describe('what macros ask of items', () => {
  it.each<[string, [string, string][]]>([
    [
      "object.a.all(one, one == 'a' || one == 'b')",
      [
        ["one == 'a'", "(object.a).exists(one, one == 'a')"],
        ["one == 'b'", "(object.a).exists(one, one == 'b')"],
      ],
    ],
    [
      "object.a.filter(one, one != 'a' && one != 'b').size() == 0",
      [
        ["one != 'a'", "(object.a).exists(one, !(one != 'a'))"],
        ["one != 'b'", "(object.a).exists(one, !(one != 'b'))"],
      ],
    ],
    [
      "object.a.exists(one, !(one == 'a' || has(object.b)))",
      [
        ["one == 'a'", "(object.a).exists(one, one == 'a')"],
        ['has(object.b)', '(object.a).exists(one, has(object.b))'],
      ],
    ],
    [
      "object.a.all(one, one.b.exists(two, two == one || two == 'a'))",
      [
        ['two == one', '(object.a).exists(one, (one.b).exists(two, two == one))'],
        ["two == 'a'", "(object.a).exists(one, (one.b).exists(two, two == 'a'))"],
      ],
    ],
    [
      '(object.a + object.b).map(one, one.c == 1 ? one.d == 2 || one.e == 3 : false)',
      [
        ['one.d == 2', '(object.a + object.b).exists(one, one.d == 2)'],
        ['one.e == 3', '(object.a + object.b).exists(one, one.e == 3)'],
      ],
    ],
    ["object.a == 'a' || object.b == 'b'", []],
    ["object.a.all(one, one == 'a')", []],
    ['object.a.substring(one, one == 1 || one == 2)', []],
    ['all(object.a, object.b || object.c)', []],
    ['object.a.all()', []],
    ['object.a.exists(one)', []],
  ])('%s', (text, expected) => {
    expect(asked(text)).toEqual(expected);
  });
});
