import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import type { PolicyKind } from '../../../src/proof/iam/model.ts';

const variable = (name: string) => '$'.concat(`{${name}}`);

/** What a policy with one statement is read as, or the messages about it. */
function read(statement: object, kind: PolicyKind, version: object = { Version: '2012-10-17' }) {
  const document = JSON.stringify({ ...version, Statement: { Effect: 'Allow', ...statement } });
  const { policy, findings } = readPolicy('p.json', document, kind);
  return policy?.statements[0] ?? findings.map(({ message }) => message);
}

function principalsOf(Principal: unknown): unknown {
  const found = read({ Principal, Action: 'sts:AssumeRole' }, 'trust');
  return 'effect' in found ? found.principals?.map(({ type, value }) => `${type} ${value}`) : found;
}

const iam = 'arn:aws:iam::111122223333';
const sts = 'arn:aws:sts::111122223333';

describe('"AWS JSON policy elements: Principal" (IAM User Guide)', () => {
  it.each([
    ['*', 'any '],
    ['111122223333', 'account 111122223333'],
    [`${iam}:root`, 'account 111122223333'],
    ['arn:aws-us-gov:iam::111122223333:root', 'account 111122223333'],
    [`${iam}:role/x`, `arn ${iam}:role/x`],
    [`${iam}:role/path/x`, `arn ${iam}:role/path/x`],
    [`${iam}:user/x`, `arn ${iam}:user/x`],
    [`${sts}:assumed-role/x/y`, `arn ${sts}:assumed-role/x/y`],
  ])('AWS: %s is %s', (value, expected) => {
    expect(principalsOf({ AWS: value })).toEqual([expected]);
    expect(principalsOf({ AWS: [value, '444455556666'] })).toEqual([expected, 'account 444455556666']);
  });

  it.each([
    '',
    '11112222333',
    '1111222233334',
    '11112222333x',
    `x${iam}:root`,
    `${iam}:rootx`,
    `${iam}:role/`,
    `${iam}:role`,
    `${iam}:arole/x`,
    `${iam}:group/x`,
    `${iam}:role/x?`,
    `${iam}:user/*`,
    'arn:aws:iam:us-east-1:111122223333:role/x',
    'arn:aws:iam::1111222233334:role/x',
    'arn:aws:iam::x111122223333:role/x',
    'arn:aws:iam::*:root',
    'arn:aws:iam:::role/x',
    'arn:aws:s3::111122223333:role/x',
    `${sts}:root`,
    `${sts}:role/x`,
    `${iam}:assumed-role/x/y`,
    `${sts}:assumed-role/x`,
    `${sts}:assumed-role/x/`,
    `${sts}:assumed-role//y`,
    `${sts}:assumed-role/x/y/z`,
    `${sts}:assumed-role/x/*`,
    `${sts}:x-assumed-role/x/y`,
    `${sts}:federated-user/`,
    `${sts}:a-federated-user/x`,
    `${iam}:federated-user/x`,
    'AROAEXAMPLEID12',
    'xAROAEXAMPLEID123456',
    'AROAEXAMPLEID123456x',
    'BROAEXAMPLEID1234567',
  ])('AWS: "%s" is none', (value) => {
    expect(principalsOf({ AWS: value })).toEqual([`"${value}" is no AWS principal`]);
    expect(principalsOf({ AWS: [value, '*'] })).toEqual([`"${value}" is no AWS principal`]);
  });

  it.each(['AROAEXAMPLEID1234567', 'AIDAEXAMPLEID123'])('AWS: %s was a role or user', (value) => {
    expect(principalsOf({ AWS: value })).toEqual([
      `"${value}" is the unique id of a role or user, perhaps of one that was deleted`,
    ]);
  });

  it('AWS: a federated user session is not judged', () => {
    const message = 'federated user sessions are not judged';
    expect(principalsOf({ AWS: `${sts}:federated-user/x` })).toEqual([message]);
  });

  it.each(['pods.eks.amazonaws.com', 'ec2.amazonaws.com.cn', 'a-1.b'])('Service: %s', (value) => {
    expect(principalsOf({ Service: value })).toEqual([`service ${value}`]);
  });

  it.each(['eks', 'Eks.amazonaws.com', 'eks..com', 'a b.c', '.eks.com', 'eks.com.', 'eks.com/x', '*.com'])(
    'Service: %s is none',
    (value) => {
      expect(principalsOf({ Service: value })).toEqual([`"${value}" is no service`]);
    },
  );

  it.each([
    `${iam}:oidc-provider/oidc.example.com/id/A`,
    `${iam}:saml-provider/x`,
    'accounts.google.com',
    'cognito-identity.amazonaws.com',
  ])('Federated: %s', (value) => {
    expect(principalsOf({ Federated: value })).toEqual([`federated ${value}`]);
  });

  it.each([
    'google',
    'a b.com',
    'accounts.google.com/x',
    'xaccounts.google.com:x',
    `${iam}:oidc-provider/`,
    `${iam}:oidc-provider/a*`,
    `${iam}:oidc-provider/a?b`,
    `${iam}:my-oidc-provider/a`,
    `${iam}:role/a`,
    `${sts}:oidc-provider/a`,
    'arn:aws:iam::1:oidc-provider/a',
    'arn:aws:iam::x111122223333:oidc-provider/a',
    'arn:aws:iam::1111222233334:oidc-provider/a',
  ])('Federated: %s is none', (value) => {
    expect(principalsOf({ Federated: value })).toEqual([`"${value}" is no identity provider`]);
  });

  it('is not for what else is in its place', () => {
    expect(principalsOf(['*'])).toEqual(['"Principal" is a list']);
    expect(principalsOf(null)).toEqual(['"Principal" is null']);
    expect(principalsOf(true)).toEqual(['"Principal" is true or false']);
    expect(principalsOf({ AWS: {} })).toEqual(['"AWS" is an object']);
    expect(principalsOf({ AWS: [] })).toEqual(['"AWS" is an empty list']);
    expect(principalsOf({ AWS: '*', Service: [1], Federated: 'x' })).toEqual([
      '"Service" is a number',
      '"x" is no identity provider',
    ]);
  });
});

describe('"IAM JSON policy elements: Action"', () => {
  it.each(['*', '*:*', 'kms:*', 'kms:Decrypt', 'KMS:de*crypt?', 's3-outposts:Get1'])('%s', (Action) => {
    const found = read({ Action, Resource: '*' }, 'identity');
    expect(found).toMatchObject({ actions: { not: false, values: [{ source: Action }] } });
  });

  it.each([
    '',
    'kms',
    'kms:',
    ':Decrypt',
    '*:Decrypt',
    'k*:*',
    'kms:De crypt',
    'a b:c',
    'kms:a:b',
    '**',
    '?',
  ])('"%s" is none', (Action) => {
    expect(read({ Action, Resource: '*' }, 'identity')).toEqual([`"${Action}" is no action`]);
  });
});

describe('"IAM JSON policy elements: Resource"', () => {
  it.each([
    '*',
    'arn:*',
    'arn:aws:kms:*',
    'arn:aws:s3:::bucket',
    'arn:aws:a:b:1:c:d',
    `arn:aws:kms:*:*:key/${variable('aws:PrincipalTag/team')}`,
  ])('%s', (Resource) => {
    const found = read({ Action: '*', Resource }, 'identity');
    expect(found).toMatchObject({ resources: { not: false, values: [{ source: Resource }] } });
  });

  it.each([
    '',
    'arn',
    '**',
    'x*',
    'arn:aws:kms',
    'xarn:aws:s3:::bucket',
    'arn:aws:kms:us-west-2:1',
    `arn:aws:kms:${variable('aws:PrincipalTag/a')}:${variable('aws:PrincipalTag/b')}`,
  ])('"%s" is none', (Resource) => {
    expect(read({ Action: '*', Resource }, 'identity')).toEqual([`"${Resource}" is no resource`]);
  });

  it('may have variables behind the fifth colon, each with its end', () => {
    const bad = `arn:aws:kms:us-west-2:${variable('aws:PrincipalTag/a')}:x`;
    expect(read({ Action: '*', Resource: bad }, 'identity')).toEqual([
      `"${bad}" has a variable before the fifth colon`,
    ]);
    const open = 'arn:aws:s3:::x$'.concat('{aws:PrincipalTag/a');
    expect(read({ Action: '*', Resource: open }, 'identity')).toEqual([
      `"${'$'.concat('{aws:PrincipalTag/a')}" is not understood`,
    ]);
  });
});

describe('elements of the policy of a resource', () => {
  const statement = { Principal: '*', Action: '*', Resource: '*' };

  it('have a principal, and a Sid of any text', () => {
    expect(read({ ...statement, Sid: 'Enable IAM policies' }, 'resource')).toMatchObject({
      sid: 'Enable IAM policies',
      principals: [{ type: 'any' }],
    });
    expect(read({ Action: '*', Resource: '*' }, 'resource')).toEqual(['a statement without "Principal"']);
    expect(read({ Principal: '*', Action: '*' }, 'resource')).toEqual(['a statement without "Resource"']);
    expect(read({ ...statement, Sid: null }, 'resource')).toEqual(['"Sid" is null']);
  });

  it.each(['identity', 'boundary', 'session', 'scp'] as const)('a %s policy has none', (kind) => {
    expect(read(statement, kind)).toEqual(['"Principal" in a policy of a role or user']);
  });
});

describe('condition keys ("AWS global condition context keys", "keys for OIDC federation")', () => {
  const provider = 'oidc.eks.us-west-2.amazonaws.com/id/A1';
  const trusts = (key: string) =>
    read({ Principal: '*', Action: '*', Condition: { StringEquals: { [key]: 'a' } } }, 'trust');

  it.each([`${provider}:sub`, `${provider}:aud`, 'OIDC.Example.com:SUB', 'example.com:aud'])('%s', (key) => {
    expect(trusts(key)).toMatchObject({ conditions: [{ key: key.toLowerCase(), operator: 'StringEquals' }] });
  });

  it.each([
    `${provider}:amr`,
    `${provider}:subject`,
    `x ${provider}:sub`,
    'example:sub',
    'example..com:sub',
    'example.com/a:b:sub',
    'example.com',
    'aws:ResourceTag/',
    'aws:ResourceTag',
    '/team',
    'aws:Resource Tag/team',
  ])('%s is none', (key) => {
    expect(trusts(key)).toEqual([`no request here has the condition key "${key}"`]);
  });

  it('a variable of one letter is read, and has no value', () => {
    const Condition = { StringEquals: { 'aws:SourceVpc': variable('x') } };
    expect(read({ Action: '*', Resource: '*', Condition }, 'identity')).toEqual([
      'no request here has a value for the variable "x"',
    ]);
  });
});

describe('a policy of version 2008-10-17, or of none', () => {
  const condition = (value: unknown) => ({ Action: '*', Resource: '*', Condition: value });

  it.each([{}, { Version: '2008-10-17' }])('%j has no variables', (version) => {
    const none = condition({ Bool: { 'aws:SecureTransport': true }, Null: { 'aws:TagKeys': false } });
    expect(read(none, 'identity', version)).toMatchObject({ effect: 'Allow' });
    const text = variable('aws:PrincipalTag/team');
    const list = condition({ StringEquals: { 'aws:SourceVpc': ['a', text] } });
    expect(read(list, 'identity', version)).toEqual([`"${text}" is plain text: the policy has no variables`]);
  });
});
