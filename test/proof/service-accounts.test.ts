import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { type Change, changed, text } from './attacks/change.ts';
import { filesOf } from './fleets.ts';

/** Roles with a path, which eksctl cannot make. The values of the chart ask for none: no file says who gets them. */
const tree = new Map(
  filesOf(`
version: 1
aws: { account: "123456789012", controllerRole: "/platform/eso-{cluster.name}" }
clusters:
  one: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/ONE }
  two: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/TWO }
services:
  - { name: payments, clusters: [one, two], secrets: [payments_api_key] }
`).map(({ path, text }) => [path, text.replace(/ {2}annotations:\n {4}eks.*\n/, '')]),
);
const trustOf = (cluster: string) => `aws/123456789012/roles/eso-${cluster}/trust.json`;
const own = 'external-secrets/external-secrets';

/** Lets a role go to other service accounts than the operator's. */
const goesTo = (cluster: string, ...subjects: readonly string[]): Change =>
  text(
    trustOf(cluster),
    '"system:serviceaccount:external-secrets:external-secrets"',
    JSON.stringify(subjects.length === 1 ? subjects[0] : subjects),
  );
const pod = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;

function proofOf(changes: readonly Change[]) {
  return proveDist([...changed(tree, changes)].map(([path, content]) => ({ path, text: content })));
}

const iam = 'arn:aws:iam::123456789012';
const token = (subject: string, cluster: string) =>
  `${subject} (audience sts.amazonaws.com) of ${iam}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${cluster.toUpperCase()}`;
const canAssume = (subject: string, cluster: string) =>
  `proof-trust: ${token(subject, cluster)} can assume ${iam}:role/platform/eso-${cluster} with no tags`;
const nobody = (cluster: string) =>
  `proof-denied: nobody can assume ${iam}:role/platform/eso-${cluster}, ${token(pod('external-secrets', 'external-secrets'), cluster)} with no tags neither`;

it.each<readonly [what: string, changes: readonly Change[], found: readonly string[]]>([
  ['its own service account', [], []],
  [
    'one in another namespace',
    [goesTo('two', pod('tools', 'external-secrets'))],
    [
      `${trustOf('two')}: ${canAssume(pod('tools', 'external-secrets'), 'two')}`,
      `${trustOf('two')}: ${nobody('two')}`,
    ],
  ],
  [
    'one in another namespace, in all clusters',
    ['one', 'two'].map((cluster) => goesTo(cluster, pod('tools', 'external-secrets'))),
    ['one', 'two'].flatMap((cluster) => [
      `${trustOf(cluster)}: ${canAssume(pod('tools', 'external-secrets'), cluster)}`,
      `${trustOf(cluster)}: ${nobody(cluster)}`,
    ]),
  ],
  [
    'another one in the namespace of the operator',
    [goesTo('two', pod('external-secrets', 'runner'))],
    [
      `${trustOf('two')}: ${canAssume(pod('external-secrets', 'runner'), 'two')}`,
      `${trustOf('two')}: ${nobody('two')}`,
    ],
  ],
  [
    'a second one',
    [goesTo('one', pod('external-secrets', 'external-secrets'), pod('tools', 'runner'))],
    [`${trustOf('one')}: ${canAssume(pod('tools', 'runner'), 'one')}`],
  ],
  [
    'somebody who is no service account',
    [goesTo('one', 'somebody')],
    [`${trustOf('one')}: ${canAssume('somebody', 'one')}`, `${trustOf('one')}: ${nobody('one')}`],
  ],
  [
    'every one of a namespace',
    [goesTo('one', pod('tools', '*')), text(trustOf('one'), 'StringEquals', 'StringLike')],
    [`${trustOf('one')}: ${canAssume(pod('tools', ''), 'one')}`, `${trustOf('one')}: ${nobody('one')}`],
  ],
])('a role that no file gives to anybody goes to %s', (_, changes, found) => {
  const { findings } = proofOf(changes);
  expect(
    findings.map(({ rule, message, allowed, location }) =>
      [`${location?.file}: ${rule}: ${message}`, ...(rule === 'proof-document' ? [allowed] : [])].join('; '),
    ),
  ).toEqual(found);
});

it('each service account that the operator runs as is taken for granted', () => {
  const accounts = (...changes: readonly Change[]) =>
    proofOf(changes).assumptions.flatMap((one) => /^the operator runs as (\S+),/.exec(one)?.[1] ?? []);
  expect(accounts()).toEqual([own]);
  expect(accounts(goesTo('two', pod('tools', 'runner')))).toEqual([own]);
});

it('beside operators that files name, a role goes to their service accounts and no others', () => {
  const beside = new Map(
    filesOf(`
version: 1
aws: { account: "123456789012", controllerRole: "/platform/eso-{cluster.name}" }
clusters:
  one: { region: us-west-2, podIdentity: true }
  two: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/TWO }
services:
  - { name: payments, clusters: [one], secrets: [payments_api_key] }
`).map((one) => [one.path, one.text]),
  );
  const found = (...changes: readonly Change[]) =>
    proveDist([...changed(beside, changes)].map(([path, content]) => ({ path, text: content }))).findings.map(
      ({ rule, message }) => `${rule}: ${message}`,
    );
  expect(found()).toEqual([]);
  const runner = pod('tools', 'runner');
  expect(found(goesTo('two', runner))).toEqual([canAssume(runner, 'two'), nobody('two')]);
});
