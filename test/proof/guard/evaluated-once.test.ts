import { expect, it } from 'vitest';
import { compile } from '../../../src/proof/guard/cel.ts';
import type { AdmissionPolicy } from '../../../src/proof/guard/model.ts';
import { Expressions } from '../../../src/proof/guard/scope.ts';

const policy: AdmissionPolicy = {
  variables: [
    { name: 'spec', text: 'object.spec', path: [] },
    { name: 'name', text: 'object.?spec.?name.orValue("none")', path: [] },
  ],
  conditions: [],
  validations: [],
} as never;

const named = (name: unknown) => ({ name });
const keys = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, value]));
const bare = (value: object) => Object.assign(Object.create(null), value);

/** An expression, the specs of some objects, and how many of them differ for it. */
const cases: readonly (readonly [
  what: string,
  expression: string,
  specs: readonly unknown[],
  times: number,
])[] = [
  ['a field, beside others', 'object.spec.name', [named('a'), { ...named('a'), other: 1 }], 1],
  ['another value of it', 'object.spec.name', [named('a'), named('b')], 2],
  [
    'a field of a mapping without prototype',
    'object.spec.name',
    [bare(named('a')), bare({ ...named('a'), b: 1 })],
    1,
  ],
  ['no field', 'object.?spec.?name.orValue("x")', [{}, { other: 1 }, bare({})], 1],
  ['no field and one that is', 'object.?spec.?name.orValue("x")', [{}, named('a')], 2],
  ['no mapping', 'object.?spec.?name.orValue("x")', ['a', 'a', null], 2],
  ['a field that is there', 'has(object.spec.name)', [named('a'), named('b'), named(null), named(1)], 1],
  [
    'a field that is there, with something in it',
    'has(object.spec.name)',
    [named({}), named([]), named({ a: ['b'] }), named([{}])],
    1,
  ],
  ['a field that is not', 'has(object.spec.name)', [{}, { other: 'a' }], 1],
  ['one that is and one that is not', 'has(object.spec.name)', [{}, named('a')], 2],
  ['a field by its name', '"name" in object.spec', [named('a'), named('b'), {}], 2],
  ['its keys', 'object.spec.all(key, key == "a")', [{ a: 1 }, { a: 2 }, { a: {} }], 1],
  [
    'keys in another order',
    'object.spec.all(key, key == "a")',
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    2,
  ],
  ['more keys', 'object.spec.all(key, key == "a")', [{ a: 1 }, { a: 1, b: 2 }, {}], 3],
  ['twelve keys', 'object.spec.map(key, key)', [keys(12, 1), keys(12, 2)], 1],
  ['thirteen keys, which are taken as a whole', 'object.spec.map(key, key)', [keys(13, 1), keys(13, 2)], 2],
  ['entries of a list, which are taken as a whole', 'object.spec.map(one, one)', [['a'], ['a']], 2],
  ['a variable', 'variables.name', [named('a'), { ...named('a'), other: 1 }, {}], 2],
  ['a field of a variable', 'variables.spec.name', [named('a'), { ...named('a'), other: 1 }], 1],
  ['whether a variable has a field', 'has(variables.spec.name)', [named('a'), named('b'), {}], 2],
  ['keys of a variable', 'variables.spec.all(key, true)', [{ a: 1 }, { a: 2 }, { b: 1 }], 2],
];

it.each(cases)('%s: once for what is the same', (_, expression, specs, times) => {
  let asked = 0;
  const authorizer = { parts: {}, answers: () => ++asked > 0 };
  const expressions = new Expressions(policy);
  const whole = expressions.of(compile(`[authorizer.allowed(), ${expression}]`));
  for (const spec of specs) expressions.scopeOf({ object: { spec }, authorizer }, true).outcomeOf(whole);
  expect(asked).toBe(times);
});
