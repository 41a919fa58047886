import { describe, expect, it } from 'vitest';
import { appliesTo } from '../../../src/proof/iam/match.ts';
import { contextOf, policyOf, readRequest, sessionPrincipal } from './support.ts';

const secret = 'arn:aws:secretsmanager:us-west-2:111122223333:secret:payments/db-AbCdEf';
const ofTeam = `arn:aws:secretsmanager:us-west-2:111122223333:secret:\${aws:PrincipalTag/team}/*`;

describe('Action: names count without case ("IAM JSON policy elements: Action", "NotAction")', () => {
  it.each([
    [{ Action: 'secretsmanager:GetSecretValue' }, true],
    [{ Action: 'SecretsManager:getsecretvalue' }, true],
    [{ Action: 'secretsmanager:Get*' }, true],
    [{ Action: 'secretsmanager:?etSecretValue' }, true],
    [{ Action: 'secretsmanager:Get' }, false],
    [{ Action: ['kms:*', '*'] }, true],
    [{ NotAction: 'kms:*' }, true],
    [{ NotAction: ['kms:*', 'secretsmanager:Get*'] }, false],
  ])('%j: %s', (action, applies) => {
    const [statement] = policyOf('identity', { Effect: 'Allow', Resource: '*', ...action }).statements;
    expect(statement && appliesTo(statement, readRequest(sessionPrincipal('eso')))).toBe(applies);
  });
});

describe('Resource ("IAM JSON policy elements: Resource", "NotResource")', () => {
  it.each<[object, boolean | undefined]>([
    [{ Resource: secret }, true],
    [{ Resource: secret.replace('payments', 'Payments') }, false],
    [{ Resource: secret.replace(/AbCdEf$/, '??????') }, true],
    [{ Resource: secret.replace(/AbCdEf$/, '?????') }, false],
    [{ Resource: 'arn:aws:secretsmanager:*:111122223333:secret:*' }, true],
    [{ Resource: 'arn:aws:secretsmanager:*:444455556666:secret:*' }, false],
    [{ Resource: 'arn:aws:secretsmanager:*' }, true],
    [{ Resource: 'arn:aws:secretsmanager:us-west-2:*' }, true],
    [{ Resource: 'arn:aws:s3:::*' }, false],
    [{ Resource: ['arn:aws:s3:::*', secret] }, true],
    [{ NotResource: secret }, false],
    [{ NotResource: ['arn:aws:s3:::*', secret] }, false],
    [{ NotResource: 'arn:aws:s3:::*' }, true],
    // AWS says that a * at the end of a part reaches over colons, and nothing of one elsewhere.
    [{ Resource: 'arn:aws:secretsmanager:us-*:secret:payments/db-AbCdEf' }, true],
    [{ Resource: 'arn:aws:secretsmanager:us-west-2:1*3:secret:payments/*-AbCdEf' }, true],
    [{ Resource: 'arn:aws:secretsmanager:us-west-2:1*s/db-AbCdEf:*' }, false],
    [{ Resource: 'arn:aws:secretsmanager:u*s/db-AbCdEf*:*:*' }, false],
    [{ Resource: 'arn:aws:secretsmanager:us-west-2:111122223333:s*db-AbCdEf' }, undefined],
    [{ NotResource: 'arn:aws:secretsmanager:us-west-2:111122223333:s*db-AbCdEf' }, undefined],
  ])('%j: %s', (resource, applies) => {
    const [statement] = policyOf('identity', { Effect: 'Allow', Action: '*', ...resource }).statements;
    expect(statement && appliesTo(statement, readRequest(sessionPrincipal('eso')))).toBe(applies);
  });

  it.each<[object, Record<string, string>, boolean | undefined]>([
    [{ Resource: ofTeam }, { 'aws:PrincipalTag/team': 'payments' }, true],
    [{ Resource: ofTeam }, { 'aws:PrincipalTag/team': '*' }, false],
    [{ Resource: ofTeam }, {}, false],
    [{ NotResource: ofTeam }, {}, true],
    [{ Resource: ofTeam }, { 'aws:PrincipalTag/team': '' }, undefined],
    [{ Resource: ofTeam.replace('}', ", 'payments'}") }, {}, true],
  ])('%j with %j: %s', (resource, context, applies) => {
    const [statement] = policyOf('identity', { Effect: 'Allow', Action: '*', ...resource }).statements;
    const request = readRequest(sessionPrincipal('eso'), contextOf(context));
    expect(statement && appliesTo(statement, request)).toBe(applies);
  });
});
