import { describe, expect, it } from 'vitest';
import { assumeRole } from '../../../src/proof/iam/assume.ts';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import type { Assumption, Role, Tag } from '../../../src/proof/iam/model.ts';
import { decryptRequest, policiesOf } from '../../../src/proof/iam/requests.ts';
import { resourceRequest } from '../../../src/proof/questions/requests.ts';
import { account, otherAccount, policyOf, roleOf, sessionOf } from './support.ts';

const secretArn = `arn:aws:secretsmanager:us-west-2:${account}:secret:payments/db-AbCdEf`;
const keyArn = `arn:aws:kms:us-west-2:${otherAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const tags: readonly Tag[] = [{ key: 'Team', value: 'payments' }];
const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } });

/** A role that may do everything under one condition. */
function roleWith(Condition: object, parts: Partial<Role> = {}): Role {
  const identity = [policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*', Condition })];
  return roleOf('access', { identity, tags, ...parts });
}

function reads(role: Role, arn = secretArn): string {
  const session = sessionOf(role);
  const request = resourceRequest(session, 'secretsmanager:GetSecretValue', { arn, tags }, {});
  return evaluate(request, policiesOf(session)).reason;
}

function decrypts(Condition: object, arn = secretArn, keyTags: readonly Tag[] = tags): string {
  const session = sessionOf(roleWith(Condition));
  const request = decryptRequest(session, { arn, tags: [] }, { arn: keyArn, tags: keyTags });
  const ofKey = policyOf('resource', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' });
  return evaluate(request, { ...policiesOf(session), resource: ofKey }).reason;
}

describe('reading a secret ("AWS global condition context keys", IAM User Guide)', () => {
  it.each<readonly [condition: object, reason: string]>([
    [equals('aws:ResourceTag/team', 'payments'), 'allowed'],
    [equals('aws:ResourceTag/team', 'orders'), 'implicit-deny'],
    [equals('secretsmanager:ResourceTag/team', 'payments'), 'allowed'],
    [equals('secretsmanager:ResourceTag/team', 'orders'), 'implicit-deny'],
    [equals('aws:PrincipalTag/team', 'payments'), 'allowed'],
    [equals('aws:PrincipalTag/team', 'orders'), 'implicit-deny'],
    [equals('aws:RequestedRegion', 'us-west-2'), 'allowed'],
    [equals('aws:RequestedRegion', 'eu-west-1'), 'implicit-deny'],
    [equals('aws:ResourceAccount', account), 'allowed'],
    [equals('aws:ResourceAccount', otherAccount), 'implicit-deny'],
    [{ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/access` } }, 'allowed'],
    [{ Null: { 'kms:ViaService': 'true', 'iam:ResourceTag/team': 'true' } }, 'allowed'],
    [equals('aws:FederatedProvider', 'x'), 'unknown'],
  ])('%j: %s', (condition, reason) => {
    expect(reads(roleWith(condition))).toBe(reason);
  });
});

describe('decrypting it ("Condition keys for AWS KMS", KMS Developer Guide)', () => {
  it.each<readonly [condition: object, reason: string]>([
    [equals('aws:ResourceTag/team', 'payments'), 'allowed'],
    [equals('aws:ResourceTag/team', 'orders'), 'implicit-deny'],
    [equals('secretsmanager:ResourceTag/team', 'payments'), 'implicit-deny'],
    [equals('kms:CallerAccount', account), 'allowed'],
    [equals('kms:CallerAccount', otherAccount), 'implicit-deny'],
    [equals('kms:EncryptionContext:SecretARN', secretArn), 'allowed'],
    [equals('kms:EncryptionContext:SecretARN', keyArn), 'implicit-deny'],
    [equals('aws:ResourceAccount', otherAccount), 'allowed'],
  ])('%j: %s', (condition, reason) => {
    expect(decrypts(condition)).toBe(reason);
  });

  it.each([
    ['aws', 'us-west-2', 'amazonaws.com'],
    ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
    ['aws-iso', 'us-iso-east-1', 'c2s.ic.gov'],
    ['aws-iso-b', 'us-isob-east-1', 'sc2s.sgov.gov'],
    ['aws-iso-e', 'eu-isoe-west-1', 'cloud.adc-e.uk'],
    ['aws-iso-f', 'us-isof-south-1', 'csp.hci.ic.gov'],
    ['aws-eusc', 'eusc-de-east-1', 'amazonaws.eu'],
  ])('is asked for through Secrets Manager: in %s %s through its name in %s', (partition, region, suffix) => {
    const arn = `arn:${partition}:secretsmanager:${region}:${account}:secret:a-AbCdEf`;
    const name = `secretsmanager.${region}.${suffix}`;
    expect(decrypts(equals('kms:ViaService', name), arn)).toBe('allowed');
    expect(decrypts({ StringNotEquals: { 'kms:ViaService': name } }, arn)).toBe('implicit-deny');
  });

  it('says nothing of two tags of the key that differ in case only', () => {
    const twice = [...tags, { key: 'team', value: 'orders' }];
    expect(decrypts(equals('aws:ResourceTag/team', 'orders'), secretArn, twice)).toBe('unknown');
    expect(decrypts(equals('aws:ResourceTag/owner', 'orders'), secretArn, twice)).toBe('implicit-deny');
  });
});

describe('the policies around a role', () => {
  const narrow = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  const wide = { Effect: 'Allow', Action: '*', Resource: '*' };

  it('bind its sessions', () => {
    expect(reads(roleWith({}))).toBe('allowed');
    expect(reads(roleWith({}, { boundary: policyOf('boundary', narrow) }))).toBe('implicit-deny');
    expect(reads(roleWith({}, { boundary: policyOf('boundary', wide) }))).toBe('allowed');
    const scps = (...statements: (typeof wide)[]) => statements.map((one) => [policyOf('scp', one)]);
    expect(reads(roleWith({}, { scps: scps(wide, narrow) }))).toBe('implicit-deny');
    expect(reads(roleWith({}, { scps: scps(wide, wide) }))).toBe('allowed');
  });
});

describe('session tags ("Rules for tagging in IAM and AWS STS", IAM User Guide)', () => {
  const trust = policyOf('trust', { Effect: 'Allow', Principal: '*', Action: 'sts:*' });
  const role = roleOf('access', { trust });
  const many = (count: number, name: string): Tag[] =>
    Array.from({ length: count }, (_, index) => ({ key: `${name}${index}`, value: '' }));

  function why(passed: readonly Tag[], inherited: readonly Tag[] = []): string | undefined {
    const session = sessionOf(roleOf('controller'), { transitive: inherited });
    const asked: Assumption = { sessionName: 'eso', tags: passed, transitiveTagKeys: [] };
    const assumed = assumeRole({ type: 'session', session }, asked, role);
    return assumed.session === undefined ? assumed.why : undefined;
  }

  it('are counted with those that are inherited', () => {
    expect(why(many(30, 'a'), many(20, 'b'))).toBeUndefined();
    expect(why(many(30, 'a'), many(21, 'b'))).toBe('STS refuses more than 50 session tags');
  });

  it('may not begin with aws:, and may hold it', () => {
    expect(why([{ key: 'my-aws:team', value: 'a' }])).toBeUndefined();
    expect(why([{ key: 'aws:team', value: 'a' }])).toMatch(/the reserved "aws:"$/);
  });
});
