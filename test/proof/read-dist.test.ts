import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { FilesByKind } from '../../src/proof/files/by-kind.ts';
import { byFile, readGuards, readServicesAndSecrets } from '../../src/proof/files/clusters.ts';
import { Reading, type Source } from '../../src/proof/files/model.ts';
import { readDist } from '../../src/proof/files/read.ts';
import { allows, trusts } from './role-documents.ts';
import { type Said, said, written } from './said.ts';

const account = 'aws/123456789012';
const roleFile = (name: string, which: string, of = account) => `${of}/roles/${name}/${which}.json`;
const bound = 'arn:aws:iam::123456789012:policy/bound';
const template = `${account}/cloudformation.json`;
const module = `${account}/terraform.tf.json`;
const policy = {
  ...allows('kms:Decrypt'),
  Statement: [
    { ...allows('').Statement[0], Action: 'kms:Decrypt', Resource: 'arn:aws-cn:kms:a:123456789012:key/b' },
  ],
};

const made = (name: string, Path: string, more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    Path,
    AssumeRolePolicyDocument: trusts,
    Policies: [{ PolicyName: 'a', PolicyDocument: policy }],
    ...more,
  },
});
const block = (name: string, path: string, more: object = {}) => ({
  name,
  path,
  assume_role_policy: '$'.concat('{file("$', `{path.module}/roles/${name}/trust.json")}`),
  ...more,
});
const policyBlock = (name: string) => ({
  name: 'a',
  role: '$'.concat(`{aws_iam_role.${name}.name}`),
  policy: '$'.concat('{file("$', `{path.module}/roles/${name}/policy.json")}`),
});
const service = (name: string, cluster: string, identity = name) => ({
  [`clusters/${cluster}/services/${name}.yaml`]: `---\n${dump({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'eso-abac/service': identity } },
  })}`,
});
const secretsOf = (name: string) => ({
  [`${account}/secrets/us-west-2/${name}.json`]: written({
    Resources: {
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: name, Tags: [{ Key: 'a', Value: name }] },
      },
    },
  }),
});
const eksctl = (cluster: string, roleName: string) => ({
  [`${account}/eksctl/${cluster}.json`]: written({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: cluster, region: 'us-west-2' },
    iam: {
      withOIDC: true,
      serviceAccounts: [{ metadata: { name: 'eso', namespace: 'eso' }, roleName, attachPolicy: policy }],
    },
  }),
});
const pods = (cluster: string, roleName: string) => ({
  [`${account}/pod-identity/${cluster}.json`]: written({
    Resources: {
      Association: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        Properties: {
          ClusterName: cluster,
          Namespace: 'eso',
          ServiceAccount: 'eso',
          RoleArn: `arn:aws:iam::123456789012:role/${roleName}`,
          Policy: JSON.stringify(policy),
        },
      },
    },
  }),
});

const files: Readonly<Record<string, string>> = {
  [roleFile('reader', 'policy')]: written(policy),
  [roleFile('reader', 'trust')]: written(trusts),
  [roleFile('eso', 'policy')]: written(policy),
  [template]: written({ Resources: { Reader: made('reader', '/team/', { PermissionsBoundary: bound }) } }),
  [module]: written({
    resource: {
      aws_iam_role: { reader: block('reader', '/team/', { permissions_boundary: bound }) },
      aws_iam_role_policy: { reader: policyBlock('reader') },
    },
  }),
  [`${account}/tag-guard.json`]: written(allows('kms:Decrypt')),
  ...eksctl('prod', 'eso'),
  ...service('search', 'prod'),
  ...service('orders', 'prod'),
  ...secretsOf('search'),
  ...secretsOf('orders'),
};

function read(changes: Readonly<Record<string, string | undefined>> = {}) {
  const all = { ...files, ...changes };
  const sources = Object.entries(all).flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
  let dist: ReturnType<typeof readDist>['dist'] | undefined;
  const { findings } = said(sources, (reading) => {
    const found = readDist(sources);
    reading.findings.push(...found.reading.findings);
    dist = found.dist;
  });
  if (dist === undefined) throw new Error('nothing was read');
  return { dist, findings };
}

describe('dist', () => {
  it('is roles, clusters, secrets and guards', () => {
    const { dist } = read();
    const roles = [...dist.roles].map(([arn, { role, location, ...rest }]) => ({
      arn,
      same: role.arn === arn,
      ...rest,
    }));
    expect(roles).toEqual([
      {
        arn: 'arn:aws-cn:iam::123456789012:role/eso',
        same: true,
        account: '123456789012',
        name: 'eso',
        hasTrust: false,
      },
      {
        arn: 'arn:aws-cn:iam::123456789012:role/team/reader',
        same: true,
        account: '123456789012',
        name: 'reader',
        hasTrust: true,
        permissionsBoundary: bound,
      },
    ]);
    const reader = dist.roles.get('arn:aws-cn:iam::123456789012:role/team/reader');
    expect(reader?.location.file).toBe(roleFile('reader', 'policy'));
    expect(reader?.role).toMatchObject({ tags: [], trust: { file: roleFile('reader', 'trust') } });
    expect(reader?.role.identity).toMatchObject([{ file: roleFile('reader', 'policy'), kind: 'identity' }]);
    const eso = dist.roles.get('arn:aws-cn:iam::123456789012:role/eso');
    expect(eso?.role.trust).toEqual({
      file: roleFile('eso', 'trust'),
      kind: 'trust',
      statements: [],
      location: {
        file: roleFile('eso', 'policy'),
        start: { line: 1, column: 1 },
        end: { line: 1, column: 2 },
      },
    });
    expect(dist.clusters.map(({ name, operator }) => [name, operator?.role])).toEqual([
      ['prod', 'arn:aws-cn:iam::123456789012:role/eso'],
    ]);
    expect(dist.clusters[0]?.tenants.map((one) => one.service)).toEqual(['orders', 'search']);
    expect(dist.secrets.map(({ name, region, identity }) => [name, region, identity])).toEqual([
      ['orders', 'us-west-2', 'orders'],
      ['search', 'us-west-2', 'search'],
    ]);
    expect([...dist.guards].map(([of, { kind }]) => [of, kind])).toEqual([['123456789012', 'scp']]);
  });

  it('is the same in whatever order its files come', () => {
    const backwards = Object.fromEntries(Object.entries(files).reverse());
    const sources = Object.entries(backwards).map(([path, text]) => ({ path, text }));
    const { dist } = readDist(sources);
    expect(JSON.stringify([[...dist.roles], dist.clusters, dist.secrets])).toBe(
      JSON.stringify([[...read().dist.roles], read().dist.clusters, read().dist.secrets]),
    );
  });

  it('is the same where files of services and secrets were read before, some at a time', () => {
    const more = { ...service('a', 'staging'), ...service('z', 'prod'), ...secretsOf('billing') };
    const sources = Object.entries({ ...files, ...more }).map(([path, text]) => ({ path, text }));
    sources.push({ path: 'clusters/prod/services/none.yaml', text: '- a\n' });
    const isRead = ({ path }: Source) => /\/(?:services|secrets)\//.test(path);
    const own = sources.filter(isRead);
    const guards = readGuards(new FilesByKind(sources, new Reading()), new Reading());
    const parts = [0, 1].map((start) => {
      const some = own.filter((_, index) => index % 2 === start);
      return readServicesAndSecrets(new FilesByKind(some, new Reading()), guards);
    });
    const others = sources.filter((source) => !isRead(source));
    // Which of services that are alike is the sample, nobody asks.
    const told = ({ dist, reading }: ReturnType<typeof readDist>) => {
      const clusters = dist.clusters.map(({ samples, ...rest }) => ({ ...rest, samples: samples?.length }));
      return { ...dist, clusters, reading };
    };
    const whole = told(readDist(sources));
    expect(whole.reading.findings.map(({ location }) => location?.file)).toContain(
      'clusters/prod/services/none.yaml',
    );
    expect(told(readDist(others, parts))).toEqual(whole);
    expect(whole.clusters.map(({ tenants, samples }) => [tenants.length, samples])).toEqual([
      [3, 1],
      [1, 1],
    ]);
  });

  it('has what comes from files in the order of their names, and of one file in its own', () => {
    const read = ['b 1', 'c 1', 'a 1', 'b 0', 'a 0', 'c 0', 'a 2'];
    const sorted = ['a 1', 'a 0', 'a 2', 'b 1', 'b 0', 'c 1', 'c 0'];
    expect(byFile(read, (one) => one.slice(0, 1))).toEqual(sorted);
  });

  it('has a cluster where there are services or an operator', () => {
    const { dist } = read({ ...service('a', 'staging'), ...pods('dev', 'eso') });
    expect(
      dist.clusters.map(({ name, operator, tenants }) => [name, operator?.kind, tenants.length]),
    ).toEqual([
      ['dev', 'podIdentity', 0],
      ['prod', 'irsa', 2],
      ['staging', undefined, 1],
    ]);
  });

  it('has a role of the operator in the partition of its account', () => {
    const [other, none] = ['aws/999999999999', 'aws/000000000000'];
    const { dist } = read({
      [roleFile('eso', 'policy', other)]: written(allows('kms:Decrypt')),
      [`${other}/eksctl/dev.json`]: eksctl('dev', 'eso')[`${account}/eksctl/dev.json`],
      [`${none}/eksctl/test.json`]: eksctl('test', 'eso')[`${account}/eksctl/test.json`],
    });
    expect(dist.clusters.map(({ name, operator }) => [name, operator?.role])).toEqual([
      ['dev', 'arn:aws:iam::999999999999:role/eso'],
      ['prod', 'arn:aws-cn:iam::123456789012:role/eso'],
      ['test', 'arn:aws:iam::000000000000:role/eso'],
    ]);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['as a template says', {}, 'arn:aws-cn:iam::123456789012:role/team/reader'],
    ['as a trust policy of another role writes it', {}, 'arn:aws-cn:iam::123456789012:role/eso'],
    [
      'as a trust policy of another role writes it, with a path',
      {
        [roleFile('reader', 'trust')]: written({
          ...trusts,
          Statement: [
            { ...trusts.Statement[0], Principal: { AWS: 'arn:aws-cn:iam::123456789012:role/a/b/eso' } },
          ],
        }),
      },
      'arn:aws-cn:iam::123456789012:role/a/b/eso',
    ],
    [
      'in the partition of aws where its policy names none',
      { [roleFile('eso', 'policy')]: written(allows('kms:Decrypt')) },
      'arn:aws:iam::123456789012:role/eso',
    ],
    [
      'apart from roles whose names end so',
      {
        [roleFile('reader', 'trust')]: written({
          ...trusts,
          Statement: [
            { ...trusts.Statement[0], Principal: { AWS: 'arn:aws-cn:iam::123456789012:role/team/my-eso' } },
          ],
        }),
      },
      'arn:aws-cn:iam::123456789012:role/eso',
    ],
  ])('has a role by its ARN %s', (_, changes, arn) => {
    expect([...read(changes).dist.roles.keys()]).toContain(arn);
  });
});

describe('of dist is said', () => {
  const isMissing = (file: string): Said => [
    'nowhere',
    `${file} is missing`,
    'a template that makes the roles of this account',
  ];
  const cases: readonly (readonly [
    what: string,
    changes: Record<string, string | undefined>,
    ...said: Said[],
  ])[] = [
    ['nothing where all is right', {}],
    [
      'which files nobody knows',
      { 'aws/x.json': '{}', 'clusters/prod/services/a.yml': 'a', 'README.md': 'a' },
      ['{', 'aws/x.json is a file that the proof knows nothing about', 'the files that eso-abac writes'],
      [
        'a',
        'clusters/prod/services/a.yml is a file that the proof knows nothing about',
        'the files that eso-abac writes',
      ],
    ],
    [
      'which trust policy is alone',
      { [roleFile('alone', 'trust')]: written(trusts) },
      ['{', 'a trust policy of a role that has no policy', roleFile('alone', 'policy')],
    ],
    [
      'that templates are missing',
      { [template]: undefined, [module]: undefined },
      isMissing(template),
      isMissing(module),
    ],
    ['that one template is missing', { [module]: undefined }, isMissing(module)],
    [
      'nothing of templates where eksctl makes all roles',
      { [template]: undefined, [module]: undefined, [roleFile('reader', 'trust')]: undefined },
    ],
    [
      'what templates make of which there are no documents',
      { 'aws/999999999999/cloudformation.json': written({ Resources: { More: made('more', '/') } }) },
      ['{"RoleName": "more","Pat…', 'role "more" has no documents in dist', ''],
    ],
    [
      'what modules make of which there are no documents',
      {
        'aws/999999999999/terraform.tf.json': written({
          resource: { aws_iam_role: { more: block('more', '/') }, aws_iam_role_policy: {} },
        }),
      },
      ['{"name": "more","path": …', 'role "more" has no documents in dist', ''],
    ],
    [
      'that templates differ',
      {
        [template]: written({ Resources: { Reader: made('reader', '/') } }),
      },
      [
        '{"name": "reader","path"…',
        'path or boundary of role "reader" differ from the CloudFormation template',
        'the same in both',
      ],
    ],
    [
      'which cluster has two operators',
      pods('prod', 'eso'),
      [
        '{"ClusterName": "prod","…',
        'cluster "prod" gives the operator two roles',
        'one file of eksctl or of Pod Identity',
      ],
    ],
    [
      'which operator has a role of another account',
      { [roleFile('other', 'policy', 'aws/999999999999')]: written(policy), ...eksctl('prod', 'other') },
      ['{"Version": "2012-10-17"…', 'the role has no documents in dist', 'a role below roles/'],
    ],
  ];
  it.each(cases.map(([what, changes, ...expected]) => ({ what, changes, expected })))(
    '$what',
    ({ changes, expected }) => {
      expect(read(changes).findings).toEqual(expected);
    },
  );

  it('in which file a template is missing', () => {
    const sources = Object.entries(files)
      .filter(([path]) => path !== template && path !== module)
      .map(([path, text]) => ({ path, text }));
    const { findings } = readDist(sources).reading;
    expect(findings.map(({ rule, severity, location }) => [rule, severity, location?.file])).toEqual([
      ['proof-document', 'error', template],
      ['proof-document', 'error', module],
    ]);
  });

  it('what is no JSON, once', () => {
    const { dist, findings } = read({ [`${account}/tag-guard.json`]: '{' });
    expect(findings.map(([, message]) => message)).toEqual(['not JSON: the text ends too early']);
    expect(dist.guards.size).toBe(0);
  });

  it('what no policy is', () => {
    const { dist, findings } = read({
      [`${account}/tag-guard.json`]: '[]\n',
      [roleFile('eso', 'policy')]: '[]\n',
      ...eksctl('prod', 'reader'),
    });
    expect(findings.map(([at, message]) => `${at} ${message}`)).toContain('[] the policy is a list');
    expect([dist.guards.size, dist.roles.size]).toEqual([0, 1]);
  });
});
