import { type Attack, assuming } from './attack.ts';
import {
  addedStatement,
  type Change,
  document,
  type Json,
  type JsonObject,
  manifest,
  statement,
} from './change.ts';
import { secondRole } from './second-role.ts';
import { treeOf } from './tree.ts';

const account = '111122223333';
const access = `aws/${account}/roles/eso-secrets-access`;
const stagingPolicy = `aws/${account}/roles/eso-staging/policy.json`;
const stagingTrust = `aws/${account}/roles/eso-staging/trust.json`;
const staging = `arn:aws:iam::${account}:role/eso-staging`;
const second = `arn:aws:iam::${account}:role/platform/second`;
const secondTrust = `aws/${account}/roles/second/trust.json`;

/** A document of the platform. */
function contentOf(file: string): { readonly Version: string; readonly Statement: readonly JsonObject[] } {
  return JSON.parse(treeOf('platform').get(file) ?? '');
}

/** A second role that reads as the first one does, and which the staging cluster may assume if some statements let it. */
function readsToo(...statements: readonly JsonObject[]) {
  const { Version } = contentOf(`${access}/trust.json`);
  return [
    ...secondRole({
      ...{ account, name: 'second', path: '/platform/' },
      policy: contentOf(`${access}/policy.json`),
      trust: { Version, Statement: statements },
    }),
    addedStatement(stagingPolicy, {
      Sid: 'Added',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: [second],
    }),
  ];
}

const [, forStaging = {}, withoutId = {}] = contentOf(`${access}/trust.json`).Statement;
const stagingStores = 'clusters/staging/platform/admission-secretstores.yaml';
/** The file of a service whose stores pass no external id. */
const passingNone =
  (file: string): Change =>
  (files) =>
    files.set(file, (files.get(file) ?? '').replaceAll(/ +externalID: .*\n/g, ''));
/** The validations of a policy by which a store needs no external id. */
const notAskingForId = (all: Json): Json =>
  (all as readonly JsonObject[])
    .filter(({ expression }) => !String(expression).includes('?externalID'))
    .map((one) => ({ ...one, expression: String(one.expression).replace("'externalID', ", '') }));
const asProduction = JSON.parse(JSON.stringify(forStaging).replace('"staging"', '"prod"'));
const [own, other] = ['PROD', 'STAGING'].map((name) => `oidc.eks.us-west-2.amazonaws.com/id/${name}`);
const prodTrust = 'aws/123456789012/roles/eso-prod/trust.json';

/** Several documents that agree with each other, and by which one cluster of dist gets what is another's. */
export const ofOtherClusters: readonly Attack[] = [
  {
    tree: 'platform',
    name: 'A second access role, which lets a staging cluster in as production',
    does: 'a staging cluster that is broken into claims production',
    change: readsToo(asProduction, withoutId),
    finds: {
      rule: 'proof-trust',
      file: secondTrust,
      at: 'AssumeWithTags2',
      says: 'eso-staging can assume',
      shows: assuming(staging, { environment: 'prod' }),
      also: ['proof-denied'],
    },
  },
  {
    tree: 'platform',
    name: 'A second access role, which asks for no external id',
    does: 'a confused deputy needs no external id',
    change: readsToo(forStaging),
    finds: {
      rule: 'proof-trust',
      file: secondTrust,
      at: 'AssumeWithTags2',
      says: 'without external id',
      shows: assuming(staging, { environment: 'staging' }),
    },
  },
  {
    tree: 'deployed',
    name: "Another cluster's identity provider in place of its own",
    does: "another cluster's operator becomes this one's, whose own gets no role",
    change: document(prodTrust, (statements) =>
      JSON.parse(JSON.stringify(statements).replaceAll(own ?? '', other ?? '')),
    ),
    finds: {
      rule: 'proof-trust',
      file: prodTrust,
      at: 'AssumeAsServiceAccount',
      says: 'names an identity provider that the one of arn:aws:iam::123456789012:role/platform/eso-staging names',
    },
  },
  {
    tree: 'platform',
    name: 'The cluster in another account than its role',
    does: 'EKS Pod Identity gives no roles of other accounts, and the operator gets none',
    change: [
      (files) => {
        const file = (of: string) => `aws/${of}/pod-identity/staging.json`;
        files.set(file('444455556666'), files.get(file(account)) ?? '');
        files.delete(file(account));
      },
      statement(stagingTrust, 'AssumeByPodIdentity', {
        Condition: {
          StringEquals: { 'aws:SourceAccount': '444455556666' },
          ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:us-west-2:444455556666:cluster/staging' },
        },
      }),
    ],
    finds: {
      rule: 'proof-document',
      file: 'aws/444455556666/pod-identity/staging.json',
      at: 'RoleArn',
      says: `the role of the association is in account ${account}, and the cluster in 444455556666`,
      also: ['proof-denied'],
    },
  },
  {
    tree: 'platform',
    name: 'No external id in one cluster, and none that is asked for',
    does: 'the role is assumed without the external id, from the other cluster too',
    change: [
      ...['ledger', 'orders'].map((service) => passingNone(`clusters/staging/services/${service}.yaml`)),
      manifest(stagingStores, 'ValidatingAdmissionPolicy', ['spec', 'validations'], notAskingForId),
      document(`${access}/trust.json`, ([first, second]) => [first ?? {}, second ?? {}]),
    ],
    finds: {
      rule: 'proof-trust',
      file: `${access}/trust.json`,
      at: '',
      says: 'arn:aws:iam::111122223333:role/eso-prod can assume arn:aws:iam::111122223333:role/platform/eso-secrets-access without external id',
    },
  },
];
