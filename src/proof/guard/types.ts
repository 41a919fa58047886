import { type ASTNode, Environment, serialize, type TypeCheckResult } from '@marcbachmann/cel-js';
import { firstLine } from './cel.ts';
import { isNode, operandsOf } from './looks.ts';

/** What expressions see of a request, by type and field. Source: Kubernetes, "Validating Admission Policy". */
const fieldsOf = {
  Kind: { group: 'string', version: 'string', kind: 'string' },
  Resource: { group: 'string', version: 'string', resource: 'string' },
  UserInfo: {
    username: 'string',
    uid: 'string',
    groups: 'list<string>',
    extra: 'map<string, list<string>>',
  },
  Request: {
    kind: 'Kind',
    resource: 'Resource',
    subResource: 'string',
    requestKind: 'Kind',
    requestResource: 'Resource',
    requestSubResource: 'string',
    name: 'string',
    namespace: 'string',
    operation: 'string',
    userInfo: 'UserInfo',
    dryRun: 'bool',
    options: 'dyn',
  },
  NamespaceMetadata: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    labels: 'map<string, string>',
    annotations: 'map<string, string>',
    UID: 'string',
    creationTimestamp: 'google.protobuf.Timestamp',
    deletionGracePeriodSeconds: 'int',
    deletionTimestamp: 'google.protobuf.Timestamp',
    generation: 'int',
    resourceVersion: 'string',
    finalizers: 'list<string>',
  },
  Namespace: { metadata: 'NamespaceMetadata', spec: 'dyn', status: 'dyn' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The functions by which the authorizer is asked, in the one order that there is. Source: the same page. */
const questions = [
  'Authorizer.group(string): GroupQuestion',
  'GroupQuestion.resource(string): Question',
  'Question.subresource(string): Question',
  'Question.namespace(string): Question',
  'Question.name(string): Question',
  'Question.check(string): Decision',
  'Decision.allowed(): bool',
];

/** What can be compared with null, as fields of messages can. Source: the specification of CEL, on type checking. */
const nullable = [...Object.keys(fieldsOf), 'google.protobuf.Timestamp'];

const roots = {
  object: 'dyn',
  oldObject: 'dyn',
  request: 'Request',
  namespaceObject: 'Namespace',
  authorizer: 'Authorizer',
} as const;

/** The types of the variables that an expression sees, by their names. */
export type Types = Readonly<Record<string, string>>;

/** An expression's type as the API server finds it, or why it finds none and refuses the policy. */
export type Typed = { readonly type: string } | { readonly problem: string };

const known = new Map<string, Typed>();
const environments = new Map<string, Environment>();
/** Of both: each environment is there for an expression. */
const mostKept = 2_000;

/**
 * The type of an expression, which the evaluator does not ask for: to it a field that there never is is absent, and to the
 * API server a mistake.
 */
export function typeOf(expression: string, variables: Types): Typed {
  const seen = JSON.stringify(variables);
  const key = `${seen} ${expression}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= mostKept) for (const memory of [known, environments]) memory.clear();
  const typed = newTypeOf(expression, environmentFor(seen, variables));
  known.set(key, typed);
  return typed;
}

function newTypeOf(expression: string, environment: Environment): Typed {
  try {
    const parsed = environment.parse(expression);
    const typed = checked(parsed.check());
    const inferred = serialize(asInferred(parsed.ast));
    if ('problem' in typed || inferred === serialize(parsed.ast)) return typed;
    return checked(environment.check(inferred));
  } catch (problem) {
    return { problem: firstLine(problem) };
  }
}

function checked({ valid, type = 'dyn', error }: TypeCheckResult): Typed {
  return valid ? { type } : { problem: firstLine(error) };
}

/**
 * An expression of the type that CEL infers, where the library knows none: what has a fallback is of the fallback's type, if it
 * is not known to be optional; what is looked for in a list that is written down is of that of its items; and an empty list or
 * mapping can hold anything.
 *
 * Source: the specification of CEL, on type checking.
 */
function asInferred(node: ASTNode): ASTNode {
  const { op, args } = node;
  const [of, fallback] = operandsOf(node);
  const isFallback = op === 'rcall' && args[0] === 'orValue' && of !== undefined && !isOptional(of);
  if (isFallback && fallback !== undefined) return asInferred(fallback);
  if ((op === 'list' || op === 'map') && of === undefined)
    return { ...node, ...(op === 'list' ? listOfAnything : mapOfAnything) } as ASTNode;
  const [first] = op === 'in' && args[1].op === 'list' ? args[1].args : [];
  if (of !== undefined && first !== undefined)
    return { ...node, op: '==', args: [asInferred(of), asInferred(first)] } as ASTNode;
  const inside = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(inside) : isNode(one) ? asInferred(one) : one;
  return { ...node, args: inside(args) } as ASTNode;
}

function isOptional({ op, args }: ASTNode): boolean {
  return op === '.?' || (op === '.' && isOptional(args[0]));
}

const anything = { op: 'call', args: ['dyn', [{ op: 'value', args: 1n }]] };
const listOfAnything = { op: 'list', args: [anything] };
const mapOfAnything = { op: 'map', args: [[anything, anything]] };

function environmentFor(key: string, variables: Types): Environment {
  const made = environments.get(key) ?? newEnvironment(variables);
  environments.set(key, made);
  return made;
}

let withoutVariables: Environment | undefined;

function newEnvironment(variables: Types): Environment {
  withoutVariables ??= newEnvironmentWithout();
  const environment = withoutVariables.clone().registerType('Variables', { fields: variables });
  return environment.registerVariable('variables', 'Variables');
}

function newEnvironmentWithout(): Environment {
  const environment = new Environment({ enableOptionalTypes: true });
  for (const [name, fields] of Object.entries(fieldsOf)) environment.registerType(name, { fields });
  for (const name of ['Authorizer', 'GroupQuestion', 'Question', 'Decision'])
    environment.registerType(name, { fields: {} });
  for (const signature of questions) environment.registerFunction(signature, () => undefined);
  for (const type of nullable) environment.registerOperator(`${type} == null`, () => false);
  for (const [name, type] of Object.entries(roots)) environment.registerVariable(name, type);
  return environment;
}

/** Whether a request or a Namespace can have what a path leads to, as far as their types say. */
export function isTyped(path: readonly string[]): boolean {
  let own: Types = roots;
  for (const field of path) {
    const type = Object.hasOwn(own, field) ? own[field] : undefined;
    // What variables and parameters have is not known here.
    if (type === undefined) return own === roots;
    if (!Object.hasOwn(fieldsOf, type)) return true;
    own = fieldsOf[type as keyof typeof fieldsOf];
  }
  return true;
}
