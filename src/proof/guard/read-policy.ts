import { list, mapping, text } from '../files/store.ts';
import { reportMatch, reportRefused } from './accepted.ts';
import type { AdmissionPolicy, Expression, Match, Place, Rule, Selector } from './model.ts';
import { type Complain, nameOf, type PlatformObject, texts, unknownKeys } from './read.ts';

/** A binding that has been read, with the name of its policy. */
export interface Binding {
  readonly policyName: string;
  readonly denies: boolean;
  readonly match: Match;
  readonly place: Place;
  readonly complain: Complain;
}

type Path = readonly (string | number)[];

// Without paramKind: parameters would decide from outside of dist what a policy says. Without auditAnnotations: one that
// cannot be evaluated refuses the request.
const policyFields = ['failurePolicy', 'matchConstraints', 'matchConditions', 'variables', 'validations'];
const matchFields = [
  'matchPolicy',
  'namespaceSelector',
  'objectSelector',
  'resourceRules',
  'excludeResourceRules',
];
const ruleFields = ['apiGroups', 'apiVersions', 'resources', 'operations', 'scope', 'resourceNames'];

/** Reads a policy. What weakens it whatever the request is reported here; the rest shows when requests are tried. */
export function readPolicy(one: PlatformObject, bindings: readonly Binding[]): AdmissionPolicy {
  const { object, complain, place } = one;
  const spec = mapping(object.spec);
  unknownKeys(spec, policyFields, ['spec'], complain);
  reportRefused(one);
  const failurePolicy = text(spec.failurePolicy ?? 'Fail');
  if (failurePolicy !== 'Fail')
    complain(
      'proof-guard',
      ['spec', 'failurePolicy'],
      `with failurePolicy ${failurePolicy} a request passes that the policy cannot judge`,
      'Fail',
    );
  const name = nameOf(one);
  const own = bindings.filter(({ policyName }) => policyName === name);
  if (own.length === 0)
    complain(
      'proof-guard',
      ['metadata', 'name'],
      `no binding makes the policy "${name}" deny anything`,
      'a ValidatingAdmissionPolicyBinding with validationActions [Deny]',
    );
  return {
    name,
    failurePolicy,
    match: readMatch(spec.matchConstraints, ['spec', 'matchConstraints'], complain),
    conditions: expressions(spec.matchConditions, 'matchConditions', ['name', 'expression'], complain),
    variables: expressions(spec.variables, 'variables', ['name', 'expression'], complain).map(
      (expression, index) => ({
        ...expression,
        name: text(mapping(list(spec.variables)[index]).name),
      }),
    ),
    validations: expressions(
      spec.validations,
      'validations',
      ['expression', 'message', 'messageExpression', 'reason'],
      complain,
    ),
    bindings: own.filter(({ denies }) => denies),
    place,
  };
}

/**
 * Reads a binding. It denies only with the action Deny, and the API server refuses one that warns as well.
 *
 * Source: Kubernetes, "Validating Admission Policy", on validation actions.
 */
export function readBinding({ object, place, complain }: PlatformObject): Binding {
  const spec = mapping(object.spec);
  unknownKeys(spec, ['policyName', 'validationActions', 'matchResources'], ['spec'], complain);
  const actions = texts(spec.validationActions);
  const denies = actions.includes('Deny');
  if (!denies)
    complain(
      'proof-guard',
      ['spec', 'validationActions'],
      `with the actions ${actions.join(', ')} nothing is denied`,
      'Deny',
    );
  if (denies && actions.includes('Warn'))
    complain(
      'proof-guard',
      ['spec', 'validationActions'],
      `the API server refuses the binding with the actions ${actions.join(', ')}`,
      'Deny, or Deny and Audit, each once',
    );
  return {
    policyName: text(spec.policyName),
    denies,
    match: readMatch(spec.matchResources, ['spec', 'matchResources'], complain),
    place,
    complain,
  };
}

function readMatch(value: unknown, path: Path, complain: Complain): Match {
  unknownKeys(value, matchFields, path, complain);
  reportMatch(value, path, complain);
  const match = mapping(value);
  const matchPolicy = text(match.matchPolicy ?? 'Equivalent');
  if (matchPolicy !== 'Equivalent')
    complain(
      'proof-guard',
      [...path, 'matchPolicy'],
      `with matchPolicy ${matchPolicy} an equivalent API passes by`,
      'Equivalent',
    );
  const rules = (key: string) =>
    list(match[key]).map((rule, index) => readRule(rule, [...path, key, index], complain));
  return {
    matchPolicy,
    ...(match.resourceRules !== undefined && { rules: rules('resourceRules') }),
    excluded: rules('excludeResourceRules'),
    namespaceSelector: readSelector(match.namespaceSelector, [...path, 'namespaceSelector'], complain),
    objectSelector: readSelector(match.objectSelector, [...path, 'objectSelector'], complain),
  };
}

function readRule(value: unknown, path: Path, complain: Complain): Rule {
  unknownKeys(value, ruleFields, path, complain);
  const { apiGroups, apiVersions, resources, operations, scope = '*', resourceNames } = mapping(value);
  return {
    apiGroups: texts(apiGroups),
    apiVersions: texts(apiVersions),
    resources: texts(resources),
    operations: texts(operations),
    scope: text(scope),
    resourceNames: texts(resourceNames),
  };
}

function readSelector(value: unknown, path: Path, complain: Complain): Selector {
  unknownKeys(value, ['matchLabels', 'matchExpressions'], path, complain);
  const { matchLabels, matchExpressions } = mapping(value);
  return {
    matchLabels: Object.fromEntries(
      Object.entries(mapping(matchLabels)).map(([key, one]) => [key, text(one)]),
    ),
    matchExpressions: list(matchExpressions).map((one, index) => {
      unknownKeys(one, ['key', 'operator', 'values'], [...path, 'matchExpressions', index], complain);
      const { key, operator, values } = mapping(one);
      return { key: text(key), operator: text(operator), values: texts(values) };
    }),
  };
}

function expressions(
  value: unknown,
  field: string,
  known: readonly string[],
  complain: Complain,
): Expression[] {
  return list(value).map((one, index) => {
    const path = ['spec', field, index];
    unknownKeys(one, known, path, complain);
    return { text: text(mapping(one).expression), path: [...path, 'expression'] };
  });
}
