import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/proof/files/model.ts';
import { groundOf, type Identities, identitiesIn } from '../../../src/proof/guard/ground.ts';
import type { Sample } from '../../../src/proof/guard/model.ts';
import { binding, guardOf, policy, rule } from './platform.ts';
import { groundFor, guardWith, idleTenant, sampleOf } from './service.ts';

const clusterOf = (...services: readonly string[]): Cluster => ({
  name: 'prod',
  tenants: services.map(idleTenant),
});
const tags = { identityKey: 'team', keys: ['team', 'environment', 'tier'] };
const nobody: Identities = { services: new Set(), shared: new Set() };

/** The identities that a service may not claim, by what they are. */
function foreignTo(sample: Sample, cluster = clusterOf(), identities = nobody): Record<string, string> {
  const ground =
    groundOf(sample, cluster, identities, guardWith({}), tags) ?? expect.fail('there is a store');
  return Object.fromEntries(ground.foreign.map(({ what, identity }) => [what, identity]));
}

const another = 'the tag of another service';
const shared = 'the tag of a shared identity that it is not given';
const services = (...names: readonly string[]): Identities => ({
  services: new Set(names),
  shared: new Set(names),
});

describe('identities that a service may not claim', () => {
  it('are those of dist, and some like its own', () => {
    expect(foreignTo(sampleOf(), clusterOf('ledger', 'orders'), services('ledger', 'search'))).toEqual({
      [another]: 'orders',
      [shared]: 'search',
      'the tag of an identity that nobody has': 'ledger-2',
      'a tag that ends in its own': 'xledger',
      'the beginning of its own tag': 'ledge',
      'the end of its own tag': 'edger',
      'its own tag in capitals': 'LEDGER',
      'an empty tag': '',
      '* as tag': '*',
    });
  });

  it.each([
    ['of its cluster, first', clusterOf('datadog', 'orders'), services('search'), 'orders', 'search'],
    ['of other clusters', clusterOf('ledger'), services('datadog', 'ledger', 'search'), 'search', 'search'],
    [
      'of nobody, where it is alone',
      clusterOf('ledger'),
      services('ledger', 'datadog'),
      'not-ledger',
      'shared-by-others',
    ],
  ])('are %s', (_, cluster, identities, ofService, ofOthers) => {
    expect(foreignTo(sampleOf(), cluster, identities)).toMatchObject({
      [another]: ofService,
      [shared]: ofOthers,
    });
  });

  it.each([
    ['a shared one that is not true', "datadog: 'true'", "datadog: 'yes'", 'datadog'],
    ['one that a label of others names', 'shared.eso-abac/datadog', 'shared.example.com/datadog', 'datadog'],
  ])('are %s', (_, from, to, identity) => {
    const sample = sampleOf((text) => text.replace(from, to));
    expect(foreignTo(sample, clusterOf(), services('datadog'))).toMatchObject({ [another]: identity });
    expect(foreignTo(sampleOf(), clusterOf(), services('datadog'))[another]).toBe('not-ledger');
  });

  it('are others where its own is like one of them', () => {
    const sample = sampleOf((text) => text.replaceAll('ledger', 'X').replace('/datadog', '/X-2'));
    const foreign = foreignTo(sample);
    expect(foreign).toMatchObject({ 'its own tag in capitals': 'X ', 'a tag that ends in its own': 'xX' });
    expect(foreign).not.toHaveProperty('the tag of an identity that nobody has');
  });
});

describe('what forgeries are made from', () => {
  it('is the service as it is', () => {
    const ground = groundFor(sampleOf());
    const { namespace, stores, externalSecrets } = sampleOf();
    expect(ground).toMatchObject({
      file: 'ledger.yaml',
      service: 'ledger',
      namespace,
      namespaceName: 'ledger',
      store: stores[0],
      externalSecret: externalSecrets[0],
      identityKey: 'team',
      furtherKeys: ['environment'],
    });
    expect([...ground.own]).toEqual(['ledger', 'datadog']);
  });

  it('is nothing without a store', () => {
    const sample = { ...sampleOf(), stores: [] };
    expect(groundOf(sample, clusterOf(), nobody, guardWith({}), tags)).toBeUndefined();
  });

  it('has an ExternalSecret as people write them', () => {
    expect(groundFor({ ...sampleOf(), externalSecrets: [] }).externalSecret).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'secret', namespace: 'ledger' },
      spec: {
        refreshInterval: '1h',
        secretStoreRef: { name: 'eso', kind: 'SecretStore' },
        target: { name: 'secret', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: [{ secretKey: 'key', remoteRef: { key: 'secret' } }],
      },
    });
  });

  it('has the texts and numbers that policies about SecretStores compare with, each once', () => {
    const own = policy({
      matchConditions: [{ name: 'a', expression: "object.a == 'of a condition'" }],
      variables: [{ name: 'a', expression: "object.a == 'of a variable' && size(object.a) < 3" }],
      validations: [
        "object.a.startsWith('part')",
        "object.a == 'of a variable' || object.b == ''",
        'size(object.b) > 3',
      ].map((expression) => ({ expression })),
    });
    const other = policy(
      {
        matchConstraints: { resourceRules: [rule({ resources: ['externalsecrets'] })] },
        validations: [{ expression: "object.a == 'of others' || size(object.a) > 7" }],
      },
      'other',
    );
    const { literals, numbers } = groundFor(sampleOf(), guardOf(own, binding(), other, binding({}, 'other')));
    expect([...literals].sort()).toEqual(['of a condition', 'of a variable', 'part']);
    expect(numbers).toEqual([3]);
  });
});

it('identities of dist are those of services, and those of secrets that are of no service', () => {
  const secret = (identity: string) => ({
    account: '111122223333',
    region: 'us-west-2',
    name: identity,
    identity,
    tags: [],
    location: { file: 'a', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
  });
  const dist = {
    roles: new Map(),
    clusters: [clusterOf('ledger'), clusterOf('orders')],
    secrets: ['ledger', 'datadog'].map(secret),
    guards: new Map(),
  };
  expect(identitiesIn(dist)).toEqual({
    services: new Set(['ledger', 'orders']),
    shared: new Set(['datadog']),
  });
});
