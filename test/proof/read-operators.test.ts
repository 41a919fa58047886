import { describe, expect, it } from 'vitest';
import { readEksctl, readPodIdentity } from '../../src/proof/files/operators.ts';
import { type Change, changed, type Json, type JsonObject, json } from './attacks/change.ts';
import { allows, documentsOf } from './role-documents.ts';
import { type Said, said, written } from './said.ts';

const account = '123456789012';
const file = { account, cluster: 'prod' };
const eso = documentsOf('eso', false);
const findRole = (...[of, name]: readonly string[]) => (of === account && name === 'eso' ? eso : undefined);
const policy = allows('kms:Decrypt');

type Case = readonly [what: string, change: Change, ...said: Said[]];
const named = (cases: readonly Case[]) =>
  cases.map(([what, change, ...expected]) => ({ what, change, expected }));
const after = (path: string, content: unknown, change: Change) => ({
  path,
  text: changed(new Map([[path, written(content)]]), change).get(path) ?? '',
});

describe("eksctl's file", () => {
  const path = `aws/${account}/eksctl/prod.json`;
  const serviceAccount = {
    metadata: { name: 'external-secrets', namespace: 'external-secrets' },
    roleName: 'eso',
    attachPolicy: policy,
  };
  const config = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'prod', region: 'us-west-2' },
    iam: { withOIDC: true, serviceAccounts: [serviceAccount] },
  };
  function read(change: Change) {
    const source = after(path, config, change);
    return said([source], (reading) => readEksctl(source, file, () => 'aws-cn', findRole, reading));
  }
  const inConfig = (patch: JsonObject, ...keys: readonly string[]) => json(path, keys, patch);
  const inAccount = (patch: JsonObject) => json(path, ['iam', 'serviceAccounts', 0], patch);
  const accounts = (...all: Json[]) => inConfig({ serviceAccounts: all }, 'iam');
  const boundary = `arn:aws-cn:iam::${account}:policy/team/bound`;
  const configKeys = 'apiVersion, kind, metadata, iam';
  const accountKeys = 'metadata, roleName, attachPolicy';

  const cases: readonly Case[] = [
    ['what the proof knows', inAccount({ permissionsBoundary: boundary })],
    [
      'no identity provider',
      inConfig({ withOIDC: false }, 'iam'),
      ['false', 'iam.withOIDC is not true', 'true'],
    ],
    [
      'a text for an identity provider',
      inConfig({ withOIDC: 'true' }, 'iam'),
      ['"true"', 'iam.withOIDC is not true', 'true'],
    ],
    [
      'nothing said of an identity provider',
      inConfig({ withOIDC: null }, 'iam'),
      ['{"serviceAccounts": [{"m…', 'iam has no "withOIDC"', 'serviceAccounts, withOIDC'],
    ],
    [
      'a node group',
      inConfig({ nodeGroups: [], kind: 'Cluster' }),
      [
        '"nodeGroups"',
        'the ClusterConfig holds "nodeGroups", which the proof knows nothing about',
        configKeys,
      ],
      ['"Cluster"', 'kind is not "ClusterConfig"', 'ClusterConfig'],
    ],
    [
      'nothing',
      json(path, [], 'none'),
      ['"none"', 'the ClusterConfig is no object', `an object with ${configKeys}`],
    ],
    [
      'no iam',
      inConfig({ iam: null }),
      ['{"apiVersion": "eksctl.i…', 'the ClusterConfig has no "iam"', configKeys],
    ],
    [
      'another cluster',
      inConfig({ metadata: { name: 'staging', region: null, tags: {} } }),
      ['"staging"', 'metadata.name is not "prod"', 'prod'],
      ['"tags"', 'metadata holds "tags", which the proof knows nothing about', 'name, region'],
      ['{"name": "staging","tags…', 'metadata has no "region"', 'name, region'],
    ],
    [
      'no cluster',
      inConfig({ metadata: 1 }),
      ['{"apiVersion": "eksctl.i…', 'metadata.name is not "prod"', 'prod'],
      ['1', 'metadata is no object', 'an object with name, region'],
    ],
    [
      'further roles',
      inConfig({ podIdentityAssociations: [], serviceAccounts: null }, 'iam'),
      [
        '"podIdentityAssociations…',
        'iam holds "podIdentityAssociations", which the proof knows nothing about',
        'serviceAccounts, withOIDC',
      ],
      ['{"withOIDC": true,"podId…', 'iam has no "serviceAccounts"', 'serviceAccounts, withOIDC'],
    ],
    ['no service account', accounts(), ['[]', 'no service account', 'a list with that of the operator']],
    [
      'service accounts that are no list',
      inConfig({ serviceAccounts: 'all' }, 'iam'),
      ['"all"', 'no service account', 'a list with that of the operator'],
    ],
    [
      'further service accounts',
      accounts(serviceAccount, 'one', 'two'),
      ['"one"', 'a second service account', 'that of the operator alone'],
      ['"two"', 'a second service account', 'that of the operator alone'],
    ],
    [
      'a service account that is none',
      accounts(1),
      ['1', 'the service account is no object', `an object with ${accountKeys}`],
    ],
    [
      'a managed policy',
      inAccount({ wellKnownPolicies: {}, attachPolicy: null }),
      [
        '"wellKnownPolicies"',
        'the service account holds "wellKnownPolicies", which the proof knows nothing about',
        `${accountKeys}, permissionsBoundary`,
      ],
      ['{"metadata": {"name": "e…', 'the service account has no "attachPolicy"', accountKeys],
    ],
    [
      'a service account without a namespace',
      inAccount({ metadata: { namespace: null, labels: {} } }),
      ['"labels"', 'metadata holds "labels", which the proof knows nothing about', 'name, namespace'],
      ['{"name": "external-secre…', 'metadata has no "namespace"', 'name, namespace'],
    ],
    [
      'names that are no texts',
      inAccount({ roleName: 1, permissionsBoundary: 2 }),
      ['1', 'roleName of the service account is no text', 'a text'],
      ['2', 'permissionsBoundary of the role is no name', 'the ARN of a policy of the account, or of AWS'],
      ['{"Version": "2012-10-17"…', 'the role has no documents in dist', 'a role below roles/'],
    ],
    [
      'a service account without names',
      inAccount({ metadata: { name: 1, namespace: '{{resolve:ssm:/team}}' } }),
      [
        '"{{resolve:ssm:/team}}"',
        '"{{resolve:ssm:/team}}" stands for a value that is kept elsewhere',
        'the value',
      ],
      ['"{{resolve:ssm:/team}}"', 'namespace of the service account is no name', 'a name of Kubernetes'],
      ['1', 'name of the service account is no name', 'a name of Kubernetes'],
    ],
    [
      'a role of which nothing is known',
      inAccount({ roleName: 'another' }),
      ['{"Version": "2012-10-17"…', 'the role has no documents in dist', 'a role below roles/'],
    ],
    [
      'another policy',
      inAccount({ attachPolicy: allows('kms:*') }),
      [
        '{"Version": "2012-10-17"…',
        `the policy differs from aws/${account}/roles/eso/policy.json`,
        'the same document',
      ],
    ],
  ];
  it.each(named(cases))('with $what', ({ change, expected }) => {
    expect(read(change).findings).toEqual(expected);
  });

  it('says who has which role', () => {
    const operator = {
      kind: 'irsa',
      makesRole: true,
      region: 'us-west-2',
      role: `arn:aws-cn:iam::${account}:role/eso`,
      account,
      namespace: 'external-secrets',
      serviceAccount: 'external-secrets',
      sessionTags: false,
      location: expect.objectContaining({ start: { line: 11, column: 7 } }),
    };
    expect(read(() => undefined).result).toEqual(operator);
    const metadata = { name: 'eso', namespace: 'secrets' };
    expect(read(inAccount({ permissionsBoundary: boundary, metadata })).result).toEqual({
      ...operator,
      permissionsBoundary: boundary,
      namespace: 'secrets',
      serviceAccount: 'eso',
    });
    expect(read(inAccount({ metadata: { name: 1, namespace: [] } })).result).toEqual({
      ...operator,
      namespace: '',
      serviceAccount: '',
    });
    expect(read(json(path, [], [])).result).toBeUndefined();
  });
});

describe('the association of EKS Pod Identity', () => {
  const path = `aws/${account}/pod-identity/prod.json`;
  const association = {
    Type: 'AWS::EKS::PodIdentityAssociation',
    Properties: {
      ClusterName: 'prod',
      Namespace: 'external-secrets',
      ServiceAccount: 'eso',
      RoleArn: `arn:aws:iam::${account}:role/team/eso`,
      Policy: JSON.stringify(policy),
    },
  };
  const template = { Description: 'Pods', Resources: { Association: association } };
  function read(change: Change) {
    const source = after(path, template, change);
    return said([source], (reading) => readPodIdentity(source, file, findRole, reading));
  }
  const inTemplate = (patch: JsonObject) => json(path, [], patch);
  const properties = (patch: JsonObject) => json(path, ['Resources', 'Association', 'Properties'], patch);
  const sessionPolicy = "the controller role's own policy, as a text";
  const required = 'ClusterName, Namespace, ServiceAccount, RoleArn';

  const cases: readonly Case[] = [
    ['what the proof knows', inTemplate({ AWSTemplateFormatVersion: '2010-09-09' })],
    [
      'a macro and no resources',
      inTemplate({ Transform: [], Resources: null }),
      [
        '"Transform"',
        'the template holds "Transform", which the proof knows nothing about',
        'Resources, AWSTemplateFormatVersion, Description',
      ],
      ['{"Description": "Pods","…', 'the template has no "Resources"', 'Resources'],
    ],
    [
      'a macro for a description',
      inTemplate({ Description: { 'Fn::Transform': {} }, AWSTemplateFormatVersion: [] }),
      ['{"Fn::Transform": {}}', 'Description of the template is no text', 'a text'],
      ['[]', 'AWSTemplateFormatVersion is not "2010-09-09"', '2010-09-09'],
    ],
    [
      'two resources more',
      inTemplate({ Resources: { More: { Type: 'a' }, Most: { Type: 'b' } } }),
      ['{"Type": "a"}', 'a second resource', 'one association in each file'],
      ['{"Type": "b"}', 'a second resource', 'one association in each file'],
    ],
    [
      'a role',
      json(path, ['Resources', 'Association'], { Type: 'AWS::IAM::Role' }),
      [
        '"AWS::IAM::Role"',
        'a resource of type "AWS::IAM::Role"',
        'AWS::EKS::PodIdentityAssociation and nothing else in this file',
      ],
    ],
    [
      'another role on the way, and no namespace',
      properties({ TargetRoleArn: 'arn:aws:iam::999999999999:role/x', Namespace: null }),
      [
        '"TargetRoleArn"',
        'the association holds "TargetRoleArn", which the proof knows nothing about',
        `${required}, DisableSessionTags, Policy`,
      ],
      ['{"ClusterName": "prod","…', 'the association has no "Namespace"', required],
    ],
    [
      'names that CloudFormation puts together',
      properties({
        Namespace: { 'Fn::Join': ['', ['ledger', '-ns']] },
        ServiceAccount: '{{resolve:ssm:/team}}',
        RoleArn: { Ref: 'AWS::StackId' },
        DisableSessionTags: 'true',
      }),
      [
        '"{{resolve:ssm:/team}}"',
        '"{{resolve:ssm:/team}}" stands for a value that is kept elsewhere',
        'the value',
      ],
      ['{"Ref": "AWS::StackId"}', 'RoleArn of the association is no text', 'a text'],
      ['{"Fn::Join": ["",["ledge…', 'Namespace of the association is no name', 'a name of Kubernetes'],
      ['"{{resolve:ssm:/team}}"', 'ServiceAccount of the association is no name', 'a name of Kubernetes'],
      ['"true"', 'DisableSessionTags of the association is neither true nor false', 'true or false'],
    ],
    ...['-a', 'a-', 'A', 'a b', '', 'a\n'].map(
      (Namespace): Case => [
        `the namespace ${JSON.stringify(Namespace)}`,
        properties({ Namespace }),
        [JSON.stringify(Namespace), 'Namespace of the association is no name', 'a name of Kubernetes'],
      ],
    ),
    ...['a', '0-a', 'a-b'].map(
      (Namespace): Case => [`the namespace ${Namespace}`, properties({ Namespace })],
    ),
    [
      'another cluster',
      properties({ ClusterName: 'staging' }),
      ['"staging"', 'ClusterName is not "prod"', 'prod'],
    ],
    [
      'no session policy',
      properties({ Policy: null }),
      ['{"ClusterName": "prod","…', 'the association has no session policy', sessionPolicy],
    ],
    [
      'a session policy that is no text',
      properties({ Policy: policy as unknown as JsonObject }),
      ['{"Version": "2012-10-17"…', 'the association has no session policy', sessionPolicy],
    ],
    [
      'a session policy that breaks off',
      properties({ Policy: '{' }),
      ['"{"', 'not JSON: the text ends too early', 'a comma or a closing brace }'],
    ],
    ['a session policy of the most characters', properties({ Policy: JSON.stringify(policy).padEnd(2048) })],
    [
      'a longer session policy',
      properties({ Policy: JSON.stringify(policy).padEnd(2049) }),
      ['"{\\"Version\\":\\"2012-10-…', 'a session policy of 2049 characters', '2048 at most'],
    ],
    [
      'another session policy',
      properties({ Policy: JSON.stringify(allows('kms:*')) }),
      [
        '"{\\"Version\\":\\"2012-10-…',
        `the session policy differs from aws/${account}/roles/eso/policy.json`,
        'the same document',
      ],
    ],
    [
      'the session policy of a role of which nothing is known',
      properties({
        Policy: JSON.stringify(allows('kms:*')),
        RoleArn: `arn:aws:iam::${account}:role/another`,
      }),
    ],
  ];
  it.each(named(cases))('with $what', ({ change, expected }) => {
    expect(read(change).findings).toEqual(expected);
  });

  it('says who has which role', () => {
    const place = { file: path, start: { line: 11, column: 19 }, end: { line: 11, column: 134 } };
    const { result } = read(() => undefined);
    expect(result).toMatchObject({
      kind: 'podIdentity',
      makesRole: false,
      role: `arn:aws:iam::${account}:role/team/eso`,
      account,
      namespace: 'external-secrets',
      serviceAccount: 'eso',
      sessionTags: true,
      sessionPolicy: { kind: 'session', statements: [{ effect: 'Allow', location: place }] },
      location: { start: { line: 6, column: 21 } },
    });
  });

  it.each([
    [true, false],
    [false, true],
    ['true', true],
  ])('with DisableSessionTags %j has the tags of its pods: %j', (DisableSessionTags, sessionTags) => {
    expect(read(properties({ DisableSessionTags })).result?.sessionTags).toBe(sessionTags);
  });

  it.each([
    ['nothing', json(path, [], [])],
    ['no resource', inTemplate({ Resources: { Association: null } })],
    ['another resource', json(path, ['Resources', 'Association'], { Type: 'AWS::IAM::Role' })],
    ['an association without cluster', properties({ ClusterName: null })],
  ])('with %s says nothing', (_, change) => {
    expect(read(change).result).toBeUndefined();
  });

  it('without a session policy that can be read has none', () => {
    expect(read(properties({ Policy: null })).result?.sessionPolicy).toBeUndefined();
    expect(read(properties({ Policy: '{' })).result).not.toHaveProperty('sessionPolicy');
  });
});
