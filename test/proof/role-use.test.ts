import { describe, expect, it } from 'vitest';
import type { Cluster, DistRole, OperatorRole, Tenant } from '../../src/proof/files/model.ts';
import type { SessionClass } from '../../src/proof/matrix/matrix.ts';
import { sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { RoleUse, rolesFor, storesOf } from '../../src/proof/prove/role-use.ts';
import {
  account,
  allow,
  assumes,
  byToken,
  clusterOf,
  distOf,
  distRole,
  roleArn,
  storeOf,
  tenantOf,
  trust,
} from './small-dist.ts';

const arns = { access: roleArn('access'), hop: roleArn('hop'), operator: roleArn('operator') };
const byAccount = (conditions: object = {}) => trust({ AWS: account }, { Action: assumes, ...conditions });
const goesTo = (...to: readonly string[]) => allow(assumes, { Resource: to });
const byPods = trust({ Service: 'pods.eks.amazonaws.com' });

const access = distRole(arns.access, [allow('secretsmanager:*')], [byAccount()]);
const hop = distRole(arns.hop, [goesTo(arns.access)], [byAccount()]);
const operator = (name: string, ...to: readonly string[]) =>
  distRole(roleArn(name), [goesTo(...to)], [byToken(), byPods]);
const service = (name: string, tags: Readonly<Record<string, string>>, parts: object = {}): Tenant =>
  tenantOf(name, [storeOf(tags, parts)]);

function use(roles: readonly DistRole[], clusters: readonly Cluster[]): RoleUse {
  const dist = distOf({ roles, clusters });
  return new RoleUse(dist, sessionClasses(clusters, new Ways(dist, rolesFor('controller', dist))));
}

/** What clusters claim, by the role from which they come. */
const callers = (found: ReturnType<RoleUse['callersOf']>) =>
  Object.fromEntries(
    [...found].map(([arn, claims]) => [
      arn.slice(arn.lastIndexOf('/') + 1),
      Object.fromEntries([...claims].map(([key, values]) => [key, [...values]])),
    ]),
  );

describe('what a role is for', () => {
  const secrets = allow('secretsmanager:GetSecretValue');
  const steps = allow(['STS:AssumeRole', 'sts:TagSession']);
  const unused = (may: Parameters<typeof distRole>[1], ...trusts: Parameters<typeof distRole>[1]) =>
    distRole(roleArn('other'), may, trusts);

  it.each<readonly [what: string, role: DistRole, purpose: string]>([
    ['that stores name', access, 'access'],
    ['that stores name on the way', hop, 'chain'],
    [
      'that a file gives to the operator, whatever it may do',
      distRole(arns.operator, [secrets]),
      'controller',
    ],
    ['that may read secrets', unused([secrets], byPods), 'access'],
    ['that may assume roles and read secrets', unused([steps, secrets], byPods), 'access'],
    ['that may assume roles and trusts an account', unused([steps], byAccount()), 'chain'],
    ['that trusts a role', unused([steps], trust({ AWS: arns.hop })), 'chain'],
    ['that trusts a role beside a provider', unused([steps], byToken(), trust({ AWS: arns.hop })), 'chain'],
    ['that trusts a provider', unused([steps], byToken()), 'controller'],
    ['that trusts the pods of clusters', unused([steps], byPods), 'controller'],
    ['that may not read secrets', unused([{ ...secrets, Effect: 'Deny' }], byPods), 'controller'],
    ['that may do nothing', unused([], byPods), 'controller'],
  ])('one %s', (_, role, purpose) => {
    const clusters = [
      clusterOf('one', [service('a', {}, { additionalRoles: [arns.hop] })], { role: arns.operator }),
    ];
    expect(use([role], clusters).purposeOf(role)).toBe(purpose);
    const all = ['access', 'chain', 'controller'] as const;
    const dist = distOf({ roles: [role], clusters });
    expect(all.filter((one) => rolesFor(one, dist).includes(role))).toEqual([purpose]);
  });
});

describe('who comes right before a role', () => {
  const one = clusterOf(
    'one',
    [service('a', { id: 'a', Env: 'prod' }), service('b', { id: 'b', Env: 'test' })],
    {
      role: roleArn('operator'),
    },
  );
  const direct = operator('operator', arns.access);

  it('the operator, with what its cluster claims of the tags that are asked about', () => {
    const { callersOf } = bound(use([access, direct], [one]));
    expect(callersOf(arns.access, ['Env'])).toEqual({ operator: { env: ['prod', 'test'] } });
    expect(callersOf(arns.access, ['Env', 'Zone'])).toEqual({
      operator: { env: ['prod', 'test'], zone: [''] },
    });
    expect(callersOf(arns.access, [])).toEqual({ operator: {} });
    expect(callersOf(arns.operator, ['Env'])).toEqual({});
  });

  it('an operator whose stores get no session', () => {
    const closed = distRole(arns.operator, [goesTo(arns.access)], []);
    expect(bound(use([access, closed], [one])).callersOf(arns.access, [])).toEqual({ operator: {} });
  });

  it('of a chain the role before, which claims no tags until the last step', () => {
    const cluster = clusterOf('one', [service('a', { env: 'prod' }, { additionalRoles: [arns.hop] })], {});
    const { callersOf } = bound(use([access, hop, operator('operator', arns.hop)], [cluster]));
    expect(callersOf(arns.access, ['env'])).toEqual({ hop: { env: ['prod'] } });
    expect(callersOf(arns.hop, ['env'])).toEqual({ operator: {} });
  });

  it('the operator of a cluster without services that may go there', () => {
    const idle = clusterOf('two', [tenantOf('b', [])], { role: roleArn('idle') });
    const deaf = clusterOf('three', [], { role: roleArn('deaf') });
    const denied = distRole(
      roleArn('deaf'),
      [{ ...goesTo(arns.access), Effect: 'Deny' }, goesTo(arns.hop)],
      [byPods],
    );
    const { callersOf } = bound(
      use([access, direct, operator('idle', arns.hop, arns.access), denied], [one, idle, deaf]),
    );
    expect(callersOf(arns.access, ['Env'])).toEqual({
      operator: { env: ['prod', 'test'] },
      idle: { env: [] },
    });
  });

  it('the operator of a cluster without services, with the first value that the trust policy has for it', () => {
    const pins = (caller: object, operator: string, value: unknown) =>
      trust({ AWS: account }, { Condition: { ...caller, [operator]: { 'aws:RequestTag/env': value } } });
    const arnOf = (...names: readonly string[]) => ({
      ArnEquals: { 'aws:PrincipalArn': names.map((name) => roleArn(name)) },
    });
    const claimed = (...trusts: Parameters<typeof distRole>[2] & object) => {
      const to = distRole(arns.access, [allow('secretsmanager:*')], trusts);
      const { callersOf } = bound(use([to, direct, operator('spare', arns.access)], [one]));
      return callersOf(arns.access, ['Env']).spare;
    };
    expect(claimed(pins(arnOf('other', 'spare'), 'StringEquals', ['test', 'prod']))).toEqual({
      env: ['test'],
    });
    expect(
      claimed(
        pins(arnOf('other'), 'StringEquals', 'other'),
        { ...pins(arnOf('spare'), 'StringEquals', 'none'), Effect: 'Deny' },
        pins(arnOf('spare'), 'StringEquals', 'test'),
        pins(arnOf('spare'), 'StringEquals', 'prod'),
      ),
    ).toEqual({ env: ['test'] });
    expect(claimed(pins(arnOf('spare'), 'StringLike', '*'))).toEqual({ env: [] });
    const itself = { ...pins({}, 'StringEquals', 'test'), Principal: { AWS: roleArn('spare') } };
    expect(claimed(itself)).toEqual({ env: ['test'] });
  });

  it('not that of a cluster with a service, which goes elsewhere', () => {
    const elsewhere = service('c', {}, { role: roleArn('elsewhere') });
    const busy = clusterOf('two', [tenantOf('b', []), elsewhere], { role: roleArn('busy') });
    const { callersOf } = bound(use([access, direct, operator('busy', arns.access)], [one, busy]));
    expect(callersOf(arns.access, [])).toEqual({ operator: {} });
  });

  it('a role of the operator that no file gives to anybody', () => {
    const { callersOf } = bound(use([access, direct, operator('spare', arns.access)], [one]));
    expect(callersOf(arns.access, [])).toEqual({ operator: {}, spare: {} });
  });

  describe('the chain of a cluster without services', () => {
    const [first, last] = [roleArn('first'), roleArn('last')];
    const idle = clusterOf('two', [], { role: roleArn('idle') });
    const chained = [
      distRole(first, [goesTo(last)], [byAccount()]),
      distRole(last, [goesTo(arns.access)], [byAccount()]),
    ];
    const found = (...operators: readonly DistRole[]) => {
      const { callersOf } = bound(use([access, ...chained, ...operators], [one, idle]));
      return { access: callersOf(arns.access, ['Env']), last: callersOf(last, []) };
    };

    it('goes there too', () => {
      expect(found(direct, operator('idle', first))).toEqual({
        access: { operator: { env: ['prod', 'test'] }, last: { env: [] } },
        last: { first: {} },
      });
    });

    it('claims what another cluster does that may come by', () => {
      const both = operator('operator', arns.access, first);
      expect(found(both, operator('idle', first)).access).toEqual({
        operator: { env: ['prod', 'test'] },
        last: { env: ['prod', 'test'] },
      });
    });
  });

  it('of a role that no store uses every role that may go there, with what its clusters claim elsewhere', () => {
    const spare = distRole(roleArn('spare'), [allow('secretsmanager:*')], [byAccount()]);
    const goThere = ['operator', 'idle'].map((name) => operator(name, arns.access, roleArn('spare')));
    const { callersOf } = bound(use([access, spare, ...goThere, hop], [one]));
    expect(callersOf(roleArn('spare'), ['Env'])).toEqual({
      operator: { env: ['prod', 'test'] },
      idle: { env: [] },
    });
  });

  it('nobody who may assume whatever there is: that is another finding', () => {
    const spare = distRole(roleArn('spare'), [allow('secretsmanager:*')], [byAccount()]);
    expect(
      bound(use([spare, distRole(arns.hop, [goesTo('*')])], [])).callersOf(roleArn('spare'), []),
    ).toEqual({});
  });

  function bound(one: RoleUse) {
    return { callersOf: (arn: string, keys: readonly string[]) => callers(one.callersOf(arn, keys)) };
  }
});

describe('the roles of operators', () => {
  const clusters = [
    clusterOf('one', [service('a', { id: 'a' })], { role: roleArn('named') }),
    clusterOf('two', [service('a', { id: 'a' }), service('b', { id: 'b' })]),
    clusterOf('three', [service('a', { id: 'a' })]),
  ];
  const roles = [access, ...['named', 'guessed', 'spare'].map((name) => operator(name, arns.access))];
  const one = use(roles, clusters.slice(0, 2));

  it('that nobody has', () => {
    expect(one.idleControllers()).toEqual([roleArn('spare')]);
    expect(use(roles, []).idleControllers()).toEqual(
      ['named', 'guessed', 'spare'].map((name) => roleArn(name)),
    );
    expect(use(roles, clusters).idleControllers()).toEqual([]);
  });

  it('of clusters of which no file says so', () => {
    const guessed = (role: string) => one.guessedClustersOf(roleArn(role)).map(({ name }) => name);
    expect(guessed('guessed')).toEqual(['two']);
    expect(guessed('named')).toEqual([]);
    expect(guessed('spare')).toEqual([]);
  });

  it('of clusters of which a file does', () => {
    expect(one.operatorsOf(roleArn('named'))).toEqual([clusters[0]?.operator]);
    expect(one.operatorsOf(roleArn('guessed'))).toEqual([]);
  });

  it('and the stores that read through a role', () => {
    expect(one.storesOf(arns.access)).toHaveLength(3);
    expect(one.storesOf(arns.hop)).toEqual([]);
    expect(storesOf(clusters)).toHaveLength(4);
  });
});

describe('the clusters in which EKS Pod Identity gives a role', () => {
  const pods: Partial<OperatorRole> = { kind: 'podIdentity', account: '999999999999' };
  const sourceArn = (...values: readonly string[]) => ({
    Condition: {
      ArnLike: { 'aws:SourceArn': values },
      StringEquals: { 'aws:SourceAccount': '999999999999' },
    },
  });
  const clusterArn = (name: string, region = 'us-west-2') =>
    `arn:aws:eks:${region}:999999999999:cluster/${name}`;
  const found = (cluster: Cluster, more: Readonly<Record<string, unknown>> = {}, arn = arns.operator) => {
    const role = distRole(arn, [goesTo(arns.access)], [trust({ Service: 'pods.eks.amazonaws.com' }, more)]);
    return new RoleUse(distOf({ roles: [role], clusters: [cluster] }), [] as SessionClass[]).podClustersOf(
      role,
    );
  };
  const idle = clusterOf('one', [], pods);

  it.each<readonly [what: string, found: () => readonly string[], arns: readonly string[]]>([
    [
      'once for each region of its stores',
      () =>
        found(
          clusterOf(
            'one',
            [tenantOf('a', [storeOf({}), storeOf({}, { region: 'eu-west-1' })]), service('b', {})],
            pods,
          ),
          sourceArn(clusterArn('one', 'us-east-1')),
        ),
      [clusterArn('one'), clusterArn('one', 'eu-west-1')],
    ],
    [
      'in the partition of the role',
      () =>
        found(
          clusterOf('one', [service('a', {})], { ...pods, role: 'arn:aws-cn:iam::1:role/a' }),
          {},
          'arn:aws-cn:iam::1:role/a',
        ),
      [clusterArn('one').replace('aws', 'aws-cn')],
    ],
    [
      'without services where the trust policy says',
      () => found(idle, sourceArn(clusterArn('one', 'eu-west-1'))),
      [clusterArn('one', 'eu-west-1')],
    ],
    [
      'of its name alone',
      () => found(idle, sourceArn(clusterArn('two'), clusterArn('one'))),
      [clusterArn('one')],
    ],
    [
      'in no region with a wildcard',
      () => found(idle, sourceArn(clusterArn('one', 'us-*'), clusterArn('one', 'us-west-?'))),
      [],
    ],
    ['nowhere where nothing says', () => found(idle), []],
    ['not where eksctl does', () => found(clusterOf('one', [service('a', {})], {})), []],
    [
      'not where it gives another role',
      () => found(clusterOf('one', [service('a', {})], { ...pods, role: arns.hop })),
      [],
    ],
    ['not where nothing is given', () => found(clusterOf('one', [service('a', {})])), []],
  ])('%s', (_, all, expected) => {
    expect(all()).toEqual(expected);
  });
});
