import { type Mapping, mapping, text } from '../files/store.ts';
import { person } from './authorizer.ts';
import type { AdmissionRequest } from './model.ts';

/** A kind of object: where it stands in the API. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly isNamespaced: boolean;
}

const operatorGroup = 'external-secrets.io';
const rights = { group: 'rbac.authorization.k8s.io', version: 'v1', isNamespaced: false } as const;

export const kinds = {
  SecretStore: {
    group: operatorGroup,
    version: 'v1',
    kind: 'SecretStore',
    resource: 'secretstores',
    isNamespaced: true,
  },
  ExternalSecret: {
    group: operatorGroup,
    version: 'v1',
    kind: 'ExternalSecret',
    resource: 'externalsecrets',
    isNamespaced: true,
  },
  Namespace: { group: '', version: 'v1', kind: 'Namespace', resource: 'namespaces', isNamespaced: false },
  Secret: { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', isNamespaced: true },
  Lease: {
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    resource: 'leases',
    isNamespaced: true,
  },
  ClusterRole: { ...rights, kind: 'ClusterRole', resource: 'clusterroles' },
  ClusterRoleBinding: { ...rights, kind: 'ClusterRoleBinding', resource: 'clusterrolebindings' },
} as const satisfies Readonly<Record<string, Kind>>;

/** What differs from the usual: by a person, of no subresource. */
type Rest = Partial<Pick<AdmissionRequest, 'version' | 'subresource' | 'user' | 'dryRun'>>;

/** A request that makes an object. */
export function creation(
  kind: Kind,
  object: Mapping,
  namespaceObject: Mapping | null,
  rest: Rest = {},
): AdmissionRequest {
  return request(kind, 'CREATE', object, null, namespaceObject, rest);
}

/** A request that turns an object into another. */
export function update(
  kind: Kind,
  oldObject: Mapping,
  object: Mapping,
  namespaceObject: Mapping | null,
  rest: Rest = {},
): AdmissionRequest {
  return request(kind, 'UPDATE', object, oldObject, namespaceObject, rest);
}

/** A request that deletes an object. */
export function deletion(
  kind: Kind,
  oldObject: Mapping,
  namespaceObject: Mapping | null,
  rest: Rest = {},
): AdmissionRequest {
  return request(kind, 'DELETE', null, oldObject, namespaceObject, rest);
}

function request(
  { group, kind, resource, version, isNamespaced }: Kind,
  operation: AdmissionRequest['operation'],
  object: Mapping | null,
  oldObject: Mapping | null,
  namespaceObject: Mapping | null,
  rest: Rest,
): AdmissionRequest {
  const metadata = mapping((object ?? oldObject)?.metadata);
  const name = text(metadata.name);
  const inNamespace = namespaceObject === null ? '' : text(mapping(namespaceObject.metadata).name);
  const { version: asked = version, subresource = '', user = person, dryRun = false } = rest;
  const apiVersion = group === '' ? asked : `${group}/${asked}`;
  const typed = (one: Mapping | null) => one && { ...one, apiVersion, kind };
  return {
    operation,
    group,
    version: asked,
    kind,
    resource,
    subresource,
    name,
    // The API server says that a Namespace is in itself.
    namespace: kind === 'Namespace' ? name : isNamespaced ? inNamespace : '',
    object: typed(object),
    oldObject: typed(oldObject),
    namespaceObject: isNamespaced ? namespaceObject : null,
    user,
    dryRun,
  };
}

/** A JSON merge patch: null takes a key away. Source: RFC 7396. */
export function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...mapping(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** An object after a JSON merge patch. */
export function patched(object: Mapping, patch: Mapping): Mapping {
  return mapping(merged(object, patch));
}

/** A Namespace; its name is among its labels, as the API server has it. */
export function namespaceNamed(name: string, labels: Mapping = {}, annotations: Mapping = {}): Mapping {
  return { metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels }, annotations } };
}
