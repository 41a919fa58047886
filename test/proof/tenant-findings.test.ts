import { describe, expect, it } from 'vitest';
import { counterexampleOf } from './said.ts';
import {
  account,
  allow,
  assumes,
  distRole,
  roleArn,
  secretOf,
  storeOf,
  tenantOf,
  trust,
} from './small-dist.ts';
import {
  accessRole,
  actions,
  inStore,
  judge,
  own,
  type Parts,
  read,
  secret,
  service,
  store,
  type Told,
  told,
} from './small-fleet.ts';

const at = (name: string, line: number) => `clusters/one/services/${name}.yaml:${line}`;

describe('what a service may claim', () => {
  it.for<readonly [what: string, parts: Parts, ...told: Told[]]>([
    ['its own', { tenants: [service('a'), service('b')], others: [service('a')] }],
    [
      'a shared identity, which a store of its own claims',
      {
        tenants: [
          tenantOf('a', [store({ id: 'a' }), store({ id: 'shared' }, { name: 'shared' })], {
            identities: ['a', 'shared'],
          }),
        ],
      },
    ],
    [
      "a namespace, which is another one's",
      { tenants: [service('a'), service('b', { namespace: 'a-ns' }), service('c', { namespace: 'a-ns' })] },
      ...['b', 'c'].map(
        (name): Told => [
          'proof-access',
          'namespace "a-ns" of cluster "one" is that of a too',
          'a namespace of its own for each service',
          at(name, 2),
        ],
      ),
    ],
    [
      'the identity of a service, if in another cluster',
      {
        tenants: [tenantOf('a', [store({ id: 'a' }), store({ id: 'b' })], { identities: ['a', 'b'] })],
        others: [service('b')],
      },
      [
        'proof-access',
        'the namespace of a may claim "b", which is another service',
        'its own service, and shared identities',
        at('a', 3),
      ],
    ],
    [
      'what no store does',
      { tenants: [service('a', { identities: ['a', 'shared'] })] },
      [
        'proof-document',
        'the namespace may claim "shared", but no store in it does',
        'a SecretStore for each identity that the labels name',
        at('a', 3),
      ],
    ],
    ...(
      [
        [{ id: 'a' }, 'id'],
        [{ env: 'prod', id: 'a', more: 'x' }, 'env,id,more'],
        [{ other: 'prod', id: 'a' }, 'id,other'],
      ] as const
    ).map(([tags, found]): readonly [string, Parts, Told] => [
      `the tags ${found}`,
      { tenants: [tenantOf('a', [storeOf(tags, { place: inStore })])] },
      ['proof-document', `store "store" has the session tags ${found}`, 'each of id, env once', at('a', 5)],
    ]),
    [
      'no tags',
      { tenants: [tenantOf('a', [storeOf({}, { place: inStore })], { identities: [] })] },
      ['proof-document', 'store "store" has the session tags none', 'each of id, env once', at('a', 5)],
    ],
  ])('%s', ([, parts, ...expected]) => {
    expect(told(parts)).toEqual(expected);
  });

  it('not what no label allows', () => {
    const foreign = (what: string): Told => [
      'proof-access',
      `store "other" of a claims id=b, which no label of its namespace allows: a can read ${what}`,
      'a, shared',
      at('a', 5),
    ];
    const tenants = [
      tenantOf('a', [store({ id: 'a' }), store({ id: 'shared' }), store({ id: 'b' }, { name: 'other' })], {
        identities: ['a', 'shared'],
      }),
    ];
    expect(told({ tenants })).toEqual([foreign('its secrets')]);
    expect(told({ tenants, secrets: [secret('a'), secret('b')] })).toEqual([foreign('its secret b/db')]);
    const examples = (parts: Parts) => judge(parts).tenants.map(counterexampleOf);
    expect(examples({ tenants })).toEqual([undefined]);
    const [example] = examples({ tenants, secrets: [secret('b')] });
    expect(example).toMatchObject({
      question: 'read',
      expected: 'denied',
      action: 'secretsmanager:GetSecretValue',
      way: { cluster: 'one', controllerRole: roleArn('operator'), roleChain: [] },
      resource: { arn: `arn:aws:secretsmanager:us-west-2:${account}:secret:b/db-a1B2c3` },
    });
    expect(example).not.toHaveProperty('way.externalId');
    expect(example).not.toHaveProperty('way.transitiveTagKeys');
  });

  it('with the external id and the transitive tags of the store', () => {
    const more = { externalId: 'team', transitiveTagKeys: ['id'] };
    const tenants = [tenantOf('a', [store({ id: 'a' }), store({ id: 'b' }, more)])];
    expect(counterexampleOf(judge({ tenants, secrets: [secret('b')] }).tenants[0] as never)).toMatchObject({
      way: more,
    });
  });
});

describe('a service that gets no session', () => {
  const refused = (more: string): Told => [
    'proof-denied',
    `a in cluster "one" gets no session: role ${roleArn('access')} is not in dist${more}`,
    'a way from the operator to the access role with the tags of the store',
    at('a', 5),
  ];

  it('is told once in a cluster, with how many there are', () => {
    const tenants = [service('a'), service('b'), service('c')];
    expect(told({ tenants: tenants.slice(0, 1), roles: [] })).toEqual([refused('')]);
    expect(told({ tenants: tenants.slice(0, 2), roles: [] })).toEqual([refused(' (and 1 more)')]);
    const [first, second] = told({ tenants, others: [service('d', { cluster: 'two' })], roles: [] });
    expect(first).toEqual(refused(' (and 2 more)'));
    expect(second?.[1]).toBe(`d in cluster "two" gets no session: role ${roleArn('access')} is not in dist`);
  });

  it('because of a statement is told there', () => {
    const closed = distRole(
      roleArn('access'),
      [own],
      [
        trust({ AWS: roleArn('operator') }, { Action: assumes }),
        trust('*', { Effect: 'Deny', Action: assumes }),
      ],
    );
    const [[, message, , place] = []] = told({ tenants: [service('a')], roles: [closed] });
    expect([message, place]).toEqual([
      `a in cluster "one" gets no session: sts:AssumeRole on ${roleArn('access')} is denied by a statement`,
      'trust.json:1',
    ]);
  });
});

describe('what a service asks for', () => {
  const asks = (...reads: readonly ReturnType<typeof read>[]) => [service('a', { reads })];

  it.for<readonly [what: string, parts: Parts, ...told: Told[]]>([
    ['its own secret', { tenants: asks(read('a/db')), secrets: [secret('a')] }],
    [
      'a store that is not there',
      {
        tenants: [
          tenantOf(
            'a',
            ['x', 'y', 'x'].map((name) => store({ id: 'a' }, { name })),
            { reads: [read('a/db')] },
          ),
        ],
      },
      [
        'proof-document',
        'ExternalSecret "my-secret" names store "store", which is not in the namespace',
        'x, y',
        at('a', 7),
      ],
    ],
    [
      'a secret that is not there',
      { tenants: asks(read('b/db')), secrets: [secret('a')] },
      [
        'proof-denied',
        `a asks for "b/db", which is not among the secrets of us-west-2 in the account of ${roleArn('access')}`,
        'a secret in aws/<account>/secrets/<region>/',
        at('a', 7),
      ],
    ],
    [
      'the secrets of another one',
      { tenants: asks(read('b/db'), read('b/db'), read('c/db')), secrets: [secret('b'), secret('c')] },
      ...['b', 'c'].map(
        (name): Told => [
          'proof-denied',
          `a in cluster "one" cannot read "${name}/db": it has id=${name}, env=prod, the session env=prod, id=a${name === 'b' ? ' (and 1 more)' : ''}`,
          'a secret with all tags of the store, and a policy that allows it',
          at('a', 7),
        ],
      ),
    ],
    [
      'through the last store of a name',
      {
        tenants: [
          tenantOf('a', [store({ id: 'a' }), store({ id: 'shared' })], {
            identities: ['a', 'shared'],
            reads: [read('shared/db')],
          }),
        ],
        secrets: [secret('shared')],
      },
    ],
  ])('%s', ([, parts, ...expected]) => {
    expect(told(parts)).toEqual(expected);
  });

  it('what a policy keeps from every owner is told once', () => {
    const roles = [accessRole({ ...own, Action: actions[0] })];
    const secrets = ['a', 'b'].map((name) => secret(name));
    const tenants = ['a', 'b'].map((name) => service(name, { reads: [read(`${name}/db`)] }));
    const findings = judge({ roles, secrets, tenants }).tenants;
    expect(findings.map(({ message }) => message)).toEqual([
      'a in cluster "one" cannot read "a/db" (and 1 more)',
      `a in cluster "one" cannot read its own "a/db": ${actions[1]} is not allowed`,
    ]);
    expect(findings.map(counterexampleOf)).toEqual([
      expect.objectContaining({ expected: 'allowed', action: actions[1] }),
      expect.objectContaining({ expected: 'allowed', action: actions[1] }),
    ]);
  });

  it('and once for each role', () => {
    const half = { ...own, Action: actions[0] };
    const other = distRole(
      roleArn('other'),
      [half],
      [trust({ AWS: roleArn('operator') }, { Action: assumes })],
    );
    const tenants = ['access', 'other'].map((name) =>
      tenantOf(name, [store({ id: name }, { role: roleArn(name) })], { reads: [read(`${name}/db`)] }),
    );
    const secrets = ['access', 'other'].map((name) => secret(name));
    const messages = judge({ roles: [accessRole(half), other], secrets, tenants }).tenants.map(
      ({ message }) => message,
    );
    expect(messages.filter((message) => !message.includes('its own'))).toEqual(
      ['access', 'other'].map((name) => `${name} in cluster "one" cannot read "${name}/db"`),
    );
  });
});

describe('what the matrix shows', () => {
  const tenants = [service('a', { cluster: 'one' }), service('b')];
  const secrets = [secret('a'), secret('b'), secret('c')];

  it('a secret of another identity, at the statement that opens it', () => {
    const roles = [
      accessRole(
        own,
        allow(actions[0] ?? '', { Condition: { StringEquals: { 'aws:ResourceTag/id': 'c' } } }),
      ),
    ];
    expect(told({ tenants, secrets, roles })).toEqual([
      [
        'proof-access',
        `a in cluster "one" can read "c/db" of c: ${actions[0]} with env=prod, id=a on a secret with id=c, env=prod`,
        'secrets with all tags of the session, and no others',
        'identity.json:1',
      ],
    ]);
    const [finding] = judge({ tenants, secrets, roles }).tenants;
    expect(finding && counterexampleOf(finding)).toMatchObject({
      expected: 'denied',
      action: actions[0],
      way: { cluster: 'one' },
    });
  });

  it('what AWS does not document', () => {
    const twice = secretOf('c', { id: 'a', ID: 'c', env: 'prod' });
    const [, message] = told({ tenants: [service('b'), service('c')], secrets: [twice] })[0] ?? [];
    expect(message).toMatch(/^b in cluster "one" .*, or AWS does not document that it cannot$/);
  });

  it('a secret that its owner cannot read, at the policy where no statement is to blame', () => {
    const [, blocked] = told({
      tenants: [service('a', { reads: [] })],
      secrets: [secret('a')],
      roles: [accessRole(allow('kms:Decrypt'))],
    });
    expect(blocked).toBeUndefined();
    const [lacking] = told({ tenants, secrets, roles: [accessRole({ ...own, Action: actions[0] })] });
    expect(lacking).toEqual([
      'proof-denied',
      `a in cluster "one" cannot read its own "a/db": ${actions[1]} is not allowed`,
      'all that the owner needs, and no Deny that applies to it',
      'identity.json:1',
    ]);
    const [without] = told({ tenants, secrets, roles: [accessRole()] });
    expect(without?.[3]).toBe('a.json:1');
  });

  it('a key that its owner cannot use', () => {
    const kmsKey = `arn:aws:kms:us-west-2:${account}:key/1`;
    const [finding] = judge({ tenants, secrets: [secret('a', { kmsKey })] }).tenants;
    expect(finding?.message).toBe(
      'a in cluster "one" cannot read its own "a/db": kms:Decrypt is not allowed',
    );
    expect(finding && counterexampleOf(finding)).toMatchObject({
      action: 'kms:Decrypt',
      resource: { arn: kmsKey, tags: [] },
      secret: `arn:aws:secretsmanager:us-west-2:${account}:secret:a/db-a1B2c3`,
    });
  });
});
