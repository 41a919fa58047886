import { compileFiles } from '../support/run-compile.ts';

/** The smallest input, with what a test adds below `aws:` and at the top level. */
export function input(aws = '', rest = ''): string {
  const services = rest.includes('services:')
    ? ''
    : 'services: [{ name: service1, regions: [us-west-2], secrets: [one] }]\n';
  return `version: 1\naws:\n  account: "111111111111"\n${aws}${rest}${services}`;
}

/** Clusters in two accounts and two environments, each with an identity of its own kind. */
export const twoEnvironments = `
abac: { tags: { environment: "{cluster.environment}" } }
clusters:
  prod-usw2: { region: us-west-2, environment: prod, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/PROD }
  prod-euw1: { region: eu-west-1, environment: prod, podIdentity: true }
  staging: { region: us-west-2, environment: staging, account: "222222222222", podIdentity: true }
services:
  - { name: service1, regions: [us-west-2, eu-west-1], secrets: ["{cluster.environment}/one"] }
`;

/** Everything that shapes an AWS document, in one input. */
export const everything = input(
  `  accessRole: arn:aws:iam::999999999999:role/platform/eso-secrets-access
  controllerRole: "/eso/controller-{cluster.name}"
  roleChain: ["hop-{cluster.name}", "arn:aws:iam::999999999999:role/bridge-{cluster.environment}"]
  externalId: platform-7f3a
  permissionsBoundary: boundary
  kms: { byTag: true }
  administrators: [secrets-admin, /people/security]
`,
  twoEnvironments.replace('"{cluster.environment}" }', '"{cluster.environment}", team: "of {service}" }'),
);

/** The policy variable that stands for a tag of the session. */
export function ofSession(key: string): string {
  return `\${aws:PrincipalTag/${key}}`;
}

/**
 * What an input yields below aws/, parsed.
 *
 * @throws with the errors, when there are any
 */
export function awsOf(yaml: string): Map<string, Json> {
  const { files, findings } = compileFiles({ 'services.yaml': yaml });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ rule, message }) => `${rule}: ${message}`).join('\n'));
  const aws = files.filter(({ path }) => path.startsWith('aws/'));
  return new Map(aws.map(({ path, text }) => [path.slice('aws/'.length), JSON.parse(text) as Json]));
}

/** A parsed document. */
export type Json = { readonly [key: string]: unknown };

/** A policy document, as far as tests look into every one. */
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly (Json & {
    readonly Sid: string;
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource?: readonly string[];
    readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  })[];
}

/** The policy and trust documents of all roles by path, such as `111111111111/roles/eso-controller/trust.json`. */
export function policiesIn(files: ReadonlyMap<string, Json>): [path: string, policy: Policy][] {
  return [...files].filter(([path]) => path.includes('/roles/')) as unknown as [string, Policy][];
}
