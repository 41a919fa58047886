import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Dist, DistSecret, Store, Tenant } from '../../src/proof/files/model.ts';
import { readPolicy } from '../../src/proof/iam/document.ts';
import type { Policy, Tag } from '../../src/proof/iam/model.ts';
import { type Matrix, matrixOf, type SessionClass } from '../../src/proof/matrix/matrix.ts';
import { Shapes } from '../../src/proof/matrix/shapes.ts';
import { sessionWith } from '../../src/proof/questions/sessions.ts';
import { runs } from '../support/run-compile.ts';
import { roleOf } from './iam/support.ts';
import { accessPolicies, tagKeySets } from './smt/random-access.ts';

const account = '123456789012';
const location = { file: 'a.json', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

function policyOf(document: object): Policy | undefined {
  return readPolicy('policy.json', JSON.stringify(document), 'identity').policy;
}

/** More values than are part of a shape, and some that policies know. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.nat(14).map((index) => `svc-${index}`) },
  fc.constantFrom('svc', 'Svc', 'svc-1', 'prod', '', 'none', 's1'),
);
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('ekssecret', 'environment') },
  fc.constantFrom('EKSSECRET', 'owner', 'other'),
);
const tags: fc.Arbitrary<Tag[]> = fc.array(fc.record({ key, value }), { maxLength: 3 });

const secret: fc.Arbitrary<DistSecret> = fc.record(
  {
    account: fc.constantFrom(account, account, account, '210987654321'),
    region: fc.constantFrom('us-west-2', 'us-west-2', 'eu-west-1'),
    name: fc.constantFrom('prod/a1b', 'prod/b', 'a:b', ''),
    identity: fc.constant('svc'),
    tags,
    kmsKey: fc.constantFrom(
      `arn:aws:kms:us-west-2:${account}:key/1`,
      'arn:aws:kms:us-west-2:210987654321:key/1',
    ),
    location: fc.constant(location),
  },
  { requiredKeys: ['account', 'region', 'name', 'identity', 'tags', 'location'] },
);

const fleet = fc.record({
  document: accessPolicies,
  tagKeys: fc.constantFrom(...tagKeySets),
  secrets: fc.array(secret, { minLength: 1, maxLength: 40 }),
  sessions: fc.uniqueArray(tags, { maxLength: 12, selector: (one) => JSON.stringify(one) }),
});

function classOf(session: ReturnType<typeof sessionWith>, region: string): SessionClass {
  const store = { region } as Store;
  const tenant = { stores: [store] } as unknown as Tenant;
  const claims = [{ cluster: {} as Cluster, tenant, store }];
  return { result: { session, controllerRole: '', hops: [] }, claims };
}

/** Whether the policy compares one of the tags that decide. Of one that does not only what is read counts. */
function comparesTags(policy: Policy, tagKeys: readonly string[]): boolean {
  return new Shapes([policy]).equalities.some(
    ({ secretTag, sessionTag }) => secretTag === sessionTag && tagKeys.includes(secretTag),
  );
}

function summary(
  { wrong, allowed, classes, reads, readable }: Matrix,
  { secrets }: Dist,
  withLacks: boolean,
) {
  return {
    allowed,
    wrong: wrong
      .filter(({ kind }) => withLacks || kind === 'foreign')
      .map(({ kind, shown }) =>
        JSON.stringify([kind, shown.action, shown.decision.reason, shown.decision.by.length]),
      )
      .sort(),
    pairs: classes.flatMap(({ result: { session } }) =>
      session === undefined
        ? []
        : secrets.map((one) => {
            const { allowed: isAllowed, denied } = reads(session, one);
            return `${isAllowed} ${denied}`;
          }),
    ),
    readable: classes.map(({ result: { session } }) =>
      session === undefined ? [] : secrets.filter((one) => readable(session).includes(one)),
    ),
  };
}

test('the short way and the product of all pairs agree on random policies, sessions and secrets', () => {
  const { numRuns, seed } = runs(200);
  let counts = { judged: 0, wrong: 0 };
  const property = fc.property(fleet, ({ document, tagKeys, secrets, sessions }) => {
    const policy = policyOf(document);
    if (policy === undefined) return;
    const role = roleOf('reader', { identity: [policy] }, account);
    const dist = { roles: new Map(), clusters: [], secrets, guards: new Map() };
    const classes = sessions.map((one, index) =>
      classOf(sessionWith(role, one), index % 3 === 0 ? 'eu-west-1' : 'us-west-2'),
    );
    const [short, long] = [false, true].map((everyPair) => matrixOf(dist, classes, tagKeys, everyPair));
    if (short === undefined || long === undefined) return;
    const withLacks = comparesTags(policy, tagKeys);
    expect(summary(short, dist, withLacks)).toEqual(summary(long, dist, withLacks));
    counts = { judged: counts.judged + 1, wrong: counts.wrong + Number(long.wrong.length > 0) };
  });
  fc.assert(property, { numRuns, seed });
  expect(counts.judged).toBeGreaterThan(numRuns / 2);
  expect(counts.wrong).toBeGreaterThan(numRuns / 10);
});

test('a tag with an empty value is none of those with another value than the policy wants', () => {
  const policy = policyOf({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'secretsmanager:*',
        Resource: '*',
        Condition: { StringEqualsIfExists: { 'secretsmanager:ResourceTag/owner': 'x' } },
      },
    ],
  });
  if (policy === undefined) throw new Error('the policy cannot be read');
  const secrets = ['y', ''].map((owner) => ({
    ...{ account, region: 'us-west-2', name: 'a', identity: 'svc', location },
    tags: [{ key: 'owner', value: owner }],
  }));
  const role = roleOf('reader', { identity: [policy] }, account);
  const session = sessionWith(role, []);
  const dist = { roles: new Map(), clusters: [], secrets, guards: new Map() };
  const { wrong, reads } = matrixOf(dist, [classOf(session, 'us-west-2')], ['ekssecret']);
  expect(secrets.map((one) => reads(session, one).denied)).toEqual([true, false]);
  expect(wrong.map(({ secret: { tags: found } }) => found[0]?.value)).toEqual(['']);
});
