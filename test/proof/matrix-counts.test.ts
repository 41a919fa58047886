import { describe, expect, it } from 'vitest';
import type { Cluster, DistRole, DistSecret, Store } from '../../src/proof/files/model.ts';
import { readPolicy } from '../../src/proof/iam/document.ts';
import { matrixOf, sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { sessionWith } from '../../src/proof/questions/sessions.ts';
import {
  allow,
  assumes,
  clusterOf,
  distOf,
  distRole,
  roleArn,
  secretOf,
  storeOf,
  tagsOf,
  tenantOf,
  trust,
} from './small-dist.ts';
import { accessRole, actions, own, secret, service, store } from './small-fleet.ts';

const operator = distRole(roleArn('operator'), [allow(assumes)], [], { hasTrust: false });

function matrix(
  clusters: readonly Cluster[],
  secrets: readonly DistSecret[],
  roles: readonly DistRole[] = [accessRole(own)],
  everyPair = false,
) {
  const dist = distOf({ roles: [operator, ...roles], clusters, secrets });
  return matrixOf(dist, sessionClasses(clusters, new Ways(dist, [], everyPair)), ['id', 'env'], everyPair);
}

describe('stores that get one session', () => {
  const classes = (...clusters: readonly Cluster[]) =>
    matrix(clusters, []).classes.map(({ claims }) =>
      claims.map(({ cluster, tenant, store: one }) => `${cluster.name} ${tenant.service} ${one.region}`),
    );
  const shared = (parts: Partial<Store> = {}) => store({ id: 'shared' }, parts);

  it('are those of a cluster with the same tags on the same way', () => {
    const tenants = [
      tenantOf('a', [store({ id: 'a' }), shared(), shared({ region: 'eu-west-1' })]),
      tenantOf('b', [
        shared(),
        shared({ externalId: 'x' }),
        shared({ sessionTags: tagsOf({ id: 'shared' }) }),
      ]),
    ];
    expect(classes(clusterOf('one', tenants, {}), clusterOf('two', [tenantOf('a', [shared()])], {}))).toEqual(
      [
        ['one a us-west-2'],
        ['one a us-west-2', 'one a eu-west-1', 'one b us-west-2'],
        ['one b us-west-2'],
        ['one b us-west-2'],
        ['two a us-west-2'],
      ],
    );
  });
});

describe.each([false, true])('pair by pair: %s, the matrix', (everyPair) => {
  const shared = store({ id: 'shared' });
  const tenants = [
    tenantOf('a', [store({ id: 'a' }), shared, shared]),
    tenantOf('b', [shared]),
    service('c'),
  ];
  const secrets = [secret('a'), secret('a', { name: 'a/api' }), secret('shared'), secret('z')];

  it('counts what each service may read, and a service with two stores once', () => {
    const { allowed, wrong, readable, classes } = matrix(
      [clusterOf('one', tenants, {})],
      secrets,
      undefined,
      everyPair,
    );
    expect([allowed, wrong]).toEqual([4, []]);
    const names = classes.map(({ result }) =>
      result.session === undefined ? [] : readable(result.session).map(({ name }) => name),
    );
    expect(names).toEqual([['a/db', 'a/api'], ['shared/db'], []]);
  });

  it('counts nothing where there is no session', () => {
    const { allowed, wrong, classes } = matrix([clusterOf('one', tenants, {})], secrets, [], everyPair);
    expect([allowed, wrong, classes.length]).toEqual([0, [], 3]);
  });

  it('asks for what an owner lacks in the regions that its stores read from', () => {
    const half = accessRole({ ...own, Action: actions[0] });
    const there = [secret('a', { region: 'eu-west-1' })];
    const wrong = (...regions: readonly string[]) =>
      matrix(
        [
          clusterOf(
            'one',
            [
              tenantOf(
                'a',
                regions.map((region) => store({ id: 'a' }, { region })),
              ),
            ],
            {},
          ),
        ],
        there,
        [half],
        everyPair,
      ).wrong.map(({ kind, shown }) => [kind, shown.action]);
    expect(wrong('us-west-2')).toEqual([]);
    expect(wrong('us-west-2', 'eu-west-1')).toEqual([['blocked', actions[1]]]);
  });

  it('tells what is wrong once for each role, statement and kind', () => {
    const other = distRole(
      roleArn('other'),
      [allow(actions)],
      [trust({ AWS: roleArn('operator') }, { Action: assumes })],
    );
    const stores = [store({ id: 'a' }), store({ id: 'a' }, { role: roleArn('other') })];
    const open = accessRole(own, allow(actions[2] ?? ''));
    const { wrong } = matrix(
      [clusterOf('one', [tenantOf('a', stores), service('c')], {})],
      [...secrets, secret('y')],
      [open, other],
      everyPair,
    );
    expect(wrong.map(({ kind, session, shown }) => [kind, session.role.arn, shown.action])).toEqual([
      ['foreign', roleArn('access'), actions[2]],
      ['foreign', roleArn('other'), actions[0]],
    ]);
    expect(wrong.map(({ controllerRole, claims }) => [controllerRole, claims[0]?.tenant.service])).toEqual([
      [roleArn('operator'), 'a'],
      [roleArn('operator'), 'a'],
    ]);
  });

  it('tells it once for each place at which the statement stands', () => {
    const opens = (file: string, id: string) => {
      const statement = allow(actions, { Condition: { StringEquals: { 'aws:ResourceTag/id': id } } });
      const { policy } = readPolicy(
        file,
        JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        'identity',
      );
      if (policy === undefined) throw new Error('the policy cannot be read');
      return policy;
    };
    const { role, ...rest } = accessRole(own);
    const identity = [...role.identity, opens('y.json', 'y'), opens('z.json', 'z')];
    const { wrong } = matrix(
      [clusterOf('one', tenants, {})],
      [...secrets, secret('y')],
      [{ ...rest, role: { ...role, identity } }],
      everyPair,
    );
    expect(wrong.map(({ secret: { name } }) => name).sort()).toEqual(['y/db', 'z/db']);
  });

  it('answers for any session, and for secrets that it does not hold', () => {
    const { reads, readable } = matrix([clusterOf('one', tenants, {})], secrets, undefined, everyPair);
    const session = sessionWith(accessRole(own).role, tagsOf({ id: 'z', env: 'prod' }));
    const answers = [...secrets, secret('z'), secret('y')].map((one) => reads(session, one).allowed);
    expect(answers).toEqual([false, false, false, true, true, false]);
    expect(readable(session).map(({ name }) => name)).toEqual(['z/db']);
    const elsewhere = sessionWith(distRole(roleArn('elsewhere'), [allow(actions)]).role, []);
    expect(readable(elsewhere)).toEqual(secrets);
  });
});

describe('with more values than are part of a shape', () => {
  const many = Array.from({ length: 30 }, (_, index) => `s${index}`);
  const clusters = [
    clusterOf(
      'one',
      many.map((name) => service(name)),
      {},
    ),
  ];
  const secrets = many.flatMap((name) => [secret(name), secret(name, { name: `${name}/api` })]);

  it.each<readonly [what: string, role: DistRole, allowed: number, wrong: readonly string[]]>([
    ['its own', accessRole(own), 60, []],
    [
      'those of one more',
      accessRole(own, allow(actions, { Condition: { StringEquals: { 'aws:ResourceTag/id': 's7' } } })),
      60 + 58,
      ['foreign s0 s7/db'],
    ],
    [
      'all but those of one',
      accessRole(own, {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/id': 's7' } },
      }),
      58,
      ['blocked s7 s7/db'],
    ],
    ['all', accessRole(allow(actions)), 30 * 60, ['foreign s0 s1/db']],
    [
      'all of its environment',
      accessRole(own, allow(actions, { Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } } })),
      30 * 60,
      ['foreign s0 s1/db'],
    ],
    ['none', accessRole(), 0, ['blocked s0 s0/db']],
    [
      'those with a name',
      accessRole({ ...own, Resource: 'arn:aws:secretsmanager:*:*:secret:s1/*' }),
      2,
      ['blocked s0 s0/db'],
    ],
  ])('each service reads %s', (_, role, allowed, wrong) => {
    const found = matrix(clusters, secrets, [role]);
    expect(found.allowed).toBe(allowed);
    expect(
      found.wrong.map(({ kind, claims, secret: one }) => `${kind} ${claims[0]?.tenant.service} ${one.name}`),
    ).toEqual(wrong);
  });

  it('a session whose tag stands for another one of the secret finds it all the same', () => {
    const crossed = { StringEquals: { 'aws:ResourceTag/owner': '$'.concat('{aws:PrincipalTag/id}') } };
    const owned = many.map((name, index) =>
      secretOf(name, { id: name, env: 'prod', owner: many[(index + 1) % 30] ?? '' }),
    );
    const { allowed, wrong } = matrix(clusters, owned, [accessRole(allow(actions, { Condition: crossed }))]);
    expect(allowed).toBe(30);
    expect(wrong.map(({ kind }) => kind).sort()).toEqual(['blocked', 'foreign']);
  });

  it('stores without tags read nothing', () => {
    const [one] = [clusterOf('one', [tenantOf('a', [storeOf({})])], {})];
    expect(matrix([one], secrets).allowed).toBe(0);
  });
});
