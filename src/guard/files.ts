import type { Cluster, Fleet } from '../fleet/model.ts';
import { toYaml } from '../yaml/write.ts';
import { helmValues } from './helm-values.ts';
import { type PlatformObject, platformFiles } from './platform.ts';

/** A file of a cluster; `path` is relative to dist, with `/`. */
export interface GuardFile {
  readonly path: string;
  readonly text: string;
  /** The objects in it; none in what is no manifest. */
  readonly objects: readonly PlatformObject[];
}

/**
 * The files of a cluster's platform: manifests that are applied before those of the services, and the values for the
 * operator's Helm chart. Those are no manifest, so that they do not stand below clusters/, where everything is applied.
 */
export function guardFiles(fleet: Fleet, cluster: Cluster): GuardFile[] {
  return [
    ...platformFiles(fleet, cluster).map(({ name, summary, objects }) => ({
      path: `clusters/${cluster.name}/platform/${name}.yaml`,
      text: `# ${summary}\n${objects.map((object) => `---\n${toYaml(object)}`).join('')}`,
      objects,
    })),
    {
      path: `operator/${cluster.name}/helm-values.yaml`,
      text: `# Values for the Helm chart of External Secrets Operator ${fleet.release.version}.\n${toYaml(helmValues(fleet, cluster))}`,
      objects: [],
    },
  ];
}
