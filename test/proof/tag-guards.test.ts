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
const wide = (letter: string) => `arn:aws:secretsmanager:*:*:secret:*${letter}${'?'.repeat(18)}`;
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
    statement(guard, 'DenyTagsOfSecrets', { Resource: [wide('a'), wide('b')] }),
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
