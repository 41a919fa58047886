import { describe, expect, it } from 'vitest';
import { accessOf, arnOf, Decisions, partitionOf } from '../../src/proof/matrix/decisions.ts';
import { sessionWith } from '../../src/proof/questions/sessions.ts';
import type { StatementData } from './iam/support.ts';
import { account, allow, distRole, principalTag, roleArn, secretOf, tagsOf } from './small-dist.ts';

const actions = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (one) => `secretsmanager:${one}`,
);
const roleWith = (...may: readonly StatementData[]) => distRole(roleArn('access'), may).role;
const own = (Action: string | readonly string[] = actions) =>
  allow(Action, { Condition: { StringEquals: { 'secretsmanager:ResourceTag/id': principalTag('id') } } });
const foreign = '999999999999';
const kmsKey = (of = account) => `arn:aws:kms:us-west-2:${of}:key/1`;

describe('whether a session may read a secret', () => {
  /** The first action that is not refused for certain, and the first that is not allowed. */
  const decided = (may: readonly StatementData[], secret = secretOf('a', { id: 'a' })) => {
    const role = roleWith(...may);
    const { allowed, denied, leak, lack } = accessOf(
      sessionWith(role, tagsOf({ id: 'a' })),
      secret,
      arnOf(secret, 'aws'),
    );
    expect([allowed, denied]).toEqual([lack === undefined, leak === undefined]);
    return { leak: leak?.action, lack: lack?.action };
  };
  const encrypted = (of?: string) => secretOf('a', { id: 'a' }, { kmsKey: kmsKey(of) });
  const decrypt = (conditions: object = {}, Resource = '*') =>
    allow('kms:Decrypt', { Resource, ...(Object.keys(conditions).length > 0 && { Condition: conditions }) });
  const [get, describeSecret, list] = actions;

  it.each<
    readonly [what: string, may: readonly StatementData[], leak: string | undefined, lack: string | undefined]
  >([
    ['nothing is allowed', [], undefined, get],
    ['all is allowed', [own()], get, undefined],
    ['one action is allowed', [own(list)], list, get],
    ['one action is missing', [own([get ?? '', list ?? ''])], get, describeSecret],
    [
      'another tag is asked for',
      [allow(actions, { Condition: { StringEquals: { 'aws:ResourceTag/id': 'b' } } })],
      undefined,
      get,
    ],
  ])('%s', (_, may, leak, lack) => {
    expect(decided(may)).toEqual({ leak, lack });
  });

  it('decrypting is needed too, and is no leak by itself', () => {
    expect(decided([own()], encrypted())).toEqual({ leak: get, lack: 'kms:Decrypt' });
    expect(decided([own(), decrypt()], encrypted())).toEqual({ leak: get, lack: undefined });
    expect(decided([decrypt()], encrypted())).toEqual({ leak: undefined, lack: get });
    const via = (service: string) => decrypt({ StringEquals: { 'kms:ViaService': service } });
    expect(decided([own(), via('secretsmanager.us-west-2.amazonaws.com')], encrypted()).lack).toBeUndefined();
    expect(decided([own(), via('s3.us-west-2.amazonaws.com')], encrypted()).lack).toBe('kms:Decrypt');
  });

  it('a key of another account is taken to let the session in, which has to be allowed all the same', () => {
    expect(decided([own(), decrypt()], encrypted(foreign)).lack).toBeUndefined();
    expect(decided([own(), decrypt({}, kmsKey())], encrypted(foreign)).lack).toBe('kms:Decrypt');
  });

  it.each<readonly [what: string, condition: object, isAllowed: boolean]>([
    ['encrypted', { Bool: { 'aws:SecureTransport': 'true' } }, true],
    ['not encrypted', { Bool: { 'aws:SecureTransport': 'false' } }, false],
    ['made with a second factor', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    ['not for sure silent about one', { Null: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    ['for the current version', { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } }, true],
    ['for the version before', { StringEquals: { 'secretsmanager:VersionStage': 'AWSPREVIOUS' } }, false],
    ['silent about the id of a version', { Null: { 'secretsmanager:VersionId': 'true' } }, true],
  ])('the requests of the operator are %s: %j', (_, Condition, isAllowed) => {
    expect(decided([allow(actions, { Condition })]).lack === undefined).toBe(isAllowed);
    expect(decided([own(), decrypt({ ...Condition })], encrypted()).lack === undefined).toBe(isAllowed);
  });
});

describe('sessions and secrets that are the same to a role', () => {
  /** More values of `id` than are part of a shape, and few of `env`. */
  const secrets = Array.from({ length: 13 }, (_, index) =>
    secretOf(`s${index}`, { [index % 2 === 0 ? 'id' : 'ID']: `s${index}`, env: 'prod' }),
  );
  const equal = {
    'secretsmanager:ResourceTag/id': principalTag('id'),
    'aws:ResourceTag/env': principalTag('Stage'),
  };
  const role = roleWith(allow(actions, { Condition: { StringEquals: equal } }));
  const decisions = () => new Decisions(role, secrets);
  const session = (tags: Readonly<Record<string, string>>) => sessionWith(role, tagsOf(tags));
  const shape = (tags: Readonly<Record<string, string>>, parts: object = {}) => {
    const secret = secretOf('a', tags, parts);
    return decisions().secretShape(secret, arnOf(secret, 'aws'));
  };

  it('differ in tags of few values, and not in those of many', () => {
    expect(decisions().sessionShape(session({ id: 'a', stage: 'prod' }))).toBe(
      decisions().sessionShape(session({ id: 'b', stage: 'prod' })),
    );
    expect(decisions().sessionShape(session({ id: 'a', stage: 'prod' }))).not.toBe(
      decisions().sessionShape(session({ id: 'a', stage: 'test' })),
    );
    expect(shape({ id: 'a', env: 'prod' })).toBe(shape({ id: 'b', env: 'prod' }));
    expect(shape({ id: 'a', env: 'prod' })).not.toBe(shape({ id: 'a', env: 'test' }));
    const few = new Decisions(role, secrets.slice(1));
    expect(few.sessionShape(session({ id: 'a' }))).not.toBe(few.sessionShape(session({ id: 'b' })));
  });

  it('differ where a policy looks at a tag of one of them alone', () => {
    const condition = { 'aws:PrincipalTag/Stage': 'prod', 'secretsmanager:ResourceTag/kind': 'db' };
    const alone = new Decisions(
      roleWith(allow(actions, { Condition: { StringEquals: condition } })),
      secrets,
    );
    const [prod, test, other] = ['prod', 'test', 'other'].map((stage) =>
      alone.sessionShape(session({ id: 'a', stage })),
    );
    expect(prod).not.toBe(test);
    expect(test).toBe(other);
    const of = (kind: string) => alone.secretShape(secretOf('a', { kind }), 'arn');
    expect(of('db')).not.toBe(of('api'));
    expect(of('api')).toBe(of('web'));
  });

  it('of secrets the account, the region and the key count', () => {
    const all = [
      {},
      { account: foreign },
      { region: 'eu-west-1' },
      { kmsKey: kmsKey() },
      { kmsKey: kmsKey(foreign) },
    ];
    expect(new Set(all.map((parts) => shape({ id: 'a' }, parts))).size).toBe(all.length);
  });

  it('of secrets their names count where a policy tells them apart', () => {
    const arn = `arn:aws:secretsmanager:us-west-2:${account}:secret:prod/*`;
    const byName = new Decisions(roleWith(allow(actions, { Resource: arn })), secrets);
    const of = (name: string, region = 'us-west-2') => {
      const secret = secretOf('a', {}, { name, region });
      return byName.secretShape(secret, arnOf(secret, 'aws'));
    };
    expect(of('prod/a')).toBe(of('prod/b'));
    expect(of('prod/a')).not.toBe(of('test/a'));
    expect(of('prod/a', 'eu-west-1')).toBe(of('test/a', 'eu-west-1'));
  });

  it('are found by the tags of many values', () => {
    expect(decisions().joinKeys(session({ Id: 'a', stage: 'prod' }))).toEqual(['id=a']);
    expect(decisions().joinKeys(session({ stage: 'prod' }))).toEqual([]);
    expect(decisions().indexKeys({ tags: tagsOf({ ID: 'a', env: 'prod' }) })).toEqual(['id=a']);
    expect(decisions().areJoinedByOneOf(['ENV', 'ID'])).toBe(true);
    expect(decisions().areJoinedByOneOf(['env', 'stage'])).toBe(false);
    const crossed = new Decisions(
      roleWith(
        allow(actions, { Condition: { StringEquals: { 'aws:ResourceTag/id': principalTag('team') } } }),
      ),
      secrets,
    );
    expect(crossed.joinKeys(session({ team: 'a', id: 'b' }))).toEqual(['id=a']);
    expect(crossed.areJoinedByOneOf(['id', 'team'])).toBe(false);
  });

  it('are equal in some places', () => {
    const places = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) =>
      decisions().equalPlaces(session(one), { tags: tagsOf(other) });
    expect(places({ id: 'a' }, { ID: 'a' })).toBe('1');
    expect(places({ id: 'a' }, { id: 'b' })).toBe('0');
    expect(places({}, {})).toBe('0');
  });
});

it('an ARN names its partition, and what is none is of the usual one', () => {
  expect(partitionOf(roleArn('a'))).toBe('aws');
  expect(partitionOf('arn:aws-cn:iam::1:role/a')).toBe('aws-cn');
  expect(partitionOf('')).toBe('aws');
});
