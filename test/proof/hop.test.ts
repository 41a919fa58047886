import { expect, it } from 'vitest';
import { Hop, type Passed } from '../../src/proof/matrix/hop.ts';
import { wayKey } from '../../src/proof/matrix/ways.ts';
import { sessionWith } from '../../src/proof/questions/sessions.ts';
import type { StatementData } from './iam/support.ts';
import { allow, distRole, principalTag, roleArn, storeOf, tagsOf, trust } from './small-dist.ts';

const actions = ['sts:AssumeRole', 'sts:TagSession'];
const requestTag = (key: string) => '$'.concat(`{aws:RequestTag/${key}}`);
const values = ['', 's1', 's12', 'S1', 'prod'];

/** Every way of two tags, and what else may be passed. */
const passes: readonly Passed[] = [
  ...values.flatMap((id) => values.map((env) => ({ tags: tagsOf({ id, env }), transitiveTagKeys: [] }))),
  ...[tagsOf({}), tagsOf({ id: 's1' }), tagsOf({ ID: 's1' }), tagsOf({ env: 's1' })].flatMap((tags) => [
    { tags, transitiveTagKeys: [] },
    { tags, transitiveTagKeys: tags.map(({ key }) => key) },
    { tags, transitiveTagKeys: [], externalId: 'team' },
    { tags, transitiveTagKeys: [], externalId: 'other' },
    { tags, transitiveTagKeys: [], externalId: '' },
  ]),
];

/** What comes of each, by the short way or each by itself. */
function outcomes(conditions: StatementData, may: readonly StatementData[], eachByItself: boolean) {
  const from = sessionWith(distRole(roleArn('operator'), may).role, tagsOf({ team: 's1' }));
  const trusts = [trust({ AWS: roleArn('operator') }, { Action: actions, Condition: conditions })];
  const hop = new Hop(from, distRole(roleArn('access'), [], trusts).role, eachByItself);
  return [...passes, ...passes.toReversed()].map((passed) => {
    const { session, ...refused } = hop.with(hop.step(passed).assumption);
    if (session !== undefined) return session.tags;
    const { why, decision } = refused as { why: string; decision?: { reason: string } };
    return `${why} ${decision?.reason}`;
  });
}

it.for<readonly [what: string, conditions: StatementData, may?: readonly StatementData[]]>([
  ['nothing', {}],
  ['anything that is not empty', { StringLike: { 'aws:RequestTag/id': '*' } }],
  ['one value', { StringEquals: { 'aws:RequestTag/id': 's1' } }],
  ['a value in any case', { StringEqualsIgnoreCase: { 'aws:RequestTag/id': 's1' } }],
  ['patterns', { StringLike: { 'aws:RequestTag/id': ['s?', '*2'], 'aws:RequestTag/env': '?*' } }],
  ['no value of some', { StringNotEquals: { 'aws:RequestTag/env': ['prod', 's12'] } }],
  ['a tag of the session before', { StringEquals: { 'aws:RequestTag/id': principalTag('team') } }],
  ['another tag that is passed', { StringEquals: { 'aws:RequestTag/id': requestTag('env') } }],
  [
    'another tag that is passed, with the session before',
    { StringEquals: { 'aws:PrincipalTag/team': requestTag('env') } },
  ],
  [
    'the keys',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['id', 'env'] }, Null: { 'aws:TagKeys': 'false' } },
  ],
  ['how many keys there are', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'env' } }],
  ['the keys that are passed on', { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'id' } }],
  ['the external id', { StringEquals: { 'sts:ExternalId': 'team' } }],
  ['an external id, whichever', { Null: { 'sts:ExternalId': 'false' } }],
  [
    'the policy of the session before',
    {},
    [allow(actions, { Condition: { StringLike: { 'aws:RequestTag/env': 's*' } } })],
  ],
  ['a resource with a tag', {}, [allow(actions, { Resource: `arn:aws:iam::*:role/${requestTag('env')}` })]],
])(
  'what no policy tells apart is asked once, and answered as if each were asked: by %s',
  ([, conditions, may = []]) => {
    const rights = may.length > 0 ? may : [allow(actions)];
    const long = outcomes(conditions, rights, true);
    expect(outcomes(conditions, rights, false)).toEqual(long);
    expect(new Set(long.map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
  },
);

it('a hop without tags passes nothing, and is gone once', () => {
  const role = distRole(roleArn('hop'), [], [trust({ AWS: roleArn('operator') })]).role;
  const hop = new Hop(
    sessionWith(distRole(roleArn('operator'), [allow('sts:AssumeRole')]).role, []),
    role,
    false,
  );
  const first = hop.withoutTags();
  expect(first.session).toMatchObject({
    tags: [],
    transitive: [],
    principal: { session: 'arn:aws:sts::123456789012:assumed-role/hop/aws-go-sdk-1735689600000000000' },
  });
  expect(hop.withoutTags()).toBe(first);
});

it('stores of a cluster have one session where they go one way', () => {
  const ways = [
    {},
    { role: roleArn('other') },
    { additionalRoles: [roleArn('hop')] },
    { additionalRoles: [roleArn('hop'), roleArn('access')] },
    { transitiveTagKeys: ['id'] },
    { transitiveTagKeys: ['i', 'd'] },
    { externalId: 'team' },
    { externalId: '' },
  ].map((parts) => wayKey(storeOf({}, parts)));
  expect(new Set(ways).size).toBe(ways.length);
  expect(wayKey(storeOf({ id: 'a' }, { name: 'x', region: 'eu-west-1' }))).toBe(ways[0]);
});
