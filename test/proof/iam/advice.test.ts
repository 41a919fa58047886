import { expect, it } from 'vitest';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import type { PolicyKind } from '../../../src/proof/iam/model.ts';

const good = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
const trusting = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
const variable = '$'.concat('{aws:PrincipalTag/team}');
const one = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });
const when = (Condition: unknown) => one({ ...good, Condition });
const trusts = (Principal: unknown) => one({ ...trusting, Principal });

const everyAwsPrincipal =
  'an account number, or the ARN of an account (:root), role, user or role session, or "*"';
const everyElement =
  'Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition';
const texts = 'a text, or a list of texts';

const documents: readonly (readonly [document: unknown, allowed: string])[] = [
  [[], 'an object with Version and Statement'],
  [{ ...one(good), Name: 'x' }, 'Version, Id, Statement'],
  [{ ...one(good), Version: 'x' }, '2012-10-17 or 2008-10-17'],
  [{ Version: '2012-10-17' }, 'one statement, or a list of them'],
  [
    { Statement: { ...good, Resource: ['*', `arn:aws:kms:us-west-2:111122223333:key/${variable}`] } },
    '"Version": "2012-10-17", which gives them their meaning',
  ],
  [one({ ...good, Sid: 'A' }, { ...good, Sid: 'A' }), 'each Sid once'],
  [one('x'), 'an object with Effect, Action and so on'],
  [one({ ...good, Cause: 'x' }), everyElement],
  [one({ ...good, Sid: 'a b' }), 'letters and digits, no spaces'],
  [one({ ...good, Effect: 'Maybe' }), 'Allow or Deny'],
  [one({ ...good, Principal: '*' }), 'no principal'],
  [one({ ...good, NotAction: '*' }), 'one of them'],
  [one({ Effect: 'Allow', Resource: '*' }), 'Action or NotAction'],
  [one({ Effect: 'Allow', Action: '*' }), 'Resource or NotResource'],
  [one({ ...good, Action: 'kms' }), 'service:Action, with * and ? in the action; or *'],
  [one({ ...good, Action: {} }), texts],
  [one({ ...good, Resource: [] }), texts],
  [one({ ...good, Resource: 'x' }), 'an ARN such as arn:aws:secretsmanager:…, or *'],
  [one({ ...good, Resource: `arn:aws:${variable}:::x` }), 'variables in the last part only'],
  [when('x'), 'an object of condition operators'],
  [when({ StringEquals: 'x' }), 'an object of condition keys'],
  [when({ NullIfExists: { 'aws:TagKeys': 'true' } }), 'Null'],
  [when({ 'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a' } }), 'ForAnyValue without IfExists'],
  [when({ Bool: { 'aws:PrincipalArn': 'true' } }), 'an operator for arn'],
  [when({ StringLike: { 'aws:TagKeys': 'a' } }), 'ForAllValues:StringLike or ForAnyValue:StringLike'],
  [when({ StringEquals: { 'aws:SourceVpc': [] } }), 'at least one value'],
  [when({ StringEquals: { 'aws:SourceVpc': null } }), texts],
  [when({ Null: { 'aws:SourceVpc': 'no' } }), '"true" or "false"'],
  [when({ ArnLike: { 'aws:SourceArn': 'x' } }), 'arn: and five more parts, variables in the last one only'],
  [
    when({ StringEquals: { 'aws:SourceVpc': '$'.concat('{x') } }),
    ['{key}, ', "{key, 'default'}, ", '{*}, ', '{?} or ', '{$}'].map((one) => `$${one}`).join(''),
  ],
];

const trustPolicies: typeof documents = [
  [one({ ...trusting, Resource: '*' }), 'no resource: it is the role itself'],
  [one({ Effect: 'Allow', Action: 'sts:*' }), 'Principal: whom the statement is about'],
  [
    one({ Effect: 'Deny', NotPrincipal: '*', Action: 'sts:*' }),
    'Principal, with a condition on aws:PrincipalArn',
  ],
  [trusts('x'), '"*", or an object such as { "AWS": … }'],
  [trusts(1), '"*", or an object with AWS, Service, Federated, CanonicalUser'],
  [trusts({ Aws: '*' }), 'AWS, Service, Federated, CanonicalUser'],
  [trusts({ AWS: 'x' }), everyAwsPrincipal],
  [trusts({ AWS: 'AIDAEXAMPLEID1234567' }), everyAwsPrincipal],
  [trusts({ AWS: 'arn:aws:sts::111122223333:federated-user/x' }), everyAwsPrincipal],
  [trusts({ Service: 'x' }), 'a name such as pods.eks.amazonaws.com'],
  [trusts({ Federated: 'x' }), 'the ARN of an OIDC or SAML provider in IAM'],
  [trusts({ CanonicalUser: 'x' }), 'AWS, Service, Federated'],
];

function allowedFor(document: unknown, kind: PolicyKind): (string | undefined)[] {
  return readPolicy('p.json', JSON.stringify(document), kind).findings.map(({ allowed }) => allowed);
}

it.each(documents)('%j: expected %s', (document, allowed) => {
  expect(allowedFor(document, 'identity')).toEqual([allowed]);
});

it.each(trustPolicies)('as a trust policy %j: expected %s', (document, allowed) => {
  expect(allowedFor(document, 'trust')).toEqual([allowed]);
});

it('an operator or a key that is not known is one of a list', () => {
  const [operators = ''] = allowedFor(when({ NumericEquals: { 'aws:SourceVpc': '1' } }), 'identity');
  expect(operators).toBe(
    'StringEquals, StringNotEquals, StringEqualsIgnoreCase, StringNotEqualsIgnoreCase, StringLike, StringNotLike, ' +
      'ArnEquals, ArnNotEquals, ArnLike, ArnNotLike, Bool, Null, ' +
      'with ForAllValues: or ForAnyValue: in front, IfExists behind',
  );
  const [keys = ''] = allowedFor(when({ StringEquals: { 'aws:UserAgent': '1' } }), 'identity');
  expect(keys).toMatch(
    /^aws:PrincipalAccount, .*, secretsmanager:ResourceTag\/…, in trust policies <provider>:sub/,
  );
  expect(
    allowedFor(when({ StringEquals: { 'aws:SourceVpc': '$'.concat('{aws:UserAgent}') } }), 'identity'),
  ).toEqual([keys]);
});
