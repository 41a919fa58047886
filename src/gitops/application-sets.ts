import {
  type ApplicationSetSpec,
  type ApplicationSetSpecGenerators,
  ApplicationSetSpecSyncPolicyApplicationsSync,
  type ApplicationSetSpecTemplateSpecSource,
  type ApplicationSetSpecTemplateSpecSources,
  type ApplicationSetSpecTemplateSpecSyncPolicy,
} from '../../imports/argoproj.io.ts';
import type { ArgoCd, Fleet, Gitops } from '../fleet/model.ts';
import { partName, serviceNameTemplate, shortCluster } from './application-names.ts';
import { helmChart } from './helm-chart.ts';
import { layoutOf } from './layout.ts';

/** Names of the AppProjects: what the platform may apply, and what the services may. */
export const projects = { platform: 'eso-abac-platform', services: 'eso-abac-services' } as const;

/** Parameters of each cluster, as templates refer to them. */
const cluster = '{{ .cluster }}';
const shortName = '{{ .shortName }}';
const destination = '{{ .destination }}';

/** A folder of manifests in the repository. That a pattern is there makes it plain manifests, whatever else lies there. */
export function folderOf(
  gitops: Gitops,
  path: string,
  include = '*.yaml',
): ApplicationSetSpecTemplateSpecSource {
  return { repoUrl: gitops.repository, targetRevision: gitops.revision, path, directory: { include } };
}

/** What is applied by itself, again and again until it works: for twenty minutes at most, then at the next change. */
export function syncPolicy({ prune }: { prune: boolean }): ApplicationSetSpecTemplateSpecSyncPolicy {
  return {
    automated: { ...(prune && { prune }), selfHeal: true },
    syncOptions: ['ServerSideApply=true', ...(prune ? ['PruneLast=true'] : [])],
    retry: { limit: 10, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
  };
}

/** An Application for the platform part of each cluster. */
export function platformSet(fleet: Fleet, gitops: Gitops, argocd: ArgoCd): ApplicationSetSpec {
  return setOf([clusterList(argocd)], {
    name: partName(shortName, 'platform'),
    project: projects.platform,
    namespace: fleet.operator.namespace,
    source: folderOf(gitops, layoutOf(gitops).platform(cluster)),
    prune: true,
  });
}

/** An Application for the operator in each cluster. Nothing is pruned: a CRD would take all its objects along. */
export function operatorSet(fleet: Fleet, gitops: Gitops, argocd: ArgoCd): ApplicationSetSpec {
  return setOf([clusterList(argocd)], {
    name: partName(shortName, 'operator'),
    project: projects.platform,
    namespace: fleet.operator.namespace,
    sources: [
      {
        repoUrl: helmChart.repository,
        targetRevision: fleet.release.version,
        chart: helmChart.name,
        helm: {
          releaseName: helmChart.name,
          valueFiles: [`$values/${layoutOf(gitops).helmValues(cluster)}`],
        },
      },
      { repoUrl: gitops.repository, targetRevision: gitops.revision, ref: 'values' },
    ],
    prune: false,
  });
}

/** An Application for the services of each cluster, or one for each service there. */
export function servicesSet(gitops: Gitops, argocd: ArgoCd): ApplicationSetSpec {
  const folder = layoutOf(gitops).services(cluster);
  const common = { project: projects.services, prune: true };
  if (argocd.applicationFor === 'cluster') {
    const source = folderOf(gitops, folder);
    return setOf([clusterList(argocd)], { ...common, name: partName(shortName, 'services'), source });
  }
  const files = {
    repoUrl: gitops.repository,
    revision: gitops.revision,
    files: [{ path: `${folder}/*.yaml` }],
  };
  return setOf([{ matrix: { generators: [clusterList(argocd), { git: files }] } }], {
    ...common,
    name: serviceNameTemplate('.path.filename', '.shortName'),
    source: folderOf(gitops, folder, '{{ .path.filename }}'),
  });
}

function clusterList({ destinations }: ArgoCd) {
  const elements = [...destinations].map(([name, inArgoCd]) => ({
    cluster: name,
    shortName: shortCluster(name),
    destination: inArgoCd,
  }));
  return { list: { elements } };
}

/** What differs between the Applications of two sets. */
interface Template {
  readonly name: string;
  readonly project: string;
  readonly namespace?: string;
  readonly source?: ApplicationSetSpecTemplateSpecSource;
  readonly sources?: ApplicationSetSpecTemplateSpecSources[];
  readonly prune: boolean;
}

function setOf(generators: ApplicationSetSpecGenerators[], template: Template): ApplicationSetSpec {
  const { name, project, namespace, source, sources, prune } = template;
  const files = source?.directory?.include;
  return {
    goTemplate: true,
    goTemplateOptions: ['missingkey=error'],
    generators,
    template: {
      metadata: {
        name,
        // Commits that change none of these files are passed over. Argo CD cannot tell of several sources.
        ...(files !== undefined && {
          annotations: { 'argocd.argoproj.io/manifest-generate-paths': files },
        }),
      },
      spec: {
        project,
        destination: { name: destination, ...(namespace !== undefined && { namespace }) },
        ...(source !== undefined && { source }),
        ...(sources !== undefined && { sources }),
        syncPolicy: syncPolicy({ prune }),
      },
    },
    // Neither a set that is deleted nor a generator that yields nothing for a moment takes anything along.
    syncPolicy: {
      applicationsSync: ApplicationSetSpecSyncPolicyApplicationsSync.CREATE_HYPHEN_UPDATE,
      preserveResourcesOnDeletion: true,
    },
  };
}
