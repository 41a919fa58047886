import { Environment } from '@marcbachmann/cel-js';
import { compileValid, objectsIn } from '../support/run-compile.ts';

/** A ValidatingAdmissionPolicy, as far as it is evaluated here. */
export interface Policy {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly matchConstraints: {
      readonly resourceRules: readonly Readonly<
        Record<'apiGroups' | 'apiVersions' | 'resources' | 'operations', readonly string[]>
      >[];
    };
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly {
      readonly expression: string;
      readonly message: string;
      readonly messageExpression: string;
    }[];
  };
}

type Data = Readonly<Record<string, unknown>>;

/** What a user asks of the API server. */
export interface Request {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly group: string;
  readonly kind: string;
  /** Plural, with `/` and the subresource if there is one. */
  readonly resource: string;
  readonly object: Data | null;
  readonly oldObject: Data | null;
  /** Labels of the object's namespace. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly username?: string;
  /** Whether Kubernetes' authorization allows the verb `claim`. */
  readonly mayClaim?: boolean;
}

/** The policies that an input yields for a cluster. */
export function policiesOf(input: string, cluster = 'us-west-2'): Policy[] {
  return policiesIn(compileValid({ 'services.yaml': input }).files, cluster);
}

/** The policies of a cluster among the files of dist. */
export function policiesIn(files: readonly { path: string; text: string }[], cluster: string): Policy[] {
  return files
    .filter(({ path }) => path.startsWith(`clusters/${cluster}/platform/`))
    .flatMap(({ text }) => objectsIn(text))
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy') as unknown as Policy[];
}

const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: true });
for (const name of ['object', 'oldObject', 'request', 'namespaceObject', 'variables', 'authorizer'])
  environment.registerVariable(name, 'dyn');

/** Authorization is a chain of questions whose answer is the request's `mayClaim`. */
const asked: string[] = [];
for (const name of ['group', 'resource', 'check'])
  environment.registerFunction(`dyn.${name}(string): dyn`, (self: unknown, text: string) => {
    asked.push(text);
    return self;
  });
environment.registerFunction('dyn.allowed(): bool', (self: { mayClaim: boolean }) => {
  if (asked.splice(0).join(' ') !== 'eso-abac identities claim')
    throw new Error('another question was asked');
  return self.mayClaim;
});

const parsed = new Map<string, (context: Data) => unknown>();

/** Evaluates an expression, which is parsed once. */
function evaluate(expression: string, context: Data): unknown {
  const run = parsed.get(expression) ?? environment.parse(expression);
  parsed.set(expression, run);
  return run(context);
}

/** What the policies say about a request: the message of each validation that fails, after the policy's name. */
export function denials(policies: readonly Policy[], request: Request): string[] {
  return policies
    .filter((policy) => isMatched(policy, request))
    .flatMap((policy) => denialsOf(policy, request));
}

function isMatched({ spec }: Policy, { group, resource, operation }: Request): boolean {
  return spec.matchConstraints.resourceRules.some(
    ({ apiGroups, apiVersions, resources, operations }) =>
      apiGroups.includes(group) &&
      apiVersions.includes('*') &&
      operations.includes(operation) &&
      resources.some((name) => name === resource || matches(name, resource)),
  );
}

/** `*` stands for every resource without its subresources, `name/*` for all subresources of one. */
function matches(pattern: string, resource: string): boolean {
  const [name] = resource.split('/');
  return resource.includes('/') ? pattern === `${name}/*` : pattern === '*';
}

function denialsOf(policy: Policy, request: Request): string[] {
  const context = contextOf(policy, request);
  const name = policy.metadata.name;
  return policy.spec.validations.flatMap(({ expression, messageExpression }) => {
    if (evaluate(expression, context) === true) return [];
    return [`${name}: ${evaluate(messageExpression, context)}`];
  });
}

/** Variables are evaluated when they are used, as the API server does. */
function contextOf({ spec }: Policy, request: Request): Data {
  const {
    operation,
    group,
    resource,
    kind,
    object,
    oldObject,
    username = 'somebody',
    namespace = '',
  } = request;
  const name = ((object ?? oldObject)?.metadata as Data | undefined)?.name;
  const variables = {};
  const context = {
    object,
    oldObject,
    request: {
      operation,
      name,
      namespace,
      resource: { group, resource: resource.split('/')[0] },
      kind: { group, kind },
      userInfo: { username },
    },
    namespaceObject:
      request.namespace === undefined
        ? null
        : { metadata: { ...(request.labels && { labels: request.labels }) } },
    authorizer: { mayClaim: request.mayClaim ?? false },
    variables,
  };
  for (const { name: variable, expression } of spec.variables)
    Object.defineProperty(variables, variable, {
      enumerable: true,
      get: () => evaluate(expression, context),
    });
  return context;
}
