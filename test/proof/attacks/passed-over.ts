import type { Attack } from './attack.ts';
import { appended, type Change, type JsonObject, json, manifest, manifests } from './change.ts';

const both = { tree: 'deployed' } as const;
const argocd = 'gitops/argocd';
const syncFile = 'gitops/flux/prod/sync/kustomizations.yaml';
const store = 'clusters/prod/services/orders.yaml';
const eksctl = 'aws/123456789012/eksctl/us-west-2.json';
const document = { rule: 'proof-document' } as const;

const kustomization = (name: string, patch: (spec: JsonObject) => JsonObject): Change =>
  manifests(syncFile, (objects) =>
    objects.map((object) =>
      (object.metadata as JsonObject).name === name
        ? { ...object, spec: patch(object.spec as JsonObject) }
        : object,
    ),
  );
const platformSet = `${argocd}/platform.yaml`;
const template = ['spec', 'template', 'spec'];

/** Admission policies that are right, and that Argo CD or Flux never applies, while it does apply the services. */
export const passedOver: readonly Attack[] = [
  {
    ...both,
    name: 'A .sourceignore at the top of dist',
    does: 'Flux leaves out the admission policies',
    change: appended('.sourceignore', 'clusters/*/platform/admission-*\n'),
    finds: { ...document, file: '.sourceignore', at: '', says: 'a file that the proof knows nothing about' },
  },
  {
    ...both,
    name: 'A SecretStore whose name gets an ending',
    does: 'Flux applies another store than the one that ExternalSecrets name',
    change: manifest(store, 'SecretStore', ['metadata'], {
      annotations: { 'internal.config.kubernetes.io/needsHashSuffix': 'enabled' },
    }),
    finds: {
      ...document,
      file: store,
      at: 'needsHashSuffix',
      says: 'may keep the object from being applied',
    },
  },
  {
    ...both,
    name: 'Two ApplicationSets of one name',
    does: 'the services replace the platform',
    change: manifest(`${argocd}/services.yaml`, 'ApplicationSet', ['metadata'], {
      name: 'eso-abac-platform',
    }),
    finds: {
      ...document,
      file: `${argocd}/services.yaml`,
      at: 'eso-abac-platform',
      says: 'a second ApplicationSet',
    },
  },
  {
    ...both,
    name: 'An ApplicationSet in another namespace',
    does: 'Argo CD does not look there, and passes over the platform',
    change: manifest(platformSet, 'ApplicationSet', ['metadata'], { namespace: 'elsewhere' }),
    finds: { ...document, file: platformSet, at: 'elsewhere', says: 'the namespace is elsewhere' },
  },
  {
    ...both,
    name: 'A project that there is not',
    does: 'Argo CD refuses the platform, and applies the services',
    change: manifest(platformSet, 'ApplicationSet', template, { project: 'another' }),
    finds: { ...document, file: platformSet, at: 'another', says: 'there is no project "another" in dist' },
  },
  {
    ...both,
    name: 'A project that allows no admission policies',
    does: 'Argo CD refuses the platform, and applies the services',
    change: manifests(`${argocd}/projects.yaml`, (objects) =>
      objects.map((object) => ({
        ...object,
        spec: {
          ...(object.spec as JsonObject),
          clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
        },
      })),
    ),
    finds: {
      ...document,
      file: platformSet,
      at: 'project',
      says: 'does not allow ValidatingAdmissionPolicy',
    },
  },
  {
    ...both,
    name: 'A template for the platform that fails',
    does: 'Argo CD makes no Application of it',
    change: manifest(platformSet, 'ApplicationSet', [...template, 'source'], {
      directory: { include: '{{ .path.filename }}' },
    }),
    finds: {
      ...document,
      file: platformSet,
      at: 'template',
      says: 'not made for each cluster, or not whole',
    },
  },
  {
    ...both,
    name: 'A platform that waits for what never comes',
    does: 'Flux never applies it',
    change: kustomization('eso-abac-platform', (spec) => ({ ...spec, dependsOn: [{ name: 'none' }] })),
    finds: {
      ...document,
      file: syncFile,
      at: '',
      says: 'the platform is not the first that is waited for',
    },
  },
  {
    ...both,
    name: 'Services that wait for nothing',
    does: 'Flux applies them before there are admission policies',
    change: kustomization('eso-abac-services', ({ dependsOn: _, ...spec }) => spec as JsonObject),
    finds: { ...document, file: syncFile, at: '', says: 'the services do not wait for the platform' },
  },
  {
    tree: 'twoServices',
    name: 'The operator of a cluster in another region',
    does: 'pods of a cluster that only has the same name become the operator',
    change: json(eksctl, ['metadata'], { region: 'eu-west-1' }),
    finds: { ...document, file: eksctl, at: '', says: 'goes to a cluster in region "eu-west-1"' },
  },
];
