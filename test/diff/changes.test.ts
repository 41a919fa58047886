import { describe, expect, it } from 'vitest';
import { diffDists } from '../../src/diff/diff.ts';
import type { Diff } from '../../src/diff/model.ts';
import { plain } from '../../src/report/diff.ts';
import { diffOf, edited, filesOf, type InputParts, orders, payments, prod, prodEu, said } from './inputs.ts';

const key = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const role = 'arn:aws:iam::123456789012:role';

interface Case {
  readonly name: string;
  readonly before?: InputParts;
  readonly after?: InputParts;
  /** Every sentence, in order. */
  readonly says: readonly string[];
  /** Beginnings of the steps, in order. */
  readonly work: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a new service',
    after: { services: [payments, orders, '{ name: billing, clusters: [prod], secrets: [billing/db] }'] },
    says: ['service-added: billing is new in prod and can read billing/db'],
    work: ['before: create billing/db in 123456789012 us-west-2, tagged as dist says'],
  },
  {
    name: 'a service that goes',
    after: { services: [payments] },
    says: [
      '! service-removed: orders is removed from prod: it can no longer read orders/db; namespace orders-ns and what is in it stays until somebody deletes it',
    ],
    work: [
      'after: move what is left in namespace orders-ns of prod, and delete it by hand',
      'after: delete orders/db in 123456789012 us-west-2, or take the tags away',
    ],
  },
  {
    name: 'a service with another name, and its secret',
    after: { services: [payments, '{ name: sales, clusters: [prod], secrets: [orders/db] }'] },
    says: [
      '! owner: orders/db in us-west-2 changes its owner from orders to sales',
      '! service-removed: orders is removed from prod: it can no longer read orders/db; namespace orders-ns and what is in it stays until somebody deletes it',
      'service-added: sales is new in prod and can read orders/db',
    ],
    work: [
      'before: change the tags of orders/db in 123456789012 us-west-2 together with the merge',
      'after: move what is left in namespace orders-ns of prod',
    ],
  },
  {
    name: 'a secret that moves to another service',
    before: {
      services: ['{ name: payments, clusters: [prod], secrets: [payments/api, ledger/db] }', orders],
    },
    after: { services: [payments, '{ name: orders, clusters: [prod], secrets: [orders/db, ledger/db] }'] },
    says: [
      '! owner: ledger/db in us-west-2 changes its owner from payments to orders',
      'grant: orders in prod can now read ledger/db',
      'revocation: payments in prod can no longer read ledger/db',
    ],
    work: ['before: change the tags of ledger/db in 123456789012 us-west-2 together with the merge'],
  },
  {
    name: 'a secret that becomes shared',
    before: {
      services: ['{ name: payments, clusters: [prod], secrets: [payments/api, datadog/key] }', orders],
    },
    after: { shared: ['{ name: datadog, services: [payments, orders], secrets: [datadog/key] }'] },
    says: [
      '! shared: datadog/key in us-west-2 becomes shared: it goes from payments to the shared identity datadog, which orders and payments may claim',
      'grant: orders in prod can now read datadog/key',
    ],
    work: ['before: change the tags of datadog/key in 123456789012 us-west-2 together with the merge'],
  },
  {
    name: 'a further reader of a shared secret',
    before: { shared: ['{ name: datadog, services: [payments], secrets: [datadog/key] }'] },
    after: { shared: ['{ name: datadog, services: [payments, orders], secrets: [datadog/key] }'] },
    says: [
      '! reader: the shared identity datadog gets a further reader: orders in prod can now read datadog/key',
      'grant: orders in prod can now read datadog/key',
    ],
    work: [],
  },
  {
    name: 'a namespace with another name',
    after: {
      services: [payments, '{ name: orders, namespace: sales, clusters: [prod], secrets: [orders/db] }'],
    },
    says: [
      '! namespace: orders in prod moves from namespace orders-ns to sales: the old one stays with all that is in it, and its Secrets are no longer refreshed',
    ],
    work: ['after: move what is left in namespace orders-ns of prod'],
  },
  {
    name: 'a further region',
    after: {
      clusters: [prod, prodEu],
      services: ['{ name: payments, clusters: [prod, prod-eu], secrets: [payments/api] }', orders],
    },
    says: [
      `! trust: the trust policy of role eso-secrets-access of account 123456789012 has ArnEquals aws:principalarn of statement AssumeWithTags now with ${role}/eso-prod-eu: ${role}/eso-prod-eu can now assume the role`,
      '! policy: the policy of role eso-secrets-access of account 123456789012 has Resource of statement ReadOwnSecrets now with arn:aws:secretsmanager:eu-west-1:123456789012:secret:*',
      'role: role eso-prod-eu of account 123456789012 is new',
      'cluster-added: cluster prod-eu is new',
      'service-added: payments comes to prod-eu and can read payments/api',
    ],
    work: [
      'before: create payments/api in 123456789012 eu-west-1',
      'before: apply aws/123456789012/cloudformation.json, or the Terraform module beside it, before',
      'before: apply aws/123456789012/pod-identity/prod-eu.json, when the access role lets in the roles',
      'before: apply clusters/prod-eu/platform as a cluster administrator, before the services there',
      'before: install or upgrade the operator, with its CRDs, by operator/prod-eu/helm-values.yaml',
    ],
  },
  {
    name: 'a cluster that goes, with its region',
    before: {
      clusters: [prod, prodEu],
      services: ['{ name: payments, clusters: [prod, prod-eu], secrets: [payments/api] }', orders],
    },
    says: [
      '! cluster-removed: cluster prod-eu is gone from the input: what runs there stays as it is, with its operator and the Secrets that it has',
      '! region-removed: region eu-west-1 of account 123456789012 holds no secrets of dist any more: the secrets that are there stay in AWS',
      '! service-removed: payments leaves prod-eu: it can no longer read payments/api; namespace payments-ns and what is in it stays until somebody deletes it',
      `trust: the trust policy of role eso-secrets-access of account 123456789012 has ArnEquals aws:principalarn of statement AssumeWithTags now without ${role}/eso-prod-eu`,
      'policy: the policy of role eso-secrets-access of account 123456789012 has Resource of statement ReadOwnSecrets now without arn:aws:secretsmanager:eu-west-1:123456789012:secret:*',
      'role: role eso-prod-eu of account 123456789012 is gone from dist: delete it by hand, or it stays as it is',
    ],
    work: [
      'after: apply aws/123456789012/cloudformation.json, or the Terraform module beside it, when Argo CD or Flux has synced',
      'after: take prod-eu out of what Argo CD or Flux looks after',
      'after: delete the roles 123456789012/eso-prod-eu',
      'after: delete payments/api in 123456789012 eu-west-1',
    ],
  },
  {
    name: 'an account that goes',
    before: { clusters: [prod, 'other: { region: us-west-2, account: "999999999999" }'] },
    says: [
      '! account-removed: account 999999999999 is gone from the input: its roles and secrets stay in AWS, and the roles can still be assumed, until somebody deletes them',
      '! cluster-removed: cluster other is gone from the input: what runs there stays as it is, with its operator and the Secrets that it has',
      'role: role eso-other of account 999999999999 is gone from dist: delete it by hand, or it stays as it is',
      'role: role eso-secrets-access of account 999999999999 is gone from dist: delete it by hand, or it stays as it is',
    ],
    work: [
      'after: take other out of what Argo CD or Flux looks after',
      'after: in 999999999999 delete the stack or module with the roles',
    ],
  },
  {
    name: 'a further tag',
    after: { abac: 'tags: { environment: "{cluster.environment}" }' },
    says: [
      '! guard: in prod ValidatingAdmissionPolicy eso-abac-secretstores differs: look at its fields below',
      '! trust: the trust policy of role eso-secrets-access of account 123456789012 has ForAllValues:StringEquals aws:tagkeys of statement AssumeWithTags now with environment',
      'trust: the trust policy of role eso-secrets-access of account 123456789012 now asks for StringEquals aws:requesttag/environment in statement AssumeWithTags: prod',
      'policy: the policy of role eso-secrets-access of account 123456789012 now asks for StringEquals secretsmanager:resourcetag/environment in statement ReadOwnSecrets: $'.concat(
        '{aws:PrincipalTag/environment}',
      ),
      'policy: the policy of role eso-secrets-access of account 123456789012 now asks for Null aws:principaltag/environment in statement ReadOwnSecrets: false',
      'tag: orders in prod passes the further tag environment, and reads only secrets that carry it too',
      'tag: payments in prod passes the further tag environment, and reads only secrets that carry it too',
    ],
    work: [
      'before: change the tags of orders/db and payments/api in 123456789012 us-west-2 together with the merge',
      'before: apply aws/123456789012/cloudformation.json',
      'before: apply clusters/prod/platform',
    ],
  },
  {
    name: 'a further tag that is dropped',
    before: { abac: 'tags: { environment: "{cluster.environment}" }' },
    says: [
      '! guard: in prod ValidatingAdmissionPolicy eso-abac-secretstores differs: look at its fields below',
      '! trust: the trust policy of role eso-secrets-access of account 123456789012 no longer asks for StringEquals aws:requesttag/environment in statement AssumeWithTags',
      '! policy: the policy of role eso-secrets-access of account 123456789012 no longer asks for StringEquals secretsmanager:resourcetag/environment in statement ReadOwnSecrets',
      '! policy: the policy of role eso-secrets-access of account 123456789012 no longer asks for Null aws:principaltag/environment in statement ReadOwnSecrets',
      '! tag: orders in prod passes the tag environment no longer',
      '! tag: payments in prod passes the tag environment no longer',
      'trust: the trust policy of role eso-secrets-access of account 123456789012 has ForAllValues:StringEquals aws:tagkeys of statement AssumeWithTags now without environment',
    ],
    work: ['before: change the tags', 'before: apply aws/', 'before: apply clusters/prod/platform'],
  },
  {
    name: 'KMS keys',
    after: { aws: `, kms: { keys: ["${key}"] }` },
    says: [
      `! kms: orders/db in us-west-2 is to be encrypted with ${key}, no longer with the account's own key`,
      `! kms: payments/api in us-west-2 is to be encrypted with ${key}, no longer with the account's own key`,
      '! kms: the policy of role eso-secrets-access of account 123456789012 has a new statement DecryptThroughSecretsManager, which allows kms:Decrypt',
    ],
    work: [
      'before: encrypt orders/db and payments/api',
      'before: apply aws/123456789012/cloudformation.json',
    ],
  },
  {
    name: 'a guard that is switched off',
    after: { clusters: [prod.replace(' }', ', guard: false }')] },
    says: [
      '! guard: in prod the guard is switched off: whoever may write a SecretStore may claim any tag, and so read any secret',
    ],
    work: ['before: apply clusters/prod/platform'],
  },
  {
    name: 'a guard that is switched on',
    before: { clusters: [prod.replace(' }', ', guard: false }')] },
    says: ['guard: in prod the guard is switched on'],
    work: ['before: apply clusters/prod/platform'],
  },
  {
    name: 'another deployer',
    after: { guard: 'deployers: [{ group: interns }]' },
    says: [
      '! deployers: in prod Group interns can now change what namespaces may claim',
      'deployers: in prod Group platform can no longer change what namespaces may claim',
    ],
    work: ['before: apply clusters/prod/platform'],
  },
  {
    name: 'a guard on tags that goes',
    before: { aws: ', administrators: [admin]' },
    says: [
      '! tag-guard: the tag guard of account 123456789012 goes: whoever may tag a secret then decides who reads it',
    ],
    work: [],
  },
  {
    name: 'one more administrator of tags',
    before: { aws: ', administrators: [admin]' },
    after: { aws: ', administrators: [admin, intern]' },
    says: [
      `! tag-guard: the tag guard of account 123456789012 has ArnNotEquals aws:principalarn of statement DenyTagsOfSecrets now with ${role}/intern`,
      `! tag-guard: the tag guard of account 123456789012 has ArnNotEquals aws:principalarn of statement DenyPoliciesOfTaggedSecrets now with ${role}/intern`,
    ],
    work: ['before: attach aws/123456789012/tag-guard.json'],
  },
  {
    name: 'another way to the role of the operator',
    after: { clusters: ['prod: { region: us-west-2, environment: prod, podIdentity: true }'] },
    says: expect.arrayContaining([
      expect.stringMatching(
        /^! operator: the operator in prod gets another way to its role: IRSA becomes EKS Pod Identity$/,
      ),
      expect.stringMatching(/^! trust: the trust policy of role eso-prod /),
    ]),
    work: [
      'before: apply aws/123456789012/cloudformation.json',
      'before: apply aws/123456789012/pod-identity/prod.json',
      'before: install or upgrade the operator, with its CRDs, by operator/prod/helm-values.yaml',
    ],
  },
  {
    name: 'another access role and an external id',
    after: { aws: ', accessRole: reader, externalId: audit' },
    says: expect.arrayContaining([
      expect.stringMatching(/^! store: payments in prod uses another access role: \S+ becomes \S+reader$/),
      '! store: payments in prod uses another external id: none becomes audit',
    ]),
    work: [
      'before: apply aws/123456789012/cloudformation.json',
      'before: apply aws/123456789012/eksctl/prod.json',
      'before: apply clusters/prod/platform',
      'after: delete the roles 123456789012/eso-secrets-access',
    ],
  },
  {
    name: 'a permissions boundary that goes',
    before: { aws: ', permissionsBoundary: fence' },
    says: expect.arrayContaining([
      expect.stringMatching(
        /^! role: role eso-prod of account 123456789012 has another permissions boundary: \S+fence becomes none$/,
      ),
    ]),
    work: [
      'before: apply aws/123456789012/cloudformation.json',
      'before: apply aws/123456789012/eksctl/prod.json',
    ],
  },
  {
    name: 'a newer operator',
    before: { version: '0.15.0' },
    says: [],
    work: [
      'before: install or upgrade the operator, with its CRDs, by operator/prod/helm-values.yaml',
      'before: let every cluster serve the API version that the objects have now',
    ],
  },
];

describe('what a change of the input means', () => {
  it.each(cases)('$name', ({ before = {}, after = {}, says, work }) => {
    const diff = diffOf(before, after);
    expect(diff.changes.map(said)).toEqual(says);
    expectSteps(diff, work);
  });

  it('looks at what Argo CD and Flux may do, and asks for no step that they do', () => {
    const engines = 'gitops: { repository: "https://git.example.com/secrets.git", argocd: {}, flux: {} }';
    const before = filesOf({ top: engines });
    const after = filesOf({ top: engines.replace('secrets.git', 'other.git'), version: '2.8.0' });
    const { changes, work } = diffDists(before, after);
    const sentences = changes.filter(({ kind }) => kind === 'gitops').map(said);
    expect(sentences).toContainEqual(
      expect.stringMatching(/^! gitops: .*repoURL "https:\/\/git\.example\.com\/other\.git", no longer /),
    );
    expect(work.map(({ text }) => plain(text)).join()).not.toMatch(/install or upgrade/);
    const pruned = edited(
      before,
      /argocd\/services\.yaml$/,
      'preserveResourcesOnDeletion: true',
      'preserveResourcesOnDeletion: false',
    );
    expect(diffDists(before, pruned).changes.map(said)).toEqual([
      '! gitops: gitops/argocd/services.yaml: ApplicationSet argocd/eso-abac-services has spec.syncPolicy.preserveResourcesOnDeletion false, no longer true',
    ]);
  });

  it('tells another tag key from a tag that goes and one that comes', () => {
    const { changes } = diffOf({}, { abac: 'tagKey: team' });
    expect(changes.map(said)).toContain('! tag: payments in prod passes the tag team in place of ekssecret');
  });

  it('names every service with its clusters once', () => {
    const both = ['{ name: payments, clusters: [prod, prod-eu], secrets: [payments/api] }', orders];
    const more = [both[0]?.replace('[payments/api]', '[payments/api, payments/db]') ?? '', orders];
    const { changes, grants } = diffOf(
      { clusters: [prod, prodEu], services: both },
      { clusters: [prod, prodEu], services: more },
    );
    expect(changes.map(said)).toEqual(['grant: payments in prod and prod-eu can now read payments/db']);
    expect(grants).toHaveLength(2);
  });
});

/** Steps have to begin as expected, each of them. */
function expectSteps({ work }: Diff, beginnings: readonly string[]): void {
  const steps = work.map(({ when, text }) => `${when}: ${plain(text)}`);
  const shown = steps.map((step, index) => {
    const beginning = beginnings[index];
    return beginning !== undefined && step.startsWith(beginning) ? beginning : step;
  });
  expect(shown).toEqual(beginnings);
}
