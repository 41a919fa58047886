import type { Cluster, Source } from '../files/model.ts';
import type { AbacTags } from '../tag-keys.ts';
import { tenantUsers } from './authorizer.ts';
import { compile } from './cel.ts';
import { ownKey } from './changes.ts';
import { haveTooManyWays, unreadFields } from './conjunctions.ts';
import { askTooOften } from './costs.ts';
import { Admission, type Refusal, type Verdict } from './decide.ts';
import { deployers, deployments, everydayWork, realObjects } from './everyday.ts';
import { externalSecretForgeries } from './forgeries/external-secrets.ts';
import { kindForgeries } from './forgeries/kinds.ts';
import { namespaceForgeries } from './forgeries/namespaces.ts';
import { rightsForgeries } from './forgeries/rights.ts';
import { storeForgeries } from './forgeries/stores.ts';
import { type Ground, groundOf, type Identities, tagsOf } from './ground.ts';
import { labelsOf } from './matching.ts';
import {
  type AdmissionPolicy,
  type Attempt,
  type Expression,
  type Guard,
  noGuard,
  type Sample,
} from './model.ts';
import { Results } from './results.ts';
import { moreThanTried, uncovered, variantsOf } from './witnesses.ts';

/** What came of a trial. */
export interface Tried {
  readonly cluster: Cluster;
  readonly results: Results;
  /** How many requests were decided. */
  readonly cases: number;
}

/** The admission policies of one cluster on trial. */
export class Trial {
  private readonly results: Results;
  private cases = 0;
  /** What policies tell apart of the samples whose forgeries were varied. */
  private readonly varied = new Set<string>();
  /** Policies that join more than is tried in what they refuse. */
  private readonly joined = new Set<AdmissionPolicy>();
  private readonly guard: Guard;
  private readonly admission: Admission;
  private readonly compared: readonly string[];

  constructor(
    files: ReadonlyMap<string, Source>,
    private readonly identities: Identities,
    private readonly tags: AbacTags,
    private readonly cluster: Cluster,
  ) {
    this.guard = cluster.guard ?? noGuard(cluster.name);
    this.admission = new Admission(this.guard);
    this.results = new Results(files, cluster.name);
    this.compared = textsIn(this.guard);
  }

  /** Tries everything. */
  run(): Tried {
    const { guard, results } = this;
    results.add(guard.findings);
    if (guard.policies.length > 0 && guard.operatorNamespace === '') results.noNamespace(guard.place);
    if (guard.isOff) results.off(guard.place);
    else if (guard.policies.length === 0) results.absent(guard.place);
    else if (this.isCovered()) for (const sample of this.cluster.samples ?? []) this.trySample(sample);
    for (const policy of this.joined) this.notVaried(policy, moreThanTried);
    // A forgery that is let through says more.
    if (results.findings().length === 0) for (const policy of guard.policies) this.reportUnread(policy);
    return { cluster: this.cluster, results, cases: this.cases };
  }

  /** Whether every expression can be evaluated, and looks at what forgeries vary alone. */
  private isCovered(): boolean {
    const uncoveredFields = this.guard.policies.map((policy) => {
      const expressions = [...policy.conditions, ...policy.variables, ...policy.validations];
      const problems = expressions.flatMap(({ text, path }) => {
        const { problem } = compile(text);
        return problem === undefined
          ? []
          : [{ path, problem: `the expression cannot be judged: ${problem}` }];
      });
      for (const { path, problem } of problems) this.results.unknown(policy.place, path, problem);
      const fields = uncovered(policy);
      for (const field of fields) this.notVaried(policy, field);
      const isCostly = askTooOften(expressions.flatMap(({ text }) => compile(text).ast ?? []));
      if (isCostly) this.notKnown(policy, 'asks the authorizer more often than the API server spends on it');
      return problems.length + fields.length + (isCostly ? 1 : 0);
    });
    return uncoveredFields.every((count) => count === 0);
  }

  /** Forgeries are made from objects that are let through themselves. */
  private trySample(sample: Sample): void {
    const real = deployers(this.guard).flatMap((user) => realObjects(sample, user));
    const refused = real.filter((one) => !this.mustPass(one, sample));
    if (refused.length > 0 || sample.isAgain) return;
    const ground = groundOf(sample, this.cluster, this.identities, this.guard, this.tags);
    if (ground === undefined) return;
    const work = deployers(this.guard).flatMap((user) => deployments(ground, user));
    for (const one of [...work, ...everydayWork(ground)]) this.mustPass(one);
    this.forge(ground);
  }

  private forge(ground: Ground): void {
    const { guard } = this;
    const kind = this.toldApart(ground);
    const isVaried = this.varied.has(kind);
    this.varied.add(kind);
    const forgeries = [
      ...storeForgeries(isVaried ? { ...ground, literals: [] } : ground),
      ...externalSecretForgeries(ground),
      ...kindForgeries(ground),
      ...namespaceForgeries(ground),
      ...rightsForgeries(ground),
    ];
    const representatives = new Representatives((identity) => this.isToldApart(identity, ground));
    for (const forgery of forgeries) representatives.add(forgery, this.mustNotPass(forgery, ground));
    const tenants = tenantUsers(ground.namespaceName, guard).slice(1);
    for (const { forgery: one, refusals } of representatives.all()) {
      const users = isNobodys(one) ? [...tenants, ...deployers(guard)] : tenants;
      const byOthers = users.map((user) => ({
        how: `as ${user.username}`,
        request: { ...one.request, user },
      }));
      // What sets a request apart by itself does so in every namespace of a kind: one is enough.
      const variants = isVaried ? [] : variantsOf(one, refusals, guard, realOf(one, ground));
      if (haveTooManyWays(refusals)) for (const { policy } of refusals) this.joined.add(policy);
      for (const { how, request } of [...byOthers, ...variants]) {
        // Most are refused for the same reason, and that is soon seen.
        if (refusals.some((refusal) => this.admission.isRefusedBy(refusal, request))) this.cases++;
        else this.mustNotPass({ attack: one.what, ...one, what: `${one.what}, ${how}`, request }, ground);
      }
    }
  }

  private reportUnread(policy: AdmissionPolicy): void {
    for (const field of unreadFields(policy))
      this.notKnown(policy, `asks something of "${field}" that no forgery is made for`);
    for (const { text, path } of this.admission.untriedIn(policy))
      this.notKnown(policy, `goes by "${text}", and nothing that is tried shows what that lets pass`, path);
  }

  private notVaried(policy: AdmissionPolicy, field: string): void {
    this.notKnown(policy, `looks at "${field}", which no forgery varies`);
  }

  private notKnown({ name, place }: AdmissionPolicy, why: string, path: Expression['path'] = ['spec']): void {
    this.results.unknown(place, path, `the policy "${name}" ${why}`);
  }

  /** Which texts of the policies stand in a sample's names: a policy may treat it otherwise than others, with more. */
  private toldApart({ namespaceName, own }: Ground): string {
    const names = [namespaceName, ...own];
    return this.compared.filter((one) => names.some((name) => name.includes(one))).join('\n');
  }

  /** Whether a policy may treat an identity of dist otherwise than others. */
  private isToldApart(identity: string, { literals }: Ground): boolean {
    const { services, shared } = this.identities;
    return (services.has(identity) || shared.has(identity)) && literals.some((one) => identity.includes(one));
  }

  private mustNotPass({ what, attack = what, unlessNamed, request }: Attempt, { service }: Ground): Verdict {
    this.cases++;
    const verdict = this.admission.decide(request, true);
    if (verdict.refusals.length > 0) this.results.stop(attack, verdict.refusals);
    else if (unlessNamed !== undefined && this.isNamed(unlessNamed)) this.results.allow(unlessNamed);
    else this.results.pass({ who: service, what, attack }, request, verdict, this.admission);
    return verdict;
  }

  /** @param sample where the request is about a real object */
  private mustPass({ what, request }: Attempt, sample?: Sample): boolean {
    this.cases++;
    const verdict = this.admission.decide(request);
    const isAllowed = verdict.refusals.length + verdict.problems.length === 0;
    if (!isAllowed) this.results.refuse(what, request, verdict, sample);
    return isAllowed;
  }

  private isNamed(name: string): boolean {
    return this.guard.policies.some(({ variables, validations }) =>
      [...variables, ...validations].some(({ text }) => compile(text).texts.has(name)),
    );
  }
}

/** The object of a service that a forgery was made from. */
function realOf({ request: { kind } }: Attempt, { store, externalSecret, namespace }: Ground) {
  return { SecretStore: store, ExternalSecret: externalSecret, Namespace: namespace }[kind];
}

/** Every text that a policy compares another with, as a whole or a part. */
function textsIn({ policies }: Guard): string[] {
  const expressions = policies.flatMap(({ conditions, variables, validations }) => [
    ...conditions,
    ...variables,
    ...validations,
  ]);
  const looks = expressions.map(({ text }) => compile(text));
  return [...new Set(looks.flatMap(({ texts, parts }) => [...texts, ...parts]))].filter((one) => one !== '');
}

/** What namespaces may claim is the deployers' business; a store that claims something else is nobody's. */
function isNobodys({ request: { kind } }: Attempt): boolean {
  return kind === 'SecretStore' || kind === 'ExternalSecret';
}

/**
 * For each validation and operation the forgery that fewest others refuse too: what gets past it shows in that one. So
 * it is for each identity that policies tell apart, and in namespaces of services and of none by themselves: only of the
 * latter a tenant chooses the name.
 */
class Representatives {
  private readonly found = new Map<string, Refused>();

  constructor(private readonly isToldApart: (identity: string) => boolean) {}

  add(forgery: Attempt, { refusals }: Verdict): void {
    const { operation, object } = forgery.request;
    const claimed = tagsOf(object ?? {}).flatMap(({ value }) => (this.isToldApart(value) ? [value] : []));
    const refused = { forgery, refusals };
    for (const { policy, validation } of refusals) {
      const key = [policy.name, validation, operation, placeOf(forgery), ...claimed].join(' ');
      const known = this.found.get(key);
      if (known === undefined || refusals.length < known.refusals.length) this.found.set(key, refused);
    }
  }

  all(): Set<Refused> {
    return new Set(this.found.values());
  }
}

/** Whether a forgery is in a namespace, and whether that is of a service. */
function placeOf({ request: { namespaceObject } }: Attempt): string {
  if (namespaceObject === null) return 'no namespace';
  return Object.keys(labelsOf(namespaceObject)).some((key) => ownKey.test(key)) ? 'of a service' : 'of none';
}

/** A forgery, and what refused it. */
interface Refused {
  readonly forgery: Attempt;
  readonly refusals: readonly Refusal[];
}
