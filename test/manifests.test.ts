import { describe, expect, it } from 'vitest';
import { objectMeta } from '../src/validate/builtin.ts';
import { readCrds } from '../src/validate/crd.ts';
import { compileDefaults } from '../src/validate/defaults.ts';
import { CrossChecks } from '../src/validate/index.ts';
import { haveDistinctKeys } from '../src/validate/list-keys.ts';
import { describeObject, fieldAt, formatPath, groupVersion } from '../src/validate/manifest.ts';
import { checkNames } from '../src/validate/names.ts';
import { readStructural } from '../src/validate/structural.ts';

describe('defaults of a schema', () => {
  const flag = { type: 'object', properties: { flag: { type: 'boolean', default: false } } };
  const schema = readStructural({
    type: 'object',
    properties: {
      policy: { type: 'string', default: 'Owner' },
      target: { ...flag, default: {} },
      list: { type: 'array', items: flag },
      map: { type: 'object', additionalProperties: flag },
      text: { type: 'string' },
      kept: { type: 'string', nullable: true, default: 'a' },
    },
  });
  const full = { policy: 'Owner', target: { flag: true }, kept: null };
  const fill = compileDefaults(schema) ?? expect.fail('the schema has defaults');

  it.each([
    ['nothing', {}, { policy: 'Owner', target: { flag: false }, kept: 'a' }],
    [
      'null',
      { ...full, policy: null, target: null, text: null },
      { ...full, target: { flag: false }, text: null },
    ],
    [
      'lists',
      { ...full, list: [{}, { flag: true }, 1] },
      { ...full, list: [{ flag: false }, { flag: true }, 1] },
    ],
    ['maps', { ...full, map: { a: {}, b: 1 } }, { ...full, map: { a: { flag: false }, b: 1 } }],
  ])('stand for %s, and the object stays as it was', (_, object, filled) => {
    const before = structuredClone(object);
    expect(fill(object)).toEqual(filled);
    expect(object).toEqual(before);
  });

  it('are no copy where there is nothing to fill in', () => {
    const object = { ...full, list: [{ flag: true }], map: { a: { flag: true } }, text: 'a' };
    expect(fill(object)).toBe(object);
    expect(fill('a')).toBe('a');
    const list = [{}];
    expect(fill(list)).toBe(list);
  });

  it('are of each object by itself', () => {
    const [one, two] = [fill({}), fill({})];
    expect(fieldAt(one, 'target')).not.toBe(fieldAt(two, 'target'));
  });

  it('are nothing to do where the schema has none', () => {
    expect(compileDefaults(readStructural(objectMeta))).toBeUndefined();
  });

  it('fill in what an object only inherits', () => {
    expect(fill(Object.create({ policy: 'Merge' }))).toMatchObject({ policy: 'Owner' });
  });
});

it.each<[boolean, string[], unknown[]]>([
  [true, [], []],
  [true, [], ['a', 'b', 1, '1']],
  [false, [], ['a', 'b', 'a']],
  [true, [], [{ a: 1 }, { a: 2 }]],
  [false, [], [{ a: 1 }, { a: 1 }]],
  [true, ['a', 'b'], [{ a: 1, b: 2 }, { a: 2, b: 1 }, { a: 1 }]],
  [
    false,
    ['a', 'b'],
    [
      { a: 1, b: 2, c: 3 },
      { a: 1, b: 2 },
    ],
  ],
])('that the keys differ is %s: %j in %j', (differ, keys, list) => {
  expect(haveDistinctKeys(keys, list)).toBe(differ);
});

it('an object that was not read is called by its file', () => {
  const checks = new CrossChecks();
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
  for (const file of ['one.yaml', 'two.yaml']) checks.add({ object, file });
  expect(checks.findings().map(({ message }) => message)).toEqual([
    'Namespace "a" also stands at one.yaml (Namespace "a" in two.yaml)',
  ]);
});

it('a CRD that nests beyond all sense is refused in a line', () => {
  const { kinds, findings } = readCrds([{ file: 'deep.yaml', text: '['.repeat(200_000) }]);
  expect(kinds).toEqual([]);
  expect(findings.map(({ message }) => message)).toEqual([
    'CRD file deep.yaml is not YAML: it is nested too deep',
  ]);
});

it.each([
  ['v1', { group: '', version: 'v1' }],
  ['apps/v1', { group: 'apps', version: 'v1' }],
  ['', undefined],
  ['/v1', undefined],
  ['apps/', undefined],
  ['apps/v1/x', undefined],
])('apiVersion %j', (apiVersion, parts) => expect(groupVersion(apiVersion)).toEqual(parts));

it.each([
  [{ kind: 'Namespace', metadata: { name: 'a' } }, 'Namespace "a"'],
  [{ kind: 'SecretStore', metadata: { name: 'a', namespace: 'b' } }, 'SecretStore "b/a"'],
  [{ kind: 'SecretStore', metadata: { namespace: 'b' } }, 'SecretStore without a name'],
  [{ kind: 1, metadata: { name: 'a', namespace: 1 } }, 'object "a"'],
])('%j is called %s', (object, name) => expect(describeObject(object)).toBe(name));

it.each([
  [[], ''],
  [['spec', 'data', 0, 'remoteRef'], 'spec.data[0].remoteRef'],
  [['metadata', 'labels', 'a.b/c'], 'metadata.labels[a.b/c]'],
  [['x-y', '$z', 'a b'], 'x-y.$z[a b]'],
])('path %j is written %s', (path, text) => expect(formatPath(path)).toBe(text));

it.each([
  ['a', 'x'.repeat(256 * 1024 - 1), []],
  ['a', 'x'.repeat(256 * 1024), ['the annotations have 262145 bytes together']],
  ['a', 'é'.repeat(128 * 1024), ['the annotations have 262145 bytes together']],
  ['ab', 'é'.repeat(128 * 1024 - 1), []],
])('annotations may have 256 KiB together: key %j', (key, value, messages) => {
  const object = { kind: 'Namespace', metadata: { name: 'a', annotations: { [key]: value } } };
  const problem = {
    rule: 'object-name',
    allowed: 'at most 262144',
    path: ['metadata', 'annotations'],
    target: 'key',
  };
  expect(checkNames(object, false)).toEqual(messages.map((message) => ({ ...problem, message })));
});
