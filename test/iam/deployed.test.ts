import { describe, expect, it } from 'vitest';
import { awsOf, everything, input, type Json, ofSession, policiesIn, twoEnvironments } from './fleets.ts';

const fleets: readonly (readonly [name: string, yaml: string])[] = [
  ['the smallest input', input()],
  ['two environments', input('', twoEnvironments)],
  ['everything', everything],
  [
    'China',
    input(
      '',
      'clusters: { prod: { region: cn-north-1, podIdentity: true } }\nservices: [{ name: a, regions: [cn-north-1], secrets: [one] }]\n',
    ),
  ],
];

interface Deployed {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
}

describe.each(fleets)('%s', (_, yaml) => {
  const files = awsOf(yaml);
  const accounts = new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''));

  it('has no wildcard principal and no wildcard action', () => {
    const guards = [...files].filter(([path]) => path.endsWith('tag-guard.json')) as unknown as ReturnType<
      typeof policiesIn
    >;
    const statements = [...policiesIn(files), ...guards].flatMap(([, { Statement }]) => Statement);
    expect(statements.length).toBeGreaterThan(2);
    for (const { Action, Principal } of statements) {
      expect(Action.filter((action) => !/^(secretsmanager|sts|kms):[A-Za-z]+$/.test(action))).toEqual([]);
      expect(JSON.stringify(Principal ?? {})).not.toContain('*');
    }
  });

  it('deploys by CloudFormation exactly the documents under roles/', () => {
    const deployed = [...accounts].flatMap((account) => {
      const template = files.get(`${account}/cloudformation.json`) as Deployed | undefined;
      return Object.values(template?.Resources ?? {}).flatMap(({ Type, Properties }) => {
        expect(Type).toBe('AWS::IAM::Role');
        const folder = `${account}/roles/${Properties.RoleName}`;
        const [only, ...others] = Properties.Policies as { PolicyDocument: Json }[];
        expect(others).toEqual([]);
        return [
          [`${folder}/policy.json`, only?.PolicyDocument],
          [`${folder}/trust.json`, Properties.AssumeRolePolicyDocument],
        ];
      });
    });
    const trusted = policiesIn(files).filter(([path]) =>
      files.has(path.replace('policy.json', 'trust.json')),
    );
    expect(new Map(deployed as [string, unknown][])).toEqual(new Map(trusted as [string, unknown][]));
  });

  it('deploys by Terraform the same roles, from the files under roles/', () => {
    for (const account of accounts) {
      const template = files.get(`${account}/cloudformation.json`) as Deployed | undefined;
      const roles = Object.values(template?.Resources ?? {}).map(({ Properties }) => Properties);
      const terraform = files.get(`${account}/terraform.tf.json`) as
        | { resource: Readonly<Record<string, Readonly<Record<string, Json>>>> }
        | undefined;
      const file = (name: unknown, document: string) =>
        `\${file("\${path.module}/roles/${name}/${document}.json")}`;
      expect(Object.values(terraform?.resource.aws_iam_role ?? {})).toEqual(
        roles.map(({ RoleName, Path, PermissionsBoundary }) => ({
          name: RoleName,
          path: Path,
          assume_role_policy: file(RoleName, 'trust'),
          ...(PermissionsBoundary !== undefined && { permissions_boundary: PermissionsBoundary }),
        })),
      );
      expect(Object.values(terraform?.resource.aws_iam_role_policy ?? {})).toMatchObject(
        roles.map(({ RoleName }) => ({ name: 'eso-abac', policy: file(RoleName, 'policy') })),
      );
    }
  });
});

describe('paths and boundaries', () => {
  const { Resources } = awsOf(everything).get('111111111111/cloudformation.json') as unknown as Deployed;

  it('come from the input; a boundary that is a name is in the account of the role', () => {
    const found = Object.values(Resources).map(({ Properties }) => [
      Properties.RoleName,
      Properties.Path,
      Properties.PermissionsBoundary,
    ]);
    const boundary = 'arn:aws:iam::111111111111:policy/boundary';
    expect(found).toContainEqual(['controller-prod-usw2', '/eso/', boundary]);
    expect(found).toContainEqual(['hop-prod-usw2', '/', boundary]);
  });
});

describe('eksctl', () => {
  it('makes the role and the service account', () => {
    expect(awsOf(input('  permissionsBoundary: b\n')).get('111111111111/eksctl/us-west-2.json')).toEqual({
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { name: 'us-west-2', region: 'us-west-2' },
      iam: {
        withOIDC: true,
        serviceAccounts: [
          {
            metadata: { name: 'external-secrets', namespace: 'external-secrets' },
            roleName: 'eso-controller',
            permissionsBoundary: 'arn:aws:iam::111111111111:policy/b',
            attachPolicy: awsOf(input()).get('111111111111/roles/eso-controller/policy.json'),
          },
        ],
      },
    });
  });

  it('is not used for what it cannot do: a path, Pod Identity without session tags', () => {
    const files = [...awsOf(everything).keys(), ...awsOf(input('', twoEnvironments)).keys()];
    expect(files.filter((path) => path.includes('/eksctl/'))).toEqual(['111111111111/eksctl/prod-usw2.json']);
  });
});

describe('EKS Pod Identity', () => {
  it("associates the role without session tags, fenced by the role's own policy", () => {
    const files = awsOf(input('', twoEnvironments));
    const { Resources } = files.get('222222222222/pod-identity/staging.json') as unknown as Deployed;
    const { Policy, ...others } = Resources.PodIdentityAssociation?.Properties ?? {};
    expect(others).toEqual({
      ClusterName: 'staging',
      Namespace: 'external-secrets',
      ServiceAccount: 'external-secrets',
      RoleArn: 'arn:aws:iam::222222222222:role/eso-controller',
      DisableSessionTags: true,
    });
    expect(JSON.parse(String(Policy))).toEqual(files.get('222222222222/roles/eso-controller/policy.json'));
  });
});

describe('the tag guard', () => {
  it('is there with administrators only', () => {
    expect(awsOf(input()).has('111111111111/tag-guard.json')).toBe(false);
  });

  it('lets only the administrators change the tags that decide, and the policies of tagged secrets', () => {
    const guard = awsOf(input('  administrators: [/a/admin, "arn:aws:iam::333333333333:role/other"]\n'));
    const except = {
      ArnNotEquals: {
        'aws:PrincipalArn': [
          'arn:aws:iam::111111111111:role/a/admin',
          'arn:aws:iam::333333333333:role/other',
        ],
      },
    };
    expect(guard.get('111111111111/tag-guard.json')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyTagsOfSecrets',
          Effect: 'Deny',
          Action: [
            'secretsmanager:CreateSecret',
            'secretsmanager:TagResource',
            'secretsmanager:UntagResource',
          ],
          Resource: ['arn:aws:secretsmanager:*:111111111111:secret:*'],
          Condition: { ...except, 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': 'ekssecret' } },
        },
        {
          Sid: 'DenyPoliciesOfTaggedSecrets',
          Effect: 'Deny',
          Action: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'],
          Resource: ['arn:aws:secretsmanager:*:111111111111:secret:*'],
          Condition: { ...except, Null: { 'secretsmanager:ResourceTag/ekssecret': 'false' } },
        },
      ],
    });
  });

  it('covers keys where their tags decide, in the account of the secrets', () => {
    const files = awsOf(everything);
    expect([...files.keys()].filter((path) => path.endsWith('tag-guard.json'))).toEqual([
      '999999999999/tag-guard.json',
    ]);
    expect(files.get('999999999999/tag-guard.json')).toMatchObject({
      Statement: [
        { Sid: 'DenyTagsOfSecrets' },
        { Sid: 'DenyPoliciesOfTaggedSecrets' },
        {
          Action: ['kms:TagResource', 'kms:UntagResource'],
          Resource: ['arn:aws:kms:*:999999999999:key/*'],
          Condition: {
            'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': ['ekssecret', 'environment', 'team'] },
          },
        },
        { Action: ['kms:CreateKey'], Resource: ['*'] },
      ],
    });
  });
});

describe('partitions', () => {
  it.each([
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ])('%s is in %s', (region, partition, suffix) => {
    const clusters = `clusters: { one: { region: ${region}, oidcProvider: oidc.example/id/A } }\n`;
    const services = `services: [{ name: a, regions: [${region}], secrets: [one] }]\n`;
    const files = awsOf(input('  kms: { byTag: true }\n  administrators: [x]\n', clusters + services));
    const { Statement } = files.get('111111111111/roles/eso-secrets-access/policy.json') as {
      Statement: unknown;
    };
    expect(Statement).toMatchObject([
      { Resource: [`arn:${partition}:secretsmanager:${region}:111111111111:secret:*`] },
      {
        Resource: [`arn:${partition}:kms:${region}:111111111111:key/*`],
        Condition: {
          StringEquals: {
            'kms:ViaService': `secretsmanager.${region}.${suffix}`,
            'aws:ResourceTag/ekssecret': ofSession('ekssecret'),
          },
        },
      },
    ]);
    const arns = JSON.stringify([...files.values()]).match(/arn:[a-z-]+:/g);
    expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]));
  });
});
