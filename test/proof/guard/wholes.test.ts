import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { uncoveredWholes } from '../../../src/proof/guard/wholes.ts';
import { guardOf, policy, rule } from './platform.ts';

const isVaried = (field: string) => ['spec', 'metadata', 'name'].includes(field);

const variables = {
  spec: 'object.spec',
  either: 'object == null ? oldObject : object',
  metadata: 'object.metadata',
  deep: 'variables.spec',
  more: 'object.more',
  mixed: 'object == null ? object.spec.provider : object.metadata.labels',
  loop: 'variables.loop == null ? object.metadata : null',
};

/** What is uncovered of a policy with an expression, the variables that it needs, and these parts. */
function wholesOf(expression: string, parts: Mapping = {}): string[] {
  const named = Object.entries(variables).filter(
    ([name]) => /^(?:spec|either)$/.test(name) || expression.includes(`variables.${name}`),
  );
  const own = named.map(([name, text]) => ({ name, expression: text }));
  const { policies } = guardOf(policy({ variables: own, validations: [{ expression }], ...parts }));
  return policies.flatMap((one) => uncoveredWholes(one, isVaried));
}

const expressions: readonly (readonly [expression: string, ...found: string[]])[] = [
  ['object.spec == oldObject.spec'],
  ['object == oldObject'],
  ['object.all(key, key != "a")', 'the keys of object'],
  ['oldObject.exists(key, key == "a")', 'the keys of oldObject'],
  ['request.exists(key, key == "a")', 'the keys of request'],
  ['namespaceObject.exists(key, key == "a")', 'the keys of namespaceObject'],
  ['object.metadata == oldObject.metadata', 'the keys of object.metadata', 'the keys of oldObject.metadata'],
  ['object.metadata.exists(key, key == "a")', 'the keys of object.metadata'],
  ['request == null', 'the keys of request'],
  ['request.userInfo == null', 'the keys of request.userInfo'],
  ['namespaceObject == null', 'the keys of namespaceObject'],
  ['namespaceObject.metadata == null', 'the keys of namespaceObject.metadata'],
  ['request.userInfo.groups == []'],
  ['object.metadata.labels == {}'],
  ['object.spec.exists(key, key == "a")'],
  ['has(object.metadata.name)'],
  ['has(object.metadata)'],
  ['has(object.metadata.uid)'],
  ['"uid" in object.metadata', 'object.metadata.uid'],
  ['"a" in object.metadata.labels'],
  ['"a" in object.metadata.annotations'],
  ['"a" in request.userInfo.groups'],
  ['"a" in object.metadata.finalizers'],
  ['"aws" in object.spec.provider'],
  ['"a" in object.spec', 'object.spec.a'],
  ['"spec" in object'],
  ['"a" in object', 'object.a'],
  ['"a" in object.spec && object.spec.a == 1'],
  ['"name" in object.more.metadata', 'object.more.metadata.name'],
  ['variables.spec == null'],
  ['variables.metadata == null', 'the keys of object.metadata', 'the keys of object.metadata'],
  ['variables.deep == null'],
  ['has(variables.metadata.uid)', 'the keys of object.metadata'],
  ['has(variables.deep.uid)'],
  ['has(variables.either.uid)'],
  ['has(variables.either.metadata.uid)'],
  ['variables.either.metadata == null', 'the keys of object.metadata', 'the keys of oldObject.metadata'],
  ['variables.deep.uid.size() == 2', 'the size of variables.deep.uid'],
  ['has(variables.loop.uid)', 'the keys of object.metadata', 'the keys of object.metadata'],
  ['has(variables.none.uid)'],
  ['variables.more == 1'],
  ['variables.mixed.size() == 2', 'the size of variables.mixed'],
  ['variables.none.size() == 2', 'the size of variables.none'],
  ['variables == null'],
  ['object.spec.provider.size() == 2'],
  ['oldObject.spec.provider.aws.sessionTags.size() == 2'],
  ['object.spec.provider.aws.size() == 2', 'the size of object.spec.provider.aws'],
  [
    'object.spec.provider.vault.sessionTags.size() == 2',
    'the size of object.spec.provider.vault.sessionTags',
  ],
  ['namespaceObject.spec.provider.size() == 2', 'the size of namespaceObject.spec.provider'],
  ['variables.spec.provider.size() == 2'],
  ['variables.either.spec.provider.size() == 2'],
  ['object.spec.provider.size() > 0'],
  ['object.metadata.labels.size() == 2', 'the size of object.metadata.labels'],
  ['"uid" in variables.either.metadata', 'object.metadata.uid', 'oldObject.metadata.uid'],
  ['"a" in variables.deep', 'object.spec.a'],
  ['"a" in namespaceObject.metadata.labels'],
  ['"a" in oldObject.metadata.annotations'],
  ['"a" in namespaceObject.metadata.finalizers', 'namespaceObject.metadata.finalizers.a'],
  ['"a" in object.spec.metadata.labels', 'object.spec.metadata.labels.a'],
  ['"a" in object.spec.finalizers', 'object.spec.finalizers.a'],
  ['"a" in namespaceObject.spec.provider', 'namespaceObject.spec.provider.a'],
  ['"b" in object.metadata.labels.a', 'object.metadata.labels.a.b'],
  ['object != null && "a" in object.metadata', 'object.metadata.a'],
  ['object != null && object.metadata.exists(key, key == "a")', 'the keys of object.metadata'],
  ['object.spec != null && "a" in object.spec', 'object.spec.a'],
  ['"a" in object.metadata.managedFields', 'object.metadata.managedFields.a'],
  ['variables.either.spec.a.size() == 2', 'the size of variables.either.spec.a'],
  ['object.spec.provider.more.size() == 2', 'the size of object.spec.provider.more'],
  ['object.more.spec.provider.size() == 2', 'the size of object.more.spec.provider'],
  ['object.more.metadata == null'],
  ['params.request == null'],
  ['variables.request == null'],
  ['[1, 2].size() == 2', 'the size of something'],
  ['[object.spec.provider, object.a].size() == 2', 'the size of object.a'],
];

describe('a policy about kinds of forgeries', () => {
  it.each(expressions.map(([expression, ...found]) => ({ expression, found })))(
    '$expression',
    ({ expression, found }) => {
      expect(wholesOf(expression)).toEqual(found);
    },
  );
});

const counting = { validations: [{ expression: 'size(object.data) < 100' }] };
const about = (...rules: readonly Mapping[]) => ({ ...counting, matchConstraints: { resourceRules: rules } });
const maps = rule({ apiGroups: [''], resources: ['configmaps'] });
const counts = ['the size of object.data'];

it.each<readonly [what: string, parts: Mapping, found: readonly string[]]>([
  ['SecretStores', about(rule()), counts],
  ['a kind of the operator that nobody forges', about(rule({ resources: ['others'] })), counts],
  ['another group of the operator', about(rule({ apiGroups: ['generators.external-secrets.io'] })), counts],
  ['every group', about(rule({ apiGroups: ['*'], resources: ['configmaps'] })), counts],
  ['Namespaces', about(rule({ apiGroups: [''], resources: ['namespaces'] })), counts],
  [
    'bindings of roles',
    about(rule({ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterrolebindings'] })),
    counts,
  ],
  ['one of two', about(maps, rule({ resources: ['others'] })), counts],
  [
    'one of two groups',
    about(rule({ apiGroups: ['apps', 'external-secrets.io'], resources: ['others'] })),
    counts,
  ],
  ['nothing', { ...counting, matchConstraints: {} }, []],
  ['something else', about(maps), []],
  [
    'a group whose name begins like that of the operator',
    about(rule({ apiGroups: ['external-secrets.io.example.com'] })),
    [],
  ],
])('a policy about %s', (_, parts, found) => {
  expect(wholesOf('true', parts)).toEqual(found);
});

it.each(['matchConditions', 'variables', 'validations'])('wholes are found in %s', (field) => {
  const parts = { [field]: [{ name: 'one', expression: 'object.metadata == null' }] };
  expect(wholesOf('true', parts)).toEqual(['the keys of object.metadata']);
});
