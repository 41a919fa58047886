import type { Mapping } from '../files/store.ts';
import type { AdmissionRequest } from './model.ts';
import { patched } from './requests.ts';

/** A request with one thing changed that a policy looks at. */
type Change = (request: AdmissionRequest, value: string) => AdmissionRequest | undefined;

/** The label by which Kubernetes tells the name of a Namespace. */
export const nameLabel = 'kubernetes.io/metadata.name';

/** Labels that say what a namespace may claim. */
export const ownKey = /^(?:shared\.)?eso-abac\//;

/** What roles and bindings are called in forgeries where any name would do. */
export const plainName = 'plain';

/** A Namespace has its name as a label too, and is in itself. */
const named: Change = (request, name) => {
  const { kind, object } = request;
  const isRole = kind === 'ClusterRole' || kind === 'ClusterRoleBinding';
  // One of ours is another one by another name.
  if (isRole && request.name !== plainName) return undefined;
  if (kind === 'Namespace') {
    const metadata = { name, labels: { [nameLabel]: name } };
    return { ...withObjects(request, { metadata }), name, namespace: name };
  }
  const spec =
    kind === 'ExternalSecret' && object !== null
      ? { spec: { secretStoreRef: { name }, target: { name } } }
      : {};
  return { ...withObjects(request, { metadata: { name }, ...spec }), name };
};

/** Where no label says what a namespace may claim, its name is the tenant's to choose; nobody chooses one of Kubernetes. */
export const renamed: Change = (request, value) => {
  if (/^kube-/.test(value)) return undefined;
  if (request.kind === 'Namespace') return named(request, value);
  if (request.namespaceObject === null || request.namespace !== 'sandbox') return undefined;
  const metadata = { name: value, labels: { [nameLabel]: value } };
  return {
    ...withObjects(request, { metadata: { namespace: value } }),
    namespace: value,
    namespaceObject: patched(request.namespaceObject, { metadata }),
  };
};

function inVersion(request: AdmissionRequest, version: string): AdmissionRequest | undefined {
  if (request.group !== 'external-secrets.io') return undefined;
  return { ...withObjects(request, { apiVersion: `${request.group}/${version}` }), version };
}

/**
 * What policies may look at, besides what forgeries vary, and how a tenant sets it. A policy that looks at one of these
 * is tried with every text that it compares anything with there.
 */
export const changes: Readonly<Record<string, Change>> = {
  username: (request, username) => ({ ...request, user: { username, groups: ['system:authenticated'] } }),
  groups: (request, group) =>
    group === 'system:masters'
      ? undefined
      : { ...request, user: { ...request.user, groups: [...request.user.groups, group] } },
  name: named,
  namespace: renamed,
  [nameLabel]: renamed,
  generateName: (request, generateName) => everywhere(request, { metadata: { generateName } }),
  version: (request, version) => (/^v\d/.test(version) ? inVersion(request, version) : undefined),
  apiVersion: (request, value) => {
    const [group, version = ''] = value.split('/');
    return group === request.group && request.operation === 'CREATE'
      ? inVersion(request, version)
      : undefined;
  },
  subResource: (request, subresource) =>
    request.kind === 'Namespace' && request.operation === 'UPDATE' ? { ...request, subresource } : undefined,
  dryRun: (request) => ({ ...request, dryRun: true }),
  finalizers: (request, value) => everywhere(request, { metadata: { finalizers: [value] } }),
};

/** How a tenant sets a field, if policies may look at it and forgeries do not vary it. */
export function changeOf(field: string): Change | undefined {
  return Object.hasOwn(changes, field) ? changes[field] : undefined;
}

/** What tenants may say of an object besides its name, labels and annotations, and of one that they delete. */
export function withMoreMetadata(request: AdmissionRequest): AdmissionRequest {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };
  const written = { generateName: 'x', finalizers: ['x/x'], ownerReferences: [owner] };
  const kept = {
    resourceVersion: '1',
    deletionTimestamp: '2025-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 0,
  };
  return everywhere(request, { metadata: { ...written, ...(request.oldObject !== null && kept) } });
}

/** The namespace has it too: a tenant may have made it. */
function everywhere(request: AdmissionRequest, patch: Mapping): AdmissionRequest {
  const { namespaceObject } = request;
  return {
    ...withObjects(request, patch),
    namespaceObject: namespaceObject && patched(namespaceObject, patch),
  };
}

/** A request whose objects have something more, before and after. */
export function withObjects(request: AdmissionRequest, patch: Mapping): AdmissionRequest {
  const { object, oldObject } = request;
  return {
    ...request,
    object: object && patched(object, patch),
    oldObject: oldObject && patched(oldObject, patch),
  };
}
