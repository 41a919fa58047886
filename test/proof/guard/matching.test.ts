import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { isAbout, leftOutBy } from '../../../src/proof/guard/matching.ts';
import type { AdmissionRequest } from '../../../src/proof/guard/model.ts';
import { creation, deletion, kinds, namespaceNamed, update } from '../../../src/proof/guard/requests.ts';
import { guardOf, policy, rule } from './platform.ts';

/** By which field a policy about these requests leaves one out. */
function leftOut(matchConstraints: Mapping, request: AdmissionRequest, served: readonly string[] = []) {
  const [read] = guardOf(policy({ matchConstraints })).policies;
  return read && leftOutBy(read.match, request, served);
}

const tenant = namespaceNamed('ledger', { 'eso-abac/service': 'ledger' });
const store = creation(kinds.SecretStore, { metadata: { name: 'eso', labels: { team: 'a' } } }, tenant);
const deleted = deletion(kinds.SecretStore, { metadata: { name: 'eso', labels: { team: 'a' } } }, tenant);
const inVersion = (version: string) => ({ ...store, version });
const other = { ...store, resource: 'pushsecrets', kind: 'PushSecret' };
const pods = { ...store, group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const log = { ...pods, subresource: 'log' };
const made = creation(kinds.Namespace, namespaceNamed('new', { team: 'a' }), null);
const role = creation(kinds.ClusterRole, { metadata: { name: 'eso' } }, null);
const anything = rule({ apiGroups: ['*'], resources: ['*/*'], operations: ['*'] });

const rules: readonly (readonly [what: string, parts: Mapping, request: AdmissionRequest, is: boolean])[] = [
  ['its group', {}, store, true],
  ['another group', { apiGroups: ['apps'] }, store, false],
  ['one of some groups', { apiGroups: ['apps', 'external-secrets.io'] }, store, true],
  ['any group', { apiGroups: ['*'] }, store, true],
  ['its version', { apiVersions: ['v1'] }, store, true],
  ['another version', { apiVersions: ['v2'] }, store, false],
  ['its operation', { operations: ['CREATE'] }, store, true],
  ['another operation', { operations: ['UPDATE', 'DELETE'] }, store, false],
  ['any operation', { operations: ['*'] }, deleted, true],
  ['any resource', { resources: ['*'] }, store, true],
  ['another resource', { resources: ['externalsecrets'] }, store, false],
  ['one of some resources', { resources: ['externalsecrets', 'secretstores'] }, store, true],
  ['it and its subresources', { resources: ['secretstores/*'] }, store, true],
  ['one of its subresources', { resources: ['secretstores/status'] }, store, false],
  ['whatever it is scoped', { scope: '*' }, store, true],
  ['what is namespaced', { scope: 'Namespaced' }, store, true],
  ['what is of the whole cluster', { scope: 'Cluster' }, store, false],
  ['its name', { resourceNames: ['other', 'eso'] }, store, true],
  ['another name', { resourceNames: ['other'] }, store, false],
  ['namespaced, asked of a Namespace', { ...anything, scope: 'Namespaced' }, made, false],
  ['of the whole cluster, asked of a Namespace', { ...anything, scope: 'Cluster' }, made, true],
  ['of the whole cluster, asked of a role', { ...anything, scope: 'Cluster' }, role, true],
  ['a subresource', { apiGroups: [''], resources: ['pods/log'] }, log, true],
  ['another subresource', { apiGroups: [''], resources: ['pods/status'] }, log, false],
  ['what stands below a subresource', { apiGroups: [''], resources: ['pods/log/x', 'pods/*/x'] }, log, false],
  ['a subresource of another resource', { apiGroups: [''], resources: ['nodes/log'] }, log, false],
  ['no subresource', { apiGroups: [''], resources: ['pods', '*'] }, log, false],
  ['all subresources', { apiGroups: [''], resources: ['pods/*'] }, log, true],
  ['all subresources, asked of none', { apiGroups: [''], resources: ['pods/*'] }, pods, true],
  ['everything', { apiGroups: [''], resources: ['*/*'] }, log, true],
  ['everything, asked of no subresource', { apiGroups: [''], resources: ['*/*'] }, pods, true],
  ['a subresource of anything', { apiGroups: [''], resources: ['*/log'] }, log, true],
  ['a subresource of anything, asked of none', { apiGroups: [''], resources: ['*/log'] }, pods, false],
];

describe('which requests a rule matches (API reference, MatchResources)', () => {
  it.each(rules)('%s', (_, parts, request, is) => {
    const resourceRules = [rule(parts)];
    expect(leftOut({ resourceRules }, request)).toBe(is ? undefined : 'resourceRules');
    const excludeResourceRules = resourceRules;
    const all = { resourceRules: [anything], excludeResourceRules };
    expect(leftOut(all, request)).toBe(is ? 'excludeResourceRules' : undefined);
  });

  it('one of several is enough, and of none nothing is matched', () => {
    const nodes = rule({ resources: ['nodes'] });
    expect(leftOut({ resourceRules: [nodes, rule()] }, store)).toBeUndefined();
    expect(leftOut({ resourceRules: [] }, store)).toBe('resourceRules');
    expect(leftOut({}, store)).toBeUndefined();
  });
});

describe('versions of the same API', () => {
  const inV1 = { resourceRules: [rule({ apiVersions: ['v1'] })] };
  const exact = { ...inV1, matchPolicy: 'Exact' };
  const externalSecret = { ...inVersion('v1beta1'), resource: 'externalsecrets', kind: 'ExternalSecret' };
  const ofBoth = { resourceRules: [rule({ apiGroups: ['*'], apiVersions: ['v1'], resources: ['*'] })] };
  const excluding = (version: string) => ({
    resourceRules: [anything],
    excludeResourceRules: [rule({ apiVersions: [version] })],
  });
  it.each([
    ['one that is served counts', inV1, inVersion('v1beta1'), ['v1beta1', 'v1'], undefined],
    ['one that is not served does not', inV1, inVersion('v1beta1'), ['v1beta1'], 'resourceRules'],
    ['it does for ExternalSecrets', ofBoth, externalSecret, ['v1'], undefined],
    ['not for kinds of which dist has none', ofBoth, { ...other, version: 'v2' }, ['v1'], 'resourceRules'],
    ['nor for other groups', ofBoth, { ...inVersion('v2'), group: 'apps' }, ['v1'], 'resourceRules'],
    ['nor where the policy says so', exact, inVersion('v1beta1'), ['v1'], 'resourceRules'],
    ['what any version excludes is excluded', excluding('v1alpha1'), store, [], 'excludeResourceRules'],
    ['v1 too', excluding('v1'), inVersion('v1beta1'), [], 'excludeResourceRules'],
    ['v1beta1 too', excluding('v1beta1'), store, [], 'excludeResourceRules'],
    ['one that there never was excludes nothing', excluding('v2'), store, [], undefined],
    [
      'where the policy says so, no other',
      { ...excluding('v1beta1'), matchPolicy: 'Exact' },
      store,
      [],
      undefined,
    ],
  ] as const)('%s', (_, match, request, served, field) => {
    expect(leftOut(match, request, served)).toBe(field);
  });
});

const selectors: readonly (readonly [what: string, selector: Mapping, is: boolean])[] = [
  ['everything', {}, true],
  ['the label', { matchLabels: { team: 'a' } }, true],
  ['another value', { matchLabels: { team: 'b' } }, false],
  ['another label', { matchLabels: { team: 'a', other: 'a' } }, false],
  ['a value among some', { matchExpressions: [{ key: 'team', operator: 'In', values: ['b', 'a'] }] }, true],
  ['no value among some', { matchExpressions: [{ key: 'team', operator: 'In', values: ['b'] }] }, false],
  ['an absent label among some', { matchExpressions: [{ key: 'x', operator: 'In', values: ['a'] }] }, false],
  ['a value not among some', { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }] }, true],
  ['a value that is', { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, false],
  ['an absent label', { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['a'] }] }, true],
  ['that there is one', { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, true],
  ['that there is another', { matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
  ['that there is none', { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, false],
  ['that there is no other', { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
  [
    'what every object of JavaScript has',
    { matchExpressions: [{ key: 'valueOf', operator: 'Exists' }] },
    false,
  ],
  ['what nobody knows', { matchExpressions: [{ key: 'x', operator: 'Later' }] }, false],
  [
    'both',
    { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
    false,
  ],
  [
    'all of some',
    {
      matchExpressions: [
        { key: 'team', operator: 'Exists' },
        { key: 'x', operator: 'Exists' },
      ],
    },
    false,
  ],
];

describe('which objects a selector selects (API reference, LabelSelector)', () => {
  const field = (name: string, is: boolean) => (is ? undefined : name);
  const inTeam = namespaceNamed('of-team', { team: 'a' });

  it.each(selectors)('%s', (_, selector, is) => {
    const objectSelector = selector;
    expect(leftOut({ objectSelector }, store)).toBe(field('objectSelector', is));
    expect(leftOut({ objectSelector }, deleted)).toBe(field('objectSelector', is));
    const namespaceSelector = selector;
    const inside = creation(kinds.SecretStore, { metadata: { name: 'eso' } }, inTeam);
    expect(leftOut({ namespaceSelector }, inside)).toBe(field('namespaceSelector', is));
    expect(leftOut({ namespaceSelector }, made)).toBe(field('namespaceSelector', is));
    const gone = deletion(kinds.Namespace, inTeam, null);
    expect(leftOut({ namespaceSelector }, gone)).toBe(field('namespaceSelector', is));
    expect(leftOut({ namespaceSelector }, role)).toBeUndefined();
  });

  it('an object before or after a change is enough', () => {
    const objectSelector = { matchLabels: { team: 'a' } };
    const [object, bare] = [{ metadata: { labels: { team: 'a' } } }, { metadata: {} }];
    const ways = [
      [object, bare],
      [bare, object],
      [bare, bare],
    ] as const;
    expect(
      ways.map(([from, to]) => leftOut({ objectSelector }, update(kinds.SecretStore, from, to, tenant))),
    ).toEqual([undefined, undefined, 'objectSelector']);
  });

  it('a Namespace after a change decides', () => {
    const namespaceSelector = { matchLabels: { team: 'a' } };
    const bare = namespaceNamed('of-team');
    expect(leftOut({ namespaceSelector }, update(kinds.Namespace, bare, inTeam, null))).toBeUndefined();
    expect(leftOut({ namespaceSelector }, update(kinds.Namespace, inTeam, bare, null))).toBe(
      'namespaceSelector',
    );
  });

  it('a Namespace before a change of its status decides', () => {
    const namespaceSelector = { matchLabels: { team: 'a' } };
    const [bare, rest] = [namespaceNamed('of-team'), { subresource: 'status' }];
    const resourceRules = [rule({ apiGroups: [''], resources: ['namespaces/*'] })];
    const by = (from: Mapping, to: Mapping) =>
      leftOut({ resourceRules, namespaceSelector }, update(kinds.Namespace, from, to, null, rest));
    expect([by(inTeam, bare), by(bare, inTeam)]).toEqual([undefined, 'namespaceSelector']);
  });
});

describe('which kinds a policy is about', () => {
  it.each([
    ['its resource', rule(), true],
    ['any group', rule({ apiGroups: ['*'] }), true],
    ['another group', rule({ apiGroups: ['apps'] }), false],
    ['any resource', rule({ resources: ['*'] }), true],
    ['its subresources', rule({ resources: ['other', 'secretstores/status'] }), true],
    ['everything', rule({ resources: ['*/*'] }), true],
    ['another resource', rule({ resources: ['externalsecrets'] }), false],
  ])('%s', (_, one, is) => {
    const [read] = guardOf(
      policy({ matchConstraints: { resourceRules: [rule({ resources: [] }), one] } }),
    ).policies;
    expect(read && isAbout(read.match, kinds.SecretStore)).toBe(is);
  });

  it('none, without rules', () => {
    const [read] = guardOf(policy({ matchConstraints: {} })).policies;
    expect(read && isAbout(read.match, kinds.SecretStore)).toBe(false);
  });
});
