import { describe, expect, it } from 'vitest';
import { awsOf, everything, input, ofSession, twoEnvironments } from './fleets.ts';

const access = '111111111111/roles/eso-secrets-access';

describe('the access role', () => {
  it('reads secrets whose tag equals that of the session', () => {
    expect(awsOf(input()).get(`${access}/policy.json`)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadOwnSecrets',
          Effect: 'Allow',
          Action: [
            'secretsmanager:GetSecretValue',
            'secretsmanager:DescribeSecret',
            'secretsmanager:ListSecretVersionIds',
          ],
          Resource: ['arn:aws:secretsmanager:us-west-2:111111111111:secret:*'],
          Condition: {
            StringEquals: { 'secretsmanager:ResourceTag/ekssecret': ofSession('ekssecret') },
            Null: { 'aws:PrincipalTag/ekssecret': 'false' },
          },
        },
      ],
    });
  });

  it('is assumed by the controller role, with the tag and no other', () => {
    expect(awsOf(input()).get(`${access}/trust.json`)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeWithTags',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/eso-controller' },
            StringLike: { 'aws:RequestTag/ekssecret': '?*' },
            'ForAllValues:StringEquals': { 'aws:TagKeys': 'ekssecret' },
            Null: { 'aws:TagKeys': 'false' },
          },
        },
      ],
    });
  });

  it('asks for all tags in one condition, the further ones by key', () => {
    const tags = '\nabac: { tagKey: owner, tags: { zone: "{service}", area: "of {service}" } }\n';
    const files = awsOf(input('', tags));
    expect(files.get(`${access}/policy.json`)).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              'secretsmanager:ResourceTag/owner': ofSession('owner'),
              'secretsmanager:ResourceTag/area': ofSession('area'),
              'secretsmanager:ResourceTag/zone': ofSession('zone'),
            },
            Null: {
              'aws:PrincipalTag/owner': 'false',
              'aws:PrincipalTag/area': 'false',
              'aws:PrincipalTag/zone': 'false',
            },
          },
        },
      ],
    });
    expect(files.get(`${access}/trust.json`)).toMatchObject({
      Statement: [
        {
          Condition: {
            StringLike: {
              'aws:RequestTag/owner': '?*',
              'aws:RequestTag/area': '?*',
              'aws:RequestTag/zone': '?*',
            },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['owner', 'area', 'zone'] },
          },
        },
      ],
    });
  });

  it('pins the tags of a cluster to the role of that cluster', () => {
    const files = awsOf(input('  accessRole: arn:aws:iam::999999999999:role/access\n', twoEnvironments));
    const { Statement } = files.get('999999999999/roles/access/trust.json') as { Statement: unknown[] };
    expect(Statement).toEqual([
      expect.objectContaining({
        Sid: 'AssumeWithTags1',
        Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
        Condition: expect.objectContaining({
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/eso-controller' },
          StringLike: { 'aws:RequestTag/ekssecret': '?*' },
          StringEquals: { 'aws:RequestTag/environment': 'prod' },
        }),
      }),
      expect.objectContaining({
        Sid: 'AssumeWithTags2',
        Principal: { AWS: ['arn:aws:iam::222222222222:root'] },
        Condition: expect.objectContaining({
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/eso-controller' },
          StringEquals: { 'aws:RequestTag/environment': 'staging' },
        }),
      }),
    ]);
  });

  it('refuses to be assumed without the external id', () => {
    const { Statement } = awsOf(input('  externalId: x1\n')).get(`${access}/trust.json`) as {
      Statement: unknown[];
    };
    expect(Statement[1]).toEqual({
      Sid: 'DenyWithoutExternalId',
      Effect: 'Deny',
      Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
      Action: ['sts:AssumeRole'],
      Condition: { StringNotEquals: { 'sts:ExternalId': 'x1' } },
    });
  });
});

describe('customer managed keys', () => {
  const key = (region: string, account = '111111111111', id = 'a') =>
    `arn:aws:kms:${region}:${account}:key/${id}`;
  const decryptOf = (aws: string, rest = '') => {
    const files = awsOf(input(aws, rest));
    const { Statement } = files.get(`${access}/policy.json`) as { Statement: unknown[] };
    return Statement[1];
  };

  it('are not mentioned without aws.kms', () => {
    expect(decryptOf('')).toBeUndefined();
    expect(decryptOf('  kms: none\n')).toBeUndefined();
  });

  it('are allowed by ARN, through Secrets Manager alone', () => {
    expect(decryptOf(`  kms: { keys: ["${key('us-west-2')}"] }\n`)).toEqual({
      Sid: 'DecryptThroughSecretsManager',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: [key('us-west-2')],
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-west-2.amazonaws.com' } },
    });
  });

  it('are allowed by the tags of the key', () => {
    expect(decryptOf('  kms: { byTag: true }\n')).toEqual({
      Sid: 'DecryptThroughSecretsManager',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: ['arn:aws:kms:us-west-2:111111111111:key/*'],
      Condition: {
        StringEquals: {
          'kms:ViaService': 'secretsmanager.us-west-2.amazonaws.com',
          'aws:ResourceTag/ekssecret': ofSession('ekssecret'),
        },
        Null: { 'aws:PrincipalTag/ekssecret': 'false' },
      },
    });
  });

  it('are those of the account and the regions, and those of accounts without secrets', () => {
    const keys = [key('us-west-2'), key('us-west-2', '222222222222'), key('us-west-2', '333333333333')];
    expect(decryptOf(`  kms: { keys: ${JSON.stringify(keys)} }\n`, twoEnvironments)).toMatchObject({
      Resource: [key('us-west-2'), key('us-west-2', '333333333333')],
    });
  });
});

describe('the controller role', () => {
  it('may assume the access role and nothing else', () => {
    expect(awsOf(input()).get('111111111111/roles/eso-controller/policy.json')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeAccessRole',
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Resource: ['arn:aws:iam::111111111111:role/eso-secrets-access'],
        },
      ],
    });
  });

  it("trusts the operator's service account of each cluster that shares it", () => {
    const operator = 'externalSecrets: { namespace: eso, serviceAccount: reader }\n';
    const files = awsOf(input('', operator + twoEnvironments));
    expect(files.get('111111111111/roles/eso-controller/trust.json')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeAsServiceAccount',
          Effect: 'Allow',
          Principal: {
            Federated: 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/PROD',
          },
          Action: ['sts:AssumeRoleWithWebIdentity'],
          Condition: {
            StringEquals: {
              'oidc.eks.us-west-2.amazonaws.com/id/PROD:aud': 'sts.amazonaws.com',
              'oidc.eks.us-west-2.amazonaws.com/id/PROD:sub': 'system:serviceaccount:eso:reader',
            },
          },
        },
        {
          Sid: 'AssumeByPodIdentity',
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111111111111' },
            ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:eu-west-1:111111111111:cluster/prod-euw1' },
          },
        },
      ],
    });
  });

  it('has no trust, and is in no template, when the input does not say how pods get it', () => {
    const files = awsOf(input());
    expect(files.has('111111111111/roles/eso-controller/trust.json')).toBe(false);
    expect(JSON.stringify(files.get('111111111111/cloudformation.json'))).not.toContain(
      '"RoleName":"eso-controller"',
    );
    expect(Object.keys(files.get('111111111111/eksctl/us-west-2.json') ?? {})).toContain('iam');
  });
});

describe('a role chain', () => {
  const files = awsOf(everything);

  it('is assumed role by role, and tags go with the last hop only', () => {
    const actionsOf = (path: string) =>
      (files.get(path) as { Statement: { Action: string[]; Resource: string[] }[] }).Statement.map(
        ({ Action, Resource }) => [...Action, ...Resource],
      );
    expect(actionsOf('111111111111/roles/controller-prod-usw2/policy.json')).toEqual([
      ['sts:AssumeRole', 'arn:aws:iam::111111111111:role/hop-prod-usw2'],
    ]);
    expect(actionsOf('111111111111/roles/hop-prod-usw2/policy.json')).toEqual([
      ['sts:AssumeRole', 'arn:aws:iam::999999999999:role/bridge-prod'],
    ]);
    expect(actionsOf('999999999999/roles/bridge-prod/policy.json')).toEqual([
      ['sts:AssumeRole', 'sts:TagSession', 'arn:aws:iam::999999999999:role/platform/eso-secrets-access'],
    ]);
  });

  it('trusts the role before, without session tags', () => {
    expect(files.get('999999999999/roles/bridge-prod/trust.json')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeFromRoleBefore',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
          Action: ['sts:AssumeRole'],
          Condition: {
            ArnEquals: {
              'aws:PrincipalArn': [
                'arn:aws:iam::111111111111:role/hop-prod-euw1',
                'arn:aws:iam::111111111111:role/hop-prod-usw2',
              ],
            },
          },
        },
      ],
    });
  });

  it('ends at the access role, which trusts the last role of the chain', () => {
    expect(files.get('999999999999/roles/eso-secrets-access/trust.json')).toMatchObject({
      Statement: [
        { Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::999999999999:role/bridge-prod' } } },
        { Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::999999999999:role/bridge-staging' } } },
        { Sid: 'DenyWithoutExternalId' },
      ],
    });
  });
});
