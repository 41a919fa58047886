import type { Forgery } from './attack.ts';

const clusterStore = { name: 'aws-secretsmanager', kind: 'ClusterSecretStore' };
const generator = { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'Webhook', name: 'any' };
const remoteRef = { key: 'service2_secret' };
const spec = (change: object) => ({ spec: change });
const target = (change: object) => ({ spec: { target: change } });
const template = (change: object) => ({ spec: { target: { template: change } } });
const accountAnnotation = { 'kubernetes.io/service-account.name': 'external-secrets' };

/** Ways of making an ExternalSecret in service1's namespace read or write what is not service1's. */
export const externalSecretForgeries: readonly Forgery[] = [
  { attack: 'a store of the whole cluster', change: spec({ secretStoreRef: clusterStore }) },
  {
    attack: 'a store of the whole cluster for one key',
    change: spec({ data: [{ secretKey: 'a', remoteRef, sourceRef: { storeRef: clusterStore } }] }),
  },
  {
    attack: 'a store of the whole cluster for the second key',
    change: spec({
      data: [
        { secretKey: 'a', remoteRef },
        { secretKey: 'b', remoteRef, sourceRef: { storeRef: clusterStore } },
      ],
    }),
  },
  {
    attack: 'a store of the whole cluster for many keys',
    change: spec({ dataFrom: [{ extract: remoteRef, sourceRef: { storeRef: clusterStore } }] }),
  },
  {
    attack: 'a generator for one key',
    change: spec({ data: [{ secretKey: 'a', remoteRef, sourceRef: { generatorRef: generator } }] }),
  },
  {
    attack: 'a generator for many keys',
    change: spec({ dataFrom: [{ sourceRef: { generatorRef: generator } }] }),
  },
  {
    attack: 'a generator of the whole cluster',
    change: spec({ dataFrom: [{ sourceRef: { generatorRef: { ...generator, kind: 'ClusterGenerator' } } }] }),
  },
  { attack: 'a Secret of others filled in', change: target({ creationPolicy: 'Merge' }) },
  { attack: 'a Secret that outlives its owner', change: target({ creationPolicy: 'Orphan' }) },
  {
    attack: "a service account's token",
    change: template({
      type: 'kubernetes.io/service-account-token',
      metadata: { annotations: accountAnnotation },
    }),
  },
  {
    attack: "a service account's token, by the annotation of the ExternalSecret",
    change: { metadata: { annotations: accountAnnotation } },
  },
  {
    attack: 'a type that gives rights without an annotation yet',
    change: template({ type: 'kubernetes.io/service-account-token' }),
  },
  { attack: 'a bootstrap token', change: template({ type: 'bootstrap.kubernetes.io/token' }) },
  {
    attack: 'the annotation without the type',
    change: template({ metadata: { annotations: accountAnnotation } }),
  },
  {
    attack: 'the annotation from what is fetched',
    change: template({
      templateFrom: [
        { target: 'Annotations', literal: 'kubernetes.io/service-account.name: external-secrets' },
      ],
    }),
  },
  {
    attack: 'a binding to a role in place of a Secret',
    change: target({ manifest: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' } }),
  },
];
