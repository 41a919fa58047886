import { describe, expect, it } from 'vitest';
import type { DistSecret } from '../../src/proof/files/model.ts';
import { counterexampleOf } from './said.ts';
import { account, allow, principalTag, roleArn, secretOf } from './small-dist.ts';
import {
  accessRole,
  actions,
  judge,
  own,
  type Parts,
  secret,
  service,
  type Told,
  told,
} from './small-fleet.ts';

const ofB = { id: 'b', env: 'prod' };

describe('what is wrong with secrets', () => {
  const tenants = [service('a')];

  it.for<readonly [what: string, secrets: readonly DistSecret[], ...told: Told[]]>([
    [
      'nothing',
      [secret('a'), secret('a', { region: 'eu-west-1' }), secret('a', { account: '999999999999' })],
    ],
    [
      'a name stands twice',
      [secret('a'), secret('b', { name: 'a/db' })],
      [
        'proof-document',
        'the secret "a/db" of us-west-2 stands at a.json:1 too',
        'each name once in an account and region',
        'b.json:1',
      ],
    ],
    [
      'tags are missing or empty',
      [secretOf('a', { id: 'a' }), secretOf('b', { env: '', ID: 'b' }), secretOf('c', {})],
      ...(['env', 'env', 'id, env'] as const).map(
        (missing, index): Told => [
          'proof-denied',
          `nobody can read the secret "${'abc'[index]}/db": it has no tag ${missing}`,
          'each of id, env',
          `${'abc'[index]}.json:1`,
        ],
      ),
    ],
    [
      'the tag of another one',
      [secretOf('a', ofB)],
      [
        'proof-access',
        '"a/db" stands among the secrets of a, but its tag lets b read it',
        'id=a',
        'a.json:1',
      ],
    ],
  ])('%s', ([, secrets, ...expected]) => {
    expect(told({ tenants, secrets }, 'secrets')).toEqual(expected);
  });

  it('keys that are chosen by their tags decrypt in each region in which the role reads', () => {
    const decrypts = (...services: string[]) =>
      accessRole(
        own,
        allow('kms:Decrypt', {
          Condition: {
            StringEquals: {
              'kms:ViaService': services.map((region) => `secretsmanager.${region}.amazonaws.com`),
              'aws:ResourceTag/id': principalTag('id'),
            },
          },
        }),
      );
    const secrets = ['us-west-2', 'eu-west-1'].map((region) => secret('a', { region }));
    const found = (...services: string[]) =>
      told({ tenants, secrets, roles: [decrypts(...services)] }, 'secrets').map(([, message]) => message);
    expect(found('us-west-2')).toEqual([]);
    expect(found('eu-west-1')).toEqual([
      'no owner of a secret in us-west-2 decrypts with a key that has the tags of the secret',
    ]);
  });

  it('a session with the tag of another one reads it', () => {
    const example = (secrets: readonly DistSecret[], parts: Parts = { tenants }) => {
      const [finding] = judge({ ...parts, secrets }).secrets;
      return finding && counterexampleOf(finding);
    };
    expect(example([secretOf('a', ofB)])).toMatchObject({
      question: 'read',
      expected: 'denied',
      role: roleArn('access'),
      sessionTags: Object.entries(ofB).map(([key, value]) => ({ key, value })),
      action: actions[0],
      resource: { arn: `arn:aws:secretsmanager:us-west-2:${account}:secret:a/db-a1B2c3` },
    });
    // Where no store reads in the account, there is nobody to show it by.
    expect(example([secretOf('a', ofB, { account: '999999999999' })])).toBeUndefined();
    expect(example([secretOf('a', ofB)], { tenants, roles: [] })).toBeUndefined();
    expect(example([secretOf('a', ofB)], {})).toBeUndefined();
  });
});
