import { Environment } from '@marcbachmann/cel-js';
import { remembered } from '../remembered.ts';
import { NotJudged } from './policy.ts';
import type { Json } from './world.ts';

/** A request as admission policies see it. */
export interface Admission {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly subResource?: string;
  readonly name: string;
  /** Absent for what stands in no namespace. */
  readonly namespace?: string;
  readonly object: Json;
  readonly oldObject: Json;
  /** The Namespace that the object is in. */
  readonly namespaceObject: Json;
  readonly user: { readonly username: string; readonly groups: readonly string[] };
}

/** Whether the policies among a cluster's objects let a request through. */
export function isAdmitted(platform: readonly Json[], request: Admission): boolean {
  const of = (kind: string) => platform.filter((object) => object.kind === kind);
  const bindings = of('ValidatingAdmissionPolicyBinding').filter(({ spec }) =>
    spec.validationActions?.includes('Deny'),
  );
  return of('ValidatingAdmissionPolicy').every(({ metadata, spec }) => {
    const isBound = bindings.some(
      (binding) =>
        binding.spec.policyName === metadata.name &&
        (binding.spec.matchResources === undefined || isMatched(binding.spec.matchResources, request)),
    );
    return !isBound || !isMatched(spec.matchConstraints, request) || isValid(spec, platform, request);
  });
}

/** Source: Kubernetes API reference, MatchResources. */
function isMatched(match: Json, request: Admission): boolean {
  const { resourceRules, excludeResourceRules = [], namespaceSelector = {}, objectSelector = {} } = match;
  const isEquivalent = match.matchPolicy !== 'Exact';
  const inside =
    request.kind === 'Namespace' ? (request.object ?? request.oldObject) : request.namespaceObject;
  return (
    (resourceRules === undefined ||
      resourceRules.some((rule: Json) => isInRule(rule, request, isEquivalent))) &&
    !excludeResourceRules.some((rule: Json) => isInRule(rule, request, isEquivalent)) &&
    (inside === null || isSelected(namespaceSelector, inside)) &&
    [request.object, request.oldObject].some((one) => one !== null && isSelected(objectSelector, one))
  );
}

function isInRule(rule: Json, request: Admission, isEquivalent: boolean): boolean {
  const { apiGroups, apiVersions, operations, resources, scope = '*', resourceNames = [] } = rule;
  const has = (list: Json, value: string) => list.includes('*') || list.includes(value);
  const { resource, subResource = '' } = request;
  const isAlike =
    isEquivalent && apiVersions.some((version: string) => /^v1(?:alpha1|beta1)?$/.test(version));
  return (
    has(apiGroups, request.group) &&
    (has(apiVersions, request.version) || isAlike) &&
    has(operations, request.operation) &&
    (resourceNames.length === 0 || resourceNames.includes(request.name)) &&
    (scope === '*' || (scope === 'Namespaced') === (request.namespace !== undefined)) &&
    resources.some((pattern: string) => {
      const [name = '', sub = ''] = pattern.split('/');
      if (pattern === '*/*') return true;
      if (name !== '*' && name !== resource) return false;
      return sub === subResource || (sub === '*' && subResource !== '');
    })
  );
}

function isSelected({ matchLabels = {}, matchExpressions = [] }: Json, { metadata }: Json): boolean {
  const labels = metadata?.labels ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }: Json) => {
      if (operator === 'Exists') return key in labels;
      if (operator === 'DoesNotExist') return !(key in labels);
      if (operator === 'In') return key in labels && values.includes(labels[key]);
      if (operator === 'NotIn') return !(key in labels && values.includes(labels[key]));
      throw new NotJudged(`the selector's operator ${operator}`);
    })
  );
}

/** A question to the authorizer. Plain data comes first, for CEL takes an object by what it finds there. */
interface Ask {
  readonly asked: Readonly<Partial<Record<'group' | 'resource' | 'verb', string>>>;
  readonly answer: (asked: Ask['asked']) => boolean;
}

const cel = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
for (const name of ['object', 'oldObject', 'request', 'namespaceObject', 'variables', 'authorizer', 'params'])
  cel.registerVariable(name, 'dyn');
for (const [name, part] of Object.entries({ group: 'group', resource: 'resource', check: 'verb' }))
  cel.registerFunction(`dyn.${name}(string): dyn`, ({ asked, answer }: Ask, text: string) => ({
    asked: { ...asked, [part]: text },
    answer,
  }));
cel.registerFunction('dyn.allowed(): bool', ({ asked, answer }: Ask) => answer(asked));

const compiled = remembered(500, (expression): Evaluate => cel.parse(expression));
type Evaluate = (context: Record<string, unknown>) => unknown;

function evaluate(expression: string, context: Record<string, unknown>): unknown {
  return compiled(expression)(context);
}

/** Whether no validation fails. What cannot be evaluated fails, unless the policy says that it does not matter. */
function isValid(spec: Json, platform: readonly Json[], request: Admission): boolean {
  const { variables = [], validations = [], matchConditions = [], failurePolicy = 'Fail' } = spec;
  const values: Record<string, unknown> = {};
  const { object, oldObject, namespaceObject, user, ...rest } = request;
  const typed = { group: request.group, version: request.version };
  const context = {
    object,
    oldObject,
    namespaceObject,
    params: null,
    variables: values,
    authorizer: { asked: {}, answer: (asked: Ask['asked']) => mayDo(platform, user, asked) },
    request: {
      ...rest,
      namespace: request.namespace ?? '',
      subResource: request.subResource ?? '',
      dryRun: false,
      kind: { ...typed, kind: request.kind },
      resource: { ...typed, resource: request.resource },
      userInfo: user,
    },
  };
  for (const { name, expression } of variables)
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = evaluate(expression, context);
        Object.defineProperty(values, name, { enumerable: true, value });
        return value;
      },
    });
  try {
    if (matchConditions.some(({ expression }: Json) => evaluate(expression, context) === false)) return true;
    return validations.every(({ expression }: Json) => evaluate(expression, context) === true);
  } catch {
    return failurePolicy === 'Ignore';
  }
}

/** Whether the roles of dist give somebody a right. A tenant may have every right that has nothing to do with them. */
function mayDo(platform: readonly Json[], user: Admission['user'], asked: Ask['asked']): boolean {
  const { group = '', resource = '', verb = '' } = asked;
  if (user.groups.includes('system:masters')) return true;
  if (group !== 'eso-abac' || ['get', 'list', 'watch'].includes(verb)) return true;
  const has = (list: Json, value: string) => list?.includes('*') || list?.includes(value);
  const bound = platform.filter(
    ({ kind, subjects = [] }) =>
      kind === 'ClusterRoleBinding' && subjects.some((subject: Json) => isSubject(subject, user)),
  );
  return platform.some(
    ({ kind, metadata, rules = [] }) =>
      kind === 'ClusterRole' &&
      bound.some(({ roleRef }) => roleRef.name === metadata.name) &&
      rules.some(
        (rule: Json) => has(rule.apiGroups, group) && has(rule.resources, resource) && has(rule.verbs, verb),
      ),
  );
}

function isSubject({ kind, name, namespace }: Json, { username, groups }: Admission['user']): boolean {
  if (kind === 'ServiceAccount') return username === `system:serviceaccount:${namespace}:${name}`;
  return kind === 'Group' ? groups.includes(name) : username === name;
}
