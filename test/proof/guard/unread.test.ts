import { describe, expect, it } from 'vitest';
import { unreadFields } from '../../../src/proof/guard/conjunctions.ts';
import { guardOf, policy, rule } from './platform.ts';

const variables = {
  name: 'object.metadata.name',
  deep: 'variables.name',
  loop: 'variables.loop',
  broken: 'object.',
  labels: 'object.metadata.labels',
  annotations: 'object.metadata.annotations',
};

/** What a policy about SecretStores asks that no request is made for, when its validation is this expression. */
function unread(expression: string, resources: readonly string[] = ['secretstores']): string[] {
  const own = Object.entries(variables).filter(([name]) => expression.includes(`variables.${name}`));
  const [read] = guardOf(
    policy({
      matchConstraints: { resourceRules: [rule({ resources })] },
      variables: [...own, ['name', variables.name]].map(([name, text]) => ({ name, expression: text })),
      validations: [{ expression }],
    }),
  ).policies;
  return read === undefined ? expect.fail('no policy is read') : unreadFields(read);
}

describe('a request is made for', () => {
  it.each([
    "object.metadata.name == 'a'",
    "object.metadata.name != 'a'",
    "object.metadata.name.startsWith('a') && object.metadata.name.contains('b')",
    "object.metadata.name in ['a', 'b']",
    "'a' in object.metadata.annotations",
    "'a' in request.userInfo.groups",
    "object.metadata.finalizers == ['a', 'b']",
    'has(object.metadata.generateName)',
    'request.dryRun && request.?dryRun.orValue(false)',
    "object.metadata.annotations.exists(key, key == 'a')",
    "object.metadata.annotations.exists_one(key, key == 'a')",
    "['a', 'b'].exists(one, one == object.metadata.name)",
    "variables.name == 'a'",
    "(object.metadata.name == 'a') == true",
  ])('%s', (expression) => {
    expect(unread(expression)).toEqual([]);
  });
});

describe('forgeries have as they are', () => {
  it.each([
    'oldObject.metadata.name == object.metadata.name',
    'object.metadata.name == oldObject.metadata.name',
    'object.spec.ref.namespace == request.namespace',
    'object.spec.refs.first.namespace == request.namespace',
    "!object.metadata.annotations.exists(key, key == 'a')",
    "!object.metadata.annotations.exists(key, 'a' == key)",
    "!object.metadata.annotations.exists(key, key.startsWith('a'))",
    "!object.metadata.annotations.exists(key, key == 'a' || key.endsWith('b'))",
    "!object.metadata.annotations.exists(key, key == 'a' && key.contains('b'))",
    "!variables.annotations.exists(key, key == 'a')",
    'variables.loop.size() > 2',
    'variables.broken.size() > 2',
  ])('%s', (expression) => {
    expect(unread(expression)).toEqual([]);
  });
});

const name = 'object.metadata.name';
const labels = 'object.metadata.labels';
const annotations = 'object.metadata.annotations';

describe('nothing is known of', () => {
  it.each([
    [`${name} == request.name`, name, 'request.name'],
    [`${name} != request.name`, name, 'request.name'],
    [`(${name} == request.name) == true`, name, 'request.name'],
    [`${name} == object.spec.a`, name],
    [`${name} == oldObject.metadata.generateName`, name, 'oldObject.metadata.generateName'],
    [`${name} == namespaceObject.metadata.name`, name, 'namespaceObject.metadata.name'],
    [`namespaceObject.metadata.name == ${name}`, 'namespaceObject.metadata.name', name],
    ['object.spec.ref.namespace == request.name', 'request.name'],
    ['object.spec.ref.name == request.namespace', 'request.namespace'],
    ['object.status.ref.namespace == request.namespace', 'request.namespace'],
    ['oldObject.spec.ref.namespace == request.namespace', 'request.namespace'],
    ['object.metadata.namespace == request.namespace', 'object.metadata.namespace', 'request.namespace'],
    [`${name}.size() > 2`, name],
    [`!(${name}.size() > 2)`, name],
    [`true || ${name}.size() > 2`, name],
    [`${name}.size() > 2 ? true : false`, name],
    ['variables.name.size() > 2', name],
    ['variables.deep.size() > 2', name],
    ['variables.deep == request.name', name, 'request.name'],
    ['variables.broken == request.name', 'request.name'],
    [name, name],
    [`!${name}`, name],
    [`[${name}][0]`, name],
    [`!has(${name})`, name],
    [`!${name}.startsWith('a')`, name],
    [`${name}.startsWith(request.name)`, name, 'request.name'],
    [`${name} in [request.name, 'b']`, name, 'request.name'],
    [`${name} in object.spec`, name],
    [`!('a' in ${annotations})`, annotations],
    [`'a' in object.spec[${name}]`, name],
    [`${annotations}[request.name] == 'a'`, annotations, 'request.name'],
    ['object.metadata.finalizers == [request.name]', 'object.metadata.finalizers', 'request.name'],
    ["object.metadata.finalizers != ['a']", 'object.metadata.finalizers'],
    ['object.metadata.finalizers == []', 'object.metadata.finalizers'],
    [`['a', ${name}].exists(one, one == 'b')`, name],
    [`[${name}, 'a'].exists(one, one == 'b')`, name],
    [`['a', 'b'].exists(one, one == request.name && ${name}.size() > 2)`, name],
    [`${annotations}.exists(key, key.size() > 2)`, annotations],
    [
      `${annotations}.exists(key, key == 'a' && ${annotations}[key] == request.name)`,
      annotations,
      'request.name',
    ],
    [`${labels}.map(key, key).exists(key, key == 'a')`, labels],
  ])('%s', (expression, ...fields) => {
    expect(unread(expression)).toEqual(fields);
  });

  it.each([
    [`!${labels}.exists(key, key == 'a')`, labels],
    ["!variables.labels.exists(key, key == 'a')", labels],
    [`!(has(${labels}) ? ${labels} : ${annotations}).exists(key, key == 'a')`, labels, annotations],
    [`!${annotations}.exists(key, key != 'a')`, annotations],
    [`!${annotations}.exists(key, key == 1)`, annotations],
    [`!${annotations}.exists(key, key == request.name)`, annotations, 'request.name'],
    [`!${annotations}.exists(key, key.size() > 2)`, annotations],
    [`!${annotations}.exists(key, key == 'a' || key != 'b')`, annotations],
    [`!${annotations}.exists(key, key == 'a' && key != 'b')`, annotations],
    [`!${annotations}.exists(key, startsWith(key))`, annotations],
    [`!${annotations}.exists_one(key, key == 'a')`, annotations],
    [`!${annotations}.map(key, key == 'a')`, annotations],
    [`${annotations}.all(key, key == 'a')`, annotations],
  ])('what is not there: %s', (expression, ...fields) => {
    expect(unread(expression)).toEqual(fields);
  });

  it.each([
    [`(has(${name}) ? ${name} : 'x') == 'a'`],
    [`(has(object.metadata) ? ${name} : 'x') == 'a'`],
    [`(has(${annotations}.a) ? ${annotations}.a.b : 'x') == 'a'`],
    [`(has(object.metadata.generateName) ? ${name} : 'x') == 'a'`, 'object.metadata.generateName', name],
    [
      `(has(${annotations}.a) && has(${annotations}.b) ? ${annotations}.a.b : 'x') == 'a'`,
      `${annotations}.a`,
      `${annotations}.b`,
      `${annotations}.a.b`,
    ],
    [`(has(${annotations}.a.b) ? ${annotations}.a : 'x') == 'a'`, `${annotations}.a.b`, `${annotations}.a`],
    [`(has(${name}) ? 'a' : 'b') == 'a'`, name],
  ])('what a choice depends on: %s', (expression, ...fields) => {
    expect(unread(expression)).toEqual(fields);
  });
});

describe('tenants write', () => {
  it.each([
    ['request.userInfo.username.size() > 2', 'request.userInfo.username'],
    ['request.namespace.size() > 2', 'request.namespace'],
    ['request.operation.size() > 2'],
    ['object.spec.a.size() > 2'],
    ['object.variables.name.size() > 2'],
    ['oldObject.metadata.labels.size() > 2', 'oldObject.metadata.labels'],
    ['namespaceObject.metadata.annotations.size() > 2', 'namespaceObject.metadata.annotations'],
    ['namespaceObject.metadata.labels.size() > 2'],
    ['params.metadata.name.size() > 2'],
    [`${name}.size() > 2 && request.name.size() > 2 && ${name}.size() > 3`, name, 'request.name'],
  ])('%s', (expression, ...fields) => {
    expect(unread(expression)).toEqual(fields);
  });

  it('more than is tried together, which is said otherwise', () => {
    const names = JSON.stringify(Array.from({ length: 40 }, (_, index) => `n${index}`));
    const joined = `${name} in ${names} && object.metadata.generateName in ${names}`;
    expect(unread(`${name}.size() > 2 && ${joined}`)).toEqual([]);
  });

  it('labels of namespaces, which are forged otherwise', () => {
    expect(unread(`${labels}.size() > 2`)).toEqual([labels]);
    expect(unread(`${labels}.size() > 2`, ['namespaces'])).toEqual([]);
    expect(unread(`${annotations}.size() > 2`, ['namespaces'])).toEqual([annotations]);
  });
});
