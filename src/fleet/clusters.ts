import type { Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { partitionOf, regions } from '../findings/regions.ts';
import type { ClusterSpec, ServiceSpec, Spec } from '../input/schema.ts';
import { isGuarded } from './guard.ts';
import type { Cluster, OperatorIdentity } from './model.ts';
import { checkRoles, clusterTags, operatorRoles } from './operator-roles.ts';
import { compare, list } from './order.ts';
import type { Reporter } from './reporter.ts';
import { roleArn } from './role-arn.ts';

/** The access role's name where the input gives none. */
const defaultAccessRole = 'eso-secrets-access';

/**
 * The clusters of the input by name. Without a `clusters:` block each region that is named is one cluster of that name.
 */
export function resolveClusters(spec: Spec, reporter: Reporter): Map<string, Cluster> {
  const named = Object.entries(spec.clusters ?? {});
  const entries: [name: string, cluster: ClusterSpec, path: Path][] = spec.clusters
    ? named.map(([name, cluster]) => [name, cluster, ['clusters', name, 'region']])
    : namedRegions(spec).map(([region, path]) => [region, { region }, path]);
  const clusters = new Map<string, Cluster>();
  for (const [name, cluster, path] of entries.sort(([a], [b]) => compare(a, b))) {
    warnUnknownRegion(cluster.region, path, reporter);
    clusters.set(name, resolveCluster(spec, name, cluster, reporter));
  }
  if (spec.aws.primaryRegion !== undefined) {
    warnUnknownRegion(spec.aws.primaryRegion, ['aws', 'primaryRegion'], reporter);
  }
  checkRoles(spec, [...clusters.values()], reporter);
  return clusters;
}

function namedRegions(spec: Spec): [region: string, path: Path][] {
  const places = new Map<string, Path>();
  const note = (names: readonly string[] | undefined, path: Path) =>
    names?.forEach((name, index) => {
      if (!places.has(name)) places.set(name, [...path, index]);
    });
  note(spec.defaults?.regions, ['defaults', 'regions']);
  spec.services?.forEach((service, index) => {
    note(service.regions, ['services', index, 'regions']);
  });
  return [...places];
}

function warnUnknownRegion(region: string, path: Path, reporter: Reporter): void {
  if (regions.has(region)) return;
  const message = `"${region}" is not a region that is known here; a wrong one makes every read fail`;
  reporter.report('unknown-region', path, message, {
    severity: 'warning',
    allowed: 'a region of your partition; a new one is fine',
    nearest: nearest(region, regions.keys()),
  });
}

function resolveCluster(spec: Spec, name: string, cluster: ClusterSpec, reporter: Reporter): Cluster {
  const { aws } = spec;
  const partition = aws.partition ?? partitionOf(cluster.region);
  if (regions.has(cluster.region) && partition !== partitionOf(cluster.region)) {
    const message = `region "${cluster.region}" of cluster "${name}" is not in partition "${partition}"`;
    reporter.report('invalid-value', ['aws', 'partition'], message, { allowed: partitionOf(cluster.region) });
  }
  const account = cluster.account ?? aws.account;
  const accessRoleArn = roleArn(aws.accessRole ?? defaultAccessRole, partition, account);
  const [, arnPartition, , , secretsAccount = account] = accessRoleArn.split(':');
  if (arnPartition !== partition) {
    const message = `the access role is in partition "${arnPartition}", cluster "${name}" in "${partition}"`;
    reporter.report('invalid-value', ['aws', 'accessRole'], message, {
      allowed: 'a role in the partition of the clusters, or a name',
    });
  }
  checkPrimaryRegion(spec, name, partition, reporter);
  const { region, environment } = cluster;
  const identity = identityOf(name, cluster, reporter);
  const home = { name, region, account, environment, partition };
  return {
    name,
    region,
    account,
    partition,
    environment,
    identity,
    ...operatorRoles(spec, home, cluster, reporter),
    ...clusterTags(spec, home, reporter),
    isGuarded: isGuarded(name, cluster, reporter),
    accessRoleArn,
    secretsAccount,
    externalId: aws.externalId,
  };
}

/** AWS: a secret is replicated within its partition only. */
function checkPrimaryRegion({ aws }: Spec, name: string, partition: string, reporter: Reporter): void {
  if (aws.primaryRegion === undefined || partitionOf(aws.primaryRegion) === partition) return;
  const message = `region "${aws.primaryRegion}" is not in partition "${partition}", where cluster "${name}" is; secrets are not replicated between partitions`;
  reporter.report('invalid-value', ['aws', 'primaryRegion'], message, {
    allowed: 'a region in the partition of the clusters',
  });
}

/** How the operator gets its role; saying both ways is reported. */
function identityOf(name: string, cluster: ClusterSpec, reporter: Reporter): OperatorIdentity | undefined {
  if (cluster.podIdentity && cluster.oidcProvider !== undefined) {
    const message = `cluster "${name}" has both "podIdentity" and "oidcProvider"`;
    reporter.report('invalid-value', ['clusters', name, 'podIdentity'], message, {
      allowed: 'one of the two',
      target: 'key',
    });
  }
  if (cluster.podIdentity) return { kind: 'podIdentity' };
  return cluster.oidcProvider === undefined
    ? undefined
    : { kind: 'irsa', oidcProvider: cluster.oidcProvider };
}

/**
 * The clusters that a service runs in, by name. What it names wrongly is reported.
 *
 * @param path of the service in the input
 */
export function clustersOf(
  service: ServiceSpec,
  path: Path,
  spec: Spec,
  clusters: ReadonlyMap<string, Cluster>,
  reporter: Reporter,
): Cluster[] {
  if (service.clusters !== undefined && service.regions !== undefined) {
    const message = `service "${service.name}" has both "regions" and "clusters"`;
    reporter.report('invalid-value', [...path, 'clusters'], message, {
      allowed: 'one of the two',
      target: 'key',
    });
  }
  if (service.clusters !== undefined)
    return clustersByName(service.clusters, [...path, 'clusters'], spec, clusters, reporter);
  const named = service.regions ?? spec.defaults?.regions;
  if (named === undefined) {
    const message = `service "${service.name}" names no region and no cluster, and there is no defaults.regions`;
    reporter.report('missing-key', path, message, { allowed: '"regions" or "clusters" with a list' });
  }
  const listPath = service.regions ? [...path, 'regions'] : ['defaults', 'regions'];
  return clustersByRegion(named ?? [], listPath, clusters, reporter);
}

function clustersByName(
  names: readonly string[],
  path: Path,
  spec: Spec,
  clusters: ReadonlyMap<string, Cluster>,
  reporter: Reporter,
): Cluster[] {
  return eachOnce(names, path, reporter).flatMap(([name, index]) => {
    const cluster = clusters.get(name);
    if (cluster === undefined) {
      reporter.report('unknown-cluster', [...path, index], `there is no cluster "${name}"`, {
        allowed: () =>
          clusters.size > 0 && spec.clusters
            ? list(clusters.keys())
            : '"regions"; no cluster is defined under "clusters"',
        nearest: () => nearest(name, clusters.keys()),
      });
    }
    return cluster ?? [];
  });
}

function clustersByRegion(
  named: readonly string[],
  path: Path,
  clusters: ReadonlyMap<string, Cluster>,
  reporter: Reporter,
): Cluster[] {
  const all = [...clusters.values()];
  return eachOnce(named, path, reporter).flatMap(([region, index]) => {
    const found = all.filter((cluster) => cluster.region === region);
    if (found.length === 0) {
      const known = new Set(all.map((cluster) => cluster.region));
      reporter.report('unknown-cluster', [...path, index], `there is no cluster in region "${region}"`, {
        allowed:
          known.size > 0 ? list(known) : 'regions of the clusters that "clusters" defines; it defines none',
        // A region that exists is no misspelling of another one.
        nearest: regions.has(region) ? undefined : nearest(region, known),
      });
    }
    return found;
  });
}

/** The names of a list, each once, with where it stands first. The others are reported. */
export function eachOnce(
  names: readonly string[],
  path: Path,
  reporter: Reporter,
): [name: string, index: number][] {
  const first = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (!first.has(name)) first.set(name, index);
    else {
      const message = `"${name}" stands in the list twice`;
      reporter.report('invalid-value', [...path, index], message, { allowed: 'each once' });
    }
  }
  return [...first];
}
