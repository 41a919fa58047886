import { describe, expect, it } from 'vitest';
import type { Cluster, DistRole } from '../../src/proof/files/model.ts';
import { noGuard } from '../../src/proof/guard/model.ts';
import { operatorFindings } from '../../src/proof/prove/operator-findings.ts';
import { account, allow, clusterOf, distOf, distRole, roleArn, tenantOf, trust } from './small-dist.ts';

const own = 'external-secrets/external-secrets';
const eks = 'oidc.eks.us-west-2.amazonaws.com/id/ONE';
const Federated = `arn:aws:iam::${account}:oidc-provider/${eks}`;
const subject = (name: string) => `system:serviceaccount:${name.replace('/', ':')}`;

/** A role that goes to service accounts, each in a statement of its own. */
const roleFor = (name: string, accounts: readonly string[], parts: Partial<DistRole> = {}) =>
  distRole(
    roleArn(name),
    [allow('sts:AssumeRole')],
    accounts.map((one) =>
      trust(
        { Federated },
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { [`${eks}:aud`]: 'sts.amazonaws.com', [`${eks}:sub`]: subject(one) } },
        },
      ),
    ),
    parts,
  );

/** What is found, with what is allowed and where it stands. */
function told(roles: readonly DistRole[], clusters: readonly Cluster[]) {
  const dist = distOf({ roles, clusters });
  return operatorFindings(dist).map(({ rule, severity, message, allowed, location }) => {
    expect(severity).toBe('error');
    return [rule, message, allowed, location?.file];
  });
}

describe('the service account that gets the role of the operator', () => {
  const goesTo = (name: string, file: string) => [
    'proof-document',
    `the operator's role goes to service account ${name}`,
    own,
    file,
  ];
  const operator = { namespace: 'tools', serviceAccount: 'runner' };

  it('is the same everywhere', () => {
    expect(told([roleFor('operator', [own])], [clusterOf('one', [], {}), clusterOf('two', [], {})])).toEqual(
      [],
    );
    expect(
      told([], [clusterOf('one', [], {}), clusterOf('two', [], {}), clusterOf('three', [], operator)]),
    ).toEqual([goesTo('tools/runner', 'eksctl/three.json')]);
  });

  it('is the one that most files and trust policies name', () => {
    const [one, two] = [clusterOf('one', [], { role: roleArn('a') }), clusterOf('two', [], operator)];
    expect(told([roleFor('a', [own])], [two, one])).toEqual([goesTo('tools/runner', 'eksctl/two.json')]);
    expect(told([roleFor('a', ['tools/*'])], [two, one])).toEqual([
      goesTo('tools/runner', 'eksctl/two.json'),
    ]);
  });

  it('is the first by name of those that are named as often', () => {
    expect(told([], [clusterOf('two', [], operator), clusterOf('one', [], {})])).toEqual([
      goesTo('tools/runner', 'eksctl/two.json'),
    ]);
    expect(told([], [clusterOf('one', [], {}), clusterOf('two', [], operator)])).toEqual([
      goesTo('tools/runner', 'eksctl/two.json'),
    ]);
  });

  it('is the one of the chart in the Namespace of the operator, where no file gives a role to anybody', () => {
    const source = { path: 'values.yaml', text: 'serviceAccount: { name: runner }' };
    const helmValues = { serviceAccount: 'runner', values: {}, source };
    const inNamespace = (operatorNamespace: string): Cluster => ({
      ...clusterOf('three', [], undefined),
      helmValues,
      guard: { ...noGuard('three'), operatorNamespace },
    });
    const clusters = [clusterOf('one', [], {}), clusterOf('two', [], {})];
    expect(told([], [...clusters, inNamespace('tools')])).toEqual([goesTo('tools/runner', 'values.yaml')]);
    expect(told([], [...clusters, inNamespace('')])).toEqual([]);
  });

  it('is in no namespace of a service', () => {
    const clusters = [
      clusterOf('one', [tenantOf('a', []), tenantOf('b', [], { namespace: 'external-secrets' })], {}),
      clusterOf('two', [tenantOf('c', [])], {}),
    ];
    expect(told([], clusters)).toEqual(
      ['one', 'two'].map((name) => [
        'proof-trust',
        `the operator's role goes to service account ${own}, in the namespace of b`,
        'a namespace of the operator alone',
        `eksctl/${name}.json`,
      ]),
    );
  });
});

describe('the permissions boundary that eksctl gives to a role', () => {
  const found = (byEksctl: object, byTemplate: Partial<DistRole>) =>
    told([roleFor('operator', [own], byTemplate)], [clusterOf('one', [], byEksctl)]);
  const boundary = { permissionsBoundary: 'team' };
  const differs = (allowed: string) => [
    'proof-document',
    `the permissions boundary of ${roleArn('operator')} differs from the CloudFormation template`,
    allowed,
    'eksctl/one.json',
  ];

  it.each<
    readonly [what: string, byEksctl: object, byTemplate: Partial<DistRole>, found: readonly unknown[]]
  >([
    ['none', {}, {}, []],
    ['that of the template', boundary, boundary, []],
    ['another one', boundary, { permissionsBoundary: 'other' }, [differs('other')]],
    ['one too many', boundary, {}, [differs('none')]],
    ['one too few', {}, boundary, [differs('team')]],
    ['any, where eksctl alone makes the role', boundary, { hasTrust: false }, []],
    ['none, as EKS Pod Identity makes no role', { kind: 'podIdentity', makesRole: false }, boundary, []],
  ])('%s', (_, byEksctl, byTemplate, expected) => {
    expect(found(byEksctl, byTemplate)).toEqual(expected);
  });

  it('any, where dist does not have the role', () => {
    expect(told([], [clusterOf('one', [], boundary)])).toEqual([]);
  });
});

describe('roles of operators', () => {
  const roles = ['a', 'b'].map((name) => roleFor(name, [own]));
  const surplus = (name: string, all: number, clusters: number) => [
    'proof-trust',
    `${roleArn(name)} looks like the role of an operator, but no file says of which: ${all} roles are like that, and ${clusters} clusters whose operator has no other`,
    'for each cluster one role at most',
    `${name}/policy.json`,
  ];

  it('are as many as clusters at most', () => {
    expect(told(roles, [clusterOf('one', []), clusterOf('two', [])])).toEqual([]);
    expect(told(roles, [clusterOf('one', [], { role: roleArn('a') }), clusterOf('two', [])])).toEqual([]);
    expect(told(roles.slice(1), [clusterOf('one', []), clusterOf('two', [])])).toEqual([]);
    expect(told(roles, [clusterOf('one', [])])).toEqual([surplus('a', 2, 1), surplus('b', 2, 1)]);
    expect(told(roles, [clusterOf('one', [], { role: roleArn('a') })])).toEqual([surplus('b', 1, 0)]);
  });

  it('are not those that read secrets, or lead to another', () => {
    const reads = distRole(roleArn('reader'), [allow('secretsmanager:GetSecretValue')]);
    const leads = distRole(roleArn('hop'), [allow('sts:AssumeRole')], [trust({ AWS: account })]);
    expect(told([reads, leads], [])).toEqual([]);
  });
});
