import { nearest } from '../findings/nearest.ts';
import type { Spec } from '../input/schema.ts';
import type { ArgoCd, Cluster, Flux, Gitops, Tenant } from './model.ts';
import { list } from './order.ts';
import type { Reporter } from './reporter.ts';

const defaults = { revision: 'main', path: 'dist', argocd: 'argocd', flux: 'flux-system' } as const;

type Clusters = ReadonlyMap<string, Cluster>;
type GitopsSpec = NonNullable<Spec['gitops']>;

/** What `gitops:` of the input says, or nothing without it. What cannot work is reported. */
export function resolveGitops(
  spec: Spec,
  clusters: Clusters,
  tenants: readonly Tenant[],
  reporter: Reporter,
): Gitops | undefined {
  const { gitops } = spec;
  if (gitops === undefined) return undefined;
  const { repository, revision = defaults.revision, path = defaults.path } = gitops;
  if (gitops.argocd === undefined && gitops.flux === undefined) {
    const message = 'gitops names neither Argo CD nor Flux, so that nothing would be generated';
    reporter.report('gitops', ['gitops'], message, { allowed: 'argocd: {}, flux: {} or both' });
  }
  const argocd = gitops.argocd && resolveArgoCd(gitops.argocd, clusters, reporter);
  const flux = gitops.flux && resolveFlux(gitops.flux, repository, reporter);
  const engines = [
    { engine: argocd, path: ['gitops', 'argocd', 'namespace'] },
    { engine: flux, path: ['gitops', 'flux', 'namespace'] },
  ];
  for (const { engine, path } of engines) {
    if (engine) checkNamespace(engine.namespace, path, tenants, reporter);
  }
  if (flux) checkFileNames(spec, reporter);
  return { repository, revision, path, argocd, flux };
}

function resolveArgoCd(
  { namespace = defaults.argocd, applicationFor = 'cluster', clusters: names = {} }: Argo,
  clusters: Clusters,
  reporter: Reporter,
): ArgoCd {
  for (const name of Object.keys(names)) {
    if (clusters.has(name)) continue;
    reporter.report(
      'unknown-cluster',
      ['gitops', 'argocd', 'clusters', name],
      `there is no cluster "${name}"`,
      {
        allowed: list(clusters.keys()),
        nearest: nearest(name, clusters.keys()),
        target: 'key',
      },
    );
  }
  const destinations = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const cluster of clusters.keys()) {
    const destination = Object.hasOwn(names, cluster) ? (names[cluster] ?? cluster) : cluster;
    const other = taken.get(destination);
    if (other !== undefined) {
      const named = Object.hasOwn(names, cluster) ? cluster : other;
      const message = `clusters "${other}" and "${cluster}" would both be deployed to "${destination}"`;
      reporter.report('gitops', ['gitops', 'argocd', 'clusters', named], message, {
        allowed: 'a cluster of its own in Argo CD for each',
      });
    }
    taken.set(destination, cluster);
    destinations.set(cluster, destination);
  }
  return { namespace, applicationFor, destinations };
}

type Argo = NonNullable<GitopsSpec['argocd']>;

function resolveFlux(
  { namespace = defaults.flux, secretRef }: NonNullable<GitopsSpec['flux']>,
  repository: string,
  reporter: Reporter,
): Flux {
  if (secretRef === undefined && !repository.startsWith('https://')) {
    const message = 'Flux reads a repository by SSH with a key alone, and none is named';
    reporter.report('gitops', ['gitops', 'flux'], message, {
      allowed: 'secretRef: the name of a Secret with identity and known_hosts, such as flux-system',
    });
  }
  return { namespace, secretRef };
}

/** In the namespace of a service its people could change what is deployed everywhere. */
function checkNamespace(
  namespace: string,
  path: readonly string[],
  tenants: readonly Tenant[],
  reporter: Reporter,
): void {
  const tenant = tenants.find((one) => one.namespace === namespace);
  if (tenant === undefined) return;
  const message = `"${namespace}" is the namespace of service "${tenant.service}": whoever may write there could deploy anything`;
  reporter.report('gitops', [...path], message, { allowed: 'a namespace of the platform alone' });
}

/**
 * What Flux does with files of these names, by the service that they would be of.
 *
 * Source: https://fluxcd.io, "Kustomization", on generating kustomization.yaml, and "GitRepository", on excluding files.
 */
const otherwise = new Map([
  ['kustomization', 'takes the file of service "kustomization" for instructions, and would apply no service'],
  ['cloudbuild', 'passes over the file of service "cloudbuild", and would not apply it'],
]);

function checkFileNames(spec: Spec, reporter: Reporter): void {
  for (const [index, { name }] of (spec.services ?? []).entries()) {
    const does = otherwise.get(name);
    if (does !== undefined)
      reporter.report('gitops', ['services', index, 'name'], `Flux ${does}`, { allowed: 'another name' });
  }
}
