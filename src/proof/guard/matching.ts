import { mapping } from '../files/store.ts';
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
  const isRule = (versions: readonly string[]) => (rule: Rule) => isInRule(rule, request, versions);
  const { version } = request;
  const equivalent = matchPolicy === 'Equivalent' && isServedAlike(request) ? servedVersions : [];
  if (rules?.some(isRule([version, ...equivalent])) === false) return 'resourceRules';
  // Whatever may be excluded counts as excluded.
  if (excluded.some(isRule([version, ...(matchPolicy === 'Equivalent' ? everyVersion : [])])))
    return 'excludeResourceRules';
  if (!selectsNamespace(namespaceSelector, request)) return 'namespaceSelector';
  const objects = [request.object, request.oldObject].filter((object) => object !== null);
  return objects.some((object) => isSelected(objectSelector, labelsOf(object)))
    ? undefined
    : 'objectSelector';
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

function isInRule(rule: Rule, request: AdmissionRequest, versions: readonly string[]): boolean {
  const { group, resource, subresource, operation, namespace, kind, name } = request;
  const holds = (list: readonly string[], text: string) => list.includes('*') || list.includes(text);
  const isClusterWide = namespace === '' || kind === 'Namespace';
  return (
    holds(rule.apiGroups, group) &&
    versions.some((one) => holds(rule.apiVersions, one)) &&
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
