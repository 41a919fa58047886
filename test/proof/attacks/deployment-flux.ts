import type { Attack } from './attack.ts';
import { appended, type Change, manifests, text } from './change.ts';
import { another, both, repository, says } from './deployment-tree.ts';

const flux = 'gitops/flux/prod';

/** Another version of the operator in all that installs it. */
const ofVersion = (version: string): Change[] =>
  ['prod', 'staging']
    .map((cluster) => `gitops/flux/${cluster}/operator/helm-release.yaml`)
    .concat('gitops/argocd/operator.yaml')
    .map((file) => text(file, "'2.9.0'", `'${version}'`));

export const byFlux: readonly Attack[] = [
  {
    ...both,
    name: 'Patches in a Kustomization of Flux',
    does: 'Flux changes what it applies, tags of SecretStores too',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      '  sourceRef:',
      '  patches: [{ patch: "[]" }]\n  sourceRef:',
    ),
    finds: says(`${flux}/sync/kustomizations.yaml`, 'patches', '"spec.patches" is something that the proof'),
  },
  {
    ...both,
    name: 'The services of another cluster in a Kustomization of Flux',
    does: 'production gets objects that its platform does not know',
    change: text(`${flux}/sync/kustomizations.yaml`, 'clusters/prod/services', 'clusters/staging/services'),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'clusters/staging/services',
      './dist/clusters/staging/services is no folder of cluster "prod"',
    ),
  },
  {
    ...both,
    name: 'The services of a folder that is called as one of dist, for Flux',
    does: 'what stands there was not proven',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      'dist/clusters/prod/services',
      'dist/clusters/old/clusters/prod/services',
    ),
    finds: says(`${flux}/sync/kustomizations.yaml`, '/old/', 'the folder of dist is dist/clusters/old/'),
  },
  {
    ...both,
    name: 'Another repository for Flux',
    does: 'what is applied is not what was proven',
    change: text(`${flux}/sync/source.yaml`, repository, another),
    finds: says(`${flux}/sync/source.yaml`, 'url', `the repository is ${another}, and elsewhere another`),
  },
  {
    ...both,
    name: 'Another source for one Kustomization of Flux',
    does: 'what is applied is not what was proven',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      'name: eso-abac\n  path: ./dist/clusters/prod/services',
      'name: other\n  path: ./dist/clusters/prod/services',
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'name: other',
      'the source is other, and elsewhere another',
    ),
  },
  {
    ...both,
    name: 'Another source for the chart in a HelmRelease',
    does: 'the program of a stranger runs with the rights of the operator',
    change: text(
      `${flux}/operator/helm-release.yaml`,
      'kind: HelmRepository\n        name: external-secrets',
      'kind: HelmRepository\n        name: other',
    ),
    finds: says(`${flux}/operator/helm-release.yaml`, 'name: other', 'the source of the chart is other'),
  },
  {
    ...both,
    name: 'The source of the chart from outside of dist',
    does: 'the program of a stranger runs with the rights of the operator',
    change: ['prod', 'staging'].flatMap((cluster) => {
      const file = `gitops/flux/${cluster}/operator/helm-release.yaml`;
      return [
        text(file, '        name: external-secrets', '        name: other'),
        manifests(file, (objects) => objects.filter(({ kind }) => kind === 'HelmRelease')),
      ];
    }),
    finds: says(`${flux}/operator/helm-release.yaml`, 'apiVersion', 'not one object is a HelmRepository'),
  },
  {
    ...both,
    name: 'Other values for the chart in a HelmRelease',
    does: 'the operator is not the one whose values were proven',
    change: text(
      `${flux}/operator/helm-release.yaml`,
      'name: external-secrets\n    systemAuth',
      'name: default\n    systemAuth',
    ),
    finds: says(
      `${flux}/operator/helm-release.yaml`,
      'values',
      'the values differ from operator/prod/helm-values.yaml',
    ),
  },
  {
    ...both,
    name: 'Further objects in the values of a HelmRelease',
    does: 'they are applied with the chart',
    change: text(`${flux}/operator/helm-release.yaml`, '  values:\n', '  values:\n    extraObjects: [{}]\n'),
    finds: says(
      `${flux}/operator/helm-release.yaml`,
      'extraObjects',
      '"spec.values.extraObjects" is something that',
    ),
  },
  {
    ...both,
    name: 'Renderers behind the chart in a HelmRelease',
    does: 'Flux changes what the chart makes',
    change: text(
      `${flux}/operator/helm-release.yaml`,
      '  releaseName:',
      '  postRenderers: []\n  releaseName:',
    ),
    finds: says(
      `${flux}/operator/helm-release.yaml`,
      'postRenderers',
      '"spec.postRenderers" is something that',
    ),
  },
  {
    ...both,
    name: 'A release of the operator in another namespace',
    does: 'its pods get no role, or those of that namespace do',
    change: text(
      `${flux}/operator/helm-release.yaml`,
      'targetNamespace: external-secrets',
      'targetNamespace: ledger-ns',
    ),
    finds: says(
      `${flux}/operator/helm-release.yaml`,
      'ledger-ns',
      'the operator goes into namespace "ledger-ns"',
    ),
  },
  {
    ...both,
    name: 'A file for Flux that is none of its own',
    does: 'a Kustomization takes in every file of its folder',
    change: appended(`${flux}/more/job.yaml`, 'kind: Job\n'),
    finds: says(`${flux}/more/job.yaml`, 'kind: Job', 'is a file that the proof knows nothing about'),
  },
  {
    ...both,
    name: 'A path that climbs out of dist in a Kustomization of Flux',
    does: 'the folder that it leads to was not proven',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      './dist/clusters/prod/platform',
      './dist/clusters/../../old/clusters/prod/platform',
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      '/old/clusters',
      '"spec.path" is not as the proof knows it',
    ),
  },
  {
    ...both,
    name: 'Services that do not wait for the platform',
    does: 'until the admission policies are there, anybody may claim anything',
    change: text(`${flux}/sync/kustomizations.yaml`, '  dependsOn:\n    - name: eso-abac-operator\n', ''),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'spec',
      'eso-abac-services does not wait for the platform',
    ),
  },
  {
    ...both,
    name: 'Kustomizations that wait for each other',
    does: 'neither comes, and nobody sees why',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      '    - name: eso-abac-platform\n',
      '    - name: eso-abac-services\n',
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'spec',
      'eso-abac-operator does not wait for the platform',
    ),
  },
  {
    ...both,
    name: 'A repository that Flux hardly ever looks at',
    does: 'it goes on with the admission policies that it has applied before',
    change: text(`${flux}/sync/source.yaml`, 'interval: 1m', 'interval: 8760h'),
    finds: says(`${flux}/sync/source.yaml`, 'interval', '"spec.interval" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A platform that Flux hardly ever looks at',
    does: 'admission policies that somebody changes stay as they are',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      'platform\n  interval: 10m',
      'platform\n  interval: 8760h',
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      'interval',
      '"spec.interval" is not as the proof knows it',
    ),
  },
  {
    ...both,
    name: 'An expression for the health of stores that is none',
    does: 'Flux applies nothing of the services, and a store that leaves dist goes on reading',
    change: text(`${flux}/sync/kustomizations.yaml`, 'current: status', 'current: (status'),
    finds: says(`${flux}/sync/kustomizations.yaml`, 'current', 'is not as the proof knows it'),
  },
  {
    ...both,
    name: 'An operator that serves other versions of its API',
    does: 'nothing of the services is ever in the cluster',
    change: ofVersion('0.15.1'),
    finds: says(`${flux}/operator/helm-release.yaml`, 'version', 'the operator 0.15.1 does not serve v1'),
  },
  {
    ...both,
    name: 'An operator of a release without a field that stores have',
    does: 'the API server refuses the stores, and a cluster goes on with what it had',
    change: ofVersion('2.4.1'),
    finds: says(`${flux}/operator/helm-release.yaml`, 'version', 'does not know the field sessionTagsPolicy'),
  },
  {
    ...both,
    name: 'Another version of the operator for Flux than for Argo CD',
    does: 'one of the two installs a release that was not meant',
    change: text(`${flux}/operator/helm-release.yaml`, "'2.9.0'", "'2.8.0'"),
    finds: says(`${flux}/operator/helm-release.yaml`, 'version', 'the version of the chart is 2.8.0'),
  },
];
