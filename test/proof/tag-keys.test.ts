import { describe, expect, it } from 'vitest';
import type { DistSecret, Tenant } from '../../src/proof/files/model.ts';
import { abacTags, clusterTagKeys } from '../../src/proof/tag-keys.ts';
import { clusterOf, distOf, secretOf, storeOf, tenantOf } from './small-dist.ts';

const tenant = (service: string, ...tags: readonly Readonly<Record<string, string>>[]) =>
  tenantOf(
    service,
    tags.map((one) => storeOf(one)),
  );

/** The tags that decide, that of the identity first. */
function keysOf(tenants: readonly Tenant[], secrets: readonly DistSecret[]) {
  const tags = abacTags(distOf({ clusters: [clusterOf('one', tenants)], secrets }));
  if (tags !== undefined) expect(tags.identityKey).toBe(tags.keys[0]);
  return tags?.keys;
}

describe('the tags that decide', () => {
  it.each<
    readonly [
      what: string,
      tenants: readonly Tenant[],
      secrets: readonly DistSecret[],
      keys: readonly string[] | undefined,
    ]
  >([
    ['are none where nothing has tags', [tenant('a', {})], [secretOf('a', {})], undefined],
    ['are those of stores', [tenant('a', { id: 'a' })], [], ['id']],
    ['are those of secrets', [], [secretOf('a', { id: 'a' })], ['id']],
    [
      'are those that more than half have',
      [
        tenant('a', { id: 'a', more: 'x', half: 'x' }, { id: 'a', more: 'x', half: 'x' }),
        tenant('b', { id: 'b', more: 'x' }, { id: 'b' }),
      ],
      [],
      ['id', 'more'],
    ],
    [
      'begin with the one that names the identity most often, by stores and secrets together',
      [tenant('a', { env: 'a', id: 'a' }), tenant('b', { env: 'b', id: 'x' })],
      [secretOf('a', { env: 'prod', id: 'a' }), secretOf('b', { env: 'prod', id: 'b' })],
      ['id', 'env'],
    ],
    [
      'begin with the one that names more identities, where the value of another is called like one of them',
      [{ ...tenant('a', { env: 'prod', id: 'a' }, { env: 'prod', id: 'prod' }), identities: ['a', 'prod'] }],
      [secretOf('prod', { env: 'prod', id: 'prod' })],
      ['id', 'env'],
    ],
    [
      'go on in the order of the alphabet',
      [tenant('a', { zone: 'x', id: 'a', env: 'x', team: 'x' })],
      [],
      ['id', 'env', 'team', 'zone'],
    ],
    [
      'go on so though one of them names the identity now and then',
      [tenant('a', { zone: 'a', id: 'a', env: 'x' }, { zone: 'x', id: 'a', env: 'x' })],
      [],
      ['id', 'env', 'zone'],
    ],
    [
      'begin with the first of the alphabet where two name it as often',
      [tenant('a', { b: 'a', a: 'a', c: 'a' })],
      [],
      ['a', 'b', 'c'],
    ],
    [
      'are one where they differ in case only, as the stores write it',
      [tenant('a', { Id: 'a' })],
      [secretOf('a', { ID: 'a' })],
      ['Id'],
    ],
  ])('%s', (_, tenants, secrets, keys) => {
    expect(keysOf(tenants, secrets)).toEqual(keys);
  });

  it('a store names an identity with each that its namespace may claim', () => {
    const shared = tenantOf('a', [storeOf({ a: 'x', id: 'shared' }), storeOf({ a: 'x', id: 'a' })], {
      identities: ['a', 'shared'],
    });
    expect(keysOf([shared], [])).toEqual(['id', 'a']);
  });
});

describe('the tags of the cluster', () => {
  const keys = { identityKey: 'id', keys: ['id', 'env', 'team'] };
  const found = (...clusters: readonly (readonly Tenant[])[]) =>
    clusterTagKeys(
      distOf({ clusters: clusters.map((tenants, index) => clusterOf(`${index}`, tenants)) }),
      keys,
    );

  it.each<readonly [what: string, clusters: readonly (readonly Tenant[])[], keys: readonly string[]]>([
    ['hold no name of a service', [[tenant('a', { id: 'a', env: 'prod', team: 'a-team' })]], ['env']],
    [
      'hold that of one service by chance, and of another one not',
      [
        [tenant('p', { id: 'p', env: 'prod', team: 'p' })],
        [tenant('x', { id: 'x', env: 'prod', team: 'x' })],
      ],
      ['env'],
    ],
    [
      'hold those of two services of a cluster by chance',
      [[tenant('p', { id: 'p', env: 'prod', team: 'p' }), tenant('r', { id: 'r', env: 'prod', team: 'r' })]],
      ['env'],
    ],
    [
      'are none that hold the name of the service in each cluster',
      [
        [tenant('a', { id: 'a', env: 'a-b-c', team: 'a' }, { id: 'shared', env: 'a-b-c', team: 'a' })],
        [tenant('a-b', { id: 'a-b', env: 'a-b-c', team: 'a-b' })],
      ],
      [],
    ],
    ['are those that a store lacks, too', [[tenant('a', { id: 'a', env: 'a' })]], ['team']],
    ['are never that of the identity', [[tenant('a', { id: 'x', env: 'a', team: 'a' })]], []],
    ['are none where there is no store', [[tenant('a')], []], []],
  ])('%s', (_, clusters, expected) => {
    expect(found(...clusters)).toEqual(expected);
  });
});
