import { expect, it } from 'vitest';
import { type Mapping, mapping } from '../../../src/proof/files/store.ts';
import {
  hasTooManyWays,
  haveTooManyWays,
  inWaysOf,
  inWaysPast,
} from '../../../src/proof/guard/conjunctions.ts';
import type { AdmissionRequest } from '../../../src/proof/guard/model.ts';
import { creation, kinds, namespaceNamed, patched, update } from '../../../src/proof/guard/requests.ts';
import { guardOf, policy } from './platform.ts';

const store = {
  metadata: { name: 'eso', namespace: 'sandbox', labels: { team: 'money' } },
  spec: { controller: 'c', path: 'cde', provider: { aws: { role: 'own' } }, list: ['a'] },
};
const forged = patched(store, { spec: { provider: { aws: { role: 'other' } } } });
const sandbox = namespaceNamed('sandbox');
const requests = {
  creation: creation(kinds.SecretStore, forged, sandbox),
  update: update(kinds.SecretStore, store, forged, sandbox),
  namespace: update(kinds.Namespace, sandbox, sandbox, null),
  role: creation(kinds.ClusterRole, { metadata: { name: 'a' } }, null),
} satisfies Record<string, AdmissionRequest>;

const variables = {
  name: 'object.metadata.name',
  named: "variables.name == 'a'",
  either: 'object == null ? oldObject : object',
  loop: 'variables.loop',
  loops: 'variables.loops || variables.named',
};

/** Each leaf that is another, with its path. */
function differences(before: unknown, after: unknown, path = ''): string[] {
  if (before === after) return [];
  const isInside = [before, after].every((one) => typeof one === 'object' && one !== null);
  if (!isInside || Array.isArray(after)) return [`${path} ${JSON.stringify(after)}`];
  const [old, now] = [mapping(before), mapping(after)];
  return Object.keys({ ...old, ...now }).flatMap((key) =>
    differences(old[key], now[key], path === '' ? key : `${path}.${key}`),
  );
}

/** The differences as text; those of a name and a place are many, and always the same. */
function told(all: readonly string[]): string {
  return all
    .join(', ')
    .replace(/^name "(.*?)", object.metadata.name "\1"/, 'called $1')
    .replace(
      /^namespace "(.*?)", object.metadata.namespace "\1", namespaceObject.metadata.name "\1", namespaceObject.metadata.labels.kubernetes.io\/metadata.name "\1"/,
      'in $1',
    )
    .replaceAll('object.metadata.', '.');
}

/** In which ways a request is tried for a policy with these parts, each by what is other than in the request. */
function waysOf(spec: Mapping, request: AdmissionRequest): string[] {
  const used = Object.entries(variables).filter(([name]) =>
    JSON.stringify(spec).includes(`variables.${name}`),
  );
  const own = used.map(([name, expression]) => ({ name, expression }));
  const { policies } = guardOf(policy({ variables: own, ...spec }));
  return policies.flatMap((one) =>
    inWaysOf(one, request, store).map((way) => told(differences(request, way))),
  );
}

/** Each expression with the ways in which a store that a tenant makes is tried for it. */
const expressions: readonly (readonly [expression: string, ...ways: string[]])[] = [
  ["object.metadata.name == 'a'", 'called a'],
  ["'a' == object.metadata.name", 'called a'],
  ["object.metadata.name == 'eso'"],
  ["object.metadata.name != 'a'"],
  ["object.metadata.name != 'eso'", 'called esox'],
  ["'eso' != object.metadata.name", 'called esox'],
  ["!(object.metadata.name == 'eso')", 'called esox'],
  ["!(object.metadata.name != 'a')", 'called a'],
  ['object.metadata.name == object.metadata.namespace'],
  ["object.metadata.name in ['a', 'b']", 'called a', 'called b'],
  ["!(object.metadata.name in ['eso', 'b'])", 'called esox'],
  ["!(object.metadata.name in ['a', 'b'])"],
  ["'eso' in ['eso', object.metadata.name]"],
  ["!('a' in ['a', 'b']) && object.metadata.name == 'b'"],
  ["'a' == 'a' && object.metadata.name == 'b'", 'called b'],
  ["'a' == 'b' && object.metadata.name == 'b'"],
  ["'a' != 'b' && object.metadata.name == 'b'", 'called b'],
  ["'a' != 'a' && object.metadata.name == 'b'"],
  ["object.metadata.generateName == 'a'", '.generateName "a"'],
  ["object.metadata.finalizers == ['a', 'b']", '.finalizers ["a","b"]'],
  ['object.metadata.finalizers == []'],
  ["object.metadata.finalizers == ['a', object.metadata.name]"],
  ["object.metadata.finalizers != ['a']"],
  ['true'],
  ["false || object.metadata.name == 'a'", 'called a'],
  ["true && object.metadata.name == 'a'", 'called a'],
  ["false && object.metadata.name == 'a'"],
  ["!true || object.metadata.name == 'a'", 'called a'],
  ["object.metadata.name == 'a' && 'b' in object.metadata.labels", 'called a, .labels.b "x"'],
  ["object.metadata.name == 'a' || 'b' in object.metadata.labels", 'called a', '.labels.b "x"'],
  ["!(object.metadata.name != 'a' || object.metadata.generateName != 'b')", 'called a, .generateName "b"'],
  ["!(object.metadata.name != 'a' && object.metadata.generateName != 'b')", 'called a', '.generateName "b"'],
  [
    "object.metadata.name == 'a' && (object.metadata.generateName == 'b' || object.metadata.generateName == 'c')",
    'called a, .generateName "b"',
    'called a, .generateName "c"',
  ],
  [
    "object.metadata.name == 'a' && object.metadata.generateName == 'b' || object.metadata.name == 'a' && object.metadata.generateName == 'b'",
    'called a, .generateName "b"',
  ],
  [
    "object.metadata.name == 'a' ? object.metadata.generateName == 'b' : object.metadata.generateName == 'c'",
    'called a, .generateName "b"',
    '.generateName "c"',
  ],
  [
    "!(object.metadata.name != 'a' ? object.metadata.generateName != 'b' : object.metadata.generateName != 'c')",
    '.generateName "b"',
    'called a, .generateName "c"',
  ],
  ["(object.metadata.name == 'a') == true", 'called a'],
  ["false == (object.metadata.name != 'a')", 'called a'],
  ["(object.metadata.name != 'a') != true", 'called a'],
  ["(object.metadata.name == 'a') != true"],
  ["variables.name == 'a'", 'called a'],
  ["variables.named && 'b' in object.metadata.labels", 'called a', 'called a, .labels.b "x"'],
  ['!variables.named', 'called a'],
  ['variables.loop'],
  ["variables.loop == 'a'"],
  ['variables.loops'],
  ["variables.either.metadata.name == 'a'", 'called a'],
  ['has(object.spec.a)', 'object.spec.a "x"'],
  ['!has(object.spec.a)'],
  ['object.spec.?a.hasValue()', 'object.spec.a "x"'],
  ['has(object.spec.controller)'],
  ["'a' in object.spec", 'object.spec.a "x"'],
  ["!('a' in object.spec)"],
  ['object.metadata.name in object.spec'],
  ["'a' in [object.metadata.name]", 'called a'],
  ["'a' in request.userInfo.groups", 'user.groups ["system:authenticated","a"]'],
  ['object.spec.a'],
  [`object.spec["a"] == 'b'`, 'object.spec.a "b"'],
  [`object.spec[?"a"].orValue('') == 'b'`, 'object.spec.a "b"'],
  ["object.spec.?a.value() == 'b'", 'object.spec.a "b"'],
  ["object.spec.a.join('') == 'b'"],
  ["object.spec[object.metadata.name] == 'b'"],
  ["object.spec.a.startsWith('b')", 'object.spec.a "b"'],
  ["object.spec.a.endsWith('b')", 'object.spec.a "b"'],
  ["object.spec.a.contains('b')", 'object.spec.a "b"'],
  ["!object.spec.a.startsWith('b')"],
  ['object.spec.a.startsWith(object.metadata.name)'],
  [
    "object.spec.a.endsWith('d') && object.spec.a.contains('c') && object.spec.a.startsWith('b')",
    'object.spec.a "bcd"',
  ],
  ["object.spec.a.startsWith('b') && object.spec.a == 'c'", 'object.spec.a "c"'],
  ["object.spec.a.startsWith('b') && object.spec.a != 'c'", 'object.spec.a "b"'],
  ["object.spec.a.size() == 2 && object.metadata.name == 'a'", 'called a'],
  ["object.metadata.labels.exists(key, key == 'a')", '.labels.a "x"'],
  ["object.metadata.labels.exists(key, key == 'a' || key == 'b')", '.labels.a "x"', '.labels.b "x"'],
  ["object.metadata.labels.exists(key, key == 'a' && object.metadata.labels[key] == 'b')", '.labels.a "b"'],
  ['object.metadata.labels.exists(key, key.size() > 2)'],
  ["!object.metadata.labels.exists(key, key == 'a')"],
  ["object.metadata.labels.all(key, key == 'a')"],
  ["!object.metadata.labels.all(key, key != 'a')", '.labels.a "x"'],
  ["!object.metadata.labels.all(key, key in ['a', 'b'])", '.labels.x "x"'],
  ["object.spec.list.exists(one, one.name == 'a')"],
  [`object.spec.list.exists(one, one["name"].first == 'a' && object.metadata.name == 'b')`, 'called b'],
  ["object.spec.list.exists(one, one.?name.orValue('') == 'a')"],
  ["['a'].exists(one, one == object.metadata.name)", 'called a'],
  [
    "object.metadata.labels.exists(key, key == 'a') && object.metadata.annotations.exists(key, key == 'b')",
    '.labels.a "x", .annotations {"b":"x"}',
  ],
  ['request.dryRun', 'dryRun true'],
  ['!request.dryRun'],
  ['request.?dryRun.orValue(false)', 'dryRun true'],
  ['request.dryRun == true', 'dryRun true'],
  ["request.name == 'a'", 'called a'],
  ["request.name != 'eso'", 'called esox'],
  ["request.namespace == 'a'", 'in a'],
  ["request.operation == 'DELETE'"],
  ["request.resource.version == 'v2'", 'version "v2", object.apiVersion "external-secrets.io/v2"'],
  ["request.userInfo.username == 'a'", 'user.username "a", user.groups ["system:authenticated"]'],
  [
    "'a' in request.userInfo.groups && 'b' in request.userInfo.groups",
    'user.groups ["system:authenticated","a","b"]',
  ],
  ["namespaceObject.metadata.name == 'a'", 'in a'],
  ["namespaceObject.metadata.labels['kubernetes.io/metadata.name'] == 'a'", 'in a'],
  ["object.metadata.labels['kubernetes.io/metadata.name'] == 'a'", '.labels.kubernetes.io/metadata.name "a"'],
  ["object.metadata.namespace == 'a'", 'in a'],
  [
    "object.apiVersion == 'external-secrets.io/v2'",
    'version "v2", object.apiVersion "external-secrets.io/v2"',
  ],
  [
    "object.apiVersion != 'external-secrets.io/v1'",
    'version "v1x", object.apiVersion "external-secrets.io/v1x"',
  ],
  ["object.kind == 'a'"],
  ["'eso-abac/a' in namespaceObject.metadata.labels"],
  ["'shared.eso-abac/a' in object.metadata.labels", '.labels.shared.eso-abac/a "x"'],
  ["'a' in namespaceObject.metadata.labels", 'namespaceObject.metadata.labels.a "x"'],
  ["object.spec.provider.aws.role == 'a'"],
  ["object.spec.list == 'a'"],
  ["object.spec.list.a == 'b'"],
  ["object.spec.provider == 'a'"],
  ["object.spec.controller == 'c'"],
  ["object.spec.controller != 'c'", 'object.spec.controller "cx"'],
  ["object.spec.controller != 'd'"],
  ["oldObject.spec.a == 'b'"],
  ["params.spec.a == 'b'"],
  ["object.spec.controller == 'd'", 'object.spec.controller "d"'],
  ["object.metadata.labels.team != 'money'", '.labels.team "moneyx"'],
  ["has(object.spec.controller) && object.metadata.name == 'a'", 'called a'],
  [
    "object.spec.controller.startsWith('c') && object.spec.controller.endsWith('c') && object.spec.controller.contains('c')",
  ],
  ["object.spec.controller.startsWith('d')", 'object.spec.controller "d"'],
  ["object.spec.controller.endsWith('d')", 'object.spec.controller "d"'],
  ["object.spec.controller.contains('d')", 'object.spec.controller "d"'],
  ["object.spec.a != 'b'"],
  ["object.spec.a != ''"],
  [
    "!object.metadata.labels.all(key, key in ['a', 'b']) && object.metadata.name == 'a'",
    'called a, .labels.x "x"',
  ],
  ["object.metadata.labels.exists(key, key != 'a')", '.labels.x "x"'],
  ["['a', 'b'].exists(one, object.metadata.name.startsWith(one))", 'called a', 'called b'],
  ["['a', object.metadata.name].exists(one, one == 'b')"],
  ["!['a', 'b'].all(one, object.metadata.name != one)", 'called a', 'called b'],
  ["[].exists(one, one == 'b') || object.metadata.name == 'a'", 'called a'],
  ["object.metadata.labels.exists(key, object.metadata.name == 'a')", 'called a, .labels.a "x"'],
  ["object.metadata.labels.exists(key, key.size() == 1) && object.metadata.name == 'a'", 'called a'],
  ['object.metadata.labels == object.metadata.annotations'],
  ["object.spec.list.map(one, one.name) == ['a']"],
  ["object.metadata.labels.map(key, key).exists(key, key == 'a')"],
  ["object.spec.list.exists(one, one[0].first == 'a' && object.metadata.name == 'b')", 'called b'],
  ["object.spec.list.exists(one, one.first.orValue('') == 'a')"],
  ["variables.loop && object.metadata.name == 'a'", 'called a'],
  ["!has(object.spec.a) && object.metadata.name == 'a'", 'called a'],
  ["!object.spec.a.startsWith('b') && object.metadata.name == 'a'", 'called a'],
  ["object.spec.a && object.metadata.name == 'a'", 'called a'],
  ["[true][0] && object.metadata.name == 'a'", 'called a'],
  ["'a'.startsWith('a') && object.metadata.name == 'a'", 'called a'],
  ["object.spec.a.matches('b') && object.metadata.name == 'a'", 'called a'],
  ["object.spec.a.startsWith(object.metadata.name) && object.metadata.name == 'a'", 'called a'],
  ["object.metadata.labels.exists_one(key, key == 'a')", '.labels.a "x"'],
  ["!object.metadata.labels.exists_one(key, key == 'a')"],
  ['object.spec.a == 1'],
  ["'b' + object.spec.a == 'c'"],
  ["(object.spec.a ? object.spec.b : object.spec.d) == 'c'", 'object.spec.b "c"'],
  ["(has(object.spec.b) ? 'b' : object.spec.a) == 'c'", 'object.spec.a "c"'],
  ["variables.name == 'a' || object.name == 'b'", 'called a'],
  ["variables.name in ['a', 'b', 'c', 'd']", 'called a', 'called b', 'called c', 'called d'],
  ...[
    '.name',
    '.?name',
    '["name"]',
    '[?"name"]',
    '.?name.?first',
    '["name"]["first"]',
    '[?"name"][?"first"]',
    '.name.first',
    '["name"].first.orValue("")',
  ].map(
    (field) =>
      [`object.spec.map.exists(one, one${field} == 'a') && object.metadata.name == 'b'`, 'called b'] as const,
  ),
  ["object.spec.map.exists(one, object.spec.one == 'a')", 'object.spec.map {"a":"x"}, object.spec.one "a"'],
  ["true == (object.metadata.name == 'a')", 'called a'],
  ["false != (object.metadata.name == 'a')", 'called a'],
  ["'a' in object.spec[object.metadata.name] && object.metadata.name == 'a'", 'called a'],
  ["object.spec.path.startsWith('c') && object.spec.path.endsWith('e')"],
  ["object.spec.path.contains('d')"],
  ["object.spec.path.startsWith('e')", 'object.spec.path "e"'],
  ["object.spec.path.endsWith('c')", 'object.spec.path "c"'],
  ["object.spec.path.contains('x')", 'object.spec.path "x"'],
  ["object.spec.path == 'de'", 'object.spec.path "de"'],
  ["object.spec.path == 'cd'", 'object.spec.path "cd"'],
  ["object.spec.path == ['cde']", 'object.spec.path ["cde"]'],
  ["namespaceObject.spec.provider.aws.role == 'a'", 'namespaceObject.spec {"provider":{"aws":{"role":"a"}}}'],
  ["has(object.metadata.finalizers) && object.metadata.finalizers == ['a']", '.finalizers ["a"]'],
  ["!object.metadata.annotations.exists(key, key == 'a') && object.metadata.name == 'a'", 'called a'],
  [
    "object.metadata.name == oldObject.metadata.name && object.metadata.generateName == 'a'",
    '.generateName "a"',
  ],
];

it.each(expressions.map(([expression, ...ways]) => ({ expression, ways })))(
  '$expression',
  ({ expression, ways }) => {
    expect(waysOf({ validations: [{ expression }] }, requests.creation)).toEqual(ways);
  },
);

/** The same of other requests, and of conditions, which have to fail. */
const others: readonly (readonly [name: keyof typeof requests, spec: Mapping, ...ways: string[]])[] = [
  [
    'creation',
    {
      matchConditions: [{ name: 'some', expression: "object.metadata.name != 'a'" }],
      validations: [{ expression: 'false' }],
    },
    'called a',
  ],
  [
    'creation',
    {
      matchConditions: [{ name: 'some', expression: "object.metadata.name == 'a'" }],
      validations: [{ expression: 'false' }],
    },
  ],
  [
    'creation',
    {
      matchConditions: [
        { name: 'some', expression: "!(object.metadata.name == 'a' && 'b' in object.metadata.labels)" },
      ],
      validations: [{ expression: 'false' }],
    },
    'called a, .labels.b "x"',
  ],
  [
    'creation',
    { validations: [], variables: [{ name: 'own', expression: "object.metadata.name == 'a'" }] },
    'called a',
  ],
  [
    'update',
    { validations: [{ expression: "'a' in oldObject.metadata.labels && 'b' in object.metadata.labels" }] },
    '.labels.b "x", oldObject.metadata.labels.a "x"',
  ],
  ['update', { validations: [{ expression: "oldObject.spec.provider.aws.role == 'a'" }] }],
  ['update', { validations: [{ expression: "object.apiVersion == 'external-secrets.io/v2'" }] }],
  [
    'update',
    { validations: [{ expression: "oldObject.metadata.name == 'a'" }] },
    'called a, oldObject.metadata.name "a"',
  ],
  [
    'namespace',
    { validations: [{ expression: "object.metadata.name == 'a'" }] },
    'name "a", namespace "a", .name "a", .labels.kubernetes.io/metadata.name "a", oldObject.metadata.name "a", oldObject.metadata.labels.kubernetes.io/metadata.name "a"',
  ],
  ['namespace', { validations: [{ expression: "object.metadata.name == 'kube-a'" }] }],
  ['namespace', { validations: [{ expression: "'eso-abac/a' in object.metadata.labels" }] }],
  [
    'namespace',
    { validations: [{ expression: "object.metadata.labels['kubernetes.io/metadata.name'] == 'a'" }] },
    'name "a", namespace "a", .name "a", .labels.kubernetes.io/metadata.name "a", oldObject.metadata.name "a", oldObject.metadata.labels.kubernetes.io/metadata.name "a"',
  ],
  ['namespace', { validations: [{ expression: "'a' in object.metadata.labels" }] }, '.labels.a "x"'],
  ['namespace', { validations: [{ expression: "namespaceObject.metadata.labels.a == 'a'" }] }],
  ['role', { validations: [{ expression: "object.metadata.name == 'b'" }] }],
  ['role', { validations: [{ expression: "object.metadata.generateName == 'b'" }] }, '.generateName "b"'],
  [
    'role',
    { validations: [{ expression: "'b' in object.metadata.labels && request.userInfo.username == 'c'" }] },
    '.labels {"b":"x"}, user.username "c", user.groups ["system:authenticated"]',
  ],
];

it.each(others.map(([name, spec, ...ways]) => ({ name, spec, ways })))(
  '$name, $spec',
  ({ name, spec, ways }) => {
    expect(waysOf(spec, requests[name])).toEqual(ways);
  },
);

/** An expression in which so many names come together with so many others. */
const joined = (count: number, others: number) => {
  const names = (length: number) => JSON.stringify(Array.from({ length }, (_, index) => `n${index}`));
  return `object.metadata.name in ${names(count)} && object.metadata.generateName in ${names(others)}`;
};

it.each([
  [joined(40, 25), false],
  [joined(40, 26), true],
  [`${joined(40, 25)} || object.metadata.name == 'a'`, true],
  [`${joined(40, 26)} ? true : false`, true],
])('too many ways: %#', (expression, isTooMany) => {
  const [read] = guardOf(policy({ validations: [{ expression }] })).policies;
  expect(read && hasTooManyWays(read)).toBe(isTooMany);
  expect(read && inWaysOf(read, requests.creation, store)).toHaveLength(isTooMany ? 0 : 1000);
});

it.each([
  [25, false],
  [26, true],
])('past two validations: 40 ways past the one and %i past the other', (count, isTooMany) => {
  const texts = Array.from({ length: count }, (_, index) => `'n${index}'`);
  const [read] = guardOf(
    policy({
      validations: [{ expression: joined(40, 1) }, { expression: `object.spec.controller in [${texts}]` }],
    }),
  ).policies;
  const refusals = read === undefined ? [] : [0, 1].map((validation) => ({ policy: read, validation }));
  expect(haveTooManyWays(refusals)).toBe(isTooMany);
  expect(inWaysPast(refusals, requests.creation, store)).toHaveLength(isTooMany ? 0 : 1000);
});

it('a variable that is no expression leads nowhere', () => {
  const broken = { name: 'broken', expression: 'object.' };
  const spec = {
    variables: [broken],
    validations: [{ expression: "variables.broken == 'a' || object.metadata.name == 'a'" }],
  };
  expect(waysOf(spec, requests.creation)).toEqual(['called a']);
});
