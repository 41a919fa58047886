import { describe, expect, it } from 'vitest';
import type { Cluster, DistRole, OperatorRole } from '../../src/proof/files/model.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { policyOf, type StatementData } from './iam/support.ts';
import {
  account,
  allow,
  assumes,
  byToken,
  clusterOf,
  distOf,
  distRole,
  provider,
  roleArn,
  storeOf,
  tenantOf,
  trust,
} from './small-dist.ts';

const access = (...conditions: readonly StatementData[]) =>
  distRole(roleArn('access'), [], [trust({ AWS: account }, { Action: assumes, ...conditions[0] })]);
const goes = allow(assumes, { Resource: roleArn('access') });
const service = (region = 'us-west-2') => tenantOf('a', [storeOf({ id: 'a' }, { region })]);

/** The way of the first store of a cluster. */
function wayOf(
  cluster: Cluster,
  roles: readonly DistRole[],
  controllers: readonly DistRole[] = [],
  others: readonly Cluster[] = [],
) {
  const ways = new Ways(distOf({ roles, clusters: [...others, cluster] }), controllers);
  const store = cluster.tenants[0]?.stores[0];
  if (store === undefined) throw new Error('no store');
  return ways.sessionOf(cluster, store);
}
const why = (way: ReturnType<typeof wayOf>) => (way.session === undefined ? way.why : 'a session');

describe('the operator of a cluster gets its role', () => {
  const operator = (...trusts: readonly StatementData[]) => distRole(roleArn('operator'), [goes], trusts);
  const cluster = (parts: Partial<OperatorRole> = {}, region?: string) =>
    clusterOf('one', [service(region)], parts);

  it('by a token of each provider that the trust policy names, until one leads to the secret', () => {
    const closed = byToken('ONE', { Condition: { StringEquals: { 'aws:RequestTag/x': 'y' } } });
    const role = operator(closed, byToken('TWO'), byToken('TWO'));
    const way = wayOf(cluster(), [role, access()]);
    expect(way.hops.map((hop) => hop.caller)).toEqual([
      {
        type: 'webIdentity',
        provider: provider('TWO'),
        subject: 'system:serviceaccount:external-secrets:external-secrets',
        audience: 'sts.amazonaws.com',
      },
      expect.objectContaining({ type: 'session' }),
    ]);
    expect(way).toMatchObject({ controllerRole: roleArn('operator') });
  });

  it('or does not, and then the first reason is told', () => {
    const roles = [operator(byToken('ONE'), byToken('TWO')), access({ Effect: 'Deny' })];
    const way = wayOf(cluster(), roles);
    expect(why(way)).toBe(`sts:AssumeRole on ${roleArn('access')} is denied by a statement`);
    expect(way).toMatchObject({
      decision: { reason: 'explicit-deny' },
      hops: [{ caller: { provider: provider('ONE') } }, {}],
    });
    const nobody = operator({ ...byToken('ONE'), Effect: 'Deny' }, { ...byToken('TWO'), Effect: 'Deny' });
    expect(wayOf(cluster(), [nobody, access()])).toMatchObject({
      why: `sts:AssumeRoleWithWebIdentity on ${roleArn('operator')} is denied by a statement`,
      decision: { reason: 'explicit-deny' },
      hops: [{ caller: { provider: provider('ONE') } }],
    });
  });

  it('by EKS Pod Identity, in the region of the store and the partition of the role', () => {
    const pods = (parts: Partial<OperatorRole>, region?: string) => {
      const role = operator(trust({ Service: 'pods.eks.amazonaws.com' }, { Action: assumes }));
      const way = wayOf(cluster({ kind: 'podIdentity', ...parts }, region), [role, access()]);
      return way.hops[0];
    };
    expect(pods({})).toMatchObject({
      caller: { type: 'podIdentity', clusterArn: `arn:aws:eks:us-west-2:${account}:cluster/one` },
      assumption: { tags: [], transitiveTagKeys: [] },
    });
    expect(pods({ account: '999999999999' }, 'eu-west-1')?.caller).toEqual({
      type: 'podIdentity',
      clusterArn: 'arn:aws:eks:eu-west-1:999999999999:cluster/one',
    });
    const { tags, transitiveTagKeys } = pods({ sessionTags: true })?.assumption ?? {};
    expect(Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value]))).toMatchObject({
      'eks-cluster-arn': `arn:aws:eks:us-west-2:${account}:cluster/one`,
      'eks-cluster-name': 'one',
      'kubernetes-namespace': 'external-secrets',
      'kubernetes-service-account': 'external-secrets',
    });
    expect(transitiveTagKeys).toHaveLength(6);
  });

  it('within its session policy', () => {
    const role = operator(trust({ Service: 'pods.eks.amazonaws.com' }, { Action: assumes }));
    const within = (sessionPolicy: ReturnType<typeof policyOf>) =>
      why(wayOf(cluster({ kind: 'podIdentity', sessionPolicy }), [role, access()]));
    expect(within(policyOf('session', goes))).toBe('a session');
    expect(within(policyOf('session', allow('sts:GetCallerIdentity')))).toMatch(/^sts:AssumeRole on /);
  });

  it('or has it already, where eksctl alone makes the role', () => {
    const role = distRole(roleArn('operator'), [goes], [], { hasTrust: false });
    expect(wayOf(cluster(), [role, access()]).hops).toHaveLength(1);
  });

  it('or not, where dist does not have it or nobody is named', () => {
    expect(wayOf(cluster(), [access()])).toEqual({
      why: `the operator's role ${roleArn('operator')} is not in dist`,
      hops: [],
    });
    const pods = operator(trust({ Service: 'pods.eks.amazonaws.com' }));
    expect(wayOf(cluster(), [pods, access()])).toEqual({
      why: `the trust policy of ${roleArn('operator')} names no identity provider`,
      hops: [],
    });
  });
});

describe('the operator of a cluster of which no file says so', () => {
  const free = clusterOf('two', [service()]);
  const named = clusterOf('one', [service()], { role: roleArn('named') });
  const role = (name: string, may: readonly StatementData[] = [goes]) =>
    distRole(roleArn(name), may, [byToken('ONE')]);
  const has = (controllers: readonly DistRole[], others: readonly Cluster[] = []) => {
    const way = wayOf(free, [...controllers, access()], controllers, others);
    return way.session === undefined
      ? way.why
      : way.controllerRole.slice(way.controllerRole.indexOf('/') + 1);
  };
  const none = 'no role in dist can be that of the operator in cluster "two"';

  it.each<readonly [what: string, found: () => string, expected: string]>([
    ['has the first that leads there', () => has([role('deaf', []), role('a'), role('b')]), 'a'],
    ['has rather one that no other cluster has', () => has([role('named'), role('b')], [named]), 'b'],
    ['has that of another cluster where there is no other', () => has([role('named')], [named]), 'named'],
    ['has none where none leads there', () => has([role('deaf', [])]), none],
    ['has none where there is none', () => has([]), none],
  ])('%s', (_, found, expected) => {
    expect(found()).toBe(expected);
  });

  it('each has one of its own where there are as many', () => {
    const clusters = ['two', 'three'].map((name) => clusterOf(name, [service()]));
    const roles = ['a', 'b'].map((name) => role(name));
    const ways = new Ways(distOf({ roles: [...roles, access()], clusters }), roles);
    const found = clusters.map((one) => ways.sessionOf(one, storeOf({ id: 'a' })));
    expect(new Set(found.map((way) => way.session !== undefined && way.controllerRole))).toEqual(
      new Set([roleArn('a'), roleArn('b')]),
    );
  });
});

describe('the roles of the chain', () => {
  const chained = (...additionalRoles: readonly string[]) =>
    clusterOf(
      'one',
      [
        tenantOf('a', [
          storeOf({ id: 'a' }, { additionalRoles, externalId: 'team', transitiveTagKeys: ['id'] }),
        ]),
      ],
      {},
    );
  const operator = distRole(roleArn('operator'), [allow(assumes)], [byToken('ONE')]);
  const hop = (name: string, more: StatementData = {}) =>
    distRole(roleArn(name), [allow(assumes)], [trust({ AWS: account }, { Action: assumes, ...more })]);

  it('are assumed one after the other, and the last one with tags', () => {
    const { hops } = wayOf(chained(roleArn('x'), roleArn('y')), [operator, hop('x'), hop('y'), access()]);
    expect(hops.map((one) => [one.role.arn, one.assumption.tags.length, one.assumption.externalId])).toEqual([
      [roleArn('operator'), 0, undefined],
      [roleArn('x'), 0, undefined],
      [roleArn('y'), 0, undefined],
      [roleArn('access'), 1, 'team'],
    ]);
    expect(hops.map((one) => one.assumption.transitiveTagKeys)).toEqual([[], [], [], ['id']]);
  });

  it('have to let the one before in', () => {
    const closed = hop('y', { Effect: 'Deny' });
    const way = wayOf(chained(roleArn('x'), roleArn('y')), [operator, hop('x'), closed, access()]);
    expect(why(way)).toBe(`sts:AssumeRole on ${roleArn('y')} is denied by a statement`);
    expect(way).toMatchObject({ decision: { reason: 'explicit-deny' } });
    expect(way.hops).toHaveLength(3);
  });

  it('have to be there', () => {
    expect(wayOf(chained(roleArn('x')), [operator, access()])).toMatchObject({
      why: `role ${roleArn('x')} is not in dist`,
      hops: [{}],
    });
    const last = wayOf(chained(roleArn('x')), [operator, hop('x')]);
    expect(last).toMatchObject({ why: `role ${roleArn('access')} is not in dist`, hops: [{}, {}] });
  });
});
