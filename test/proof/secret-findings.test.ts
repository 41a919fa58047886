import { describe, expect, it } from 'vitest';
import type { DistSecret } from '../../src/proof/files/model.ts';
import { counterexampleOf } from '../../src/proof/findings.ts';
import { account, roleArn, secretOf } from './small-dist.ts';
import { actions, judge, type Parts, secret, service, type Told, told } from './small-fleet.ts';

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
