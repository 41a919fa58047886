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
 * The further tags that have one value in a whole cluster, by key. A tag that depends on the service is not among
 * them: a session may claim any value of it.
 */
export function pinnedTags(spec: Spec, home: RoleHome, reporter: Reporter): Tag[] {
  const templates = Object.entries(spec.abac?.tags ?? {}).filter(([, text]) => !text.includes('{service}'));
  return templates
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([key, template]) => {
      const value = fill(template, placeholderValues(home), ['abac', 'tags', key], reporter);
      return value === undefined ? [] : [{ key, value }];
    });
}

/** The role that assumes the access role: the last one before it. */
export function callerOf(cluster: Cluster): string {
  return cluster.roleChain.at(-1) ?? cluster.controllerRoleArn;
}

/**
 * Reports roles that cannot be what they are meant to be: one role for two purposes, two roles of one name in an
 * account, and clusters that share the role which assumes the access role but may not claim the same tags.
 */
export function checkRoles(spec: Spec, clusters: Iterable<Cluster>, reporter: Reporter): void {
  const purposes = new Map<string, { purpose: string; arn: string }>();
  const callers = new Map<string, Cluster>();
  for (const cluster of clusters) {
    const controller = controllerPath(spec, cluster.name);
    const claim = (arn: string, purpose: string, path: Path) =>
      claimRole(purposes, arn, purpose, path, reporter);
    claim(cluster.accessRoleArn, 'the access role', ['aws', 'accessRole']);
    claim(cluster.controllerRoleArn, 'a controller role', controller);
    checkPodIdentity(cluster, controller, reporter);
    for (const [index, arn] of cluster.roleChain.entries()) {
      claim(arn, `role ${index + 1} of the chain`, ['aws', 'roleChain', index]);
    }
    const first = callers.get(callerOf(cluster));
    callers.set(callerOf(cluster), first ?? cluster);
    if (first !== undefined) checkSameClaims(spec, first, cluster, controller, reporter);
  }
}

/** IAM: role names are unique in an account, whatever their path and case. */
function claimRole(
  purposes: Map<string, { purpose: string; arn: string }>,
  arn: string,
  purpose: string,
  path: Path,
  reporter: Reporter,
): void {
  const [, , , , account = ''] = arn.split(':');
  const key = `${account}/${arn.slice(arn.lastIndexOf('/') + 1).toLowerCase()}`;
  const first = purposes.get(key);
  purposes.set(key, first ?? { purpose, arn });
  if (first === undefined || (first.purpose === purpose && first.arn === arn)) return;
  const message = `"${arn}" would be ${purpose}, but "${first.arn}" is ${first.purpose}, and IAM takes both for one role`;
  reporter.report('controller-role', path, message, { allowed: 'a role name of its own for each purpose' });
}

/** EKS: the role of a Pod Identity association is in the account of the cluster. */
function checkPodIdentity(cluster: Cluster, path: Path, reporter: Reporter): void {
  const [, , , , account = ''] = cluster.controllerRoleArn.split(':');
  if (cluster.identity?.kind !== 'podIdentity' || account === cluster.account) return;
  const message = `the controller role is in account ${account}, cluster "${cluster.name}" in ${cluster.account}; EKS Pod Identity gives roles of the cluster's own account only`;
  reporter.report('controller-role', path, message, {
    allowed: 'a role in the account of the cluster; aws.roleChain leads on to others',
  });
}

function checkSameClaims(
  spec: Spec,
  first: Cluster,
  cluster: Cluster,
  controller: Path,
  reporter: Reporter,
): void {
  const differing = cluster.pinnedTags.find(({ value }, index) => value !== first.pinnedTags[index]?.value);
  if (differing === undefined) return;
  const other = first.pinnedTags.find(({ key }) => key === differing.key)?.value;
  const isChain = cluster.roleChain.length > 0;
  const path = isChain ? ['aws', 'roleChain', cluster.roleChain.length - 1] : controller;
  const role = isChain ? 'the last role of the chain' : 'a controller role';
  const message = `clusters "${first.name}" and "${cluster.name}" share ${role}, so a session of either could claim both ${differing.key}=${other} and ${differing.key}=${differing.value}`;
  const wanted = isChain ? 'aws.roleChain' : 'aws.controllerRole';
  const example = spec.aws.controllerRole ?? defaultControllerRole;
  reporter.report('controller-role', path, message, {
    allowed: isChain
      ? `a role for each, by a placeholder such as {cluster.name} in ${wanted}`
      : `a role for each: clusters.${cluster.name}.controllerRole, or a placeholder as in ${wanted}: "${example}-{cluster.name}"`,
    target: path.length === 1 ? 'key' : 'value',
  });
}
