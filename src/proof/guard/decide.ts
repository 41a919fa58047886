import type { Mapping } from '../files/store.ts';
import { authorizerFor, type Question } from './authorizer.ts';
import { compile, type Outcome } from './cel.ts';
import { filledIn } from './filled-in.ts';
import { leftOutBy } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Guard, Place, User } from './model.ts';
import { Expressions, type Scope } from './scope.ts';

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

/** Where a policy or its binding lets a request pass by, and why. */
export interface Gap {
  readonly place: Place;
  readonly path: readonly (string | number)[];
  readonly why: string;
}

/** Decides requests as the admission policies of a cluster do. */
export class Admission {
  private readonly policies: readonly (readonly [AdmissionPolicy, Expressions])[];
  private readonly authorizers = new Map<User, Question>();
  /** Requests come in groups that are alike: what refused one is asked first about the next. */
  private readonly refusedLast = new Map<AdmissionPolicy, number>();

  constructor(readonly guard: Guard) {
    this.policies = guard.policies.map((policy) => [policy, new Expressions(policy)]);
  }

  /**
   * What the policies say to a request. Without refusals and problems it is allowed.
   *
   * @param isQuick whether one refusal is enough
   */
  decide(request: AdmissionRequest, isQuick = false): Verdict {
    const refusals: Refusal[] = [];
    const problems: { policy: AdmissionPolicy; why: string }[] = [];
    const given = this.givenTo(request);
    for (const [policy, expressions] of this.policies) {
      if (gapIn(policy, request, this.guard) !== undefined) continue;
      const scope = expressions.scopeOf(given);
      const outcomes = expressions.conditions.map((condition) => scope.outcomeOf(condition));
      if (outcomes.some(isFalse)) continue;
      const failed = outcomes.find((one) => 'problem' in one);
      if (failed !== undefined && 'problem' in failed) problems.push({ policy, why: failed.problem });
      const likely = this.refusedLast.get(policy);
      if (isQuick && likely !== undefined && refuses(scope, expressions, likely))
        return { refusals: [{ policy, validation: likely }], problems };
      for (const [validation, expression] of expressions.validations.entries()) {
        const outcome = scope.outcomeOf(expression);
        if ('problem' in outcome) problems.push({ policy, why: outcome.problem });
        else if (outcome.value === false) {
          this.refusedLast.set(policy, validation);
          refusals.push({ policy, validation });
          if (isQuick) return { refusals, problems };
        } else if (outcome.value !== true)
          problems.push({ policy, why: 'the expression is neither true nor false' });
      }
    }
    // What cannot be evaluated is refused, unless the policy says that it is let through; nothing is made of either.
    return { refusals, problems };
  }

  /** Why a policy does not refuse a request, whatever else it holds. */
  gapOf(policy: AdmissionPolicy, request: AdmissionRequest): Gap {
    const gap = gapIn(policy, request, this.guard);
    if (gap !== undefined) return gap;
    const { place, conditions } = policy;
    const expressions = new Expressions(policy);
    const scope = expressions.scopeOf(this.givenTo(request));
    const condition = conditions.find(({ text }) => isFalse(scope.outcomeOf(expressions.of(compile(text)))));
    if (condition !== undefined) return { place, path: condition.path, why: 'the condition leaves it out' };
    return { place, path: ['spec', 'validations'], why: 'no validation refuses it' };
  }

  /** What expressions can see. */
  private givenTo(request: AdmissionRequest): Mapping {
    const { operation, name, namespace, group, version, resource, subresource, user, dryRun } = request;
    const kind = { group, version, kind: request.kind };
    const ofResource = { group, version, resource };
    const isNamespace = kind.kind === 'Namespace';
    return {
      object: filledIn(request.object, isNamespace),
      oldObject: filledIn(request.oldObject, isNamespace),
      namespaceObject: filledIn(request.namespaceObject, true),
      request: {
        operation,
        name,
        namespace,
        dryRun,
        subResource: subresource,
        kind,
        resource: ofResource,
        requestKind: kind,
        requestResource: ofResource,
        requestSubResource: subresource,
        userInfo: { username: user.username, groups: user.groups },
      },
      authorizer: this.authorizerOf(user),
      params: null,
    };
  }

  private authorizerOf(user: User): Question {
    const known = this.authorizers.get(user) ?? authorizerFor(user, this.guard);
    this.authorizers.set(user, known);
    return known;
  }
}

function refuses(scope: Scope, { validations }: Expressions, index: number): boolean {
  const expression = validations[index];
  return expression !== undefined && isFalse(scope.outcomeOf(expression));
}

function isFalse(outcome: Outcome): boolean {
  return 'value' in outcome && outcome.value === false;
}

function gapIn(
  { match, bindings, place }: AdmissionPolicy,
  request: AdmissionRequest,
  { servedVersions }: Guard,
): Gap | undefined {
  const field = leftOutBy(match, request, servedVersions);
  if (field !== undefined) return { place, path: ['spec', 'matchConstraints', field], why: leavesOut(field) };
  let first: Gap | undefined;
  for (const binding of bindings) {
    const gap = leftOutBy(binding.match, request, servedVersions);
    if (gap === undefined) return undefined;
    first ??= { place: binding.place, path: ['spec', 'matchResources', gap], why: leavesOut(gap) };
  }
  return first ?? { place, path: ['metadata', 'name'], why: 'no binding denies it' };
}

function leavesOut(field: string): string {
  return `${field} leaves it out`;
}
