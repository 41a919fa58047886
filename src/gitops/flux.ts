import type { Construct } from 'constructs';
import {
  HelmRelease,
  HelmReleaseSpecChartSpecReconcileStrategy,
  HelmReleaseSpecChartSpecSourceRefKind,
  HelmReleaseSpecInstallCrds,
  HelmReleaseSpecUpgradeCrds,
} from '../../imports/helm.toolkit.fluxcd.io.ts';
import {
  Kustomization,
  type KustomizationSpec,
  KustomizationSpecDeletionPolicy,
  type KustomizationSpecHealthCheckExprs,
  KustomizationSpecSourceRefKind,
} from '../../imports/kustomize.toolkit.fluxcd.io.ts';
import {
  GitRepository,
  type GitRepositorySpecRef,
  HelmRepository,
  HelmRepositorySpecProvider,
} from '../../imports/source.toolkit.fluxcd.io.ts';
import type { Cluster, Fleet, Flux, Gitops } from '../fleet/model.ts';
import { helmValues } from '../guard/helm-values.ts';
import { helmChart } from './helm-chart.ts';
import { layoutOf } from './layout.ts';
import { ownMetadata } from './objects.ts';

/** A file for Flux: its path below the cluster's folder, what it is for, and what makes its objects. */
export interface FluxFile {
  readonly path: string;
  readonly summary: string;
  readonly make: (scope: Construct) => void;
}

/**
 * The files for the Flux of one cluster. None of them grows with the services. The two folders are applied apart,
 * because a Kustomization waits for Kustomizations only, and takes in every folder below its own.
 */
export function fluxFiles(fleet: Fleet, gitops: Gitops, flux: Flux, cluster: Cluster): FluxFile[] {
  return [
    {
      path: 'sync/source.yaml',
      summary: 'The repository that holds dist.',
      make: (scope) => gitRepository(scope, gitops, flux),
    },
    {
      path: 'sync/kustomizations.yaml',
      summary: 'Applies this folder, the platform part, the operator and the services, in this order.',
      make: (scope) => kustomizations(scope, fleet, gitops, flux, cluster),
    },
    {
      path: 'operator/helm-release.yaml',
      summary: `External Secrets Operator ${fleet.release.version}, by its Helm chart.`,
      make: (scope) => helmRelease(scope, fleet, flux, cluster),
    },
  ];
}

/** Name of the repository, and beginning of the names of the Kustomizations. */
const name = 'eso-abac';

function gitRepository(scope: Construct, gitops: Gitops, { namespace, secretRef }: Flux): void {
  new GitRepository(scope, 'repository', {
    metadata: ownMetadata(name, namespace),
    spec: {
      url: fluxUrl(gitops.repository),
      ref: fluxRef(gitops.revision),
      ...(secretRef !== undefined && { secretRef: { name: secretRef } }),
      interval: '1m',
      timeout: '60s',
    },
  });
}

/** Flux knows no `git@host:path`; the same as a URL is `ssh://git@host/path`. */
export function fluxUrl(repository: string): string {
  return repository.includes('://') ? repository : `ssh://${repository.replace(':', '/')}`;
}

/** Flux wants to be told what a revision is. */
export function fluxRef(revision: string): GitRepositorySpecRef {
  if (revision.startsWith('refs/')) return { name: revision };
  return /^[0-9a-f]{40}$/.test(revision) ? { commit: revision } : { branch: revision };
}

/** What pruning takes along can be had again from dist and AWS: SecretStores, ExternalSecrets and their Secrets. */
function kustomizations(scope: Construct, fleet: Fleet, gitops: Gitops, flux: Flux, cluster: Cluster): void {
  const layout = layoutOf(gitops);
  const add = (suffix: string, spec: Chosen, after?: string) =>
    new Kustomization(scope, `kustomization${suffix}`, {
      metadata: ownMetadata(`${name}${suffix}`, flux.namespace),
      spec: {
        ...(after !== undefined && { dependsOn: [{ name: `${name}${after}` }] }),
        ...inCommon,
        ...spec,
      },
    });
  const folder = (...parts: string[]) => `./${layout.at('gitops', 'flux', cluster.name, ...parts)}`;
  add('', { path: folder('sync'), prune: false, wait: false });
  add('-platform', { path: `./${layout.platform(cluster.name)}`, prune: true, wait: true });
  add('-operator', { path: folder('operator'), prune: false, wait: true }, '-platform');
  const services = `./${layout.services(cluster.name)}`;
  const { apiVersion } = fleet.release;
  add(
    '-services',
    { path: services, prune: true, wait: true, healthCheckExprs: ready(apiVersion) },
    '-operator',
  );
}

type Chosen = Pick<KustomizationSpec, 'path' | 'prune' | 'wait' | 'healthCheckExprs'>;

const inCommon = {
  sourceRef: { kind: KustomizationSpecSourceRefKind.GIT_REPOSITORY, name },
  interval: '10m',
  retryInterval: '1m',
  timeout: '5m',
  force: false,
  // A Kustomization that is deleted leaves what it applied.
  deletionPolicy: KustomizationSpecDeletionPolicy.ORPHAN,
};

/**
 * When stores and ExternalSecrets count as ready. Without this, one that the operator has not looked at yet, and that
 * has no status so far, would. While an expression fails for want of a status, Flux waits.
 */
function ready(apiVersion: string): KustomizationSpecHealthCheckExprs[] {
  const current = "status.conditions.exists(one, one.type == 'Ready' && one.status == 'True')";
  return ['SecretStore', 'ExternalSecret'].map((kind) => ({ apiVersion, kind, current }));
}

function helmRelease(scope: Construct, fleet: Fleet, { namespace }: Flux, cluster: Cluster): void {
  const metadata = ownMetadata(helmChart.name, namespace);
  const operator = fleet.operator.namespace;
  new HelmRepository(scope, 'charts', {
    metadata,
    spec: { url: helmChart.repository, interval: '1h', provider: HelmRepositorySpecProvider.GENERIC },
  });
  new HelmRelease(scope, 'release', {
    metadata,
    spec: {
      chart: {
        spec: {
          chart: helmChart.name,
          version: fleet.release.version,
          sourceRef: { kind: HelmReleaseSpecChartSpecSourceRefKind.HELM_REPOSITORY, name: helmChart.name },
          reconcileStrategy: HelmReleaseSpecChartSpecReconcileStrategy.CHART_VERSION,
        },
      },
      releaseName: helmChart.name,
      targetNamespace: operator,
      storageNamespace: operator,
      interval: '30m',
      timeout: '5m',
      install: { crds: HelmReleaseSpecInstallCrds.CREATE_REPLACE, remediation: { retries: -1 } },
      upgrade: { crds: HelmReleaseSpecUpgradeCrds.CREATE_REPLACE, remediation: { retries: 3 } },
      values: helmValues(fleet, cluster),
    },
  });
}
