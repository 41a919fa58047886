import {
  type ApplicationSetSpec,
  type ApplicationSetSpecGenerators,
  ApplicationSetSpecSyncPolicyApplicationsSync,
  type ApplicationSetSpecTemplateSpecSource,
  type ApplicationSetSpecTemplateSpecSources,
  type ApplicationSetSpecTemplateSpecSyncPolicy,
  type ApplicationSetSpecTemplateSpecSyncPolicyAutomated,
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
export function syncPolicy(
  automated: Automated,
  options: readonly 'PruneLast=true'[] = [],
): ApplicationSetSpecTemplateSpecSyncPolicy {
  return {
    automated: { ...automated, selfHeal: true },
    syncOptions: ['ServerSideApply=true', ...options],
    retry: { limit: 10, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
  };
}

type Automated = Pick<ApplicationSetSpecTemplateSpecSyncPolicyAutomated, 'prune' | 'allowEmpty'>;

/** An Application for the platform part of each cluster. */
export function platformSet(fleet: Fleet, gitops: Gitops, argocd: ArgoCd): ApplicationSetSpec {
  return setOf([clusterList(argocd)], {
    name: partName(shortName, 'platform'),
    project: projects.platform,
    namespace: fleet.operator.namespace,
    source: folderOf(gitops, layoutOf(gitops).platform(cluster)),
    automated: { prune: true },
    // A policy is there before the one in whose place it comes is gone. Of the services that would wait until all are healthy.
    options: ['PruneLast=true'],
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
    automated: {},
  });
}

/** An Application for the services of each cluster, or one for each service there. */
export function servicesSet(gitops: Gitops, argocd: ArgoCd): ApplicationSetSpec {
  const folder = layoutOf(gitops).services(cluster);
  const { services: project } = projects;
  if (argocd.applicationFor === 'cluster') {
    const source = folderOf(gitops, folder);
    const name = partName(shortName, 'services');
    return setOf([clusterList(argocd)], { name, project, source, automated: { prune: true } });
  }
  const files = {
    repoUrl: gitops.repository,
    revision: gitops.revision,
    files: [{ path: `${folder}/*.yaml` }],
  };
  return setOf([{ matrix: { generators: [clusterList(argocd), { git: files }] } }], {
    name: serviceNameTemplate('.path.filename', '.shortName'),
    project,
    source: folderOf(gitops, folder, '{{ .path.filename }}'),
    // The Application of a service that was removed stays, and takes its SecretStores and ExternalSecrets away.
    automated: { prune: true, allowEmpty: true },
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
  readonly automated: Automated;
  readonly options?: readonly 'PruneLast=true'[];
}

function setOf(generators: ApplicationSetSpecGenerators[], template: Template): ApplicationSetSpec {
  const { name, project, namespace, source, sources, automated, options } = template;
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
        syncPolicy: syncPolicy(automated, options),
      },
    },
    // Neither a set that is deleted nor a generator that yields nothing for a moment takes anything along.
    syncPolicy: {
      applicationsSync: ApplicationSetSpecSyncPolicyApplicationsSync.CREATE_HYPHEN_UPDATE,
      preserveResourcesOnDeletion: true,
    },
  };
}
