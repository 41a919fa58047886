import type { Source } from '../../src/proof/files/model.ts';
import { compileValid } from '../support/run-compile.ts';

/** Fleets that differ in all that matters to the proof. */
export const fleets: Readonly<Record<string, string>> = {
  small: `
version: 1
aws: { account: "123456789012" }
services:
  - { name: payments, regions: [us-west-2], secrets: [payments_api_key] }
  - { name: orders, regions: [us-west-2], secrets: [orders_db] }
`,
  pinned: `
version: 1
aws:
  account: "123456789012"
  externalId: audit
  controllerRole: "eso-controller-{cluster.name}"
  administrators: [secrets-admin]
  primaryRegion: us-west-2
  permissionsBoundary: team-boundary
  kms: { keys: ["arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"] }
abac: { tags: { environment: "{cluster.environment}", team: "{service}-team" } }
clusters:
  prod: { region: us-west-2, environment: prod, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/PROD }
  prod-eu: { region: eu-west-1, environment: prod, podIdentity: true }
  staging: { region: us-west-2, environment: staging, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/STAGING }
services:
  - { name: payments, clusters: [prod, prod-eu], secrets: [payments/api] }
  - { name: orders, clusters: [prod], secrets: [orders/db, { name: orders/tls, keys: { key: private } }] }
  - { name: search, clusters: [staging], secrets: ["{cluster.environment}/search"] }
shared:
  - { name: datadog, services: [payments], secrets: [datadog/key] }
`,
  chained: `
version: 1
aws:
  account: "123456789012"
  accessRole: arn:aws:iam::999999999999:role/team/reader
  controllerRole: /platform/eso
  roleChain: [hop]
  kms: { byTag: true }
clusters:
  one: { region: us-west-2, podIdentity: true }
  two: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/TWO }
services:
  - { name: payments, clusters: [one, two], secrets: [payments_api_key] }
  - { name: orders, clusters: [two], secrets: [orders_db] }
`,
};

/** The files that a fleet compiles to. */
export function filesOf(input: string): Source[] {
  return compileValid({ 'services.yaml': input }).files.map(({ path, text }) => ({ path, text }));
}
