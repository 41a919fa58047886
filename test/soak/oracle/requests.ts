import { merged } from '../../apiserver/attacks/attack.ts';
import { externalSecretForgeries } from '../../apiserver/attacks/external-secrets.ts';
import { otherKinds } from '../../apiserver/attacks/other-kinds.ts';
import { secretStoreForgeries } from '../../apiserver/attacks/secret-stores.ts';
import type { Admission } from './admission.ts';
import type { Operator } from './operators.ts';
import { tagsOf } from './reads.ts';
import { objectsOf } from './sessions.ts';
import type { Json, ServiceFile } from './world.ts';

type User = Admission['user'];

const person: User = { username: 'ann', groups: ['tenants', 'system:authenticated'] };
const account = (namespace: string, name: string): User => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});
const administrator: User = { username: 'root', groups: ['system:masters', 'system:authenticated'] };

/** A request with what it is. */
export interface Attempt {
  readonly what: string;
  readonly request: Admission;
}

/** A request about an object; which of the two objects there are says whether it makes, changes or deletes. */
function about(
  object: Json,
  oldObject: Json,
  namespaceObject: Json,
  user: User,
  subResource = '',
): Admission {
  const one = object ?? oldObject;
  const [group, version] = one.apiVersion.includes('/') ? one.apiVersion.split('/') : ['', one.apiVersion];
  const isNamespace = one.kind === 'Namespace';
  const namespace = isNamespace ? one.metadata.name : namespaceObject?.metadata.name;
  return {
    operation: object === null ? 'DELETE' : oldObject === null ? 'CREATE' : 'UPDATE',
    ...{ group, version, kind: one.kind, resource: `${one.kind.toLowerCase()}s`, subResource },
    name: one.metadata.name,
    ...(namespace !== undefined && { namespace }),
    ...{ object, oldObject, namespaceObject: isNamespace ? null : namespaceObject, user },
  };
}

const versions = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `external-secrets.io/${version}`);

/** What the people of a service could try, in their namespace and around it, and in that of the operator. */
export function forgeries(
  file: ServiceFile,
  all: readonly ServiceFile[],
  operators: readonly Operator[],
): Attempt[] {
  const [namespace] = objectsOf(file, 'Namespace');
  const [store] = objectsOf(file, 'SecretStore');
  const [externalSecret] = objectsOf(file, 'ExternalSecret');
  const others = all.filter((one) => one !== file && one.cluster === file.cluster);
  const tries: Attempt[] = [];
  const add = (what: string, ...[object, old, inside, subResource]: readonly Json[]) => {
    for (const user of [person, account(namespace.metadata.name, 'default')])
      tries.push({
        what: `${user.username}: ${what}`,
        request: about(object, old, inside, user, subResource),
      });
  };
  const foreign = others.flatMap((one) => objectsOf(one, 'SecretStore'));
  if (store !== undefined) {
    const logins = operators.map(asOperator);
    const forged = [
      ...logins,
      ...foreign.map((one) => ({ spec: one.spec })),
      ...tagForgeries(store, foreign),
      ...secretStoreForgeries.map(({ change }) => change),
    ];
    for (const change of forged)
      for (const apiVersion of versions) {
        const object = { ...(merged(store, change) as Json), apiVersion };
        add(`makes the store ${JSON.stringify(change)}`, object, null, namespace);
        add(`changes a store by ${JSON.stringify(change)}`, object, { ...store, apiVersion }, namespace);
      }
    for (const name of new Set(['stray', ...operators.map((one) => one.namespace)])) {
      const outside = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      for (const change of [{}, ...logins]) {
        const moved = merged(store, merged({ metadata: { namespace: name } }, change));
        add(`makes a store in ${name}: ${JSON.stringify(change)}`, moved, null, outside);
      }
    }
  }
  if (externalSecret !== undefined)
    for (const { change } of externalSecretForgeries)
      for (const apiVersion of versions) {
        const object = { ...(merged(externalSecret, change) as Json), apiVersion };
        add(`makes the ExternalSecret ${JSON.stringify(change)}`, object, null, namespace);
        add(`changes one by ${JSON.stringify(change)}`, object, { ...externalSecret, apiVersion }, namespace);
      }
  for (const { apiVersion, kind, scope, spec } of otherKinds) {
    const object = { apiVersion, kind, metadata: { name: 'any' }, spec };
    const inside = scope === 'Namespaced' ? namespace : null;
    add(`makes a ${kind}`, object, null, inside);
    add(`changes a ${kind}`, { ...object, spec: { changed: true } }, object, inside);
  }
  for (const labels of labelForgeries(namespace, others)) {
    const object = merged(namespace, { metadata: { labels } }) as Json;
    const fresh = merged(object, { metadata: { name: 'fresh' } });
    for (const sub of ['', 'status', 'finalize'])
      add(`sets ${JSON.stringify(labels)} ${sub}`, object, namespace, null, sub);
    add(`makes a namespace with ${JSON.stringify(labels)}`, fresh, null, null);
  }
  add('deletes the namespace', null, namespace, null);
  for (const [object, old] of rightsForgeries)
    add(`rights ${JSON.stringify(object ?? old)}`, object, old, null);
  return tries;
}

/** What makes a store log in as the operator. */
function asOperator({ namespace, serviceAccount: name }: Operator): object {
  return { spec: { provider: { aws: { auth: { jwt: { serviceAccountRef: { name, namespace } } } } } } };
}

/** The tags of a store with one more, one less, or one that is another's. */
function tagForgeries(store: Json, foreign: readonly Json[]): object[] {
  const tags = [...tagsOf(store)].map(([key, value]) => ({ key, value }));
  const known = foreign.flatMap((one) => [...tagsOf(one)].map(([key, value]) => ({ key, value })));
  const lists = tags.flatMap((tag) => {
    const rest = tags.filter((one) => one !== tag);
    const values = known.filter(({ key }) => key === tag.key).map(({ value }) => value);
    const other = [
      ...new Set([...values.slice(0, 4), '*', '', `${tag.value} `, tag.value.toUpperCase(), `${tag.value}x`]),
    ];
    return [
      rest,
      ...other.filter((value) => value !== tag.value).map((value) => [...rest, { key: tag.key, value }]),
      ...other.map((value) => [...tags, { key: tag.key, value }]),
      [...rest, { key: tag.key.toUpperCase(), value: tag.value }],
    ];
  });
  return [...lists, [...tags, { key: 'another', value: 'x' }], []].map((sessionTags) => ({
    spec: { provider: { aws: { sessionTags } } },
  }));
}

function labelForgeries({ metadata }: Json, others: readonly ServiceFile[]): Record<string, string | null>[] {
  const ours = (labels: Json) =>
    Object.entries<string>(labels ?? {}).filter(([key]) => /^(?:shared\.)?eso-abac\//.test(key));
  const foreign = others
    .flatMap((one) => objectsOf(one, 'Namespace'))
    .flatMap((one) => ours(one.metadata.labels));
  const own = ours(metadata.labels).map(([key]) => ({ [key]: null }));
  const taken = [...new Map(foreign.map(([key, value]) => [`${key} ${value}`, { [key]: value }])).values()];
  return [...own, ...taken.slice(0, 6), { 'eso-abac/service': 'x' }, { 'shared.eso-abac/x': 'true' }];
}

const group = 'rbac.authorization.k8s.io';
const role = (name: string, apiGroups: readonly string[]) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules: [{ apiGroups, resources: ['identities'], verbs: ['claim'] }],
});
const binding = (name: string, to: string) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: group, kind: 'ClusterRole', name: to },
  subjects: [{ kind: 'User', apiGroup: group, name: 'ann' }],
});
const rightsForgeries: readonly (readonly [object: Json, old: Json])[] = [
  [role('mine', ['eso-abac']), null],
  [role('mine', ['eso-abac']), role('mine', ['apps'])],
  [role('eso-abac-deployer', ['apps']), role('eso-abac-deployer', ['eso-abac'])],
  [null, role('eso-abac-deployer', ['eso-abac'])],
  [null, role('eso-abac-tenant', ['external-secrets.io'])],
  [binding('mine', 'eso-abac-deployer'), null],
  [binding('eso-abac-deployer', 'eso-abac-deployer'), binding('eso-abac-deployer', 'eso-abac-deployer')],
  [null, binding('eso-abac-deployer', 'eso-abac-deployer')],
];

/** What the operator makes for objects of a whole cluster and for generators. */
const madeByOperator: readonly Json[] = [
  { apiVersion: 'external-secrets.io/v1alpha1', kind: 'PushSecret', metadata: { name: 'pushed' }, spec: {} },
  {
    apiVersion: 'generators.external-secrets.io/v1alpha1',
    kind: 'GeneratorState',
    metadata: { name: 'state' },
    spec: {},
  },
];

/** What must go on: the deployers apply what stands in dist, the operator and the service's people do their work. */
export function everyday(
  file: ServiceFile,
  platform: readonly Json[],
  operators: readonly Operator[],
): Attempt[] {
  const [namespace] = objectsOf(file, 'Namespace');
  const deployers = platform
    .filter(({ kind, roleRef }) => kind === 'ClusterRoleBinding' && roleRef?.name === 'eso-abac-deployer')
    .flatMap(({ subjects = [] }) => subjects as Json[])
    .map(({ kind, name, namespace: place }): User => {
      if (kind === 'ServiceAccount') return account(place, name);
      return kind === 'Group' ? { username: 'x', groups: [name] } : { username: name, groups: [] };
    });
  const tasks = file.objects.flatMap((object) =>
    [administrator, ...deployers].flatMap((user) => [
      { what: `${user.username} makes ${nameOf(object)}`, request: about(object, null, namespace, user) },
      { what: `${user.username} applies ${nameOf(object)}`, request: about(object, object, namespace, user) },
    ]),
  );
  const inside = file.objects.filter(({ kind }) => kind !== 'Namespace');
  const byOperator = operators.flatMap((operator) => {
    const user = account(operator.namespace, operator.serviceAccount);
    const status = inside.map((object) => ({
      what: `the operator writes the status of ${nameOf(object)}`,
      request: about({ ...object, status: {} }, object, namespace, user, 'status'),
    }));
    const makes = madeByOperator.map((object) => ({
      what: `the operator makes a ${object.kind}`,
      request: about(object, null, namespace, user),
    }));
    return [...status, ...makes];
  });
  const own = inside.flatMap((object) => [
    { what: `ann makes ${nameOf(object)}`, request: about(object, null, namespace, person) },
    { what: `ann deletes ${nameOf(object)}`, request: about(null, object, namespace, person) },
  ]);
  const scratch = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'scratch', labels: { a: 'b' } } };
  const labelled = merged(namespace, { metadata: { labels: { team: 'a' } } });
  return [
    ...tasks,
    ...byOperator,
    ...own,
    { what: 'ann makes a namespace', request: about(scratch, null, null, person) },
    { what: 'ann labels her namespace', request: about(labelled, namespace, null, person) },
  ];
}

function nameOf({ kind, metadata }: Json): string {
  return `${kind} ${metadata.name}`;
}
