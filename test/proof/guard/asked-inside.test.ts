import { describe, expect, it } from 'vitest';
import { askedInside } from '../../../src/proof/guard/asked-inside.ts';
import { compile } from '../../../src/proof/guard/cel.ts';

const asked = (text: string) => {
  const { ast } = compile(text);
  return ast === undefined ? [] : askedInside(ast).map(({ text: one, ofOne }) => [one, ofOne.text]);
};

const eitherWay = (text: string): [string, string][] => [
  [text, text],
  [text, `!(${text})`],
];

describe('what is asked inside an expression', () => {
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
    [
      "object.a.exists_one(one, one == 'a' && one != 'b')",
      [
        ["one == 'a'", "(object.a).exists(one, !(one == 'a'))"],
        ["one != 'b'", "(object.a).exists(one, !(one != 'b'))"],
      ],
    ],
    ["object.a == 'a' || object.b == 'b'", []],
    ["object.a.all(one, one == 'a')", []],
    ['object.a.substring(object.b, !object.c)', eitherWay('!object.c')],
    ['all(object.a, !object.b)', eitherWay('!object.b')],
    ['!object.a == true', eitherWay('!object.a')],
    [
      '(object.a || object.b && object.c) in [true]',
      [
        ...eitherWay('object.a || object.b && object.c'),
        ['object.a', 'object.a'],
        ['object.b && object.c', 'object.b && object.c'],
        ['object.b', '!(object.b)'],
        ['object.c', '!(object.c)'],
      ],
    ],
    ['true in [!object.a, object.b]', eitherWay('!object.a')],
    ["(!object.a ? 'a' : 'b') == 'b'", eitherWay('!object.a')],
    ['object.a || !(object.b == !object.c)', eitherWay('!object.c')],
    [
      'object.a.exists(one, one == !object.b)',
      [
        ['!object.b', '(object.a).exists(one, !object.b)'],
        ['!object.b', '(object.a).exists(one, !(!object.b))'],
      ],
    ],
    ['object.a.all()', []],
    ['object.a.exists(one)', []],
  ])('%s', (text, expected) => {
    expect(asked(text)).toEqual(expected);
  });

  it('is told behind however many brackets', () => {
    const part = "((((one + 'a') + 'a') + 'a') + 'a') == 'b'";
    expect(asked(`((((object.a).b).c).d).e.all(one, one == 'b' && ${part})`)).toEqual([
      ["one == 'b'", "(((((object.a).b).c).d).e).exists(one, !(one == 'b'))"],
      [part, `(((((object.a).b).c).d).e).exists(one, !(${part}))`],
    ]);
  });
});
