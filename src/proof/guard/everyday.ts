import { secretOf } from '../files/reads.ts';
import { mapping, text } from '../files/store.ts';
import { serviceLabel } from '../files/tenants.ts';
import { administrator, claimRule, granted, mayClaim, serviceAccount } from './authorizer.ts';
import { generatorState, pushSecret } from './forgeries/kinds.ts';
import { moved } from './forgeries/stores.ts';
import type { Ground } from './ground.ts';
import type { Attempt, Guard, Sample, User } from './model.ts';
import { creation, deletion, kinds, namespaceNamed, patched, update } from './requests.ts';

/** Everybody who may deploy: a cluster administrator, and those to whom dist gives the right. */
export function deployers(guard: Guard): User[] {
  return [administrator, ...granted(guard).filter((user) => mayClaim(user, guard))];
}

/** The real objects of a service, as they are deployed: first made, then left as they are. */
export function realObjects({ namespace, stores, externalSecrets }: Sample, user: User): Attempt[] {
  const inside = [
    ...stores.map((object) => [kinds.SecretStore, object] as const),
    ...externalSecrets.map((object) => [kinds.ExternalSecret, object] as const),
  ];
  const named = (object: Sample['namespace']) =>
    `${text(object.kind)} ${text(mapping(object.metadata).name)}`;
  return [
    { what: `create the ${named(namespace)}`, request: creation(kinds.Namespace, namespace, null, { user }) },
    {
      what: `apply the ${named(namespace)}`,
      request: update(kinds.Namespace, namespace, namespace, null, { user }),
    },
    ...inside.flatMap(([kind, object]) => {
      const version = /\/(.+)/.exec(text(object.apiVersion))?.[1] ?? kind.version;
      const rest = { user, version };
      return [
        { what: `create the ${named(object)}`, request: creation(kind, object, namespace, rest) },
        {
          what: `apply the ${named(object)}`,
          request: update(
            kind,
            patched(object, { spec: { refreshInterval: '7h' } }),
            object,
            namespace,
            rest,
          ),
        },
      ];
    }),
  ];
}

/** What deployers do besides. */
export function deployments({ namespace, guard }: Ground, user: User): Attempt[] {
  const { Namespace, ClusterRole, ClusterRoleBinding } = kinds;
  const other = patched(namespace, {
    metadata: { labels: { [serviceLabel]: 'another', 'shared.eso-abac/another': 'true' } },
  });
  const of = { user };
  const clusterStore = {
    group: 'external-secrets.io',
    version: 'v1',
    kind: 'ClusterSecretStore',
    resource: 'clustersecretstores',
    isNamespaced: false,
  };
  return [
    { what: 'change what a namespace may claim', request: update(Namespace, namespace, other, null, of) },
    { what: 'delete the namespace of a service', request: deletion(Namespace, namespace, null, of) },
    {
      what: 'create a ClusterSecretStore',
      request: creation(clusterStore, { metadata: { name: 'another' }, spec: { provider: {} } }, null, of),
    },
    {
      what: 'create a role with the right to claim',
      request: creation(ClusterRole, { metadata: { name: 'more-deployers' }, rules: [claimRule] }, null, of),
    },
    ...guard.roles.map(({ name, object }) => ({
      what: `apply the role ${name}`,
      request: creation(ClusterRole, object, null, of),
    })),
    ...guard.bindings.map(({ name, object }) => ({
      what: `apply the binding ${name}`,
      request: creation(ClusterRoleBinding, object, null, of),
    })),
  ];
}

/** What tenants, the operator and Kubernetes itself do on a usual day. */
export function everydayWork({ namespace, namespaceName, store, externalSecret, guard }: Ground): Attempt[] {
  const { Namespace, SecretStore, ExternalSecret, ClusterRole, Secret, Lease } = kinds;
  const operator = {
    user: serviceAccount(guard.operatorNamespace || 'external-secrets', guard.operatorAccount),
  };
  const controller = { user: serviceAccount('kube-system', 'namespace-controller') };
  const collector = { user: serviceAccount('kube-system', 'generic-garbage-collector') };
  const program = { user: serviceAccount(namespaceName, 'default') };
  const sandbox = namespaceNamed('sandbox', { team: 'a' });
  const finalized = { metadata: { finalizers: ['external-secrets.io/finalizer'] } };
  const label = { metadata: { labels: { team: 'b' }, annotations: { note: 'c' } } };
  const account = { auth: { jwt: { serviceAccountRef: { name: 'default' } } } };
  const refused = patched(store, { spec: { provider: { aws: { role: 'of-before' } } } });
  const refusedSecret = patched(externalSecret, { spec: { target: { creationPolicy: 'Merge' } } });
  const ownCredentials = patched(moved(store, 'sandbox'), { spec: { provider: { aws: account } } });
  const keys = { accessKeyIDSecretRef: { name: 'aws' }, secretAccessKeySecretRef: { name: 'aws' } };
  const ownKeys = patched(moved(store, 'sandbox'), {
    spec: { provider: { aws: { auth: { secretRef: keys } } } },
  });
  const madeUp = patched(moved(store, 'sandbox'), { spec: { provider: { aws: null, fake: { data: [] } } } });
  const state = { metadata: { name: 'state', namespace: namespaceName }, spec: {} };
  const pushed = { metadata: { name: 'pushed', namespace: namespaceName }, spec: {} };
  const terminating = patched(namespace, { status: { phase: 'Terminating' } });
  const filled = {
    metadata: { name: secretOf(externalSecret), namespace: namespaceName },
    type: 'Opaque',
    data: { key: 'dmFsdWU=' },
  };
  const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  const status = { ...operator, subresource: 'status' };
  const lease = { metadata: { name: 'external-secrets-controller' }, spec: { holderIdentity: 'a' } };
  return [
    {
      what: 'set a finalizer on a SecretStore',
      request: update(SecretStore, store, patched(store, finalized), namespace, operator),
    },
    {
      what: 'remove a finalizer from a SecretStore that would be refused today',
      request: update(
        SecretStore,
        patched(refused, finalized),
        patched(refused, { metadata: { finalizers: [] } }),
        namespace,
        operator,
      ),
    },
    {
      what: 'remove a finalizer from an ExternalSecret',
      request: update(
        ExternalSecret,
        patched(externalSecret, finalized),
        externalSecret,
        namespace,
        operator,
      ),
    },
    {
      what: 'remove a finalizer from an ExternalSecret that would be refused today',
      request: update(
        ExternalSecret,
        patched(refusedSecret, finalized),
        patched(refusedSecret, { metadata: { finalizers: [] } }),
        namespace,
        operator,
      ),
    },
    {
      what: 'ask the operator to fetch now',
      request: update(
        ExternalSecret,
        externalSecret,
        patched(externalSecret, { metadata: { annotations: { 'force-sync': '1' } } }),
        namespace,
      ),
    },
    {
      what: 'write an ExternalSecret of its own store',
      request: creation(ExternalSecret, patched(externalSecret, { metadata: { name: 'mine' } }), namespace),
    },
    {
      what: 'write a SecretStore that claims what its namespace may',
      request: creation(SecretStore, patched(store, { metadata: { name: 'mine' } }), namespace, program),
    },
    {
      what: 'remove a finalizer from a PushSecret of before',
      request: update(pushSecret, patched(pushed, finalized), pushed, namespace, collector),
    },
    {
      what: 'make a PushSecret for a ClusterPushSecret',
      request: creation(pushSecret, pushed, namespace, operator),
    },
    {
      what: 'note what a generator has made',
      request: creation(generatorState, state, namespace, operator),
    },
    { what: 'delete a SecretStore', request: deletion(SecretStore, store, namespace) },
    {
      what: 'delete an ExternalSecret',
      request: deletion(ExternalSecret, externalSecret, namespace),
    },
    {
      what: 'give its namespace a label of its own',
      request: update(Namespace, namespace, patched(namespace, label), null),
    },
    {
      what: 'write the status of a namespace',
      request: update(Namespace, namespace, terminating, null, { ...controller, subresource: 'status' }),
    },
    {
      what: 'finalize a namespace',
      request: update(Namespace, namespace, namespace, null, { ...controller, subresource: 'finalize' }),
    },
    { what: 'create a namespace of no service', request: creation(Namespace, sandbox, null) },
    {
      what: 'label a namespace of no service',
      request: update(Namespace, sandbox, patched(sandbox, label), null),
    },
    { what: 'delete a namespace of no service', request: deletion(Namespace, sandbox, null) },
    {
      what: 'use credentials of its own in a namespace of no service',
      request: creation(SecretStore, ownCredentials, sandbox),
    },
    {
      what: 'use access keys of its own in a namespace of no service',
      request: creation(SecretStore, ownKeys, sandbox),
    },
    {
      what: 'use another provider in a namespace of no service',
      request: creation(SecretStore, madeUp, sandbox),
    },
    {
      what: 'write an ExternalSecret in a namespace of no service',
      request: creation(ExternalSecret, moved(externalSecret, 'sandbox'), sandbox),
    },
    {
      what: 'write a role that has nothing to do with identities',
      request: creation(
        ClusterRole,
        {
          metadata: { name: 'reads-pods' },
          rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
        },
        null,
      ),
    },
    {
      what: 'write a role for what is no resource',
      request: creation(
        ClusterRole,
        { metadata: { name: 'sees-health' }, rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] },
        null,
      ),
    },
    {
      what: 'write a role without rules',
      request: creation(ClusterRole, { metadata: { name: 'empty' }, rules: null }, null),
    },
    { what: 'write a Secret', request: creation(Secret, filled, namespace, operator) },
    { what: 'write a Secret anew', request: update(Secret, filled, filled, namespace, operator) },
    { what: 'delete a Secret', request: deletion(Secret, filled, namespace, collector) },
    {
      what: 'say that a SecretStore is ready',
      request: update(SecretStore, store, patched(store, ready), namespace, status),
    },
    {
      what: 'say that an ExternalSecret is ready',
      request: update(ExternalSecret, externalSecret, patched(externalSecret, ready), namespace, status),
    },
    {
      what: 'lead the pods of the operator',
      request: creation(Lease, lease, namespaceNamed(guard.operatorNamespace), operator),
    },
  ];
}
