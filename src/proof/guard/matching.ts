import { type Mapping, mapping } from '../files/store.ts';
import type { AdmissionRequest, Match, Rule, Selector } from './model.ts';

/** A field of MatchResources. */
type MatchField = 'resourceRules' | 'excludeResourceRules' | 'namespaceSelector' | 'objectSelector';

/**
 * The field by which a policy or a binding leaves a request out; undefined when it is about the request.
 *
 * Source: admissionregistration.k8s.io/v1 in the Kubernetes API reference, MatchResources.
 *
 * @param servedVersions versions of the operator's API that are served for sure
 */
export function leftOutBy(
  match: Match,
  request: AdmissionRequest,
  servedVersions: readonly string[],
): MatchField | undefined {
  const { rules, excluded, namespaceSelector, objectSelector, matchPolicy } = match;
  const isEquivalent = matchPolicy === 'Equivalent';
  const others = isEquivalent && isServedAlike(request) ? servedVersions : [];
  if (rules !== undefined && !isInOneOf(rules, request, others)) return 'resourceRules';
  // Whatever may be excluded counts as excluded.
  if (isInOneOf(excluded, request, isEquivalent ? everyVersion : [])) return 'excludeResourceRules';
  if (!selectsNamespace(namespaceSelector, request)) return 'namespaceSelector';
  const { object, oldObject } = request;
  const isObjectSelected =
    (object !== null && selects(objectSelector, object)) ||
    (oldObject !== null && selects(objectSelector, oldObject));
  return isObjectSelected ? undefined : 'objectSelector';
}

const everyVersion = ['v1', 'v1beta1', 'v1alpha1'];

/** The versions of dist say nothing about other kinds than its own. */
function isServedAlike({ group, resource }: AdmissionRequest): boolean {
  return group === 'external-secrets.io' && ['secretstores', 'externalsecrets'].includes(resource);
}

/** Whether a policy is about the kind of object that a request is about, whatever else it asks for. */
export function isAbout(
  { rules = [] }: Match,
  { group, resource }: { readonly group: string; readonly resource: string },
): boolean {
  return rules.some(
    ({ apiGroups, resources }) =>
      (apiGroups.includes(group) || apiGroups.includes('*')) &&
      resources.some((pattern) => ['*', resource].includes(pattern.split('/')[0] ?? '')),
  );
}

/** @param others versions that count besides that of the request */
function isInOneOf(rules: readonly Rule[], request: AdmissionRequest, others: readonly string[]): boolean {
  for (const rule of rules) if (isInRule(rule, request, others)) return true;
  return false;
}

function isInRule(rule: Rule, request: AdmissionRequest, others: readonly string[]): boolean {
  const { group, version, resource, subresource, operation, namespace, kind, name } = request;
  const isClusterWide = namespace === '' || kind === 'Namespace';
  return (
    holds(rule.apiGroups, group) &&
    rule.resources.some((pattern) => isResource(pattern, resource, subresource)) &&
    holds(rule.operations, operation) &&
    (holds(rule.apiVersions, version) || others.some((one) => holds(rule.apiVersions, one))) &&
    (rule.scope === '*' || rule.scope === (isClusterWide ? 'Cluster' : 'Namespaced')) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function holds(list: readonly string[], text: string): boolean {
  return list.includes('*') || list.includes(text);
}

/**
 * `*` is every resource without subresources, a name before `/*` that resource with and without, and `*` before `/` any
 * resource.
 *
 * Source: k8s.io/apiserver, pkg/admission/plugin/webhook/predicates/rules. The API reference says that `pods/*` is the
 * subresources of pods; pods themselves are matched too.
 */
function isResource(pattern: string, resource: string, subresource: string): boolean {
  const [name, sub = ''] = partsOf(pattern);
  return (name === '*' || name === resource) && (sub === '*' || sub === subresource);
}

/** The resource and the subresource that a pattern names: all that follows the first `/` is one subresource. */
export function partsOf(pattern: string): readonly [name: string, sub: string | undefined] {
  const at = pattern.indexOf('/');
  return at < 0 ? [pattern, undefined] : [pattern.slice(0, at), pattern.slice(at + 1)];
}

/**
 * A Namespace is selected by its own labels, of which a change of a subresource says nothing yet; other objects of the whole
 * cluster always are.
 *
 * Source: k8s.io/apiserver, pkg/admission/plugin/webhook/predicates/namespace.
 */
function selectsNamespace(
  selector: Selector,
  { kind, subresource, object, oldObject, namespaceObject }: AdmissionRequest,
): boolean {
  const own = subresource === '' ? (object ?? oldObject) : oldObject;
  const namespace = kind === 'Namespace' ? own : namespaceObject;
  return namespace === null || selects(selector, namespace);
}

function selects(selector: Selector, object: Mapping): boolean {
  return isForAll(selector) || isSelected(selector, labelsOf(object));
}

function isForAll({ matchLabels, matchExpressions }: Selector): boolean {
  for (const _ in matchLabels) return false;
  return matchExpressions.length === 0;
}

/** Source: LabelSelector in the Kubernetes API reference. An operator that nobody knows selects nothing. */
export function isSelected(
  { matchLabels, matchExpressions }: Selector,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      const isIn = typeof value === 'string' && values.includes(value);
      if (operator === 'In') return isIn;
      if (operator === 'NotIn') return !isIn;
      if (operator === 'Exists') return value !== undefined;
      return operator === 'DoesNotExist' && value === undefined;
    })
  );
}

/** The labels of an object. */
export function labelsOf(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return mapping(mapping(object.metadata).labels);
}
