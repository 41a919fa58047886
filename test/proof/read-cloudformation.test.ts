import { expect, it } from 'vitest';
import { readCloudFormation } from '../../src/proof/files/realisations.ts';
import { type Change, changed, type Json, type JsonObject, json } from './attacks/change.ts';
import { allows, documentsOf, trusts } from './role-documents.ts';
import { type Said, said, written } from './said.ts';

const path = 'aws/123456789012/cloudformation.json';
const inline = (name: string) => ({ PolicyName: name, PolicyDocument: allows('kms:Decrypt') });
const roleOf = (RoleName: Json) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, Path: '/', AssumeRolePolicyDocument: trusts, Policies: [inline('eso')] },
});
const template = { Description: 'Roles', Resources: { Eso: roleOf('eso'), Reader: roleOf('reader') } };

const roles = [documentsOf('eso'), documentsOf('reader'), documentsOf('by-eksctl', false)];

/** What is said of the template after a change, and the settings of the roles that it makes. */
function read(change: Change) {
  const text = changed(new Map([[path, written(template)]]), change).get(path) ?? '';
  return said([{ path, text }], (reading) => readCloudFormation({ path, text }, roles, reading));
}

const at = (...keys: readonly string[]) => ['Resources', ...keys];
const inTemplate = (patch: JsonObject) => json(path, [], patch);
const inEso = (patch: JsonObject) => json(path, at('Eso'), patch);
const properties = (patch: JsonObject) => json(path, at('Eso', 'Properties'), patch);
const isMissing = (name: string): Said => [
  '{',
  `role "${name}" of aws/123456789012/roles/${name} is not made here`,
  'every role that has a trust policy',
];
const bound = 'arn:aws:iam::123456789012:policy/team/bound';
const ofPolicy = 'the ARN of a policy of the account, or of AWS';
const roleKeys = 'RoleName, Path, AssumeRolePolicyDocument, Policies';

const cases: readonly (readonly [what: string, change: Change, ...said: Said[]])[] = [
  ['what the proof knows', inTemplate({ AWSTemplateFormatVersion: '2010-09-09' })],
  ['roles that stay', inEso({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })],
  [
    'no resources',
    inTemplate({ Resources: null }),
    ['{"Description": "Roles"}', 'the template has no "Resources"', 'Resources'],
  ],
  [
    'a list of resources',
    inTemplate({ Resources: [] }),
    ['[]', 'Resources of the template is no object', 'an object'],
    isMissing('eso'),
    isMissing('reader'),
  ],
  [
    'a macro',
    inTemplate({ Transform: 'AWS::Include' }),
    [
      '"Transform"',
      'the template holds "Transform", which the proof knows nothing about',
      'Resources, AWSTemplateFormatVersion, Description',
    ],
  ],
  [
    'a macro for a description',
    inTemplate({ Description: { 'Fn::Transform': {} } }),
    ['{"Fn::Transform": {}}', 'Description of the template is no text', 'a text'],
  ],
  [
    'a role that goes with its stack',
    inEso({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 1 }),
    ['"Delete"', 'DeletionPolicy is not "Retain"', 'Retain'],
    ['1', 'UpdateReplacePolicy is not "Retain"', 'Retain'],
  ],
  [
    'a user',
    inEso({ Type: 'AWS::IAM::User' }),
    [
      '"AWS::IAM::User"',
      'a resource of type "AWS::IAM::User"',
      'AWS::IAM::Role and nothing else in this file',
    ],
    isMissing('eso'),
  ],
  [
    'a type that only CloudFormation knows',
    inEso({ Type: { Ref: 'Type' } }),
    ['{"Ref": "Type"}', 'Type of the resource is no text', 'a text'],
    ['{"Ref": "Type"}', 'a resource of type ""', 'AWS::IAM::Role and nothing else in this file'],
    isMissing('eso'),
  ],
  [
    'a condition',
    inEso({ Condition: 'IsProd' }),
    [
      '"Condition"',
      'the resource holds "Condition", which the proof knows nothing about',
      'Type, Properties, DeletionPolicy, UpdateReplacePolicy',
    ],
  ],
  [
    'no properties',
    inEso({ Properties: null }),
    ['{"Type": "AWS::IAM::Role…', 'the resource has no "Properties"', 'Type, Properties'],
    isMissing('eso'),
  ],
  [
    'properties that are none',
    inEso({ Properties: 'none' }),
    ['"none"', 'the role is no object', `an object with ${roleKeys}`],
    isMissing('eso'),
  ],
  [
    'a managed policy',
    properties({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
    [
      '"ManagedPolicyArns"',
      'the role holds "ManagedPolicyArns", which the proof knows nothing about',
      `${roleKeys}, PermissionsBoundary`,
    ],
  ],
  [
    'neither path nor policies',
    properties({ Path: null, Policies: null }),
    ['{"RoleName": "eso","Assu…', 'the role has no "Path"', roleKeys],
    ['{"RoleName": "eso","Assu…', 'the role has no "Policies"', roleKeys],
    isMissing('eso'),
  ],
  ['a boundary of AWS', properties({ PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' })],
  [
    'the name of a boundary',
    properties({ PermissionsBoundary: 'bound' }),
    ['"bound"', 'PermissionsBoundary of the role is no name', ofPolicy],
  ],
  [
    'a role for a boundary',
    properties({ PermissionsBoundary: 'arn:aws:iam::123456789012:role/bound' }),
    ['"arn:aws:iam::1234567890…', 'PermissionsBoundary of the role is no name', ofPolicy],
  ],
  [
    'a boundary of another account',
    properties({ PermissionsBoundary: 'arn:aws:iam::210987654321:policy/bound' }),
    ['"arn:aws:iam::2109876543…', 'PermissionsBoundary of the role is no name', ofPolicy],
  ],
  [
    'a path that only CloudFormation knows',
    properties({ Path: { Ref: 'Path' }, PermissionsBoundary: ['a'] }),
    ['["a"]', 'PermissionsBoundary of the role is no name', ofPolicy],
    ['{"Ref": "Path"}', 'Path of the role is no text', 'a text'],
  ],
  [
    'a role of which nothing is known',
    properties({ RoleName: 'another' }),
    ['{"RoleName": "another","…', 'role "another" has no documents in dist', 'eso, reader, by-eksctl'],
    isMissing('eso'),
  ],
  [
    'a name that only CloudFormation knows',
    properties({ RoleName: { Ref: 'Name' } }),
    ['{"Ref": "Name"}', 'RoleName of the role is no text', 'a text'],
    ['{"RoleName": {"Ref": "Na…', 'role "" has no documents in dist', 'eso, reader, by-eksctl'],
    isMissing('eso'),
  ],
  [
    'one role twice',
    json(path, at('Reader', 'Properties'), { RoleName: 'eso' }),
    ['{"RoleName": "eso","Path…', 'role "eso" stands here twice', 'each role once'],
    isMissing('reader'),
  ],
  [
    'documents of others',
    properties({
      AssumeRolePolicyDocument: allows('kms:Decrypt'),
      Policies: [{ ...inline('eso'), PolicyDocument: trusts }],
    }),
    [
      '{"Version": "2012-10-17"…',
      'the document differs from aws/123456789012/roles/eso/trust.json',
      'the same document',
    ],
    [
      '{"Version": "2012-10-17"…',
      'the document differs from aws/123456789012/roles/eso/policy.json',
      'the same document',
    ],
  ],
  [
    'a document that holds nothing somewhere',
    properties({ AssumeRolePolicyDocument: [null] }),
    ['[null]', 'the document differs from aws/123456789012/roles/eso/trust.json', 'the same document'],
  ],
  [
    'a trust policy where dist has none',
    json(path, at('Reader', 'Properties'), { RoleName: 'by-eksctl' }),
    [
      '{"Version": "2012-10-17"…',
      'the document differs from aws/123456789012/roles/by-eksctl/trust.json',
      'the same document',
    ],
    isMissing('reader'),
  ],
  [
    'two policies',
    properties({ Policies: [inline('eso'), inline('more')] }),
    ['[{"PolicyName": "eso","P…', 'a role with 2 inline policies', 'one, that of its folder'],
  ],
  [
    'policies that only CloudFormation knows',
    properties({ Policies: { 'Fn::If': ['a', 'b'] } }),
    ['{"Fn::If": ["a","b"]}', 'a role with 0 inline policies', 'one, that of its folder'],
  ],
  [
    'a policy with a name that only CloudFormation knows',
    properties({ Policies: [{ ...inline('eso'), PolicyName: { Ref: 'Name' } }] }),
    ['{"Ref": "Name"}', 'PolicyName of the inline policy is no name', 'a name that IAM takes'],
  ],
  [
    'a policy with a name that IAM refuses',
    properties({ Policies: [{ ...inline('eso'), PolicyName: 'a b' }] }),
    ['"a b"', 'PolicyName of the inline policy is no name', 'a name that IAM takes'],
  ],
  [
    'a role by a name that CloudFormation refuses',
    inTemplate({ Resources: { Eso: null, 'Eso-role': roleOf('eso') } }),
    ['"Eso-role"', '"Eso-role" in Resources of the template is no name', 'a name of letters and digits'],
  ],
  [
    'another version',
    inTemplate({ AWSTemplateFormatVersion: '2010-09-10' }),
    ['"2010-09-10"', 'AWSTemplateFormatVersion is not "2010-09-09"', '2010-09-09'],
  ],
  [
    'a policy without name',
    properties({ Policies: [{ PolicyDocument: trusts, Name: 'eso' }] }),
    [
      '"Name"',
      'the inline policy holds "Name", which the proof knows nothing about',
      'PolicyName, PolicyDocument',
    ],
    ['{"PolicyDocument": {"Ver…', 'the inline policy has no "PolicyName"', 'PolicyName, PolicyDocument'],
  ],
];

it.each(cases.map(([what, change, ...expected]) => ({ what, change, expected })))(
  'a CloudFormation template with $what',
  ({ change, expected }) => {
    expect(read(change).findings).toEqual(expected);
  },
);

it('says of each role which path and boundary it has', () => {
  const { result } = read(properties({ Path: '/team/', PermissionsBoundary: bound }));
  expect(result).toEqual(
    new Map([
      ['eso', { path: '/team/', permissionsBoundary: bound }],
      ['reader', { path: '/' }],
    ]),
  );
});

it('that is no object is no template', () => {
  const source = { path, text: '[]\n' };
  const { result, findings } = said([source], (reading) => readCloudFormation(source, roles, reading));
  expect(findings).toEqual([['[]', 'the template is no object', 'an object with Resources']]);
  expect(result).toEqual(new Map());
});
