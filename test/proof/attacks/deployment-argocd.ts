import type { Attack } from './attack.ts';
import { appended, manifest, removed, text } from './change.ts';
import { another, both, repository, says } from './deployment-tree.ts';

const argocd = 'gitops/argocd';
const patches = [{ target: { kind: 'SecretStore' }, patch: '[]' }];
const source = ['spec', 'template', 'spec', 'source'];

export const byArgoCd: readonly Attack[] = [
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
  source: { repoURL: ${another}, targetRevision: main, path: apps }
`,
    ),
    finds: says(`${argocd}/more.yaml`, 'path: apps', '"spec.source.path" is not as the proof knows it'),
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
    name: 'The values of a folder that is called as one of dist',
    does: 'what stands there was not proven',
    change: text(`${argocd}/operator.yaml`, '$values/dist/', '$values/dist/operator/old/'),
    finds: says(`${argocd}/operator.yaml`, 'sources', 'the folder of dist is dist/operator/old/'),
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
    finds: says(`${argocd}/services.yaml`, 'generators', 'two elements have the destination "prod"'),
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
    finds: says(`${argocd}/projects.yaml`, "kind: '*'", 'allows the kind * of ""'),
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
    name: 'A path that climbs out of dist and looks as if it did not',
    does: 'the folder that it leads to was not proven',
    change: text(
      `${argocd}/platform.yaml`,
      'path: dist/clusters/{{ .cluster }}/platform',
      'path: dist/clusters/../../old/clusters/{{ .cluster }}/platform',
    ),
    finds: says(`${argocd}/platform.yaml`, 'path: dist/clusters/..', 'path" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'A path of values that climbs out of dist',
    does: 'what stands there was not proven',
    change: text(
      `${argocd}/operator.yaml`,
      '$values/dist/operator/',
      '$values/dist/operator/../../old/operator/',
    ),
    finds: says(`${argocd}/operator.yaml`, '/old/operator/', 'valueFiles.0" is not as the proof knows it'),
  },
  {
    ...both,
    name: 'The ApplicationSet of the platform where Argo CD does not look',
    does: 'the clusters have services and no admission policies',
    change: text(`${argocd}/platform.yaml`, 'namespace: argocd', 'namespace: elsewhere'),
    finds: says(
      `${argocd}/platform.yaml`,
      'namespace: elsewhere',
      'the namespace of Argo CD is elsewhere, and elsewhere another',
    ),
  },
  {
    ...both,
    name: 'Two ApplicationSets of one name',
    does: 'that of the services takes the place of that of the platform',
    change: text(
      `${argocd}/services.yaml`,
      'name: eso-abac-services\n  namespace',
      'name: eso-abac-platform\n  namespace',
    ),
    finds: says(
      `${argocd}/services.yaml`,
      'name: eso-abac-platform',
      'a second ApplicationSet "eso-abac-platform"',
    ),
  },
  {
    ...both,
    name: 'Applications of the services with the names of those of the platform',
    does: 'Argo CD makes one of the two, and admission policies may be missing',
    change: (files) => {
      const services = files.get(`${argocd}/services.yaml`) ?? '';
      const [name = ''] = /'{{ \$name.*/.exec(services) ?? [];
      text(`${argocd}/services.yaml`, name, 'eso-abac.{{ .shortName }}.platform')(files);
    },
    finds: says(
      `${argocd}/services.yaml`,
      'name: eso-abac.',
      'the Applications are called eso-abac.{{ .shortName }}.platform',
    ),
  },
  {
    ...both,
    name: 'Two clusters of one short name',
    does: 'Argo CD makes no Application of the platform for either',
    change: ['platform', 'operator', 'services'].map((name) =>
      text(`${argocd}/${name}.yaml`, 'shortName: staging', 'shortName: prod'),
    ),
    finds: says(`${argocd}/services.yaml`, 'generators', 'two elements have the shortName "prod"'),
  },
  {
    ...both,
    name: 'A project that does not allow admission policies',
    does: 'Argo CD applies nothing of the platform, and the services all the same',
    change: text(
      `${argocd}/projects.yaml`,
      '    - group: admissionregistration.k8s.io\n      kind: ValidatingAdmissionPolicy\n',
      '',
    ),
    finds: says(`${argocd}/platform.yaml`, 'project:', 'does not allow the kind ValidatingAdmissionPolicy'),
  },
  {
    ...both,
    name: 'A project that leaves out a cluster',
    does: 'Argo CD applies nothing of the platform there, and the services all the same',
    change: text(`${argocd}/projects.yaml`, '    - name: prod\n      namespace: external-secrets\n', ''),
    finds: says(`${argocd}/platform.yaml`, 'project:', 'does not allow cluster "prod"'),
  },
  {
    ...both,
    name: 'A project that leaves out the repository',
    does: 'Argo CD applies nothing of the platform, and the services all the same',
    change: text(`${argocd}/projects.yaml`, `    - ${repository}\n`, ''),
    finds: says(`${argocd}/platform.yaml`, 'project:', 'does not allow the repository'),
  },
  {
    ...both,
    name: 'The platform in a project that is not there',
    does: 'Argo CD applies nothing of it, and the services all the same',
    change: text(`${argocd}/platform.yaml`, 'project: eso-abac-platform', 'project: other'),
    finds: says(`${argocd}/platform.yaml`, 'project: other', 'the AppProject "other" is not there'),
  },
  {
    ...both,
    name: 'The services in a project that is not there',
    does: 'Argo CD applies nothing of them, and a store that leaves dist goes on reading',
    change: text(`${argocd}/services.yaml`, 'project: eso-abac-services', 'project: other'),
    finds: says(`${argocd}/services.yaml`, 'project: other', 'the AppProject "other" is not there'),
  },
  {
    ...both,
    name: 'A project that does not allow SecretStores',
    does: 'Argo CD applies nothing of the services, and a store that leaves dist goes on reading',
    change: text(
      `${argocd}/projects.yaml`,
      '    - group: external-secrets.io\n      kind: SecretStore\n',
      '',
    ),
    finds: says(`${argocd}/services.yaml`, 'project:', 'does not allow the kind SecretStore'),
  },
  {
    ...both,
    name: 'The Application of all with the name of one of the platform',
    does: 'Argo CD makes no Application of the platform there, and the services all the same',
    change: text(`${argocd}/application.yaml`, 'name: eso-abac', 'name: eso-abac.prod.platform'),
    finds: says(`${argocd}/application.yaml`, 'name:', 'may be the name of an Application that a set makes'),
  },
  {
    ...both,
    name: 'The Application of all in a project of its own',
    does: 'Argo CD applies no further change of what applies the platform',
    change: text(`${argocd}/application.yaml`, 'project: default', 'project: eso-abac-platform'),
    finds: says(`${argocd}/application.yaml`, 'project:', 'allows no objects of Argo CD'),
  },
  {
    ...both,
    name: 'Any version of the chart',
    does: 'a release of the operator that nobody has reviewed is installed as soon as it is out',
    change: text(`${argocd}/operator.yaml`, "'2.9.0'", "'*'"),
    finds: says(`${argocd}/operator.yaml`, 'targetRevision', 'is not as the proof knows it'),
  },
  {
    ...both,
    name: 'Services that Argo CD takes away but for the last object',
    does: 'the store of a service that leaves dist goes on reading',
    change: text(`${argocd}/services.yaml`, 'allowEmpty: true', 'allowEmpty: false'),
    finds: says(`${argocd}/services.yaml`, 'automated', 'stays when the last of it is taken out of dist'),
  },
];
