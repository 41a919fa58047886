import path from 'node:path';
import type { Gitops } from '../fleet/model.ts';

/** Where Argo CD and Flux find things in the repository: paths from its root, without a leading or closing slash. */
export interface Layout {
  /** A path of dist in the repository. `cluster` may be a template. */
  at(...parts: readonly string[]): string;
  platform(cluster: string): string;
  services(cluster: string): string;
  helmValues(cluster: string): string;
}

/** The layout of dist below its folder in the repository. */
export function layoutOf(gitops: Gitops): Layout {
  const at = (...parts: readonly string[]) => path.posix.join(gitops.path, ...parts);
  return {
    at,
    platform: (cluster) => at('clusters', cluster, 'platform'),
    services: (cluster) => at('clusters', cluster, 'services'),
    helmValues: (cluster) => at('operator', cluster, 'helm-values.yaml'),
  };
}
