import { describe, expect, it } from 'vitest';
import { policyFrom, readPolicy } from '../../../src/proof/iam/document.ts';
import type { PolicyKind } from '../../../src/proof/iam/model.ts';
import { readJson } from '../../../src/proof/json/read.ts';

/** What is found, as `rule: message`, with the nearest spelling behind. */
function found(text: string, kind: PolicyKind = 'identity'): string[] {
  const { policy, findings } = readPolicy('p.json', text, kind);
  expect(policy === undefined).toBe(findings.length > 0);
  expect(findings.every(({ location, allowed }) => location !== undefined && allowed !== undefined)).toBe(
    true,
  );
  return findings.map(({ rule, message, nearest }) => `${rule}: ${message}${nearest ? ` → ${nearest}` : ''}`);
}

const version = { Version: '2012-10-17' };
const good = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
const principal = { Principal: { AWS: '111122223333' } };
const trusting = { Effect: 'Allow', ...principal, Action: 'sts:AssumeRole' };
const variable = `\${aws:PrincipalTag/team}`;

type Case = readonly [statement: unknown, ...findings: string[]];

/** Each finding of a policy with one statement. */
function check(kind: PolicyKind, cases: readonly Case[]): void {
  it.each(cases)('%j', (statement, ...findings) => {
    expect(found(JSON.stringify({ ...version, Statement: [statement] }), kind)).toEqual(findings);
  });
}

describe('statements of roles', () => {
  check('identity', [
    [good],
    [{ ...good, Sid: 'Read1' }],
    [{ ...good, Effect: 'Alow' }, 'policy-syntax: "Effect" is "Alow" → Allow'],
    [{ ...good, Effect: 'allow' }, 'policy-syntax: "Effect" is "allow" → Allow'],
    [{ Action: '*', Resource: '*' }, 'policy-syntax: a statement without "Effect"'],
    [{ Effect: 'Allow', Resource: '*' }, 'policy-syntax: a statement without "Action"'],
    [{ Effect: 'Allow', Action: '*' }, 'policy-syntax: a statement without "Resource"'],
    [{ ...good, NotAction: '*' }, 'policy-syntax: "Action" and "NotAction" in one statement'],
    [{ ...good, NotResource: '*' }, 'policy-syntax: "Resource" and "NotResource" in one statement'],
    [{ ...good, ...principal }, 'policy-syntax: "Principal" in a policy of a role or user'],
    [{ ...good, NotPrincipal: '*' }, 'policy-syntax: "NotPrincipal" in a policy of a role or user'],
    [{ ...good, Sid: 'a b' }, 'policy-syntax: "Sid" is "a b"'],
    [{ ...good, Sid: 1 }, 'policy-syntax: "Sid" is a number'],
    [{ ...good, Conditions: {} }, 'policy-syntax: a statement has no "Conditions" → Condition'],
    [{ ...good, Action: [] }, 'policy-syntax: "Action" is an empty list'],
    [{ ...good, Action: ['*', 1] }, 'policy-syntax: "Action" is a number'],
    [{ ...good, Action: 'kms' }, 'policy-syntax: "kms" is no action'],
    [{ ...good, Action: 'k*:Decrypt' }, 'policy-syntax: "k*:Decrypt" is no action'],
    [{ ...good, Action: `kms:${variable}` }, `policy-syntax: "kms:${variable}" is no action`],
    [{ ...good, Resource: 'secret' }, 'policy-syntax: "secret" is no resource'],
    [{ ...good, Resource: 'arn:aws:kms' }, 'policy-syntax: "arn:aws:kms" is no resource'],
    [
      { ...good, Resource: `arn:aws:kms:*:${variable}:key/*` },
      `policy-unknown: "arn:aws:kms:*:${variable}:key/*" has a variable before the fifth colon`,
    ],
    [{ ...good, Condition: [] }, 'policy-syntax: "Condition" is a list'],
    ['x', 'policy-syntax: a statement is a text'],
  ]);
});

describe('conditions', () => {
  const cases: readonly Case[] = [
    [
      { StringEqual: { 'aws:SourceVpc': 'a' } },
      'policy-unknown: the condition operator "StringEqual" is not known here → StringEquals',
    ],
    [
      { stringequals: { 'aws:SourceVpc': 'a' } },
      'policy-unknown: the condition operator "stringequals" is not known here → StringEquals',
    ],
    [
      { NumericLessThan: { 'aws:MultiFactorAuthAge': '1' } },
      'policy-unknown: the condition operator "NumericLessThan" is not known here',
    ],
    [
      { 'ForAll:StringEquals': { 'aws:TagKeys': 'a' } },
      'policy-unknown: the condition operator "ForAll:StringEquals" is not known here → ForAllValues:StringEquals',
    ],
    [{ NullIfExists: { 'aws:TagKeys': 'true' } }, 'policy-syntax: "NullIfExists": Null stands alone'],
    [
      { 'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a' } },
      'policy-unknown: "ForAnyValue:StringLikeIfExists": AWS does not document what IfExists means behind ForAnyValue',
    ],
    [
      { StringEquals: { 'aws:TagKeys': 'a' } },
      'policy-unknown: "aws:TagKeys" has several values in a request',
    ],
    [
      { StringEquals: { 'secretsmanager:ResourceTags/team': 'a' } },
      'policy-unknown: no request here has the condition key "secretsmanager:ResourceTags/team" → secretsmanager:ResourceTag/team',
    ],
    [
      { StringEquals: { 'aws:PrincpalTag/Team': 'a' } },
      'policy-unknown: no request here has the condition key "aws:PrincpalTag/Team" → aws:PrincipalTag/Team',
    ],
    [
      { StringEquals: { 'aws:ResourceTag': 'a' } },
      'policy-unknown: no request here has the condition key "aws:ResourceTag" → aws:ResourceTag/…',
    ],
    [
      { StringEquals: { 'oidc.example.com:sub': 'a' } },
      'policy-unknown: no request here has the condition key "oidc.example.com:sub"',
    ],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincpalTag/team}` } },
      'policy-unknown: no request here has a value for the variable "aws:PrincpalTag/team" → aws:PrincipalTag/team',
    ],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:TagKeys}` } },
      'policy-unknown: no request here has a value for the variable "aws:TagKeys" → aws:TagKeys',
    ],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team` } },
      `policy-unknown: "\${aws:PrincipalTag/team" is not understood`,
    ],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team, none}` } },
      `policy-unknown: "\${aws:PrincipalTag/team, none}" is not understood`,
    ],
    [
      { ArnLike: { 'aws:PrincipalArn': '*' } },
      'policy-unknown: "*" is no ARN, which ArnLike compares part by part',
    ],
    [
      { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${variable}:role/x` } },
      `policy-unknown: "arn:aws:iam::${variable}:role/x" is no ARN, which ArnLike compares part by part`,
    ],
    [
      { ArnLike: { 'aws:PrincipalTag/team': 'arn:aws:iam::1:x' } },
      'policy-unknown: "ArnLike" is not for "aws:PrincipalTag/team", whose values are of type string',
    ],
    [{ Bool: { 'aws:SecureTransport': 'yes' } }, 'policy-unknown: "yes" as a value of Bool'],
    [{ Null: { 'aws:PrincipalTag/team': variable } }, `policy-unknown: "${variable}" as a value of Null`],
    [{ Null: { 'aws:PrincipalTag/team': 'FALSE' } }, 'policy-unknown: "FALSE" as a value of Null'],
    [{ StringEquals: { 'aws:SourceVpc': [] } }, 'policy-syntax: "aws:SourceVpc" has an empty list of values'],
    [{ StringEquals: { 'aws:SourceVpc': { a: 1 } } }, 'policy-syntax: a condition value is an object'],
    [{ StringEquals: 'aws:SourceVpc' }, 'policy-syntax: "StringEquals" is a text'],
  ];
  check(
    'identity',
    cases.map(([Condition, ...findings]) => [{ ...good, Condition }, ...findings]),
  );
});

describe('trust policies', () => {
  check('trust', [
    [trusting],
    [{ ...trusting, Principal: '*' }],
    [{ ...trusting, Principal: { Service: 'pods.eks.amazonaws.com', Federated: ['accounts.google.com'] } }],
    [{ ...trusting, Condition: { StringEquals: { 'oidc.eks.us-west-2.amazonaws.com/id/A1:sub': 'a' } } }],
    [{ ...trusting, Resource: '*' }, 'policy-syntax: "Resource" in a trust policy'],
    [{ Effect: 'Allow', Action: 'sts:*' }, 'policy-syntax: a statement without "Principal"'],
    [{ ...trusting, NotPrincipal: '*' }, 'policy-unknown: "NotPrincipal" is not judged'],
    [{ ...trusting, Principal: 'x' }, 'policy-syntax: "Principal" is the text "x"'],
    [{ ...trusting, Principal: {} }, 'policy-syntax: "Principal" is empty'],
    [{ ...trusting, Principal: { Aws: '*' } }, 'policy-syntax: Principal has no "Aws" → AWS'],
    [
      { ...trusting, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } },
      'policy-syntax: "arn:aws:iam::111122223333:role/*" is no AWS principal',
    ],
    [{ ...trusting, Principal: { AWS: '11112222333' } }, 'policy-syntax: "11112222333" is no AWS principal'],
    [
      { ...trusting, Principal: { AWS: 'AROAEXAMPLEID1234567' } },
      'policy-unknown: "AROAEXAMPLEID1234567" is the unique id of a role or user, perhaps of one that was deleted',
    ],
    [{ ...trusting, Principal: { Service: '*' } }, 'policy-syntax: "*" is no service'],
    [
      { ...trusting, Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/*' } },
      'policy-syntax: "arn:aws:iam::111122223333:oidc-provider/*" is no identity provider',
    ],
    [{ ...trusting, Principal: { CanonicalUser: 'a' } }, 'policy-unknown: canonical users are not judged'],
  ]);
});

describe('documents', () => {
  it.each<readonly [unknown, ...string[]]>([
    [{ ...version, Statement: good }],
    [{ Version: '2008-10-17', Id: 'x', Statement: [good] }],
    [{ ...version, Id: { Ref: 'Id' }, Statement: [good] }, 'policy-syntax: "Id" is an object'],
    [[], 'policy-syntax: the policy is a list'],
    [version, 'policy-syntax: a policy without "Statement"'],
    [{ ...version, Statement: [] }, 'policy-syntax: "Statement" is empty'],
    [
      { ...version, Statements: [good], Statement: good },
      'policy-syntax: a policy has no "Statements" → Statement',
    ],
    [{ Version: '2012-10-18', Statement: good }, 'policy-syntax: "Version" is "2012-10-18" → 2012-10-17'],
    [{ Version: 2012, Statement: good }, 'policy-syntax: "Version" is a number'],
    [
      {
        ...version,
        Statement: [
          { ...good, Sid: 'A' },
          { ...good, Sid: 'A' },
        ],
      },
      'policy-syntax: the Sid "A" stands here twice',
    ],
    [
      {
        ...version,
        Statement: [
          { ...good, Sid: '' },
          { ...good, Sid: '' },
        ],
      },
    ],
    [
      { Statement: { ...good, Condition: { StringEquals: { 'aws:ResourceTag/team': variable } } } },
      `policy-syntax: "${variable}" is plain text: the policy has no variables`,
    ],
  ])('%j', (document, ...findings) => {
    expect(found(JSON.stringify(document))).toEqual(findings);
  });

  it('tells every problem at once, each at its place', () => {
    const text =
      '{"Version": "2012-10-17",\n"Statement": [\n{"Effect": "Alow", "Action": "x", "Resource": "*"},\n{}]}';
    const { findings } = readPolicy('p.json', text, 'identity');
    expect(findings.map(({ location }) => `${location?.start.line}:${location?.start.column}`)).toEqual([
      '3:12',
      '3:30',
      '4:1',
      '4:1',
      '4:1',
    ]);
  });

  it('that are no JSON are refused at the stray letter', () => {
    expect(found('{"Statement": [{"Effect": "Allow",k}]}')).toEqual([
      'json-syntax: not JSON: unexpected "k"',
    ]);
    expect(found('{"Statement": [], "Statement": []}')).toEqual([
      'duplicate-key: the key "Statement" stands here twice',
    ]);
  });

  it('can stand inside another document', () => {
    const { root } = readJson('t.json', JSON.stringify({ ...version, Statement: good }));
    expect(root && policyFrom(root, 'identity').policy?.file).toBe('t.json');
  });
});
