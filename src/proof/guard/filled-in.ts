import { type Mapping, mapping } from '../files/store.ts';
import { compile } from './cel.ts';
import { isAbout } from './matching.ts';
import type { AdmissionPolicy } from './model.ts';
import { kinds } from './requests.ts';

const known = new WeakMap<Mapping, Mapping>();

/** What the API server puts into the metadata of every object before a policy sees it. */
const ofMetadata: Mapping = {
  uid: '3f1c9f0e-6a54-4f0e-9d0a-6f5b7a1c2d3e',
  creationTimestamp: '2025-01-01T00:00:00Z',
  generation: 1,
  managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
};

/** And into every Namespace. */
const ofNamespace: Mapping = { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };

/**
 * An object as policies see it: the API server has filled in what nobody writes. A policy that asks whether that is
 * there finds it in every request.
 *
 * Source: Kubernetes API reference, ObjectMeta and Namespace.
 */
export function filledIn(object: Mapping | null, isNamespace: boolean): Mapping | null {
  if (object === null) return null;
  const found = known.get(object);
  if (found !== undefined) return found;
  const metadata = { ...ofMetadata, ...mapping(object.metadata) };
  const filled = { ...(isNamespace && ofNamespace), ...object, metadata };
  known.set(object, filled);
  return filled;
}

/** Whether an expression of a policy looks at anything of that. Few do, and forgeries are many. */
export function seesFilledIn({ match, conditions, variables, validations }: AdmissionPolicy): boolean {
  const isAboutNamespaces = isAbout(match, kinds.Namespace);
  const looks = [...conditions, ...variables, ...validations].flatMap(({ text }) => compile(text).looks);
  return looks.some(({ path: [root = '', ...path] }) => {
    if (root === 'namespaceObject') return leadsTo(path, true);
    return ['object', 'oldObject'].includes(root) && leadsTo(path, isAboutNamespaces);
  });
}

function leadsTo([field, inside]: readonly string[], isNamespace: boolean): boolean {
  if (field === undefined) return true;
  if (field === 'metadata') return inside === undefined || Object.hasOwn(ofMetadata, inside);
  return isNamespace && Object.hasOwn(ofNamespace, field);
}
