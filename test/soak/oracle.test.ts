import { describe, expect, it } from 'vitest';
import type { Attack, Harmless } from '../proof/attacks/attack.ts';
import { changed } from '../proof/attacks/change.ts';
import { groups, harmless } from '../proof/attacks/index.ts';
import { treeOf } from '../proof/attacks/tree.ts';
import { compileValid } from '../support/run-compile.ts';
import { wrongWith } from './oracle/judge.ts';
import type { File } from './oracle/world.ts';

/** The files of an input. */
function filesOf(input: string): readonly File[] {
  return compileValid({ 'services.yaml': input }).files.map(({ path, text }) => ({ path, text }));
}

/** The same with a text in place of another, wherever that stands in files whose path ends so. */
function replaced(files: readonly File[], ending: string, from: string, to: string): readonly File[] {
  const after = files.map(({ path, text }) => ({
    path,
    text: path.endsWith(ending) ? text.replaceAll(from, to) : text,
  }));
  expect(after).not.toEqual(files);
  return after;
}

describe('a role that no file names any more', () => {
  const before = filesOf(`
version: 1
aws: { account: "123456789012", controllerRole: "/ops/eso/c{cluster.name}" }
abac: { tags: { no: "no" } }
defaults: { regions: [us-west-2] }
services: [{ name: a, regions: [eu-west-1], secrets: [] }]
`);
  /** The one place that says the role's path says that of another. */
  const unnamed = before.map(({ path, text }) => ({
    path,
    text: text.replace('role/ops/eso/ceu-west-1', 'role/ops/eso/cus-west-2'),
  }));

  it('is taken for the one it was', () => {
    expect(wrongWith(before, unnamed)).toEqual([]);
  });

  it('is asked for what it may do that it could not before', () => {
    const after = replaced(unnamed, 'roles/ceu-west-1/policy.json', 'role/eso-secrets-access', 'role/*');
    expect(wrongWith(before, after)).toContain(
      'arn:aws:iam::123456789012:role/ops/eso/ceu-west-1 with {} may sts:AssumeRole arn:aws:iam::123456789012:role/admin',
    );
  });
});

describe("a secret's tag whose key is in another case", () => {
  const before = filesOf(`
version: 1
aws: { account: "123456789012" }
services:
  - { name: payments, regions: [us-west-2], secrets: [payments_api_key] }
  - { name: orders, regions: [us-west-2], secrets: [orders_db] }
`);
  const changed = (to: string) => replaced(before, 'secrets/us-west-2/orders.json', '"Key": "ekssecret"', to);

  it('is the same tag', () => {
    expect(wrongWith(before, changed('"Key": "EKSSECRET"'))).toEqual([]);
  });

  it('beside the other with another value makes it nobody knows whose', () => {
    const tags = '"Key": "EKSSECRET", "Value": "payments" }, { "Key": "ekssecret"';
    expect(wrongWith(before, changed(tags))).toContain(
      'us-west-2/orders: aws-secretsmanager reads orders_db in us-west-2',
    );
  });
});

describe('a tag guard', () => {
  const before = filesOf(`
version: 1
aws: { account: "123456789012", administrators: [admin] }
services: [{ name: payments, regions: [us-west-2], secrets: [payments_api_key] }]
`);
  const without = (action: string) =>
    replaced(before, 'tag-guard.json', action, 'secretsmanager:ListSecrets');

  it('need not keep others from deleting the policy of a secret, which lets nobody in then', () => {
    expect(wrongWith(before, without('secretsmanager:DeleteResourcePolicy'))).toEqual([]);
  });

  it('has to keep others from what decides who reads', () => {
    for (const action of ['PutResourcePolicy', 'TagResource', 'UntagResource', 'CreateSecret'])
      expect(wrongWith(before, without(`secretsmanager:${action}`)).join()).toContain(
        `role/stranger may secretsmanager:${action} with the tag ekssecret`,
      );
  });
});

describe("the operator's service account", () => {
  const input = `
version: 1
aws: { account: "123456789012" }
externalSecrets: { namespace: ops, serviceAccount: my.eso }
gitops: { repository: "https://git.example.com/platform/secrets.git", argocd: {}, flux: {} }
clusters:
  made: { region: us-west-2, controllerRole: made }
  pods: { region: us-west-2, controllerRole: /by/pods, podIdentity: true }
  asked: { region: us-west-2, controllerRole: /by/asked, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/A }
services:
  - { name: payments, clusters: [made, pods, asked], secrets: [payments_api_key] }
`;
  const before = filesOf(input);
  const missing = (cluster: string) => `${cluster}/payments: payments-api-key cannot read payments_api_key`;

  it('is the one that the input names', () => {
    expect(wrongWith(before, before)).toEqual([]);
  });

  it.each([
    [
      'another in the values of the chart',
      'operator/made/helm-values.yaml',
      'name: my.eso',
      'name: eso',
      missing('made'),
    ],
    [
      'another in the values that Flux has',
      'flux/made/operator/helm-release.yaml',
      'name: my.eso',
      'name: eso',
      missing('made'),
    ],
    [
      'another namespace on the platform',
      'asked/platform/namespace.yaml',
      'name: ops',
      'name: op',
      missing('asked'),
    ],
    [
      'another namespace for Argo CD',
      'argocd/operator.yaml',
      'namespace: ops',
      'namespace: op',
      missing('pods'),
    ],
    [
      'another namespace for Flux',
      'flux/pods/operator/helm-release.yaml',
      'targetNamespace: ops',
      'targetNamespace: op',
      missing('pods'),
    ],
    ['another in the file of eksctl', 'eksctl/made.json', '"my.eso"', '"eso"', missing('made')],
    [
      'another in that of EKS Pod Identity',
      'pod-identity/pods.json',
      '"ops"',
      '"payments-ns"',
      'system:serviceaccount:payments-ns:my.eso of pods is given arn:aws:iam::123456789012:role/by/pods',
    ],
    ['another cluster there', 'pod-identity/pods.json', '"pods"', '"asked"', missing('asked')],
    [
      'no role that it asks for',
      'operator/asked/helm-values.yaml',
      'role/by/asked',
      'role/by/pods',
      missing('asked'),
    ],
    [
      'another in a trust policy',
      '.json',
      '"system:serviceaccount:ops:my.eso"',
      '"system:serviceaccount:ops:default"',
      'system:serviceaccount:ops:default assumes arn:aws:iam::123456789012:role/by/asked for sts.amazonaws.com',
    ],
    [
      'another in what it may make',
      'made/platform/admission-cluster-kinds.yaml',
      'serviceaccount:ops:my.eso',
      'serviceaccount:ops:eso',
      'made/payments is refused: the operator makes a PushSecret',
    ],
    [
      'stores in another namespace alone refused',
      'made/platform/admission-secretstores.yaml',
      "!= 'ops'",
      "!= 'op'",
      `made/payments: ann: makes a store in ops: {"spec":{"provider":{"aws":{"auth":{"jwt":{"serviceAccountRef":{"name":"my.eso","namespace":"ops"}}}}}}}`,
    ],
    [
      'nothing that says who it is',
      'made/platform/namespace.yaml',
      'kind: Namespace',
      'kind: Space',
      'the oracle cannot judge who the operator of made is',
    ],
  ])('%s is found', (_, ending, from, to, says) => {
    expect(wrongWith(before, replaced(before, ending, from, to))).toContain(says);
  });
});

/** What the oracle says of a change that the proof is tested with. */
function saidOf({ tree, change }: Attack | Harmless): string[] {
  const sourcesOf = (files: ReadonlyMap<string, string>) =>
    [...files].map(([path, text]) => ({ path, text }));
  const before = treeOf(tree);
  return wrongWith(sourcesOf(before), sourcesOf(changed(before, change)));
}

describe('of what the proof is tested with', () => {
  // Without a guard on tags more is possible than before, which the proof says and does not refuse.
  it.each(harmless.filter(({ name }) => !name.startsWith('no guard on tags')))(
    '$name is nothing wrong',
    (one) => {
      expect(saidOf(one)).toEqual([]);
    },
  );

  it.each([
    ['A second role named', /assumes/],
    ['The root of another account', /assumes/],
    ['A user as principal', /assumes/],
    ['A service as principal', /assumes/],
    ['KMS without ViaService', /kms:Decrypt/],
    ['Every KMS key', /kms:Decrypt/],
    ['Session tags of EKS Pod Identity left on', /session tags of EKS Pod Identity/],
  ])('%s is found', (name, says) => {
    const attack = groups.flatMap(({ attacks }) => attacks).find((one) => one.name === name);
    expect(attack && saidOf(attack).join()).toMatch(says);
  });
});
