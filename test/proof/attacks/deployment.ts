import type { Attack, Group } from './attack.ts';
import { appended, manifest, manifests, removed, text } from './change.ts';

const argocd = 'gitops/argocd';
const flux = 'gitops/flux/prod';
const both = { tree: 'deployed' } as const;
const says = (file: string, at: string, message: string) => ({
  rule: 'proof-document' as const,
  file,
  at,
  says: message,
});
const repository = 'https://git.example.com/platform/secrets.git';
const another = 'https://git.example.com/somebody/else.git';
const patches = [{ target: { kind: 'SecretStore' }, patch: '[]' }];
const source = ['spec', 'template', 'spec', 'source'];

const attacks: readonly Attack[] = [
  {
    ...both,
    name: 'A further Application',
    does: 'Argo CD applies whatever stands beside its objects',
    change: appended(
      `${argocd}/more.yaml`,
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: more, namespace: argocd }
spec:
  project: default
  destination: { name: prod, namespace: default }
  source: { repoURL: ${another}, targetRevision: main, path: . }
`,
    ),
    finds: says(`${argocd}/more.yaml`, 'path: .', '"spec.source.path" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A Job among the objects of Argo CD',
    does: 'it runs beside Argo CD, with what Argo CD may do',
    change: appended(
      `${argocd}/projects.yaml`,
      '---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: job }\n',
    ),
    finds: says(`${argocd}/projects.yaml`, 'kind: Job', 'knows nothing about: Job of batch/v1'),
  },
  {
    ...both,
    name: 'The services from another repository',
    does: 'what is applied is not what was proven',
    change: text(`${argocd}/services.yaml`, `        repoURL: ${repository}`, `        repoURL: ${another}`),
    finds: says(
      `${argocd}/services.yaml`,
      'generators',
      `the repository is ${another}, and elsewhere another`,
    ),
  },
  {
    ...both,
    name: 'The platform from another branch',
    does: 'the admission policies are those of somebody else',
    change: text(`${argocd}/platform.yaml`, 'targetRevision: main', 'targetRevision: next'),
    finds: says(`${argocd}/platform.yaml`, 'source', 'the revision is next, and elsewhere another'),
  },
  {
    ...both,
    name: 'The platform from another folder of the repository',
    does: 'what stands there was not proven',
    change: text(`${argocd}/platform.yaml`, 'path: dist/', 'path: old/dist/'),
    finds: says(
      `${argocd}/platform.yaml`,
      'source',
      'the folder of dist is old/dist/, and elsewhere another',
    ),
  },
  {
    ...both,
    name: 'The values of another folder for the chart',
    does: 'what stands there was not proven',
    change: text(`${argocd}/operator.yaml`, '$values/dist/', '$values/old/dist/'),
    finds: says(
      `${argocd}/operator.yaml`,
      'sources',
      'the folder of dist is old/dist/, and elsewhere another',
    ),
  },
  {
    ...both,
    name: 'The values of a folder outside of dist for the chart',
    does: 'what stands there was not proven',
    change: text(`${argocd}/operator.yaml`, '$values/dist/', '$values/dist/operator/../../old/'),
    finds: says(`${argocd}/operator.yaml`, 'sources', 'the folder of dist is dist/operator/../../old/'),
  },
  {
    ...both,
    name: 'The files of the platform by the names of files of services',
    does: 'Argo CD finds none, and the clusters have services and no admission policies',
    change: text(`${argocd}/platform.yaml`, "include: '*.yaml'", "include: '{{ .path.filename }}'"),
    finds: says(`${argocd}/platform.yaml`, 'include', 'is not what the generator finds'),
  },
  {
    ...both,
    name: 'What somebody changes in a cluster is left alone',
    does: 'admission policies that somebody changes stay as they are',
    change: text(`${argocd}/platform.yaml`, 'selfHeal: true', 'selfHeal: false'),
    finds: says(`${argocd}/platform.yaml`, 'selfHeal', 'selfHeal" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'Patches in an ApplicationSet',
    does: 'Argo CD changes what it applies, tags of SecretStores too',
    change: manifest(`${argocd}/services.yaml`, 'ApplicationSet', source, { kustomize: { patches } }),
    finds: says(
      `${argocd}/services.yaml`,
      'kustomize',
      'kustomize" is something that the proof knows nothing about',
    ),
  },
  {
    ...both,
    name: 'Values for the chart in an ApplicationSet',
    does: 'they count more than those of the file',
    change: text(
      `${argocd}/operator.yaml`,
      'releaseName:',
      'values: "processClusterStore: true"\n            releaseName:',
    ),
    finds: says(
      `${argocd}/operator.yaml`,
      'values',
      'helm.values" is something that the proof knows nothing about',
    ),
  },
  {
    ...both,
    name: 'Another chart in an ApplicationSet',
    does: 'the program of a stranger runs with the rights of the operator',
    change: text(
      `${argocd}/operator.yaml`,
      'https://charts.external-secrets.io',
      'https://charts.example.com',
    ),
    finds: says(`${argocd}/operator.yaml`, 'charts.example.com', 'repoURL" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A cluster whose name climbs out of dist',
    does: 'the folder that it leads to was not proven',
    change: ['platform', 'operator', 'services'].map((name) =>
      text(`${argocd}/${name}.yaml`, 'cluster: staging', 'cluster: ../../staging'),
    ),
    finds: says(`${argocd}/services.yaml`, 'generators', 'there is no cluster "../../staging"'),
  },
  {
    ...both,
    name: 'The services of staging in production',
    does: 'production gets objects that its platform does not know',
    change: ['platform', 'operator', 'services'].map((name) =>
      text(`${argocd}/${name}.yaml`, 'destination: in-cluster', 'destination: prod'),
    ),
    finds: says(`${argocd}/services.yaml`, 'generators', 'two clusters go to "prod"'),
  },
  {
    ...both,
    name: 'The platform of one cluster fewer',
    does: 'a cluster has services and no admission policies',
    change: text(
      `${argocd}/platform.yaml`,
      '          - cluster: staging\n            destination: in-cluster\n            shortName: staging\n',
      '',
    ),
    finds: says(`${argocd}/platform.yaml`, 'generators', 'the list of clusters is'),
  },
  {
    ...both,
    name: 'No ApplicationSet for the platform',
    does: 'the clusters have services and no admission policies',
    change: removed(`${argocd}/platform.yaml`),
    finds: says(`${argocd}/application.yaml`, 'apiVersion', 'not one ApplicationSet applies platform'),
  },
  {
    ...both,
    name: 'An annotation that lets Argo CD leave the platform alone',
    does: 'admission policies that somebody changes stay as they are',
    change: text(
      `${argocd}/platform.yaml`,
      '  annotations:\n',
      '  annotations:\n    argocd.argoproj.io/skip-reconcile: "true"\n',
    ),
    finds: says(`${argocd}/platform.yaml`, 'skip-reconcile', 'something that the proof knows nothing about'),
  },
  {
    ...both,
    name: 'A project that allows every kind',
    does: 'an Application of the project may apply what gives rights',
    change: text(`${argocd}/projects.yaml`, 'kind: Namespace', "kind: '*'"),
    finds: says(`${argocd}/projects.yaml`, "kind: '*'", 'kind" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A project that allows another repository',
    does: 'an Application of the project may apply what stands there',
    change: text(
      `${argocd}/projects.yaml`,
      `    - ${repository}\n`,
      `    - ${repository}\n    - ${another}\n`,
    ),
    finds: says(`${argocd}/projects.yaml`, another, `the repository is ${another}, and elsewhere another`),
  },
  {
    ...both,
    name: 'The operator in another namespace',
    does: 'its pods get no role, or those of that namespace do',
    change: text(`${argocd}/operator.yaml`, 'namespace: external-secrets', 'namespace: ledger-ns'),
    finds: says(`${argocd}/operator.yaml`, 'ledger-ns', 'the operator goes into namespace "ledger-ns"'),
  },
  {
    ...both,
    name: 'The operator in no namespace',
    does: 'it runs in that which is called default, and its pods get no role',
    change: text(`${argocd}/operator.yaml`, '        namespace: external-secrets\n', ''),
    finds: says(`${argocd}/operator.yaml`, '.destination', 'the operator goes into namespace ""'),
  },
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
    name: 'The services of a folder outside of dist in a Kustomization of Flux',
    does: 'what stands there was not proven',
    change: text(
      `${flux}/sync/kustomizations.yaml`,
      'dist/clusters/prod/services',
      'dist/clusters/../../old/clusters/prod/services',
    ),
    finds: says(
      `${flux}/sync/kustomizations.yaml`,
      '/old/',
      'the folder of dist is dist/clusters/../../old/',
    ),
  },
  {
    ...both,
    name: 'Another repository for Flux',
    does: 'what is applied is not what was proven',
    change: text(`${flux}/sync/source.yaml`, repository, another),
    finds: says(
      'gitops/flux/staging/sync/source.yaml',
      'url',
      `the repository is ${repository}, and elsewhere another`,
    ),
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
    name: 'A second list of clusters in a generator',
    does: 'Argo CD applies what stands in a folder that was not proven',
    change: manifest(`${argocd}/services.yaml`, 'ApplicationSet', ['spec', 'generators', 0], {
      list: { elements: [{ cluster: '../../other', shortName: 'other', destination: 'other' }] },
    }),
    finds: says(`${argocd}/services.yaml`, 'generators', 'there is no cluster "../../other"'),
  },
  {
    ...both,
    name: 'A part in the place of another, beside its own',
    does: 'Argo CD takes the sources, and passes over the platform',
    change: (files) => {
      const operator = files.get(`${argocd}/operator.yaml`) ?? '';
      const sources = / {6}sources:\n(?: {8}.*\n)+/.exec(operator)?.[0] ?? '';
      text(`${argocd}/platform.yaml`, '      syncPolicy:\n', `${sources}      syncPolicy:\n`)(files);
    },
    finds: says(`${argocd}/application.yaml`, 'apiVersion', 'not one ApplicationSet applies operator'),
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
];

export const deployment: Group = {
  title: 'How dist gets to the clusters',
  stops:
    'Of the objects of Argo CD and Flux every field is known: none of them alters what it applies. They apply one folder of one revision, to each cluster its own part, and none without the platform.',
  attacks,
};
