import type { Path } from '../findings/finding.ts';
import { type ClusterSpec, roleAllowed, rolePattern, type Spec } from '../input/schema.ts';
import type { Cluster, Tag } from './model.ts';
import { compare } from './order.ts';
import { fill, placeholderValues } from './placeholders.ts';
import type { Reporter } from './reporter.ts';
import { roleArn } from './role-arn.ts';

/** The controller role's name where the input gives none. */
const defaultControllerRole = 'eso-controller';

/** A cluster as far as its roles' names depend on it. */
export interface RoleHome {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly environment?: string | undefined;
  readonly partition: string;
}

/** The roles that a cluster's operator goes through before it assumes the access role. */
export function operatorRoles(
  spec: Spec,
  home: RoleHome,
  cluster: ClusterSpec,
  reporter: Reporter,
): Pick<Cluster, 'controllerRoleArn' | 'roleChain'> {
  const controller = cluster.controllerRole ?? spec.aws.controllerRole ?? defaultControllerRole;
  const chain = spec.aws.roleChain ?? [];
  return {
    controllerRoleArn: filledArn(controller, controllerPath(spec, home.name), home, reporter),
    roleChain: chain.map((role, index) => filledArn(role, ['aws', 'roleChain', index], home, reporter)),
  };
}

/** Where the controller role of a cluster is decided. */
function controllerPath(spec: Spec, cluster: string): Path {
  if (spec.clusters?.[cluster]?.controllerRole !== undefined) return ['clusters', cluster, 'controllerRole'];
  return spec.aws.controllerRole !== undefined ? ['aws', 'controllerRole'] : ['aws'];
}

function filledArn(template: string, path: Path, home: RoleHome, reporter: Reporter): string {
  const role = fill(template, placeholderValues(home), path, reporter) ?? '';
  if (role !== '' && !rolePattern.test(role)) {
    reporter.report('invalid-value', path, `"${role}" is not a role (cluster "${home.name}")`, {
      allowed: roleAllowed,
    });
  }
  const arn = roleArn(role, home.partition, home.account);
  const [, partition] = arn.split(':');
  if (partition !== home.partition) {
    const message = `the role is in partition "${partition}", cluster "${home.name}" in "${home.partition}"`;
    reporter.report('invalid-value', path, message, {
      allowed: 'a role in the partition of the clusters, or a name',
    });
  }
  return arn;
}

/**
 * The further tags of a cluster, by key: all of them with `{service}` left in, and those that have one value in the whole
 * cluster. Of a tag that depends on the service a session may claim any value, as far as AWS can tell.
 */
export function clusterTags(
  spec: Spec,
  home: RoleHome,
  reporter: Reporter,
): { tagTemplates: Tag[]; pinnedTags: Tag[] } {
  const values = placeholderValues(home, '{service}');
  const tagTemplates = Object.entries(spec.abac?.tags ?? {})
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([key, template]) => {
      const value = fill(template, values, ['abac', 'tags', key], reporter);
      return value === undefined ? [] : [{ key, value }];
    });
  return { tagTemplates, pinnedTags: tagTemplates.filter(({ value }) => !value.includes('{service}')) };
}

/**
 * Reports roles that cannot be what they are meant to be: one role for two purposes, two roles of one name in an
 * account, clusters that share a role on the way to the access role but may not claim the same tags, and a role that a
 * cluster's operator cannot get.
 */
export function checkRoles(spec: Spec, clusters: readonly Cluster[], reporter: Reporter): void {
  checkGiven(clusters, reporter);
  checkProviders(clusters, reporter);
  const purposes = new Map<string, Purpose>();
  const firstWith = new Map<string, Cluster>();
  const firstIn = new Map<string, Cluster>();
  for (const cluster of clusters) {
    checkPartition(firstIn, cluster, reporter);
    checkPodIdentity(cluster, controllerPath(spec, cluster.name), reporter);
    for (const role of rolesOf(spec, cluster)) {
      checkBoundary(spec, role.arn, reporter);
      claimRole(purposes, role, reporter);
      if (role.purpose === accessPurpose) continue;
      const first = firstWith.get(role.arn) ?? cluster;
      firstWith.set(role.arn, first);
      checkSameClaims(spec, first, cluster, role, reporter);
    }
  }
}

/** AWS: an account exists in one partition. */
function checkPartition(firstIn: Map<string, Cluster>, cluster: Cluster, reporter: Reporter): void {
  const { account, partition, name } = cluster;
  const first = firstIn.get(account) ?? cluster;
  firstIn.set(account, first);
  if (first.partition === partition) return;
  const message = `account ${account} would be in partition "${first.partition}" (cluster "${first.name}") and in "${partition}" (cluster "${name}")`;
  reporter.report('invalid-value', ['clusters', name, 'account'], message, {
    allowed: 'an account of its own for each partition',
  });
}

interface Purpose {
  readonly arn: string;
  readonly purpose: string;
  /** Where the input names the role. */
  readonly path: Path;
}

const accessPurpose = 'the access role';
const controllerPurpose = 'a controller role';

/** The roles on the way to the secrets; what is no role was reported where it was made. */
function rolesOf(spec: Spec, { name, accessRoleArn, controllerRoleArn, roleChain }: Cluster): Purpose[] {
  return [
    { arn: accessRoleArn, purpose: accessPurpose, path: ['aws', 'accessRole'] },
    { arn: controllerRoleArn, purpose: controllerPurpose, path: controllerPath(spec, name) },
    ...roleChain.map((arn, index) => ({
      arn,
      purpose: `role ${index + 1} of the chain`,
      path: ['aws', 'roleChain', index],
    })),
  ].filter(({ arn }) => rolePattern.test(arn));
}

/** IAM: role names are unique in an account, whatever their path and case. */
function claimRole(purposes: Map<string, Purpose>, role: Purpose, reporter: Reporter): void {
  const [, partition, , , account] = role.arn.split(':');
  const key = `${partition}/${account}/${role.arn.slice(role.arn.lastIndexOf('/') + 1).toLowerCase()}`;
  const first = purposes.get(key) ?? role;
  purposes.set(key, first);
  if (first.purpose === role.purpose && first.arn === role.arn) return;
  const message = `"${role.arn}" would be ${role.purpose}, but "${first.arn}" is ${first.purpose}, and IAM takes both for one role`;
  reporter.report('controller-role', role.path, message, {
    allowed: 'a role name of its own for each purpose',
  });
}

/** IAM: a permissions boundary is a policy of the role's own account, or one of AWS's own. */
function checkBoundary({ aws }: Spec, role: string, reporter: Reporter): void {
  const { permissionsBoundary: boundary } = aws;
  if (!boundary?.startsWith('arn:')) return;
  const [, partition, , , account] = boundary.split(':');
  const [, rolePartition, , , roleAccount] = role.split(':');
  if (partition === rolePartition && (account === 'aws' || account === roleAccount)) return;
  const message = `the boundary is in account ${account} of partition ${partition}, role "${role}" is not`;
  reporter.report('invalid-value', ['aws', 'permissionsBoundary'], message, {
    allowed: 'the name of a managed policy that exists in each account, or one of AWS',
  });
}

/** EKS: the role of a Pod Identity association is in the account of the cluster. */
function checkPodIdentity(cluster: Cluster, path: Path, reporter: Reporter): void {
  const [, , , , account] = cluster.controllerRoleArn.split(':');
  if (cluster.identity?.kind !== 'podIdentity' || account === cluster.account) return;
  const message = `the controller role is in account ${account}, cluster "${cluster.name}" in ${cluster.account}; EKS Pod Identity gives roles of the cluster's own account only`;
  reporter.report('controller-role', path, message, {
    allowed: 'a role in the account of the cluster; aws.roleChain leads on to others',
  });
}

/** Of a role that has a trust policy eksctl makes no other: with one for EKS Pod Identity alone, only its pods get it. */
function checkGiven(clusters: readonly Cluster[], reporter: Reporter): void {
  const givenBy = (kind: string) =>
    new Map(
      clusters
        .filter(({ identity }) => identity?.kind === kind)
        .map(({ controllerRoleArn, name }) => [controllerRoleArn, name]),
    );
  const [byPods, byProviders] = [givenBy('podIdentity'), givenBy('irsa')];
  for (const { name, identity, controllerRoleArn } of clusters) {
    const other = byPods.get(controllerRoleArn);
    if (identity !== undefined || other === undefined || byProviders.has(controllerRoleArn)) continue;
    const message = `cluster "${name}" does not say how its operator gets the controller role, which it shares with cluster "${other}": only pods of EKS Pod Identity get that`;
    reporter.report('controller-role', ['clusters', name], message, {
      allowed: `"oidcProvider", "podIdentity: true" or a role of its own: clusters.${name}.controllerRole`,
      target: 'key',
    });
  }
}

/** Each cluster has an identity provider of its own, with whose tokens its pods get every role that trusts it. */
function checkProviders(clusters: readonly Cluster[], reporter: Reporter): void {
  const firstWith = new Map<string, Cluster>();
  for (const cluster of clusters) {
    const { identity, name, controllerRoleArn } = cluster;
    if (identity?.kind !== 'irsa') continue;
    const first = firstWith.get(identity.oidcProvider) ?? cluster;
    firstWith.set(identity.oidcProvider, first);
    if (first.controllerRoleArn === controllerRoleArn) continue;
    const message = `clusters "${first.name}" and "${name}" have one OIDC provider, and a controller role each: pods of one would get the role of the other`;
    reporter.report('controller-role', ['clusters', name, 'oidcProvider'], message, {
      allowed: "each cluster's own provider, or one controller role for both",
    });
  }
}

/** Whoever holds a shared role can go on as any of the clusters, whatever role comes next. */
function checkSameClaims(
  spec: Spec,
  first: Cluster,
  cluster: Cluster,
  { purpose, path }: Purpose,
  reporter: Reporter,
): void {
  const others = new Map(first.pinnedTags.map((tag) => [tag.key, tag.value]));
  const differing = cluster.pinnedTags.find((tag) => tag.value !== others.get(tag.key));
  if (differing === undefined) return;
  const { key, value } = differing;
  const message = `clusters "${first.name}" and "${cluster.name}" share ${purpose}, so a session of either could claim both ${key}=${others.get(key)} and ${key}=${value}`;
  const name = spec.aws.controllerRole ?? defaultControllerRole;
  reporter.report('controller-role', path, message, {
    allowed:
      purpose === controllerPurpose
        ? `a role for each: clusters.${cluster.name}.controllerRole, or a placeholder as in aws.controllerRole: "${name}-{cluster.name}"`
        : 'a role for each, by a placeholder such as {cluster.name}',
    ...(path.length === 1 && { target: 'key' }),
  });
}
