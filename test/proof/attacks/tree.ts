import { readFileSync } from 'node:fs';
import { compileValid } from '../../support/run-compile.ts';

/** Files of dist by path. */
export type Tree = ReadonlyMap<string, string>;

/** A production and a staging cluster in one account: an environment that is pinned, KMS keys, a guard, a boundary. */
const platform = `
version: 1
aws:
  account: "111122223333"
  accessRole: /platform/eso-secrets-access
  controllerRole: "eso-{cluster.name}"
  externalId: platform-secrets
  permissionsBoundary: platform-boundary
  kms: { keys: ["arn:aws:kms:us-west-2:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"] }
  administrators: [/platform/secrets-administrator]
abac: { tags: { environment: "{cluster.environment}" } }
clusters:
  prod: { region: us-west-2, environment: prod, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/PROD }
  staging: { region: us-west-2, environment: staging, podIdentity: true }
defaults: { regions: [us-west-2] }
services:
  - { name: ledger, secrets: ["{cluster.environment}/ledger"] }
  - { name: orders, secrets: ["{cluster.environment}/orders"] }
shared:
  - { name: datadog, services: [ledger, orders], secrets: ["{cluster.environment}/datadog"] }
`;

/** Secrets in an account of their own, two roles on the way there, KMS keys chosen by their tags. */
const chain = `
version: 1
aws:
  account: "123456789012"
  accessRole: arn:aws:iam::999999999999:role/eso-secrets-access
  roleChain: [eso-bridge, "arn:aws:iam::999999999999:role/eso-door"]
  kms: { byTag: true }
  administrators: [secrets-administrator]
clusters:
  prod: { region: us-west-2, podIdentity: true }
services:
  - { name: ledger, regions: [us-west-2], secrets: [ledger/db] }
  - { name: orders, regions: [us-west-2], secrets: [orders/db] }
`;

/** Two clusters that Argo CD and Flux look after. */
const deployed = `
version: 1
aws: { account: "123456789012", controllerRole: "/platform/eso-{cluster.name}" }
gitops:
  repository: https://git.example.com/platform/secrets.git
  argocd: { applicationFor: service, clusters: { staging: in-cluster } }
  flux: {}
clusters:
  prod: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/PROD }
  staging: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/STAGING }
services:
  - { name: ledger, clusters: [prod, staging], secrets: [ledger/db] }
  - { name: orders, clusters: [prod], secrets: [orders/db] }
`;

const inputs = {
  twoServices: () => readFileSync('services.yaml', 'utf8'),
  platform: () => platform,
  chain: () => chain,
  deployed: () => deployed,
};

/** The inputs whose output is attacked: services.yaml of this repository, and larger ones. */
export type TreeName = keyof typeof inputs;

export const treeNames = Object.keys(inputs) as TreeName[];

const compiled = new Map<TreeName, Tree>();

/** What is emitted for an input. */
export function treeOf(name: TreeName): Tree {
  const known =
    compiled.get(name) ??
    new Map(compileValid({ 'services.yaml': inputs[name]() }).files.map(({ path, text }) => [path, text]));
  compiled.set(name, known);
  return known;
}
