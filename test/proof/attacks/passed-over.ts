import type { Attack } from './attack.ts';
import { appended, type Change, type JsonObject, json, manifest, manifests } from './change.ts';
import { both } from './deployment-tree.ts';

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
    name: 'A policy that Argo CD deletes and makes anew',
    does: 'at each sync nothing judges SecretStores for a moment',
    change: manifest(
      'clusters/prod/platform/admission-secretstores.yaml',
      'ValidatingAdmissionPolicy',
      ['metadata'],
      {
        annotations: { 'argocd.argoproj.io/sync-options': 'Replace=true,Force=true' },
      },
    ),
    finds: {
      ...document,
      file: 'clusters/prod/platform/admission-secretstores.yaml',
      at: 'sync-options',
      says: 'may keep the object from being applied',
    },
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
    name: 'A platform that waits for what never comes',
    does: 'Flux never applies it',
    change: kustomization('eso-abac-platform', (spec) => ({ ...spec, dependsOn: [{ name: 'none' }] })),
    finds: {
      ...document,
      file: syncFile,
      at: '',
      says: 'eso-abac-platform waits, or is not waited for',
    },
  },
  {
    tree: 'twoServices',
    name: 'The operator of a cluster in another region',
    does: 'pods of a cluster that only has the same name become the operator',
    change: json(eksctl, ['metadata'], { region: 'eu-west-1' }),
    finds: { ...document, file: eksctl, at: '', says: 'goes to a cluster in region "eu-west-1"' },
  },
];
