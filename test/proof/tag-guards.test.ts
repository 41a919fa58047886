import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { type Change, changed, document, statement, text } from './attacks/change.ts';
import { treeOf } from './attacks/tree.ts';

const account = 'aws/111122223333';
const guard = `${account}/tag-guard.json`;
const deny = 'a Deny for all but the administrators, whatever the case of the tag keys';
const without = (action: string) =>
  document(guard, (all) =>
    all.map((one) => ({ ...one, Action: (one.Action as string[]).filter((each) => !each.endsWith(action)) })),
  );
const wide = (letter: string) => `*${letter}${'?'.repeat(18)}`;
const role = 'arn:aws:iam::111122223333:role';

it.each<
  readonly [what: string, change: Change, rule: string, message: string, allowed: string, line: number]
>([
  [
    'a tag',
    without('secretsmanager:TagResource'),
    'proof-tag-guard',
    `${role}/another is not kept from secretsmanager:TagResource with the tags ekssecret`,
    deny,
    4,
  ],
  [
    'a policy of a secret',
    without(':PutResourcePolicy'),
    'proof-tag-guard',
    `${role}/another is not kept from secretsmanager:PutResourcePolicy`,
    deny,
    4,
  ],
  [
    'one of the roles',
    text(guard, 'role/platform/secrets-administrator', 'role/eso-prod'),
    'proof-tag-guard',
    `${role}/eso-prod may change the tags that decide what it reads`,
    'administrators that are none of the roles in dist',
    4,
  ],
  [
    'more than can be looked at',
    statement(guard, 'DenyTagsOfSecrets', {
      Condition: { StringLike: { 'aws:PrincipalOrgID': [wide('a'), wide('b')] } },
    }),
    'policy-unknown',
    'the policy distinguishes more cases than can be looked at one by one',
    'fewer tags and patterns',
    1,
  ],
])('a guard on tags that leaves out %s', (_, change, rule, message, allowed, line) => {
  const { findings } = proveDist(
    [...changed(treeOf('platform'), change)].map(([path, content]) => ({ path, text: content })),
  );
  expect(
    findings.map((one) => [
      one.rule,
      one.severity,
      one.message,
      one.allowed,
      one.location?.file,
      one.location?.start.line,
    ]),
  ).toEqual([[rule, 'error', message, allowed, guard, line]]);
});

const proofOf = (tree: ReadonlyMap<string, string>) =>
  proveDist([...tree].map(([path, content]) => ({ path, text: content })));

it('a guard is asked about cases of its own', () => {
  const without = changed(treeOf('platform'), (files) => files.delete(guard));
  expect(proofOf(treeOf('platform')).counts.cases).toBeGreaterThan(proofOf(without).counts.cases);
});

it('keys are guarded in the account whose roles choose them by tags', () => {
  const tree = treeOf('chain');
  const ofSecrets = JSON.parse(tree.get('aws/999999999999/tag-guard.json') ?? '') as {
    Statement: { Sid: string }[];
  };
  const Statement = ofSecrets.Statement.filter(({ Sid }) => !Sid.endsWith('Keys'));
  const text = JSON.stringify({ ...ofSecrets, Statement }).replaceAll('999999999999', '123456789012');
  const { findings } = proofOf(changed(tree, (files) => files.set('aws/123456789012/tag-guard.json', text)));
  expect(findings).toEqual([]);
});
