import type { Mapping } from '../files/store.ts';
import { authorizerFor, type Question } from './authorizer.ts';
import { compile, type Outcome } from './cel.ts';
import { filledIn, seesFilledIn } from './filled-in.ts';
import { leftOutBy } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Guard, Place, User } from './model.ts';
import { Expressions, type Untried } from './scope.ts';
import { untriedIn } from './untried.ts';

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
  private readonly expressions: ReadonlyMap<AdmissionPolicy, Expressions>;
  /** The policies that see what the API server fills in. */
  private readonly seeing: ReadonlySet<AdmissionPolicy>;
  private readonly authorizers = new Map<User, Question>();

  constructor(readonly guard: Guard) {
    this.expressions = new Map(guard.policies.map((policy) => [policy, new Expressions(policy)]));
    this.seeing = new Set(guard.policies.filter(seesFilledIn));
  }

  /**
   * What the policies say to a request. Without refusals and problems it is allowed.
   *
   * @param isForged whether it must be refused
   */
  decide(request: AdmissionRequest, isForged = false): Verdict {
    const refusals: Refusal[] = [];
    const problems: { policy: AdmissionPolicy; why: string }[] = [];
    for (const [policy, expressions] of this.expressions) {
      if (gapIn(policy, request, this.guard) !== undefined) continue;
      const scope = expressions.scopeOf(this.givenTo(policy, request), isForged);
      expressions.ask(scope);
      const outcomes = expressions.conditions.map((condition) => scope.outcomeOf(condition));
      if (outcomes.some(isFalse)) {
        for (const [index, one] of expressions.conditions.entries())
          if (isFalse(outcomes[index])) one.values.add(false);
        continue;
      }
      const failed = outcomes.find((one) => 'problem' in one);
      if (failed !== undefined && 'problem' in failed) problems.push({ policy, why: failed.problem });
      for (const [validation, expression] of expressions.validations.entries()) {
        const outcome = scope.outcomeOf(expression);
        if ('problem' in outcome) problems.push({ policy, why: outcome.problem });
        else if (outcome.value === false) refusals.push({ policy, validation });
        else if (outcome.value !== true)
          problems.push({ policy, why: 'the expression is neither true nor false' });
      }
    }
    // What cannot be evaluated is refused, unless the policy says that it is let through; nothing is made of either.
    return { refusals, problems };
  }

  /** What in a policy has made none of the requests pass that were decided, and could make others. */
  untriedIn(policy: AdmissionPolicy): readonly Untried[] {
    const expressions = this.expressions.get(policy);
    return expressions === undefined ? [] : untriedIn(policy, expressions);
  }

  /** Whether a validation refuses a forgery, whatever others say. */
  isRefusedBy({ policy, validation }: Refusal, request: AdmissionRequest): boolean {
    const expressions = this.expressions.get(policy);
    const expression = expressions?.validations[validation];
    if (expressions === undefined || expression === undefined) return false;
    if (gapIn(policy, request, this.guard) !== undefined) return false;
    const scope = expressions.scopeOf(this.givenTo(policy, request), true);
    return (
      !expressions.conditions.some((one) => isFalse(scope.outcomeOf(one))) &&
      isFalse(scope.outcomeOf(expression))
    );
  }

  /** Why a policy does not refuse a request, whatever else it holds. */
  gapOf(policy: AdmissionPolicy, request: AdmissionRequest): Gap {
    const gap = gapIn(policy, request, this.guard);
    if (gap !== undefined) return gap;
    const { place, conditions } = policy;
    const expressions = new Expressions(policy);
    const scope = expressions.scopeOf(this.givenTo(policy, request), false);
    const condition = conditions.find(({ text }) => isFalse(scope.outcomeOf(expressions.of(compile(text)))));
    if (condition !== undefined) return { place, path: condition.path, why: 'the condition leaves it out' };
    return { place, path: ['spec', 'validations'], why: 'no validation refuses it' };
  }

  /** What the expressions of a policy can see. */
  private givenTo(policy: AdmissionPolicy, request: AdmissionRequest): Mapping {
    const { operation, name, namespace, group, version, resource, subresource, user, dryRun } = request;
    const kind = { group, version, kind: request.kind };
    const ofResource = { group, version, resource };
    const isNamespace = kind.kind === 'Namespace';
    const isSeeing = this.seeing.has(policy);
    const asSeen = (object: Mapping | null, isOfNamespace: boolean) =>
      isSeeing ? filledIn(object, isOfNamespace) : object;
    return {
      object: asSeen(request.object, isNamespace),
      oldObject: asSeen(request.oldObject, isNamespace),
      namespaceObject: asSeen(request.namespaceObject, true),
      request: {
        operation,
        dryRun,
        kind,
        resource: ofResource,
        requestKind: kind,
        requestResource: ofResource,
        userInfo: { username: user.username, groups: user.groups },
        // What is empty is absent. Source: AdmissionRequest in k8s.io/api, admission/v1.
        ...(name !== '' && { name }),
        ...(namespace !== '' && { namespace }),
        ...(subresource !== '' && { subResource: subresource, requestSubResource: subresource }),
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

function isFalse(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'value' in outcome && outcome.value === false;
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
