import type { Tenant } from '../files/model.ts';
import { isPassedOver } from '../files/paths.ts';
import { canonical } from '../files/strict.ts';
import type { fluxObjects } from './flux-schema.ts';
import {
  agree,
  awayFromServices,
  type Clusters,
  checkServed,
  eachNamedOnce,
  eachOnce,
  type Fact,
  type Found,
  type KnownBy,
  ofKind,
  rootOf,
  type SaidFirst,
} from './objects.ts';

/** An object of Flux. */
export type FluxObject = KnownBy<Schemas['sync']> | KnownBy<Schemas['operator']>;
type Schemas = ReturnType<typeof fluxObjects>;
type Kustomization = Extract<FluxObject, { readonly kind: 'Kustomization' }>;
type HelmRelease = Extract<FluxObject, { readonly kind: 'HelmRelease' }>;

/** Reports where the objects of Flux apply anything else than the folders of this dist, to each cluster its own. */
export function checkFlux(
  byCluster: ReadonlyMap<string, readonly Found<FluxObject>[]>,
  clusters: Clusters,
  first: SaidFirst,
): void {
  const all = [...byCluster.values()].flat();
  agree(all, factsOf, first);
  // What was applied there stays as it is, and what changes in dist never gets there.
  for (const cluster of clusters.guards.keys())
    if (!byCluster.has(cluster))
      all[0]?.complain([], `nothing is applied in cluster "${cluster}"`, `gitops/flux/${cluster}/`);
  for (const [cluster, own] of byCluster) checkCluster(cluster, own, clusters);
}

function checkCluster(cluster: string, all: readonly Found<FluxObject>[], clusters: Clusters): void {
  const folders = [
    `gitops/flux/${cluster}/sync`,
    `clusters/${cluster}/platform`,
    `gitops/flux/${cluster}/operator`,
    `clusters/${cluster}/services`,
  ];
  const applied: string[] = [];
  eachNamedOnce(all);
  awayFromServices(all, clusters.tenants.get(cluster));
  for (const release of ofKind(all, 'HelmRelease')) checkRelease(cluster, release, clusters);
  const kustomizations = ofKind(all, 'Kustomization');
  for (const one of kustomizations) {
    const { path } = one.object.spec;
    const folder = folders.find((known) => path.endsWith(`/${known}`));
    if (folder === undefined)
      one.complain(['spec', 'path'], `${path} is no folder of cluster "${cluster}"`, folders.join(', '));
    else {
      applied.push(folder);
      checkFolder(folder, one, clusters.tenants.get(cluster));
    }
  }
  eachOnce(all, 'Kustomization applies', folders, applied);
  // A name that stands for nothing here may stand for something else in the cluster.
  eachOnce(
    all,
    'object is a',
    ['GitRepository', 'HelmRepository', 'HelmRelease'],
    all.map(({ object }) => object.kind),
  );
  const platform = `clusters/${cluster}/platform`;
  if (applied.includes(platform)) checkOrder(kustomizations, `/${platform}`);
}

/** What is in a folder has to be applied, and what leaves it has to leave the cluster. */
function checkFolder(
  folder: string,
  { object, complain }: Found<Kustomization>,
  tenants: readonly Pick<Tenant, 'service'>[] = [],
): void {
  if (!folder.startsWith('clusters/')) return;
  if (!object.spec.prune)
    complain(['spec', 'prune'], 'what is taken out of dist stays in the cluster', 'true');
  if (!folder.endsWith('/services')) return;
  for (const { service } of tenants)
    if (isPassedOver(service))
      complain(['spec', 'path'], `Flux passes over ${folder}/${service}.yaml`, 'another name of the service');
}

/** The operator and the services wait for the admission policies: until they are there, anybody may claim anything. */
function checkOrder(all: readonly Found<Kustomization>[], platform: string): void {
  const byName = new Map(all.map((one) => [one.object.metadata.name, one.object.spec]));
  const waits = ({ path, dependsOn }: Kustomization['spec'], left = all.length): boolean =>
    path.endsWith(platform) ||
    (dependsOn ?? []).some(({ name }) => {
      const other = byName.get(name);
      return left > 0 && other !== undefined && waits(other, left - 1);
    });
  for (const { object, complain } of all) {
    const { metadata, spec } = object;
    if (spec.path.endsWith('/sync')) {
      if (spec.dependsOn !== undefined)
        complain(['spec', 'dependsOn'], `${metadata.name}, which applies the others, waits`, 'no dependsOn');
    } else if (!waits(spec))
      complain(['spec'], `${metadata.name} does not wait for the platform`, 'dependsOn');
    if (spec.path.endsWith(platform) && (spec.dependsOn !== undefined || !spec.wait))
      complain(['spec'], `${metadata.name} waits, or is not waited for`, 'wait: true, and no dependsOn');
  }
}

function checkRelease(cluster: string, { object, complain }: Found<HelmRelease>, clusters: Clusters): void {
  const { guards, helmValues } = clusters;
  const { values, chart } = object.spec;
  const namespace = guards.get(cluster)?.operatorNamespace ?? '';
  for (const key of ['targetNamespace', 'storageNamespace'] as const)
    if (object.spec[key] !== namespace)
      complain(['spec', key], `the operator goes into namespace "${object.spec[key]}"`, namespace);
  checkServed(chart.spec.version, clusters, (...why) =>
    complain(['spec', 'chart', 'spec', 'version'], ...why),
  );
  // Of a cluster of dist it is told already that its values are missing, or not known.
  const isTold = guards.has(cluster) && !helmValues.has(cluster);
  if (!isTold && canonical(values) !== canonical(helmValues.get(cluster)?.values))
    complain(['spec', 'values'], `the values differ from operator/${cluster}/helm-values.yaml`, 'the same');
}

function factsOf({ kind, metadata, spec }: FluxObject): Fact[] {
  const { name, namespace } = metadata;
  const facts: Fact[] = [{ topic: 'namespace of Flux', said: namespace, path: ['metadata', 'namespace'] }];
  if (kind === 'GitRepository')
    facts.push(
      { topic: 'repository', said: spec.url, path: ['spec', 'url'] },
      { topic: 'revision', said: Object.values(spec.ref).join(), path: ['spec', 'ref'] },
      { topic: 'source', said: name, path: ['metadata', 'name'] },
    );
  if (kind === 'Kustomization')
    facts.push(
      { topic: 'folder of dist', said: rootOf(spec.path), path: ['spec', 'path'] },
      { topic: 'source', said: spec.sourceRef.name, path: ['spec', 'sourceRef', 'name'] },
    );
  if (kind === 'HelmRepository')
    facts.push({ topic: 'source of the chart', said: name, path: ['metadata', 'name'] });
  if (kind === 'HelmRelease') {
    const { sourceRef, version } = spec.chart.spec;
    const path = ['spec', 'chart', 'spec'];
    facts.push(
      { topic: 'source of the chart', said: sourceRef.name, path: [...path, 'sourceRef', 'name'] },
      { topic: 'version of the chart', said: version, path: [...path, 'version'] },
    );
  }
  return facts;
}
