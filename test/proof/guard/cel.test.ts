import { describe, expect, it } from 'vitest';
import { compile, outcomeOf } from '../../../src/proof/guard/cel.ts';

/** What an expression looks at, as far as there is something. */
function seen(text: string) {
  const { fields, texts, parts, numbers, looks, operands, logic, isCondition, problem } = compile(text);
  const lists = { fields: [...fields], texts: [...texts], parts: [...parts], numbers: [...numbers] };
  const found = Object.entries({
    ...lists,
    looks: looks.map(({ path, at }) => `${at} of ${path.join('.')}`),
    operands: operands.length,
    logic,
    isCondition,
    problem,
  });
  return Object.fromEntries(found.filter(([, one]) => (Array.isArray(one) ? one.length > 0 : one)));
}

const condition = { isCondition: true };

describe('what an expression looks at', () => {
  it.each([
    ["object.a == 'b'", { fields: ['a'], texts: ['b'], looks: ['value of object.a'], ...condition }],
    ["object == 'a' + 'b' + 'c'", { texts: ['abc'], looks: ['value of object'], ...condition }],
    ["object.startsWith('a' + 'b')", { parts: ['ab'], looks: ['value of object'], ...condition }],
    ["object + ('a' + 'b')", { parts: ['ab'], looks: ['value of object'] }],
    ['1 + 2', { numbers: [1, 2] }],
    ["'a' + object", { parts: ['a'], looks: ['value of object'] }],
    ['object.all(key, object[key] == null)', { looks: ['value of object'], ...condition }],
    [
      'object.all(key, key in params.spec)',
      { fields: ['spec'], looks: ['keys of object', 'value of params.spec'], ...condition },
    ],
    ['true', {}],
    ['null', {}],
    ['1', { numbers: [1] }],
    ['[1, 2u, 3.5]', { numbers: [1, 2, 3.5] }],
    ["'a'", { texts: ['a'] }],
    ['object', { looks: ['value of object'] }],
    ['object.spec', { fields: ['spec'], looks: ['value of object.spec'] }],
    ['object.?spec', { fields: ['spec'], looks: ['value of object.spec'] }],
    ['object["spec"]', { fields: ['spec'], texts: ['spec'], looks: ['value of object'] }],
    ['object[?"spec"]', { fields: ['spec'], texts: ['spec'], looks: ['value of object'] }],
    ['object[1]', { numbers: [1], looks: ['value of object'] }],
    ['object[object.name]', { fields: ['name'], looks: ['value of object'] }],
    ["object == 'a'", { texts: ['a'], looks: ['value of object'], ...condition }],
    ["object.startsWith('a')", { parts: ['a'], looks: ['value of object'], ...condition }],
    ["object.endsWith('a')", { parts: ['a'], looks: ['value of object'], ...condition }],
    ["object.contains('a')", { parts: ['a'], looks: ['value of object'], ...condition }],
    ["object + 'a'", { parts: ['a'], looks: ['value of object'] }],
    ["object in ['a', 'b']", { texts: ['a', 'b'], looks: ['value of object'], ...condition }],
    [
      "{'a': object}",
      { texts: ['a'], looks: ['value of object'], problem: 'such a list or mapping is not covered' },
    ],
    ["[object].join('a')", { texts: ['a'], looks: ['value of object'] }],
    ['object.size() > 3', { numbers: [3], looks: ['value of object'], ...condition }],
    ['size(object) < 3', { numbers: [3], looks: ['value of object'], ...condition }],
    ['has(object.spec)', { fields: ['spec'], looks: ['presence of object.spec'], ...condition }],
    [
      "'a' in object.spec",
      { fields: ['spec'], texts: ['a'], looks: ['presence of object.spec.a'], ...condition },
    ],
    ['1 in [object.spec]', { fields: ['spec'], numbers: [1], looks: ['value of object.spec'], ...condition }],
    [
      'object.name in object.spec',
      { fields: ['name', 'spec'], looks: ['value of object.name', 'value of object.spec'], ...condition },
    ],
    [
      "'a' in [object.name]",
      { fields: ['name'], texts: ['a'], looks: ['value of object.name'], ...condition },
    ],
    [
      'object.spec.all(key, key == "a")',
      { fields: ['spec'], texts: ['a'], looks: ['keys of object.spec'], ...condition },
    ],
    ['object.spec.exists(key, true)', { fields: ['spec'], looks: ['keys of object.spec'], ...condition }],
    ['object.spec.exists_one(key, true)', { fields: ['spec'], looks: ['keys of object.spec'], ...condition }],
    ['object.spec.map(key, key)', { fields: ['spec'], looks: ['keys of object.spec'] }],
    ['object.spec.filter(key, true)', { fields: ['spec'], looks: ['keys of object.spec'] }],
    [
      'object.spec.filter(key, key == request.name)',
      { fields: ['spec', 'name'], looks: ['keys of object.spec', 'value of request.name'] },
    ],
    [
      '[object.spec].all(one, one == "a")',
      { fields: ['spec'], texts: ['a'], looks: ['value of object.spec'], ...condition },
    ],
    [
      'object.?spec.orValue({}) == oldObject.spec',
      { fields: ['spec'], looks: ['value of object.spec', 'value of oldObject.spec'], ...condition },
    ],
    ['optional.of(object)', { problem: 'the function of is not covered', looks: ['value of object'] }],
    ['object.spec.value().hasValue()', { fields: ['spec'], looks: ['value of object.spec'], ...condition }],
    [
      'variables.a && !namespaceObject.b',
      {
        fields: ['a', 'b'],
        looks: ['value of variables.a', 'value of namespaceObject.b'],
        operands: 2,
        logic: '&&',
        ...condition,
      },
    ],
    ['!object', { looks: ['value of object'], operands: 1, logic: '!', ...condition }],
    ['object ? request : params', { looks: ['value of object', 'value of request', 'value of params'] }],
    [
      'authorizer.group("a").check("b").allowed()',
      { texts: ['a', 'b'], looks: ['value of authorizer'], ...condition },
    ],
    ['authorizer.group("a")', { texts: ['a'], looks: ['value of authorizer'] }],
    [
      'object && params || request',
      {
        looks: ['value of object', 'value of params', 'value of request'],
        operands: 2,
        logic: '||',
        ...condition,
      },
    ],
  ])('%s', (text, expected) => {
    const found = seen(text);
    expect(found.looks ? { ...found, looks: [...(found.looks as string[])].sort() } : found).toEqual({
      ...expected,
      ...('looks' in expected && { looks: [...(expected.looks ?? [])].sort() }),
    });
  });

  it.each([
    [
      'what holds it',
      'has(object.spec.name) && object.spec == oldObject.spec',
      ['value of object.spec', 'value of oldObject.spec'],
    ],
    ['itself', 'has(object.spec) && object.spec == null', ['value of object.spec']],
    [
      'its keys',
      'object.spec.all(k, k == "a") && object.spec.a == 1',
      ['keys of object.spec', 'value of object.spec.a'],
    ],
    [
      'something beside it',
      'has(object.spec.a) && object.spec.b',
      ['presence of object.spec.a', 'value of object.spec.b'],
    ],
    [
      'something in it',
      'object.spec == null && object.spec.name == 1 && object == null',
      ['value of object'],
    ],
  ])('once, where it looks at %s as well', (_, text, expected) => {
    expect(
      compile(text)
        .looks.map(({ path, at }) => `${at} of ${path.join('.')}`)
        .sort(),
    ).toEqual(expected);
  });
});

describe('a key that JavaScript has a meaning for', () => {
  const object = { labels: { constructor: 'a', toString: 'b' }, list: [{ constructor: { name: 'c' } }] };
  it.each([
    ['"constructor" in object.labels', true],
    ['"valueOf" in object.labels', false],
    ['has(object.labels.constructor) && !has(object.labels.valueOf)', true],
    ['object.labels.constructor == "a" && object.labels["toString"] == "b"', true],
    ['object.labels.?constructor.orValue("none")', 'a'],
    ['object.?other.?constructor.orValue("none")', 'none'],
    ['object.labels.all(key, key in ["constructor", "toString"])', true],
    ['object.labels.size() == 2 && object.labels == oldObject.labels', true],
    ['object.list.exists(one, one.constructor.name == "c")', true],
    ['object.list[0] == oldObject.list[0]', true],
  ])('%s', (text, value) => {
    expect(outcomeOf(compile(text), { object, oldObject: structuredClone(object) })).toEqual({ value });
  });
});

describe('what cannot be judged', () => {
  it.each([
    ['object.matches("a")', 'the function matches is not covered'],
    ['timestamp("a") == object', 'the function timestamp is not covered'],
    ['object.lowerAscii().upperAscii()', expect.any(String)],
    ['object in {"constructor": 1}', 'a mapping with the key "constructor" is not covered'],
    ['{"con" + "structor": object} == object', 'a mapping with the key "constructor" is not covered'],
    ['object.matches("a") && object == 1', 'the function matches is not covered'],
    ['type(object) == int', 'the function type is not covered'],
    ['1 in object', 'what is no text, among keys is not covered'],
    ['(object == 1 ? object.?a : object.?b).hasValue()', 'an optional value that is kept is not covered'],
    ['[object[?"a"]].all(one, one.hasValue())', 'an optional value that is kept is not covered'],
    ['object.map(one, one.?a).all(one, one.hasValue())', 'an optional value that is kept is not covered'],
    ['["a"] in object', 'what is no text, among keys is not covered'],
    ['{"a": "b"} in object', 'what is no text, among keys is not covered'],
    ["object == r'a\\b'", 'a raw text with a backslash is not covered'],
    ["object == 'a' + r'\\b'", 'a raw text with a backslash is not covered'],
    ['object == 9223372036854775808', 'such a number is not covered'],
    ['object == 0XF', 'such a number is not covered'],
    ['--1 == object', 'a sign before what is no number is not covered'],
    ['1 + "a"', 'no such overload: int + string'],
    ['1 +', 'Unexpected token: EOF'],
    ['unheard.of', 'Unknown variable: unheard'],
    ['"a" && true', expect.stringContaining('bool')],
  ])('%s', (text, problem) => {
    const compiled = compile(text);
    expect(compiled.problem).toEqual(problem);
    expect(compiled.operands).toEqual([]);
    expect(outcomeOf(compiled, { object: 'a' })).toEqual({ problem });
  });

  it('is told in one line, as what goes wrong later', () => {
    expect(compile('1 +').problem).not.toContain('\n');
    expect(outcomeOf(compile('object.name.size() > 0'), { object: {} })).toEqual({
      problem: 'No such key: name',
    });
  });

  it('looks nowhere where it is no expression', () => {
    for (const text of ['1 +', '1 + "a"'])
      expect(compile(text)).toMatchObject({ looks: [], operands: [], isCondition: false });
  });

  it('is the same for the same text', () => {
    expect(compile('object == 1')).toBe(compile('object == 1'));
  });
});

describe('operands', () => {
  const texts = (text: string) => compile(text).operands.length;
  it.each([
    ['object && request', 2],
    ['object || request', 2],
    ['(object == 1) && (request)', 2],
    ['(object || request) && params', 2],
    ['(object == 1 || request) && (params == 2 || object)', 2],
    ['(object) + 1 == 2 && request', 2],
    ['object && request && params', 3],
    ['object && (request && params)', 3],
    ['object && request || params', 2],
    ["(object ? request : params) == 'a' || object", 2],
    ["object || 'a' == (object ? request : params)", 2],
    ['(((object)) + 1) == 2 && request', 2],
    ['((((object) + 1) * 2) - 1) == 2 && request', 2],
    ['object ? request == 1 : !params', 3],
    ['object ? request : !params', 0],
    ['object ? true : false', 3],
    ['object == 1', 0],
    ['!(object && request)', 1],
  ])('%s', (text, count) => {
    expect(texts(text)).toBe(count);
  });

  it('are taken for themselves where they can be told apart', () => {
    const { operands } = compile('has(object.a) && (request == 1)');
    expect(operands[0]).toBe(compile('has(object.a)'));
    expect(operands.map((one) => outcomeOf(one, { object: { a: 1 }, request: 1n }))).toEqual([
      { value: true },
      { value: true },
    ]);
  });
});

describe('questions to the authorizer', () => {
  const asked = (text: string, isAllowed = true) => {
    const found: unknown[] = [];
    const answers = (parts: object) => found.push(parts) > 0 && isAllowed;
    return [outcomeOf(compile(text), { authorizer: { parts: {}, answers } }), ...found];
  };
  it('hold all that was asked for', () => {
    const parts = ['group', 'resource', 'subresource', 'namespace', 'name', 'check'];
    const chain = parts.map((part) => `.${part}("a-${part}")`).join('');
    const all = Object.fromEntries(parts.map((part) => [part, `a-${part}`]));
    expect(asked(`authorizer${chain}.allowed()`)).toEqual([{ value: true }, all]);
    expect(asked('authorizer.check("a").allowed()', false)).toEqual([{ value: false }, { check: 'a' }]);
  });

  it.each(['object.group("a")', 'object.allowed()'])('%s is none', (text) => {
    for (const object of ['a', null, {}])
      expect(outcomeOf(compile(text), { object })).toEqual({
        problem: 'this is no question to the authorizer',
      });
  });
});
