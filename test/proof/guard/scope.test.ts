import { inspect, isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { compile, outcomeOf } from '../../../src/proof/guard/cel.ts';
import type { AdmissionPolicy } from '../../../src/proof/guard/model.ts';
import { Expressions } from '../../../src/proof/guard/scope.ts';

/** Each looks at requests in a way of its own. */
const validations = [
  'true',
  'object.spec',
  'object.spec.name == "a"',
  'object.?spec.?name.orValue("none")',
  'object.?spec.?inner.?name.orValue(object.name)',
  'has(object.spec)',
  'has(object.spec.inner.name)',
  '"name" in object.spec',
  '"name" in object.spec.inner',
  '"name" in object',
  '[has(object.spec.inner), "spec inner" in object]',
  'object.spec.all(key, key == "name")',
  'object.spec.map(key, key + "!")',
  'object.spec.exists(key, object.spec[key] == "a")',
  'object.spec.filter(entry, entry.name == "a").size()',
  'object.spec == oldObject.spec',
  'object == oldObject || has(object.other)',
  'request.operation == "UPDATE" && object.spec == oldObject.spec',
  'request.operation == "UPDATE" || object.spec.name == "a" || has(object.spec.inner)',
  '(request.operation == "CREATE" || object.spec.name == "a") && (has(object.spec) || "x" == object.name)',
  'object.spec.name.startsWith("a") && oldObject.spec.name.startsWith("a")',
  'object.spec.name || true',
  'object.name && false',
  '!has(object.spec) || object.spec.size() > 1',
  'object.spec[0] == "a"',
  'object.spec["name"] == "a" ? oldObject.spec : object.name',
  'authorizer.group("a").check("b").allowed()',
  'object.constructor',
  '[object, oldObject].filter(object, object != null).map(one, one.?spec.orValue(null))',
  'variables.spec.?name.orValue("none")',
  'variables.names.exists(name, name == "a")',
  'variables.names.size() == 1 || variables.failing',
  'variables.failing || true',
  'true || variables.failing',
  'variables.failing && object.spec == null',
  '!(has(object.spec) && object.spec.name == "a")',
  '!object.spec',
  'object.spec.name == "a" ? has(object.other) : !has(object.spec)',
  'object.spec == null || (object.spec.name == "a" || has(object.other)) || object.spec.name == "b"',
  'variables.isUpdate && variables.again',
  'variables.maybe.orValue("none")',
  'variables.maybe.?inner.orValue("none")',
  'has(variables.spec.name)',
  'variables.missing',
  'size(variables) > 0',
];

const variables = {
  spec: 'object.?spec.orValue({})',
  names: 'variables.spec.map(key, key)',
  failing: 'object.spec.inner.name == "a"',
  isUpdate: 'request.operation == "UPDATE"',
  again: 'variables.isUpdate && variables.failing',
  maybe: 'object.?spec',
  itself: 'variables.itself',
};

const objects: readonly (Mapping | null)[] = [
  null,
  {},
  { name: 'x' },
  { spec: null },
  { spec: 'a' },
  { spec: ['a'] },
  { spec: [] },
  { spec: [{ name: 'a' }, { other: 1 }] },
  { spec: {} },
  { spec: { name: 'a' } },
  { spec: { name: 'b' }, name: 'x' },
  { spec: { name: null }, name: 'x' },
  { spec: { inner: { name: 'a' } } },
  { spec: { inner: { name: 'b' }, name: 'a' }, name: 'a' },
  { spec: { inner: 'name' } },
  { spec: {}, 'spec inner': 1 },
  { spec: { inner: ['name'] } },
  { spec: { other: 1, name: 'a' } },
  { spec: { name: 'a', other: 1 } },
  { spec: { name: 'a', other: '1' } },
  { spec: { constructor: 'a' } },
  { spec: { name: { constructor: 'a' } } },
  { spec: { inner: { constructor: 'a' }, name: 'a' } },
  { spec: { inner: [{ constructor: 'a' }], name: 'a' } },
  { spec: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, 'a'])) },
];

const policy = {
  conditions: [],
  variables: Object.entries(variables).map(([name, text]) => ({ name, text, path: [] })),
  validations: validations.map((text) => ({ text, path: [] })),
} as unknown as AdmissionPolicy;

/** As the library evaluates it, with nothing kept from other requests. */
function plainly(text: string, given: Mapping) {
  const context = { ...given, variables: {} };
  for (const [name, expression] of Object.entries(variables))
    Object.defineProperty(context.variables, name, {
      enumerable: true,
      get: () => {
        const outcome = outcomeOf(compile(expression), context);
        if ('problem' in outcome) throw new Error(outcome.problem);
        return outcome.value;
      },
    });
  return outcomeOf(compile(text), context);
}

test('what is known of other requests changes nothing of what an expression comes to', () => {
  const expressions = new Expressions(policy);
  const authorizers = [true, false].map((is) => ({ parts: {}, answers: () => is }));
  const different: string[] = [];
  for (const object of objects)
    for (const oldObject of objects.filter((_, index) => index % 4 === 1))
      for (const [index, operation] of ['CREATE', 'UPDATE'].entries()) {
        const given = { object, oldObject, request: { operation }, authorizer: authorizers[index] };
        const scope = expressions.scopeOf(given, true);
        for (const text of validations) {
          const [found, expected] = [scope.outcomeOf(expressions.of(compile(text))), plainly(text, given)];
          if (!isDeepStrictEqual(found, expected)) different.push(inspect({ text, given, found, expected }));
        }
      }
  expect(different).toEqual([]);
});

test('a variable that looks at itself has no value', () => {
  const expressions = new Expressions(policy);
  const scope = expressions.scopeOf({ object: null, oldObject: null, request: {} }, true);
  expect(scope.outcomeOf(expressions.of(compile('variables.itself || true')))).toEqual({ value: true });
  expect(scope.outcomeOf(expressions.of(compile('variables.itself')))).toEqual({
    problem: expect.stringContaining('"itself" looks at itself'),
  });
});

test.each([
  ['what is the same where it looks', 'object.spec.name'],
  ['the same value of a variable', 'variables.spec.name'],
])('an expression is evaluated once for %s', (_, place) => {
  let asked = 0;
  const answers = () => {
    asked++;
    return true;
  };
  const authorizer = { parts: {}, answers };
  const expressions = new Expressions(policy);
  const expression = expressions.of(compile(`authorizer.group("a").allowed() && has(${place})`));
  for (const spec of [{ name: 'a' }, { name: 'b' }, { name: 'c', other: 1 }, {}])
    expressions.scopeOf({ object: { spec }, authorizer }, true).outcomeOf(expression);
  expect(asked).toBe(1);
});
