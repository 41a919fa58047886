import type { Cluster, Dist, DistRole, DistSecret, Store, Tenant } from '../../src/proof/files/model.ts';
import type { Tag } from '../../src/proof/iam/model.ts';
import { policyOf, type StatementData } from './iam/support.ts';

/** The account of everything in a small dist, where nothing else is said. */
export const account = '123456789012';

/** The ARN of a role. */
export const roleArn = (name: string, of = account) => `arn:aws:iam::${of}:role/${name}`;

/** The first character of a file. */
export const placeIn = (file: string) => ({
  file,
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
});

/** Tags by their keys. */
export const tagsOf = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** A variable of a policy that stands for a tag of the session. */
export const principalTag = (key: string) => '$'.concat(`{aws:PrincipalTag/${key}}`);

/** A statement that allows something, by default on everything. */
export const allow = (Action: string | readonly string[], more: StatementData = {}): StatementData => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});

/** A statement that lets somebody in. */
export const trust = (Principal: unknown, more: StatementData = {}): StatementData => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...more,
});

/** The actions that assume a role with tags. */
export const assumes = ['sts:AssumeRole', 'sts:TagSession'];

/** The ARN of a cluster's identity provider. */
export const provider = (name: string) =>
  `arn:aws:iam::${account}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${name}`;

/** A statement that lets pods of a cluster in. */
export const byToken = (name = 'ONE', more: StatementData = {}) =>
  trust({ Federated: provider(name) }, { Action: 'sts:AssumeRoleWithWebIdentity', ...more });

/** A role of dist with statements of its policy and of its trust policy. */
export function distRole(
  arn: string,
  may: readonly StatementData[],
  trusts: readonly StatementData[] = [],
  parts: Partial<DistRole> = {},
): DistRole {
  const [, , , , of = '', resource = ''] = arn.split(':');
  const nobody = { Effect: 'Deny', Principal: '*', Action: 'sts:*' };
  const documents = {
    trust: policyOf('trust', ...(trusts.length > 0 ? trusts : [nobody])),
    identity: may.length > 0 ? [policyOf('identity', ...may)] : [],
  };
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const role = { arn, tags: [], ...documents };
  return { role, account: of, name, hasTrust: true, location: placeIn(`${name}/policy.json`), ...parts };
}

/** A store that claims some tags. */
export function storeOf(tags: Readonly<Record<string, string>>, parts: Partial<Store> = {}): Store {
  return {
    name: 'store',
    region: 'us-west-2',
    role: roleArn('access'),
    additionalRoles: [],
    sessionTags: tagsOf(tags),
    transitiveTagKeys: [],
    place: { file: 'service.yaml', document: 0, path: [] },
    ...parts,
  };
}

/** A service in a cluster, whose namespace may claim its own identity. */
export function tenantOf(service: string, stores: readonly Store[], parts: Partial<Tenant> = {}): Tenant {
  return {
    cluster: 'one',
    file: `clusters/one/services/${service}.yaml`,
    service,
    namespace: `${service}-ns`,
    identities: [service],
    stores,
    reads: [],
    ...parts,
  };
}

/** A secret of an identity. */
export function secretOf(
  identity: string,
  tags: Readonly<Record<string, string>>,
  parts: Partial<DistSecret> = {},
): DistSecret {
  return {
    account,
    region: 'us-west-2',
    name: `${identity}/db`,
    identity,
    tags: tagsOf(tags),
    location: placeIn(`${identity}.json`),
    ...parts,
  };
}

/** A cluster with the role that a file gives to its operator, if one does. */
export function clusterOf(
  name: string,
  tenants: readonly Tenant[],
  operator?: Partial<NonNullable<Cluster['operator']>>,
): Cluster {
  if (operator === undefined) return { name, tenants };
  const usual = {
    kind: 'irsa',
    makesRole: true,
    role: roleArn('operator'),
    account,
    namespace: 'external-secrets',
    serviceAccount: 'external-secrets',
    sessionTags: false,
    location: placeIn(`eksctl/${name}.json`),
  } as const;
  return { name, tenants, operator: { ...usual, ...operator } };
}

/** A dist of these parts. */
export function distOf({
  roles = [],
  clusters = [],
  secrets = [],
}: {
  readonly roles?: readonly DistRole[];
  readonly clusters?: readonly Cluster[];
  readonly secrets?: readonly DistSecret[];
}): Dist {
  return {
    roles: new Map(roles.map((one) => [one.role.arn, one])),
    clusters,
    secrets,
    guards: new Map(),
  };
}
