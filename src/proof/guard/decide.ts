import { authorizerFor } from './authorizer.ts';
import { compile, type Outcome, outcomeOf } from './cel.ts';
import { leftOutBy } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Guard, Place } from './model.ts';

/** A validation that refuses a request. */
export interface Refusal {
  readonly policy: AdmissionPolicy;
  /** Which of the policy's validations, from 0. */
  readonly validation: number;
}

/** What becomes of a request. */
export interface Verdict {
  readonly refusals: readonly Refusal[];
  /** Expressions that could not be evaluated on the request, with the reason. */
  readonly problems: readonly { readonly policy: AdmissionPolicy; readonly why: string }[];
}

/**
 * What the policies of a cluster say to a request. Without refusals and problems it is allowed.
 *
 * @param isQuick whether one refusal is enough
 */
export function decide(guard: Guard, request: AdmissionRequest, isQuick = false): Verdict {
  const refusals: Refusal[] = [];
  const problems: { policy: AdmissionPolicy; why: string }[] = [];
  for (const policy of guard.policies) {
    if (gapIn(policy, request, guard) !== undefined) continue;
    const context = contextOf(policy, request, guard);
    const conditions = policy.conditions.map(({ text }) => outcomeOf(compile(text), context));
    if (conditions.some(isFalse)) continue;
    const failed = conditions.find((one) => 'problem' in one);
    if (failed !== undefined && 'problem' in failed) problems.push({ policy, why: failed.problem });
    for (const [validation, { text }] of policy.validations.entries()) {
      const outcome = outcomeOf(compile(text), context);
      if ('problem' in outcome) problems.push({ policy, why: outcome.problem });
      else if (outcome.value === false) {
        refusals.push({ policy, validation });
        if (isQuick) return { refusals, problems };
      } else if (outcome.value !== true)
        problems.push({ policy, why: 'the expression is neither true nor false' });
    }
  }
  // What cannot be evaluated is refused, unless the policy says that it is let through; nothing is made of either.
  return { refusals, problems };
}

function isFalse(outcome: Outcome): boolean {
  return 'value' in outcome && outcome.value === false;
}

/** Where a policy or its binding lets a request pass by, and why. */
export interface Gap {
  readonly place: Place;
  readonly path: readonly (string | number)[];
  readonly why: string;
}

/** Why a policy does not refuse a request, whatever else it holds. */
export function gapOf(policy: AdmissionPolicy, request: AdmissionRequest, guard: Guard): Gap {
  const gap = gapIn(policy, request, guard);
  if (gap !== undefined) return gap;
  const { place, conditions } = policy;
  const context = contextOf(policy, request, guard);
  const condition = conditions.find(({ text }) => isFalse(outcomeOf(compile(text), context)));
  if (condition !== undefined) return { place, path: condition.path, why: 'the condition leaves it out' };
  return { place, path: ['spec', 'validations'], why: 'no validation refuses it' };
}

function gapIn({ match, bindings, place }: AdmissionPolicy, request: AdmissionRequest, guard: Guard) {
  const { servedVersions } = guard;
  const field = leftOutBy(match, request, servedVersions);
  if (field !== undefined) return { place, path: ['spec', 'matchConstraints', field], why: leavesOut(field) };
  const gaps = bindings.map((binding) => ({
    place: binding.place,
    field: leftOutBy(binding.match, request, servedVersions),
  }));
  if (gaps.some((gap) => gap.field === undefined)) return undefined;
  const [gap] = gaps;
  if (gap?.field === undefined) return { place, path: ['metadata', 'name'], why: 'no binding denies it' };
  return { place: gap.place, path: ['spec', 'matchResources', gap.field], why: leavesOut(gap.field) };
}

function leavesOut(field: string): string {
  return `${field} leaves it out`;
}

/**
 * What expressions can see. Variables are evaluated when they are used, and once.
 *
 * Source: Kubernetes, "Validating Admission Policy", on the variables of expressions.
 */
function contextOf(policy: AdmissionPolicy, request: AdmissionRequest, guard: Guard) {
  const { operation, name, namespace, group, version, kind, resource, subresource, user, dryRun } = request;
  const variables = {};
  const context = {
    object: request.object,
    oldObject: request.oldObject,
    namespaceObject: request.namespaceObject,
    request: {
      operation,
      name,
      namespace,
      dryRun,
      subResource: subresource,
      kind: { group, version, kind },
      resource: { group, version, resource },
      requestKind: { group, version, kind },
      requestResource: { group, version, resource },
      requestSubResource: subresource,
      userInfo: { username: user.username, groups: user.groups },
    },
    authorizer: authorizerFor(user, guard),
    variables,
    params: null,
  };
  for (const { name: variable, text } of policy.variables)
    Object.defineProperty(variables, variable, {
      enumerable: true,
      configurable: true,
      get: () => {
        const outcome = outcomeOf(compile(text), context);
        if ('problem' in outcome) throw new Error(outcome.problem);
        Object.defineProperty(variables, variable, { enumerable: true, value: outcome.value });
        return outcome.value;
      },
    });
  return context;
}
