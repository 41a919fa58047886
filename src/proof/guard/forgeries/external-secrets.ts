import { list, type Mapping } from '../../files/store.ts';
import { sharedLabel } from '../../files/tenants.ts';
import type { Ground } from '../ground.ts';
import type { Attempt } from '../model.ts';
import { creation, kinds, namespaceNamed, patched, update } from '../requests.ts';
import { moved } from './stores.ts';

const remoteRef = { key: 'another-secret' };
const clusterStore = { name: 'another', kind: 'ClusterSecretStore' };
const generator = {
  apiVersion: 'generators.external-secrets.io/v1alpha1',
  kind: 'ECRAuthorizationToken',
  name: 'another',
};
const accountAnnotation = { 'kubernetes.io/service-account.name': 'another' };
const entry = (sourceRef: Mapping) => ({ secretKey: 'another', remoteRef, sourceRef });

const spec = (change: Mapping) => ({ spec: change });
const target = (change: Mapping) => spec({ target: change });
const template = (change: Mapping) => target({ template: change });

/** ExternalSecrets that read what is not the namespace's, or write what gives rights. */
const inTenants: readonly (readonly [what: string, patch: Mapping])[] = [
  ['a ClusterSecretStore', spec({ secretStoreRef: clusterStore })],
  ['a ClusterSecretStore for one key', spec({ data: [entry({ storeRef: clusterStore })] })],
  [
    'a ClusterSecretStore for many keys',
    spec({ dataFrom: [{ extract: remoteRef, sourceRef: { storeRef: clusterStore } }] }),
  ],
  ['a generator for one key', spec({ data: [entry({ generatorRef: generator })] })],
  ['a generator for many keys', spec({ dataFrom: [{ sourceRef: { generatorRef: generator } }] })],
  [
    'a ClusterGenerator',
    spec({ dataFrom: [{ sourceRef: { generatorRef: { ...generator, kind: 'ClusterGenerator' } } }] }),
  ],
  ['creationPolicy Merge', target({ creationPolicy: 'Merge' })],
  ['creationPolicy Orphan', target({ creationPolicy: 'Orphan' })],
  [
    'a RoleBinding as target',
    target({ manifest: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' } }),
  ],
];

const everywhere: readonly (readonly [what: string, patch: Mapping])[] = [
  [
    "a service account's token",
    template({ type: 'kubernetes.io/service-account-token', metadata: { annotations: accountAnnotation } }),
  ],
  ["the type of a service account's token", template({ type: 'kubernetes.io/service-account-token' })],
  ['a bootstrap token', template({ type: 'bootstrap.kubernetes.io/token' })],
  ['the annotation of a service account', template({ metadata: { annotations: accountAnnotation } })],
  ['the annotation of a service account on itself', { metadata: { annotations: accountAnnotation } }],
  [
    'annotations from what is fetched',
    template({ templateFrom: [{ target: 'Annotations', literal: 'a: b' }] }),
  ],
];

/** ExternalSecrets that a tenant must not write: as new ones, by changing the real one, behind entries that are fine. */
export function externalSecretForgeries({ externalSecret, namespace }: Ground): Attempt[] {
  const real = externalSecret;
  const sandbox = namespaceNamed('sandbox');
  const behind = {
    spec: { data: [...list((real.spec as Mapping).data), entry({ storeRef: clusterStore })] },
  };
  const kind = kinds.ExternalSecret;
  const own = [...inTenants, ...everywhere, ['a ClusterSecretStore behind its own keys', behind] as const];
  return [
    ...own.flatMap(([what, patch]) => {
      const attack = `an ExternalSecret with ${what}`;
      const bad = patched(real, patch);
      const unless = what.startsWith('a generator') ? { unlessNamed: generator.kind } : {};
      return [
        { what: `create ${attack}`, attack, request: creation(kind, bad, namespace), ...unless },
        {
          what: `change its ExternalSecret into one with ${what}`,
          attack,
          request: update(kind, real, bad, namespace),
          ...unless,
        },
      ];
    }),
    ...['v1beta1', 'v1alpha1'].map((version) => ({
      what: `create an ExternalSecret with a ClusterSecretStore, as ${version}`,
      request: creation(kind, patched(real, spec({ secretStoreRef: clusterStore })), namespace, { version }),
    })),
    {
      what: 'create, in a namespace that has a shared identity alone, an ExternalSecret with a ClusterSecretStore',
      attack: 'an ExternalSecret with a ClusterSecretStore',
      request: creation(
        kind,
        moved(patched(real, spec({ secretStoreRef: clusterStore })), 'sandbox'),
        namespaceNamed('sandbox', { [`${sharedLabel}of-others`]: 'true' }),
      ),
    },
    ...everywhere.map(([what, patch]) => ({
      what: `create, in a namespace of no service, an ExternalSecret with ${what}`,
      request: creation(kind, moved(patched(real, patch), 'sandbox'), sandbox),
    })),
  ];
}
