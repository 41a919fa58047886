import { mapping } from '../files/store.ts';
import type { AdmissionRequest, Match, Rule, Selector } from './model.ts';

/**
 * Whether a policy or a binding is about a request.
 *
 * Source: admissionregistration.k8s.io/v1 in the Kubernetes API reference, MatchResources.
 */
export function isMatched(match: Match, request: AdmissionRequest): boolean {
  const { rules, excluded, namespaceSelector, objectSelector, matchPolicy } = match;
  const isRule = (rule: Rule) => isInRule(rule, request, matchPolicy);
  return (
    (rules === undefined || rules.some(isRule)) &&
    !excluded.some(isRule) &&
    selectsNamespace(namespaceSelector, request) &&
    [request.object, request.oldObject].some(
      (object) => object !== null && isSelected(objectSelector, labelsOf(object)),
    )
  );
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

/** Versions in which the operator has served its kinds. */
const served: Readonly<Record<string, readonly string[]>> = {
  'external-secrets.io': ['v1', 'v1beta1', 'v1alpha1'],
};

function isInRule(rule: Rule, request: AdmissionRequest, matchPolicy: string): boolean {
  const { group, version, resource, subresource, operation, namespace, kind, name } = request;
  const holds = (list: readonly string[], text: string) => list.includes('*') || list.includes(text);
  const isClusterWide = namespace === '' || kind === 'Namespace';
  const others = matchPolicy === 'Equivalent' ? (served[group] ?? []) : [];
  return (
    holds(rule.apiGroups, group) &&
    [version, ...others].some((one) => holds(rule.apiVersions, one)) &&
    holds(rule.operations, operation) &&
    rule.resources.some((pattern) => isResource(pattern, resource, subresource)) &&
    (rule.scope === '*' || rule.scope === (isClusterWide ? 'Cluster' : 'Namespaced')) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

/** `*` is every resource without subresources, `pods/*` all subresources of one, and their names, `*` before `/` any resource. */
function isResource(pattern: string, resource: string, subresource: string): boolean {
  const [name = '', sub] = pattern.split('/');
  const isName = name === '*' || name === resource;
  if (sub === undefined) return isName && subresource === '';
  return isName && (sub === subresource || (sub === '*' && (subresource !== '' || name === '*')));
}

/** A Namespace is selected by its own labels; other objects of the whole cluster always are. */
function selectsNamespace(
  selector: Selector,
  { kind, object, oldObject, namespaceObject }: AdmissionRequest,
): boolean {
  const namespace = kind === 'Namespace' ? (object ?? oldObject) : namespaceObject;
  return namespace === null || isSelected(selector, labelsOf(namespace));
}

/** Source: LabelSelector in the Kubernetes API reference. An operator that nobody knows selects nothing. */
export function isSelected(
  { matchLabels, matchExpressions }: Selector,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labels[key];
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
