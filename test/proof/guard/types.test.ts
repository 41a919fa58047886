import { expect, it } from 'vitest';
import { isTyped, typeOf } from '../../../src/proof/guard/types.ts';

/** Source of those that are none: the specification of CEL, on type checking. */
const types: readonly (readonly [expression: string, type: string])[] = [
  ['object.a', 'dyn'],
  ['request.userInfo.extra', 'map<string, list<string>>'],
  ['namespaceObject.metadata.generation', 'int'],
  ["authorizer.group('a').resource('b').subresource('c').namespace('d').name('e').check('f')", 'Decision'],
  ["authorizer.group('a').resource('b').check('c').allowed()", 'bool'],
  ['variables.a', 'string'],
  ['object.?a', 'optional<dyn>'],
  ['object.?a.hasValue()', 'bool'],
  ["object.?a.orValue('b')", 'dyn'],
  ["object.?a.b.orValue('c')", 'dyn'],
  ["object.a.orValue('b')", 'string'],
  ["object.?a[?'b'].orValue('c')", 'string'],
  ["namespaceObject.metadata.?labels.?a.orValue('b')", 'string'],
  ["object.?a.orValue('b') == 1", 'bool'],
  ["object.?a.orValue({}) == 'b'", 'bool'],
  ["1 in [object.?a.orValue('b')]", 'bool'],
  ['namespaceObject == null', 'bool'],
  ['null != request.userInfo', 'bool'],
  ['namespaceObject.metadata.creationTimestamp == null', 'bool'],
  ["object.?a.orValue('b') == 'c'", 'bool'],
  ["object.?a.orValue([]) == ['b']", 'bool'],
  ["object.?a.orValue({}) == {'b': 1}", 'bool'],
  ["object.?a.orValue({}).b == 'c'", 'bool'],
  ['object.?a.orValue([]).exists(one, one.b == 1)', 'bool'],
  ['[] == [1]', 'bool'],
  ["{} == {'a': 1}", 'bool'],
  ['1 in []', 'bool'],
  ['1 in object.a', 'bool'],
  ['1 in {1: 2}', 'bool'],
  ["object.a in ['b']", 'bool'],
  ["object.?a.orValue('b') in ['c']", 'bool'],
  ["{'a': [{}]}", 'map<string, list<map<dyn, dyn>>>'],
];
it.each(types)('%s is typed', (expression, type) => {
  expect(typeOf(expression, { a: 'string' })).toEqual({ type });
});

const none: readonly (readonly [expression: string, problem: string])[] = [
  ['1 +', 'Unexpected token: EOF'],
  ["1 + 'a'", 'no such overload: int + string'],
  ['variables.a + 1', 'no such overload: string + int'],
  ['variables.b', 'No such key: b'],
  ['request.a', 'No such key: a'],
  ["object.a.orValue('b') == 1", 'no such overload: string == int'],
  ["object.a.orValue({}) == 'b'", 'no such overload: map<dyn, dyn> == string'],
  ['request.name == null', 'no such overload: string == null'],
  ['request.userInfo.groups == null', 'no such overload: list<string> == null'],
  ['object.?a.orValue()', "found no matching overload for 'optional.orValue()'"],
  ["object.?a.startsWith('b')", "found no matching overload for 'optional.startsWith(string)'"],
  ['[] == {}', 'no such overload: list<dyn> == map<dyn, dyn>'],
  ['{} == [1]', 'no such overload: map<dyn, dyn> == list<int>'],
  ["1 in ['a']", 'no such overload: int in list<string>'],
  ["1 in {'a': 2}", 'no such overload: int in map<string, int>'],
  ["object.a.orValue('b') in [1]", 'no such overload: string == int'],
  ["1 in [object.a.orValue('b')]", 'no such overload: int == string'],
  ["object.a.exists(one, one.b.orValue('') == 1)", 'no such overload: string == int'],
];
it.each(none)('%s has no type', (expression, problem) => {
  expect(typeOf(expression, { a: 'string' })).toEqual({ problem });
});

it('a type is that with these variables', () => {
  const typed = ['string', 'int'].map((type) => typeOf('variables.of', { of: type }));
  expect(typed).toEqual([{ type: 'string' }, { type: 'int' }]);
});

it.each([
  ['object.a', true],
  ['request', true],
  ['request.kind.kind', true],
  ['request.userInfo.extra.a', true],
  ['namespaceObject.metadata.labels.a', true],
  ['namespaceObject.spec.a', true],
  ['variables.a', true],
  ['params.a', true],
  ['request.a', false],
  ['request.valueOf', false],
  ['request.kind.a', false],
  ['request.userInfo.a.b', false],
  ['namespaceObject.a', false],
])('whether there can be %s: %s', (path, is) => {
  expect(isTyped(path.split('.'))).toBe(is);
});
