import type { Attack } from './attack.ts';
import { type Change, manifest, manifests, removed, text } from './change.ts';
import { both, says } from './deployment-tree.ts';

const argocd = 'gitops/argocd';
const flux = 'gitops/flux/prod';
const platform = 'clusters/prod/platform';
const unknown = 'a file that the proof knows nothing about';

const renamed =
  (from: string, to: string): Change =>
  (files) => {
    files.set(to, files.get(from) ?? '');
    removed(from)(files);
  };

/** Each object of an engine, in the namespace of a service. */
const inNamespaceOfOrders =
  (folder: string, from: string): Change =>
  (files) => {
    for (const [path, content] of files)
      if (path.startsWith(folder))
        files.set(path, content.replaceAll(`namespace: ${from}\n`, 'namespace: orders-ns\n'));
  };

const otherBranch: Change = (files) => {
  for (const cluster of ['prod', 'staging'])
    text(`gitops/flux/${cluster}/sync/source.yaml`, 'branch: main', 'branch: next')(files);
};

const ordersBy =
  (name: string): Change =>
  (files) => {
    for (const [path, content] of [...files]) {
      files.delete(path);
      files.set(path.replaceAll('orders', name), content.replaceAll('orders', name));
    }
  };

/** Takes a cluster out of the list of a set, which may be one part of a matrix. */
const withoutStaging = (file: string): Change =>
  manifest(file, 'ApplicationSet', ['spec', 'generators', 0], (generator) =>
    JSON.parse(JSON.stringify(generator), (_, value) =>
      Array.isArray(value) ? value.filter((one) => one?.cluster !== 'staging') : value,
    ),
  );

/** What is right in each object, and wrong in what the engines make of where it stands, or of all together. */
export const kept: readonly Attack[] = [
  {
    ...both,
    name: 'An admission policy in a file that Flux leaves out',
    does: 'nothing judges SecretStores, and Flux applies the services',
    change: renamed(`${platform}/admission-secretstores.yaml`, `${platform}/cloudbuild.yaml`),
    finds: { ...says(`${platform}/cloudbuild.yaml`, '', unknown), also: ['proof-guard'] },
  },
  {
    ...both,
    name: 'An admission policy in a hidden file',
    does: 'Flux leaves out some of these, and nothing judges SecretStores',
    change: renamed(`${platform}/admission-secretstores.yaml`, `${platform}/.sops.yaml`),
    finds: { ...says(`${platform}/.sops.yaml`, '', unknown), also: ['proof-guard'] },
  },
  {
    ...both,
    name: 'A file with instructions on the folder of the platform',
    does: 'Flux applies what it names',
    change: renamed(`${platform}/rbac.yaml`, `${platform}/kustomization.yaml`),
    finds: { ...says(`${platform}/kustomization.yaml`, '', unknown), also: ['proof-guard'] },
  },
  {
    ...both,
    name: 'A service of a name that Flux leaves out',
    does: 'the service never starts',
    change: ordersBy('cloudbuild'),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'services',
      'passes over clusters/prod/services/cloudbuild.yaml',
    ),
  },
  {
    ...both,
    name: 'The operator beside what waits for the platform',
    does: 'it runs before there are admission policies, and anybody may claim anything',
    change: renamed(`${flux}/operator/helm-release.yaml`, `${flux}/sync/helm-release.yaml`),
    finds: says(`${flux}/sync/helm-release.yaml`, 'kind: HelmRelease', 'knows nothing about: HelmRelease'),
  },
  {
    ...both,
    name: 'Kustomizations that wait for what never comes',
    does: 'Flux applies none of their changes',
    change: text(`${flux}/sync/kustomizations.yaml`, 'spec:\n', 'spec:\n  dependsOn: [{ name: none }]\n'),
    finds: says(`${flux}/sync/kustomizations.yaml`, 'dependsOn', 'eso-abac, which applies the others, waits'),
  },
  {
    ...both,
    name: 'Another branch for Flux than for Argo CD',
    does: 'one of the two applies what was not proven',
    change: otherBranch,
    finds: says(`${flux}/sync/source.yaml`, 'ref', 'the revision is next, and elsewhere another'),
  },
  {
    ...both,
    name: 'The objects of Flux in the namespace of a service',
    does: 'whoever may write there has Flux apply anything',
    change: inNamespaceOfOrders('gitops/flux/', 'flux-system'),
    finds: says(`${flux}/operator/helm-release.yaml`, 'orders-ns', 'namespace "orders-ns" is that of orders'),
  },
  {
    ...both,
    name: 'The objects of Argo CD in the namespace of a service',
    does: 'whoever may write there has Argo CD apply anything',
    change: inNamespaceOfOrders('gitops/argocd/', 'argocd'),
    finds: says(`${argocd}/application.yaml`, 'orders-ns', 'namespace "orders-ns" is that of orders'),
  },
  {
    ...both,
    name: 'Services that Flux never takes away',
    does: 'a store that leaves dist goes on reading',
    change: manifests(`${flux}/sync/kustomizations.yaml`, (objects) =>
      objects.map((object) => ({ ...object, spec: { ...(object.spec as object), prune: false } })),
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'prune',
      'what is taken out of dist stays in the cluster',
    ),
  },
  {
    ...both,
    name: 'Services that Argo CD never takes away',
    does: 'a store that leaves dist goes on reading',
    change: text(`${argocd}/services.yaml`, 'prune: true', 'prune: false'),
    finds: says(`${argocd}/services.yaml`, 'automated', 'what is taken out of dist stays in the cluster'),
  },
  {
    ...both,
    name: 'Files that Argo CD does not look at',
    does: 'it goes on with the admission policies that it has applied before',
    change: text(`${argocd}/platform.yaml`, "paths: '*.yaml'", 'paths: /elsewhere'),
    finds: says(`${argocd}/platform.yaml`, '/elsewhere', 'does not see that other files change'),
  },
  {
    ...both,
    name: 'Files of the operator that Argo CD does not look at',
    does: 'it goes on with the values that it has applied before',
    change: manifest(`${argocd}/operator.yaml`, 'ApplicationSet', ['spec', 'template', 'metadata'], {
      annotations: { 'argocd.argoproj.io/manifest-generate-paths': '*.yaml' },
    }),
    finds: says(`${argocd}/operator.yaml`, 'paths', 'does not see that other files change'),
  },
  {
    ...both,
    name: 'Services in a wave before the platform',
    does: 'as long as one of them is not right, Argo CD does not apply it',
    change: text(`${argocd}/platform.yaml`, "sync-wave: '1'", "sync-wave: '4'"),
    finds: says(`${argocd}/platform.yaml`, 'sync-wave', 'something else comes before "eso-abac-platform"'),
  },
  {
    ...both,
    name: 'An ApplicationSet of the platform that Kubernetes does not take',
    does: 'the clusters have services and no admission policies',
    change: text(
      `${argocd}/platform.yaml`,
      'name: eso-abac-platform\n  namespace',
      'name: Platform\n  namespace',
    ),
    finds: says(`${argocd}/platform.yaml`, 'name: Platform', '"metadata.name" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A project that denies a cluster',
    does: 'Argo CD applies nothing of the platform there, and the services all the same',
    change: text(
      `${argocd}/projects.yaml`,
      '  destinations:\n',
      "  destinations:\n    - name: '!prod'\n      namespace: external-secrets\n",
    ),
    finds: says(
      `${argocd}/projects.yaml`,
      '!prod',
      '"spec.destinations.0.name" is not as the proof knows it',
    ),
  },
  {
    ...both,
    name: 'A project of the services that allows what gives rights',
    does: 'an Application of the project may apply it',
    change: text(
      `${argocd}/projects.yaml`,
      '    - group: external-secrets.io\n',
      '    - group: rbac.authorization.k8s.io\n      kind: RoleBinding\n    - group: external-secrets.io\n',
    ),
    finds: says(`${argocd}/projects.yaml`, 'kind: RoleBinding', 'allows the kind RoleBinding'),
  },
  {
    ...both,
    name: 'A project of the platform for every namespace',
    does: 'an Application of the project may apply what gives rights, anywhere',
    change: text(`${argocd}/projects.yaml`, '      namespace: external-secrets\n', "      namespace: '*'\n"),
    finds: says(`${argocd}/projects.yaml`, 'kind: ClusterRole', 'allows the kind ClusterRole of'),
  },
  {
    ...both,
    name: 'Applications of the services that begin with a name of the platform',
    does: 'in a cluster of the right name Argo CD makes one of the two, and admission policies may be missing',
    change: text(`${argocd}/services.yaml`, "name: '{{ $name", "name: 'eso-abac.prod{{ $name"),
    finds: says(`${argocd}/services.yaml`, 'eso-abac.prod', 'the Applications are called eso-abac.prod'),
  },
  {
    ...both,
    name: 'A project in a wave after what is in it',
    does: 'Argo CD makes no Application of the platform without its project, and waits with the project for these',
    change: text(`${argocd}/projects.yaml`, "sync-wave: '0'", "sync-wave: '4'"),
    finds: says(`${argocd}/projects.yaml`, 'sync-wave', 'something else comes before "eso-abac-platform"'),
  },
  {
    ...both,
    name: 'Services that Argo CD takes away once all others are healthy',
    does: 'a store that leaves dist goes on reading as long as one secret cannot be read',
    change: text(
      `${argocd}/services.yaml`,
      '          - ServerSideApply=true\n',
      '          - ServerSideApply=true\n          - PruneLast=true\n',
    ),
    finds: says(`${argocd}/services.yaml`, 'syncOptions', 'stays in the cluster as long as something is not'),
  },
  {
    ...both,
    name: 'Admission policies that are taken away first',
    does: 'where another one takes the place of a policy, nothing judges SecretStores for a moment',
    change: text(`${argocd}/platform.yaml`, '          - PruneLast=true\n', ''),
    finds: says(`${argocd}/platform.yaml`, 'syncOptions', 'is gone before that which takes its place'),
  },
  {
    ...both,
    name: 'CRDs of the operator that the client applies',
    does: 'the largest does not fit into the annotation that this writes, and no secret arrives',
    change: text(`${argocd}/operator.yaml`, '          - ServerSideApply=true\n', ''),
    finds: says(`${argocd}/operator.yaml`, 'syncOptions', 'syncOptions" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'Applications that are tried once',
    does: 'the services come before the CRDs of the operator are there, and Argo CD leaves it at that',
    change: text(`${argocd}/services.yaml`, 'limit: 10', 'limit: 0'),
    finds: says(`${argocd}/services.yaml`, 'limit', 'limit" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A release of a name that no Service begins with',
    does: 'the operator has no webhook, and Kubernetes takes no SecretStore',
    change: text(`${argocd}/operator.yaml`, 'releaseName: external-secrets', "releaseName: '0'"),
    finds: says(`${argocd}/operator.yaml`, 'releaseName', 'releaseName" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'Longer names of Applications for services',
    does: 'of one that fits into no label Argo CD makes none, and the service never starts',
    change: text(`${argocd}/services.yaml`, 'gt (len $name) 32', 'gt (len $name) 63'),
    finds: says(`${argocd}/services.yaml`, 'name:', 'the Applications are called {{ $name'),
  },
  {
    ...both,
    name: 'A second expression for the health of stores',
    does: 'Flux applies nothing of the services, and a store that leaves dist goes on reading',
    change: text(`${flux}/sync/kustomizations.yaml`, 'kind: ExternalSecret', 'kind: SecretStore'),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'kind: SecretStore',
      'kind" is not as the proof knows it',
    ),
  },
  {
    ...both,
    name: 'An operator that Flux tries to install one and a half times',
    does: 'Kubernetes does not take the HelmRelease, and no secret arrives',
    change: text(`${flux}/operator/helm-release.yaml`, 'retries: 3', 'retries: 1.5'),
    finds: says(`${flux}/operator/helm-release.yaml`, 'retries', 'retries" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'An operator that Flux tries to install once',
    does: 'where that fails, no secret ever arrives',
    change: text(`${flux}/operator/helm-release.yaml`, 'retries: -1', 'retries: 0'),
    finds: says(`${flux}/operator/helm-release.yaml`, 'retries', 'retries" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A login for the repository of a name that no Secret has',
    does: 'Flux goes on with the admission policies that it has applied before',
    change: text(`${flux}/sync/source.yaml`, '  interval:', '  secretRef: { name: Login }\n  interval:'),
    finds: says(`${flux}/sync/source.yaml`, 'Login', '"spec.secretRef.name" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A Kustomization of a name that fits into no label',
    does: 'Flux puts it on all that it applies, and Kubernetes takes none of it',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      'name: eso-abac-services',
      `name: eso-abac-services-${'x'.repeat(46)}`,
    ),
    finds: says(`${flux}/sync/kustomizations.yaml`, 'xxx', '"metadata.name" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A cluster that Argo CD knows nothing of',
    does: 'its policies and services stay as they were, whatever changes in dist',
    change: ['platform', 'operator', 'services'].map((part) => withoutStaging(`${argocd}/${part}.yaml`)),
    finds: says(`${argocd}/operator.yaml`, 'generators', 'nothing is applied in cluster "staging"'),
  },
  {
    ...both,
    name: 'A cluster that Flux knows nothing of',
    does: 'its policies and services stay as they were, whatever changes in dist',
    change: ['sync/source', 'sync/kustomizations', 'operator/helm-release'].map((file) =>
      removed(`gitops/flux/staging/${file}.yaml`),
    ),
    finds: says(`${flux}/operator/helm-release.yaml`, '', 'nothing is applied in cluster "staging"'),
  },
];
