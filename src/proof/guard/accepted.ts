import { isLabelValue, isQualifiedName } from '../../validate/index.ts';
import { list, type Mapping, mapping, text } from '../files/store.ts';
import { compile } from './cel.ts';
import { partsOf } from './matching.ts';
import type { Complain, PlatformObject } from './read.ts';
import { isTyped, type Types, typeOf } from './types.ts';

type Path = readonly (string | number)[];
type Say = (path: Path, why: string, allowed: string) => void;

/** Source: the specification of CEL, IDENT and RESERVED. */
const identifier =
  /^(?!(?:true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$)[A-Za-z_]\w*$/;

/**
 * Complains about what the API server does not take though its schema does, so that a policy that stands here is not in force.
 *
 * Source: admissionregistration.k8s.io/v1 in the Kubernetes API reference; Kubernetes, "Validating Admission Policy", on
 * variables, which see those above them, and on match conditions, which see none; k8s.io/apiserver,
 * pkg/admission/plugin/policy/validating, on messages, which do not see the authorizer.
 */
export function reportRefused(one: PlatformObject): void {
  const say: Say = (path, why, allowed) =>
    one.complain('proof-guard', path, `the API server refuses the policy: ${why}`, allowed);
  const spec = mapping(one.object.spec);
  reportNames(spec, 'variables', (name) => identifier.test(name), say);
  reportNames(spec, 'matchConditions', isQualifiedName, say);
  reportUnseen(spec, say);
  if (list(spec.validations).length === 0) say(['spec'], 'it validates nothing', 'validations');
  reportWithoutNamespace(one);
  for (const [index, validation] of list(spec.validations).entries())
    reportMessage(mapping(validation), ['spec', 'validations', index], say);
}

function reportNames(spec: Mapping, field: string, isName: (name: string) => boolean, say: Say): void {
  const names = new Set<string>();
  for (const [index, one] of list(spec[field]).entries()) {
    const name = text(mapping(one).name);
    if (!isName(name) || names.has(name))
      say(['spec', field, index], `"${name}" is no name, or stands here twice`, 'each name once');
    names.add(name);
  }
}

function reportUnseen(spec: Mapping, say: Say): void {
  const seen: Record<string, string> = {};
  const check = (field: string, key: string, type?: string, hidden?: string) => {
    for (const [index, one] of list(spec[field]).entries()) {
      const expression = mapping(one)[key];
      if (expression === undefined) continue;
      const path = ['spec', field, index];
      const sayHere = (why: string, allowed: string) => say(path, why, allowed);
      if (looksAt(text(expression), hidden)) sayHere(`it does not see ${hidden}`, 'the request');
      const found = reportUntyped(text(expression), seen, type, sayHere);
      if (field === 'variables') seen[text(mapping(one).name)] = found;
    }
  };
  check('matchConditions', 'expression', 'bool');
  check('variables', 'expression');
  check('validations', 'expression', 'bool');
  check('validations', 'messageExpression', 'string', 'authorizer');
}

function looksAt(expression: string, root: string | undefined): boolean {
  return compile(expression).everyLook.some(({ path }) => path[0] === root);
}

/**
 * Complains about conditions that look at the Namespace: the API server takes them, and to them it is null.
 *
 * Source: k8s.io/apiserver, pkg/admission/plugin/webhook/matchconditions.
 */
function reportWithoutNamespace({ object, complain }: PlatformObject): void {
  for (const [index, condition] of list(mapping(object.spec).matchConditions).entries())
    if (looksAt(text(mapping(condition).expression), 'namespaceObject')) {
      const path = ['spec', 'matchConditions', index, 'expression'];
      complain('proof-guard', path, 'to a condition, namespaceObject is null', 'what the request holds');
    }
}

/**
 * Complains about what an expression looks at and is not there, and about types that do not go together. What only the
 * evaluator does not know is told elsewhere.
 *
 * @param expected what it has to come to
 * @returns its type
 */
function reportUntyped(
  expression: string,
  seen: Types,
  expected: string | undefined,
  say: (why: string, allowed: string) => void,
): string {
  const { looks, problem } = compile(expression);
  const unseen = looks.find(
    ({ path: [root, name = ''] }) => root === 'variables' && !Object.hasOwn(seen, name),
  );
  const strange = looks.find(({ path }) => !isTyped(path));
  if (unseen !== undefined)
    say(`it does not see ${unseen.path.join('.')}`, Object.keys(seen).join(', ') || 'none');
  else if (strange !== undefined) say(`there is no ${strange.path.join('.')}`, 'what a request holds');
  else if (problem === undefined) {
    const typed = typeOf(expression, seen);
    if ('problem' in typed) say(typed.problem, 'types that go together');
    else if (expected !== undefined && typed.type !== expected)
      say(`the expression comes to ${typed.type}`, expected);
    else return typed.type;
  }
  return 'dyn';
}

function reportMessage({ message, messageExpression, expression }: Mapping, path: Path, say: Say): void {
  const problem = messageExpression === undefined ? undefined : compile(text(messageExpression)).problem;
  if (problem !== undefined)
    say([...path, 'messageExpression'], `it may not know the expression: ${problem}`, 'CEL, to a text');
  const isNeeded = message !== undefined || text(expression).trim().includes('\n');
  if (isNeeded && text(message).trim() === '') say(path, 'there is no message', 'a message of one line');
}

/**
 * The same of what a policy or a binding is about.
 *
 * Source: MatchResources, RuleWithOperations and LabelSelector in the Kubernetes API reference.
 */
export function reportMatch(value: unknown, path: Path, complain: Complain): void {
  const match = mapping(value);
  const say = (where: Path, why: string, allowed: string) =>
    complain('proof-guard', [...path, ...where], `the API server refuses it: ${why}`, allowed);
  for (const field of ['resourceRules', 'excludeResourceRules'])
    for (const [index, rule] of list(match[field]).entries()) {
      const found = wrongInRule(mapping(rule));
      if (found !== undefined)
        say([field, index], `${found} beside others of its like`, 'it alone, or the others');
    }
  for (const field of ['namespaceSelector', 'objectSelector'])
    reportSelector(mapping(match[field]), (where, ...words) => say([field, ...where], ...words));
}

function reportSelector({ matchLabels, matchExpressions }: Mapping, say: Say): void {
  const check = (key: string, values: readonly unknown[], path: Path) => {
    if (!isQualifiedName(key) || !values.map(text).every(isLabelValue))
      say(path, `"${key}" or what it is compared with is no label`, 'labels as Kubernetes has them');
  };
  for (const [key, value] of Object.entries(mapping(matchLabels))) check(key, [value], ['matchLabels', key]);
  for (const [index, one] of list(matchExpressions).entries()) {
    const { key, operator, values } = mapping(one);
    const path = ['matchExpressions', index];
    check(text(key), list(values), path);
    if (['In', 'NotIn'].includes(text(operator)) !== list(values).length > 0)
      say(path, `${text(operator)} with ${list(values).length} values`, 'values for In and NotIn');
  }
}

/** What a rule must not have with others beside it. */
function wrongInRule({
  apiGroups,
  apiVersions,
  operations,
  resources,
  resourceNames,
}: Mapping): string | undefined {
  const wild = [apiGroups, apiVersions, operations].find(
    (all) => list(all).length > 1 && list(all).includes('*'),
  );
  if (wild !== undefined) return '*';
  const names = list(resourceNames).map(text);
  const twice = names.find((name, index) => names.indexOf(name) !== index || /[/%]|^\.{0,2}$/.test(name));
  if (twice !== undefined) return `the name "${twice}"`;
  const all = list(resources).map(text);
  return all.find((one, index) => all.some((other, at) => at !== index && isPartOf(other, one)));
}

/** Whether a resource is among those that a pattern with `*` stands for. */
function isPartOf(resource: string, pattern: string): boolean {
  if (pattern === '*/*') return true;
  if (pattern === '*') return !resource.includes('/');
  const [name, sub] = partsOf(pattern);
  const [ofName, ofSub] = partsOf(resource);
  return ofSub !== undefined && ((sub === '*' && name === ofName) || (name === '*' && sub === ofSub));
}
