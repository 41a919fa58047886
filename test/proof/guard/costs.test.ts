import { expect, it } from 'vitest';
import { compile } from '../../../src/proof/guard/cel.ts';
import { askTooOften } from '../../../src/proof/guard/costs.ts';

const asking = "authorizer.group('a').resource('b').check('c').allowed()";
const deep = 'a macro in a macro in a macro is not covered';
const often = 'asking the authorizer so often is not covered';

const expressions: readonly (readonly [expression: string, problem: string | undefined])[] = [
  ['object.a.all(a, object.b.all(b, a == b))', undefined],
  ['object.a.all(a, object.b.all(b, object.c.all(c, a == b)))', deep],
  ["object.a.map(a, object.b.filter(b, object.c.exists_one(c, c == 'a')))", deep],
  ["object.a.all(a, object.b.all(b, a == b) && object.c.all(c, c == 'a'))", undefined],
  ['object.a.filter(a, a).filter(a, a).filter(a, a).all(a, a)', undefined],
  ['object.a.filter(a, object.b.exists(b, b)).all(c, object.b.exists(b, c))', undefined],
  ['object.a.filter(a, object.b.exists(b, object.c.exists(c, c))).all(a, a)', deep],
  [`${asking} && ${asking}`, undefined],
  [`${asking} && (${asking} || ${asking})`, often],
  [`object.a.all(a, ${asking})`, often],
  [`object.a.all(a, a) && ${asking}`, undefined],
  [`[${asking}].all(a, a)`, undefined],
];
it.each(expressions)('what %s may cost', (expression, problem) => {
  expect(compile(expression).problem).toBe(problem);
});

it.each([
  [7, false],
  [8, true],
])('asking %i times in a policy is too often: %s', (count, is) => {
  const one = compile(asking).ast;
  expect(askTooOften(one === undefined ? [] : Array(count).fill(one))).toBe(is);
});
