import type { Finding, Locate, Path } from '../findings/finding.ts';
import type { ArgoCd, Fleet, Tenant } from './model.ts';

/** What one cluster or one Argo CD is known to take. */
const knownSizes = {
  /** Namespaces in a cluster. Source: Kubernetes SIG Scalability, "Kubernetes Scalability thresholds". */
  namespaces: 10_000,
  /**
   * Objects of an Application, which lists each of them twice in its status, some 450 bytes together; etcd takes objects
   * of 1.5 MiB. Source: Argo CD's issue 14486, which reports 3,000 as too many.
   */
  applicationObjects: 2000,
  /**
   * Applications of an Argo CD that is not tuned for more. Source: AWS Open Source Blog, "Argo CD Application Controller
   * Scalability Testing on Amazon EKS"; 50,000 are the most that was measured (cnoe.io, "Argo CD Benchmarking").
   */
  applications: 10_000,
} as const;

/** What a cluster gets. */
interface Size {
  services: number;
  objects: number;
}

/** Warns of clusters that get more than Kubernetes is tested with, and of more than Argo CD is known to take. */
export function sizeFindings({ tenants, gitops }: Fleet, locate: Locate): Finding[] {
  const sizes = sizesOf(tenants);
  return [
    ...namespaceFindings(sizes, locate),
    ...(gitops?.argocd === undefined ? [] : argoCdFindings(sizes, gitops.argocd, locate)),
  ];
}

/** By name of the cluster. */
function sizesOf(tenants: readonly Tenant[]): Map<string, Size> {
  const sizes = new Map<string, Size>();
  for (const { cluster, stores, externalSecrets } of tenants) {
    const size = sizes.get(cluster.name) ?? { services: 0, objects: 0 };
    sizes.set(cluster.name, size);
    size.services += 1;
    size.objects += 1 + stores.length + externalSecrets.length;
  }
  return sizes;
}

function namespaceFindings(sizes: ReadonlyMap<string, Size>, locate: Locate): Finding[] {
  return [...sizes]
    .filter(([, { services }]) => services > knownSizes.namespaces)
    .map(([cluster, { services }]) =>
      warning(
        `cluster "${cluster}" would have ${services} namespaces of services`,
        `at most ${knownSizes.namespaces}, with which Kubernetes is tested`,
        ['clusters', cluster],
        locate,
      ),
    );
}

function argoCdFindings(
  sizes: ReadonlyMap<string, Size>,
  { applicationFor }: ArgoCd,
  locate: Locate,
): Finding[] {
  const path = ['gitops', 'argocd', 'applicationFor'];
  if (applicationFor === 'cluster') {
    const tooLarge = [...sizes].filter(([, { objects }]) => objects > knownSizes.applicationObjects);
    const [largest] = tooLarge.sort(([, a], [, b]) => b.objects - a.objects);
    if (largest === undefined) return [];
    const [cluster, { objects }] = largest;
    const others = tooLarge.length - 1;
    const message = `the Application of the services in cluster "${cluster}" would have ${objects} objects${others === 0 ? '' : `; too many for ${others} other clusters as well`}`;
    const allowed = `at most ${knownSizes.applicationObjects}, all of which Argo CD lists in the Application itself; or applicationFor: service`;
    return [warning(message, allowed, path, locate)];
  }
  const applications = [...sizes.values()].reduce((sum, { services }) => sum + services, 0);
  if (applications <= knownSizes.applications) return [];
  const message = `Argo CD would have ${applications} Applications of services`;
  return [warning(message, `at most ${knownSizes.applications}, unless it is tuned for more`, path, locate)];
}

function warning(message: string, allowed: string, path: Path, locate: Locate): Finding {
  return { rule: 'fleet-size', severity: 'warning', message, allowed, location: locate(path, 'key') };
}
