import type { Construct } from 'constructs';
import {
  Application,
  ApplicationSet,
  type ApplicationSetSpec,
  AppProject,
  type AppProjectSpec,
} from '../../imports/argoproj.io.ts';
import type { ArgoCd, Fleet, Gitops } from '../fleet/model.ts';
import { folderOf, operatorSet, platformSet, projects, servicesSet, syncPolicy } from './application-sets.ts';
import { clusterKinds, helmChart, namespaceKinds } from './helm-chart.ts';
import { layoutOf } from './layout.ts';
import { ownMetadata } from './objects.ts';

/** A file for Argo CD: its name without ending, what it is for, and what makes its objects. */
export interface ArgoCdFile {
  readonly name: string;
  readonly summary: string;
  readonly make: (scope: Construct) => void;
}

/** The files for Argo CD. None of them grows with the services; most have some lines for each cluster. */
export function argoCdFiles(fleet: Fleet, gitops: Gitops, argocd: ArgoCd): ArgoCdFile[] {
  const services = argocd.applicationFor === 'service' ? 'each service' : "each cluster's services";
  const { namespace } = argocd;
  return [
    {
      name: 'application',
      summary: 'Applies this folder. Apply it by hand once.',
      make: (scope) => rootApplication(scope, gitops, namespace),
    },
    {
      name: 'projects',
      summary: 'What the Applications may apply, and where.',
      make: (scope) => {
        project(scope, projects.platform, namespace, platformProject(fleet, gitops, argocd));
        project(scope, projects.services, namespace, servicesProject(gitops, argocd));
      },
    },
    {
      name: 'platform',
      summary: "An Application for each cluster's platform part.",
      make: (scope) => set(scope, 'platform', 1, namespace, platformSet(fleet, gitops, argocd)),
    },
    {
      name: 'operator',
      summary: 'An Application for the operator in each cluster.',
      make: (scope) => set(scope, 'operator', 2, namespace, operatorSet(fleet, gitops, argocd)),
    },
    {
      name: 'services',
      summary: `An Application for ${services}.`,
      make: (scope) => set(scope, 'services', 3, namespace, servicesSet(gitops, argocd)),
    },
  ];
}

/** Applies what is generated here to Argo CD itself. Nothing is pruned: what a cluster runs is not lost with its set. */
function rootApplication(scope: Construct, gitops: Gitops, namespace: string): void {
  new Application(scope, 'application', {
    metadata: ownMetadata('eso-abac', namespace),
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace },
      source: folderOf(gitops, layoutOf(gitops).at('gitops', 'argocd')),
      syncPolicy: syncPolicy({}),
    },
  });
}

function project(scope: Construct, name: string, namespace: string, spec: AppProjectSpec): void {
  new AppProject(scope, name, { metadata: ordered(name, namespace, 0), spec });
}

function set(
  scope: Construct,
  part: string,
  wave: number,
  namespace: string,
  spec: ApplicationSetSpec,
): void {
  const metadata = ordered(`eso-abac-${part}`, namespace, wave);
  // Without it the owner references of its Applications would let them go with the set.
  const finalizers = ['resources-finalizer.argocd.argoproj.io'];
  new ApplicationSet(scope, part, { metadata: { ...metadata, finalizers }, spec });
}

function ordered(name: string, namespace: string, wave: number) {
  const annotations = { 'argocd.argoproj.io/sync-wave': String(wave) };
  return { ...ownMetadata(name, namespace), annotations };
}

/** The operator's namespace alone, and the kinds that the platform part and the chart consist of. */
function platformProject({ operator }: Fleet, gitops: Gitops, { destinations }: ArgoCd): AppProjectSpec {
  const { namespace } = operator;
  return {
    description: 'The platform part and the operator of each cluster, written by eso-abac.',
    sourceRepos: [gitops.repository, helmChart.repository],
    destinations: [...destinations.values()].map((name) => ({ name, namespace })),
    clusterResourceWhitelist: [
      { group: '', kind: 'Namespace' },
      { group: 'admissionregistration.k8s.io', kind: 'ValidatingAdmissionPolicy' },
      { group: 'admissionregistration.k8s.io', kind: 'ValidatingAdmissionPolicyBinding' },
      ...clusterKinds,
    ],
    namespaceResourceWhitelist: [...namespaceKinds],
  };
}

/** Any namespace, so that no list grows with the services; but nothing that gives rights or runs. */
function servicesProject(gitops: Gitops, { destinations }: ArgoCd): AppProjectSpec {
  return {
    description: 'Namespaces, SecretStores and ExternalSecrets of the services, written by eso-abac.',
    sourceRepos: [gitops.repository],
    destinations: [...destinations.values()].map((name) => ({ name, namespace: '*' })),
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
    namespaceResourceWhitelist: [
      { group: 'external-secrets.io', kind: 'ExternalSecret' },
      { group: 'external-secrets.io', kind: 'SecretStore' },
    ],
  };
}
