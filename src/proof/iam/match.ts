import { matchesResource } from './arn.ts';
import type { Pattern, Patterns, Policy, Request, Statement } from './model.ts';
import { holds, isUnclear } from './operators.ts';
import { matchesGlob, resolve, variablesOf } from './pattern.ts';
import { type Naming, namings } from './principals.ts';

/** A statement that applies to a request. */
export interface Match {
  readonly statement: Statement;
  /** In trust and resource policies: how it names the principal. */
  readonly namings: ReadonlySet<Naming>;
  /** False when AWS does not document whether it applies. */
  readonly certain: boolean;
}

/** The statements of a policy that apply to a request, or that may. */
export function matchesIn(policy: Policy, request: Request): Match[] {
  return policy.statements.flatMap((statement) => {
    const named = statement.principals && namings(statement.principals, request.principal);
    if (named?.size === 0) return [];
    const applies = appliesTo(statement, request);
    if (applies === false) return [];
    const certain = applies === true && !isDoubtful(named, request);
    return [{ statement, namings: named ?? new Set(), certain }];
  });
}

/** AWS does not say whether `*` means services and users of identity providers too. */
function isDoubtful(named: ReadonlySet<Naming> | undefined, { principal }: Request): boolean {
  const isPerson = principal.type !== 'service' && principal.type !== 'federated';
  return named !== undefined && !isPerson && !named.has('other');
}

/** Whether a statement applies to a request, whoever makes it: action, resource and all conditions match. */
export function appliesTo(statement: Statement, request: Request): boolean | undefined {
  if (!matchesAction(statement.actions, request.action)) return false;
  let applies = matchesResources(statement.resources, request);
  for (const condition of statement.conditions) {
    if (applies === false) return false;
    const answer = holds(condition, request);
    if (answer !== true) applies = answer;
  }
  return applies;
}

/** Names of services and actions are compared without regard to case ("IAM JSON policy elements: Action"). */
export function matchesAction(actions: Patterns, action: string): boolean {
  const matches = (pattern: Pattern) => {
    const glob = resolve(pattern, new Map());
    return glob !== undefined && matchesGlob(glob, action.toLowerCase());
  };
  return actions.values.some(matches) !== actions.not;
}

/** A resource with a variable that has no value matches nothing. A trust policy has no resources: it is about its role. */
function matchesResources(resources: Patterns | undefined, request: Request): boolean | undefined {
  if (resources === undefined) return true;
  const answers = resources.values.map((pattern) => matchesOne(pattern, request));
  if (answers.includes(true)) return !resources.not;
  return answers.includes(undefined) ? undefined : resources.not;
}

function matchesOne(pattern: Pattern, request: Request): boolean | undefined {
  const variables = variablesOf(pattern);
  if (variables.some((key) => isUnclear(key, request) || request.context.get(key) === '')) return undefined;
  const glob = resolve(pattern, request.context);
  return glob !== undefined && matchesResource(glob, request.resource);
}
