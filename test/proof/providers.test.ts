import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { addedStatement, type Change, changed, document, removed, statement } from './attacks/change.ts';
import { filesOf } from './fleets.ts';

/** Two clusters whose operators have one role, and one that EKS Pod Identity gives it to. */
const treeOf = (controllerRole: string) =>
  new Map(
    filesOf(`
version: 1
aws: { account: "123456789012", controllerRole: ${controllerRole} }
clusters:
  one: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/ONE }
  two: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/TWO }
  pods: { region: us-west-2, podIdentity: true }
services:
  - { name: payments, clusters: [one, two, pods], secrets: [payments_api_key] }
`).map(({ path, text }) => [path, text]),
  );
const trees = { eso: treeOf('eso'), '/platform/eso': treeOf('/platform/eso') };
const trust = 'aws/123456789012/roles/eso/trust.json';
const other = 'oidc.eks.us-west-2.amazonaws.com/id/OTHER';
const further = addedStatement(trust, {
  Sid: 'Further',
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${other}` },
  Action: ['sts:AssumeRoleWithWebIdentity'],
  Condition: {
    StringEquals: {
      [`${other}:aud`]: 'sts.amazonaws.com',
      [`${other}:sub`]: 'system:serviceaccount:external-secrets:external-secrets',
    },
  },
});
const tooMany = [
  'proof-trust',
  'error',
  'the trust policy names 3 identity providers, but 2 clusters with providers use the role',
  'one provider for each cluster',
  `${trust}:1`,
];
const tooFew = [
  'proof-denied',
  'error',
  'the trust policy names 1 identity providers, but the operators of 2 clusters ask for the role',
  'one provider for each cluster',
  `${trust}:1`,
];

it.each<
  readonly [what: string, tree: keyof typeof trees, changes: readonly Change[], found: readonly unknown[]]
>([
  ['one for each cluster', 'eso', [], []],
  [
    'one of a cluster of which no file says which role it has',
    'eso',
    [removed('aws/123456789012/eksctl/two.json')],
    [],
  ],
  ['one more', 'eso', [further], [tooMany]],
  ['one more, of a role with a path', '/platform/eso', [further], [tooMany]],
  [
    'one more, of a role with a path of which nothing says which clusters have it',
    '/platform/eso',
    [further, removed('operator/one/helm-values.yaml')],
    [
      [
        'proof-document',
        'error',
        'no values say how the operator is installed in cluster "one"',
        'operator/one/helm-values.yaml',
        'operator/one/helm-values.yaml:1',
      ],
      tooMany,
    ],
  ],
  [
    'one too few',
    '/platform/eso',
    [document(trust, (all) => all.filter(({ Sid }) => Sid !== 'AssumeAsServiceAccount2'))],
    [tooFew],
  ],
])('a role with identity providers, %s', (_, tree, changes, found) => {
  const { findings } = proveDist([...changed(trees[tree], changes)].map(([path, text]) => ({ path, text })));
  expect(
    findings.map(({ rule, severity, message, allowed, location }) => [
      rule,
      severity,
      message,
      allowed,
      `${location?.file}:${location?.start.line}`,
    ]),
  ).toEqual(found);
});

it('of an access role an external id is asked for as long as one store passes one', () => {
  const file = 'aws/111122223333/roles/eso-secrets-access/trust.json';
  const tree = new Map(
    filesOf(`
version: 1
aws: { account: "111122223333", externalId: team }
services:
  - { name: payments, regions: [us-west-2], secrets: [a] }
  - { name: orders, regions: [us-west-2], secrets: [b] }
`).map(({ path, text }) => [path, text]),
  );
  const open = statement(file, 'DenyWithoutExternalId', {
    Condition: { StringNotEquals: { 'sts:ExternalId': 'other' }, Null: { 'sts:ExternalId': 'false' } },
  });
  const withoutId =
    (service: string): Change =>
    (files) => {
      const path = `clusters/us-west-2/services/${service}.yaml`;
      files.set(path, (files.get(path) ?? '').replace(/ *externalID: team\n/, ''));
    };
  const said = (...changes: readonly Change[]) =>
    proveDist([...changed(tree, changes)].map(([path, text]) => ({ path, text })))
      .findings.filter(({ message }) => message.includes('external id'))
      .map(({ message }) => message.replace(/^.* can/, 'somebody can'));
  expect(said()).toEqual([]);
  expect(said(open)).toHaveLength(1);
  expect(said(open, withoutId('orders'))).toHaveLength(1);
  expect(said(open, withoutId('orders'), withoutId('payments'))).toEqual([]);
});

it('an environment that is not pinned is found though the names of the services occur in it', () => {
  const access = 'aws/111122223333/roles/eso-secrets-access/trust.json';
  const tree = new Map(
    filesOf(`
version: 1
aws: { account: "111122223333", controllerRole: "eso-{cluster.name}" }
abac: { tags: { environment: "{cluster.environment}" } }
clusters:
  one: { region: us-west-2, environment: staging, podIdentity: true }
  two: { region: us-west-2, environment: testing, podIdentity: true }
services:
  - { name: st, clusters: [one, two], secrets: ["{cluster.environment}/a"] }
  - { name: ing, clusters: [one, two], secrets: ["{cluster.environment}/b"] }
`).map(({ path, text }) => [path, text]),
  );
  const said = (...changes: readonly Change[]) =>
    proveDist([...changed(tree, changes)].map(([path, text]) => ({ path, text }))).findings.map(
      ({ message }) => message,
    );
  const anyEnvironment = ['AssumeWithTags1', 'AssumeWithTags2'].map((sid) =>
    statement(access, sid, {
      Condition: { StringEquals: null, StringLike: { 'aws:RequestTag/environment': '?*' } },
    }),
  );
  expect(said()).toEqual([]);
  expect(said(...anyEnvironment)).toEqual(
    ['one', 'two'].map((name) =>
      expect.stringMatching(new RegExp(`role/eso-${name} can assume .* with the tags of another cluster: `)),
    ),
  );
});
