import { expect, it } from 'vitest';
import type { ReadCase } from '../../src/proof/counterexample.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { replay } from '../../src/proof/prove/replay.ts';
import { changed, statement } from './attacks/change.ts';
import { filesOf } from './fleets.ts';

const key = 'arn:aws:kms:us-west-2:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const files = filesOf(`
version: 1
aws: { account: "123456789012", primaryRegion: us-west-2, kms: { keys: ["${key}"] } }
services:
  - { name: payments, regions: [us-west-2], secrets: [payments_api_key] }
  - { name: orders, regions: [us-west-2], secrets: [orders_db] }
`);
const role = 'arn:aws:iam::123456789012:role/eso-secrets-access';
const policy = 'aws/123456789012/roles/eso-secrets-access/policy.json';

it('a key of another account is taken to let the role in, and the role has to be allowed too', () => {
  const { findings, counts } = proveDist(files);
  expect([findings, counts.allowed]).toEqual([[], 2]);
  const tree = new Map(files.map(({ path, text }) => [path, text]));
  const sid = (
    JSON.parse(tree.get(policy) ?? '') as { Statement: { Sid: string; Action: unknown }[] }
  ).Statement.find(({ Action }) => JSON.stringify(Action).includes('kms:Decrypt'))?.Sid;
  const without = changed(
    tree,
    statement(policy, sid ?? '', { Resource: key.replace('1234abcd', '00000000') }),
  );
  const sources = [...without].map(([path, text]) => ({ path, text }));
  const denied = proveDist(sources).findings.filter(({ rule }) => rule === 'proof-denied');
  expect(denied.map(({ message }) => message)).toEqual([
    'orders in cluster "us-west-2" cannot read "orders_db" (and 1 more)',
    'orders in cluster "us-west-2" cannot read its own "orders_db": kms:Decrypt is not allowed',
  ]);
});

it('so it is when a counterexample is played again', () => {
  const decrypts: ReadCase = {
    question: 'read',
    expected: 'allowed',
    role,
    sessionTags: [{ key: 'ekssecret', value: 'payments' }],
    action: 'kms:Decrypt',
    resource: { arn: key, tags: [] },
    context: { 'kms:viaservice': 'secretsmanager.us-west-2.amazonaws.com' },
  };
  expect(replay(files, decrypts).outcome).toBe('allowed');
  expect(replay(files, { ...decrypts, context: {} }).outcome).toBe('denied');
  const arn = key.replace('1234abcd', '00000000');
  expect(replay(files, { ...decrypts, resource: { arn, tags: [] } }).outcome).toBe('denied');
  const other = { arn: decrypts.resource.arn.replace('kms', 'secretsmanager'), tags: [] };
  expect(
    replay(files, { ...decrypts, action: 'secretsmanager:GetSecretValue', resource: other }).outcome,
  ).toBe('denied');
});
