import { describe, expect, it } from 'vitest';
import { type DocumentsQuestion, proveDocuments } from '../../src/proof/prove/documents.ts';

const variable = (key: string) => '$'.concat(`{aws:PrincipalTag/${key}}`);
const reads = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (action) => `secretsmanager:${action}`,
);
const document = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });
const readsTagged = (...keys: string[]) => ({
  Effect: 'Allow',
  Action: reads,
  Resource: '*',
  Condition: {
    StringEquals: Object.fromEntries(keys.map((key) => [`secretsmanager:ResourceTag/${key}`, variable(key)])),
  },
});
const controller = 'arn:aws:iam::123456789012:role/eso';
const trusts = (condition: object) =>
  document({
    Effect: 'Allow',
    Principal: { AWS: controller },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: condition,
  });
const rightTrust = trusts({
  StringLike: { 'aws:RequestTag/ekssecret': '?*' },
  'ForAllValues:StringEquals': { 'aws:TagKeys': 'ekssecret' },
  Null: { 'aws:TagKeys': 'false' },
});

function said(given: { policy?: unknown; trust?: unknown }, more: Partial<DocumentsQuestion> = {}): string[] {
  const file = (name: string, content: unknown) => ({
    file: name,
    text: typeof content === 'string' ? content : JSON.stringify(content, null, 1),
  });
  const { findings } = proveDocuments({
    ...(given.policy !== undefined && { policy: file('access.json', given.policy) }),
    ...(given.trust !== undefined && { trust: file('trust.json', given.trust) }),
    tagKeys: ['ekssecret'],
    pinned: new Map(),
    ...more,
  });
  return findings.map(({ rule, message }) => `${rule}: ${message}`);
}

describe('documents that somebody has', () => {
  it('are fine when they are', () => {
    expect(said({ policy: document(readsTagged('ekssecret')), trust: rightTrust })).toEqual([]);
  });

  it('are read from what the AWS command line prints', () => {
    const policy = { RoleName: 'r', PolicyName: 'p', PolicyDocument: document(readsTagged('ekssecret')) };
    const trust = {
      Role: { Arn: 'arn:aws:iam::123456789012:role/r', Tags: [], AssumeRolePolicyDocument: rightTrust },
    };
    expect(said({ policy, trust })).toEqual([]);
    const encoded = { PolicyDocument: encodeURIComponent(JSON.stringify(document(readsTagged('other')))) };
    expect(said({ policy: encoded }).join()).toContain('proof-access');
    expect(said({ policy: encoded }, { tagKeys: ['other'] })).toEqual([]);
  });

  it('a role that carries the tag itself is reported', () => {
    const Tags = [{ Key: 'EksSecret', Value: 'payments' }];
    const trust = {
      Role: { Arn: 'arn:aws:iam::123456789012:role/r', Tags, AssumeRolePolicyDocument: rightTrust },
    };
    expect(said({ trust }).join()).toContain('the role itself has the tag "EksSecret"');
  });

  it('wide permissions and keys without ViaService are reported', () => {
    const key = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const policy = document(
      { Effect: 'Allow', Action: ['kms:ListKeys', 'secretsmanager:ListSecrets'], Resource: '*' },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: key },
      readsTagged('ekssecret'),
    );
    expect(said({ policy }).map((line) => line.slice(0, 52))).toEqual([
      'wide-permission: the role may do "kms:ListKeys"',
      'wide-permission: the role may do "secretsmanager:Lis',
      'proof-access: a session with ekssecret=payments can ',
    ]);
  });

  it('two tags in separate statements are one tag too few', () => {
    const tagKeys = ['ekssecret', 'environment'];
    const apart = document(readsTagged('ekssecret'), readsTagged('environment'));
    const lines = said({ policy: apart }, { tagKeys });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(
        /^proof-access: a session with ekssecret=payments, environment=payments is allowed/,
      );
      // One tag is the session's, the other one is not.
      expect(line.match(/=payments/g)).toHaveLength(3);
    }
    expect(said({ policy: document(readsTagged(...tagKeys)) }, { tagKeys })).toEqual([]);
  });

  it.each([
    ['no tags at all', trusts({}), 'with no tags'],
    ['further tags', trusts({ StringLike: { 'aws:RequestTag/ekssecret': '?*' } }), 'with further tags'],
    [
      'a wildcard for the caller',
      document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }),
      'role/another can assume',
    ],
    [
      'another service',
      document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      'ec2.amazonaws.com can assume',
    ],
  ])('a trust policy that takes %s is reported', (_, trust, expected) => {
    expect(said({ trust }).join('\n')).toContain(expected);
  });

  it('a tag with a value has to be pinned to it', () => {
    const more = { tagKeys: ['ekssecret', 'environment'], pinned: new Map([['environment', 'prod']]) };
    const open = trusts({
      StringLike: { 'aws:RequestTag/ekssecret': '?*', 'aws:RequestTag/environment': '?*' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['ekssecret', 'environment'] },
      Null: { 'aws:TagKeys': 'false' },
    });
    expect(said({ trust: open }, more).join()).toContain('with the tags of another cluster');
    const text = JSON.stringify(open).replace(
      '"StringLike"',
      '"StringEquals":{"aws:RequestTag/environment":"prod"},"StringLike"',
    );
    const pinned = text.replace(',"aws:RequestTag/environment":"?*"', '');
    expect(said({ trust: pinned }, more)).toEqual([]);
  });
});
