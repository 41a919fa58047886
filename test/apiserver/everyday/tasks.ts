import type { KubernetesObject } from '../../support/run-compile.ts';
import { merged } from '../attacks/attack.ts';
import { moved } from '../support/arena.ts';
import { type ApiRequest, applyRequest, collectionPath, objectPath } from '../support/client.ts';
import { deployer, operator, tenant1, tenant1Program, type User } from '../support/users.ts';
import type { World } from '../support/world.ts';

/** Something that the guard may not be in the way of: requests in their order. */
interface Task {
  readonly task: string;
  readonly by: User;
  readonly requests: readonly ApiRequest[];
}

const namespaces = '/api/v1/namespaces';
const merge = (path: string, body: object): ApiRequest => ({ method: 'PATCH', patch: 'merge', path, body });
const created = (object: KubernetesObject): ApiRequest => ({
  method: 'POST',
  path: collectionPath(object.apiVersion, object.kind, object.metadata.namespace),
  body: object,
});
const namespace = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const changed = (object: KubernetesObject, name: string, change: object) =>
  merged(object, { metadata: { name }, ...change }) as KubernetesObject;

/** What deployers, the operator and tenants do on a usual day, in this order. */
export function everyday({ services: { service1 = [] } }: World): Task[] {
  const first = (kind: string) => {
    const found = service1.find((object) => object.kind === kind);
    if (found === undefined) throw new Error(`dist holds no ${kind} of service1`);
    return found;
  };
  const [store, externalSecret] = [first('SecretStore'), first('ExternalSecret')];
  const [storePath, externalSecretPath] = [objectPath(store), objectPath(externalSecret)];
  return [
    {
      task: 'the deployer deploys a service into one more namespace',
      by: deployer,
      requests: service1.map((object) => applyRequest(moved(object, 'service1-more'))),
    },
    {
      task: 'the deployer gives a namespace a shared identity and takes it again',
      by: deployer,
      requests: ['true', null].map((value) =>
        merge(`${namespaces}/service1-more`, { metadata: { labels: { 'shared.eso-abac/billing': value } } }),
      ),
    },
    {
      task: 'the deployer removes a service',
      by: deployer,
      requests: [
        { method: 'DELETE', path: objectPath(moved(externalSecret, 'service1-more')) },
        { method: 'DELETE', path: objectPath(moved(store, 'service1-more')) },
        { method: 'DELETE', path: `${namespaces}/service1-more` },
      ],
    },
    {
      task: 'the operator writes how things stand',
      by: operator,
      requests: [storePath, externalSecretPath].map((path) =>
        merge(`${path}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      ),
    },
    {
      task: 'the operator sets and removes finalizers',
      by: operator,
      requests: [storePath, externalSecretPath].flatMap((path) => [
        merge(path, { metadata: { finalizers: ['external-secrets.io/finalizer'] } }),
        merge(path, { metadata: { finalizers: null } }),
      ]),
    },
    {
      task: 'the operator fills a Secret',
      by: operator,
      requests: [
        created({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'service1-secret', namespace: 'service1-ns' },
        }),
      ],
    },
    {
      task: 'a tenant asks the operator to fetch now',
      by: tenant1,
      requests: [merge(externalSecretPath, { metadata: { annotations: { 'force-sync': '1' } } })],
    },
    {
      task: 'a tenant writes, changes and deletes an ExternalSecret of its own store',
      by: tenant1,
      requests: [
        created(changed(externalSecret, 'mine', { spec: { target: { name: 'mine' } } })),
        merge(objectPath(changed(externalSecret, 'mine', {})), { spec: { refreshInterval: '2h0m0s' } }),
        { method: 'DELETE', path: objectPath(changed(externalSecret, 'mine', {})) },
      ],
    },
    {
      task: 'a program of a tenant writes a SecretStore that claims what its namespace may',
      by: tenant1Program,
      requests: [
        created(changed(store, 'mine', {})),
        merge(objectPath(changed(store, 'mine', {})), { spec: { refreshInterval: 300 } }),
        { method: 'DELETE', path: objectPath(changed(store, 'mine', {})) },
      ],
    },
    {
      task: 'a tenant gives its namespace labels and annotations of its own',
      by: tenant1,
      requests: [
        merge(`${namespaces}/service1-ns`, {
          metadata: { labels: { team: 'a' }, annotations: { note: 'b' } },
        }),
        applyRequest(namespace('service1-ns', { tier: 'gold' }), 'tenant'),
      ],
    },
    {
      task: 'a tenant makes, changes and deletes a namespace without identities',
      by: tenant1,
      requests: [
        created(namespace('scratch', { team: 'a' })),
        merge(`${namespaces}/scratch`, { metadata: { labels: { team: 'b' } } }),
        { method: 'DELETE', path: `${namespaces}/scratch` },
      ],
    },
    {
      task: 'a tenant reads AWS with credentials of its own in a namespace without identities',
      by: tenant1,
      requests: [
        created(namespace('sandbox')),
        created(
          moved(
            changed(store, 'own-credentials', {
              spec: { provider: { aws: { sessionTags: null, auth: ownAccount } } },
            }),
            'sandbox',
          ),
        ),
        created(moved(changed(store, 'made-up', { spec: { provider: madeUp } }), 'sandbox')),
        created(moved(externalSecret, 'sandbox')),
      ],
    },
    {
      task: 'a tenant writes roles that have nothing to do with identities',
      by: tenant1,
      requests: [
        created({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'reads-pods' },
          rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
        } as KubernetesObject),
        created({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'without-rules' },
        }),
      ],
    },
  ];
}

const ownAccount = { jwt: { serviceAccountRef: { name: 'reader' } } };
const madeUp = { aws: null, fake: { data: [{ key: 'a', value: 'b' }] } };
