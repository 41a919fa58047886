import type { Finding, Location } from '../../findings/finding.ts';
import type { AdmissionCase } from '../counterexample.ts';
import { type Source, startOf } from '../files/model.ts';
import { locate } from '../files/tenants.ts';
import type { Admission, Refusal, Verdict } from './decide.ts';
import { isAbout } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Guard, Place, Sample } from './model.ts';

/** A finding that stands for many of its kind, and what the others are about. */
interface First {
  readonly finding: Finding;
  readonly others: Set<string>;
}

/** How many others a finding names: enough to see what they have in common. */
const namedOthers = 2;

/** What comes of the requests that are tried in a cluster. Of those that go wrong in the same way the first is shown. */
export class Results {
  /** Attacks that were stopped, and by which policies. */
  readonly stopped = new Map<string, Set<string>>();
  /** Names by which policies let tenants have something. */
  readonly allowed = new Set<string>();
  private readonly found: Finding[] = [];
  private readonly passed = new Map<string, First>();
  private readonly refused = new Map<string, First>();

  constructor(
    private readonly files: ReadonlyMap<string, Source>,
    private readonly cluster: string,
  ) {}

  findings(): Finding[] {
    return [...this.found, ...[...this.passed.values(), ...this.refused.values()].map(withOthers)];
  }

  add(findings: readonly Finding[]): void {
    this.found.push(...findings);
  }

  /** The cluster says that it has no guard. */
  off(place: Place): void {
    this.found.push({
      rule: 'guard-off',
      severity: 'warning',
      message: `cluster "${this.cluster}" has no guard: whoever may create a SecretStore there, or label a namespace, may claim any identity`,
      allowed: 'the admission policies of a guard, for Kubernetes 1.30 or newer',
      location: this.at(place),
    });
  }

  absent(place: Place): void {
    this.error(
      'proof-guard',
      `cluster "${this.cluster}" has no admission policies: whoever may create a SecretStore may claim any identity`,
      'the files below platform/ that eso-abac writes',
      this.at(place),
    );
  }

  noNamespace(place: Place): void {
    this.error(
      'proof-guard',
      `cluster "${this.cluster}" has no Namespace for the operator, so that nothing keeps privileged pods out of it`,
      "the operator's Namespace below platform/",
      this.at(place),
    );
  }

  /** Something in a policy of which nothing can be said. */
  unknown(place: Place, path: readonly (string | number)[], message: string): void {
    const allowed = 'CEL as Kubernetes has it, that compares what a request holds';
    this.error('policy-unknown', message, allowed, this.at(place, path));
  }

  stop(attack: string, refusals: readonly Refusal[]): void {
    const by = this.stopped.get(attack) ?? new Set();
    this.stopped.set(attack, by);
    for (const { policy } of refusals) by.add(policy.name);
  }

  /** Something that a policy lets tenants have by its name. */
  allow(name: string): void {
    this.allowed.add(name);
  }

  /**
   * A forgery that no policy refuses.
   *
   * @param attempt who can do what, and what reports call that
   */
  pass(
    { who, what, attack }: { readonly who: string; readonly what: string; readonly attack: string },
    request: AdmissionRequest,
    { problems }: Verdict,
    admission: Admission,
  ): void {
    const { guard } = admission;
    const [problem] = problems;
    const policy = problem?.policy ?? responsible(guard, request);
    const gap =
      policy === undefined
        ? { place: guard.place, path: [], why: `no policy is about ${request.resource}` }
        : admission.gapOf(policy, request);
    const why = problem === undefined ? gap.why : `it cannot be judged: ${problem.why}`;
    const { file, document } = gap.place;
    count(this.passed, [file, document, ...gap.path].join('/'), attack, () => ({
      rule: 'proof-guard',
      severity: 'error',
      message: `in cluster "${this.cluster}" ${who} can ${what}: ${why}`,
      allowed: 'a policy that refuses it, in every namespace and whoever asks',
      location: this.at(gap.place, gap.path),
      counterexample: this.caseOf('denied', request),
    }));
  }

  /**
   * A request that must be let through and is not.
   *
   * @param sample where the request is about one of its objects
   */
  refuse(what: string, request: AdmissionRequest, { refusals, problems }: Verdict, sample?: Sample): void {
    const policy = refusals[0]?.policy ?? problems[0]?.policy;
    if (policy === undefined) return;
    const validation = refusals[0]?.validation;
    const why = validation === undefined ? `cannot judge it: ${problems[0]?.why}` : 'refuses it';
    count(this.refused, `${policy.name} ${sample === undefined}`, what, () => ({
      rule: 'proof-guard',
      severity: 'error',
      message: `in cluster "${this.cluster}" ${request.user.username} cannot ${what}: ${policy.name} ${why}`,
      allowed: 'objects of dist and everyday work that the policies let through',
      location:
        sample === undefined
          ? this.at(policy.place, validation === undefined ? ['spec'] : pathOf(policy, validation))
          : this.at({ file: sample.file, document: documentOf(sample, request) }),
      counterexample: this.caseOf('allowed', request),
    }));
  }

  private caseOf(expected: AdmissionCase['expected'], request: AdmissionRequest): AdmissionCase {
    return { question: 'admission', expected, cluster: this.cluster, request };
  }

  private error(rule: Finding['rule'], message: string, allowed: string, location: Location): void {
    this.found.push({ rule, severity: 'error', message, allowed, location });
  }

  private at({ file, document }: Place, path: readonly (string | number)[] = []): Location {
    const source = this.files.get(file);
    return source === undefined ? startOf(file) : locate(source, { document, path });
  }
}

function count(known: Map<string, First>, key: string, what: string, first: () => Finding): void {
  const found = known.get(key);
  if (found === undefined) known.set(key, { finding: first(), others: new Set() });
  else if (!found.finding.message.includes(what)) found.others.add(what);
}

function withOthers({ finding, others }: First): Finding {
  const named = [...others].slice(0, namedOthers);
  if (named.length === 0) return finding;
  const more = others.size > named.length ? ['and others'] : [];
  return { ...finding, message: `${finding.message}; also: ${[...named, ...more].join(', ')}` };
}

/** The policy that should have stopped a request: one about its very resource, one named after it, or one about its group. */
function responsible(
  { policies }: Guard,
  { group, resource }: AdmissionRequest,
): AdmissionPolicy | undefined {
  const names = ({ match }: AdmissionPolicy) => match.rules?.flatMap(({ resources }) => resources) ?? [];
  return (
    policies.find((policy) => names(policy).includes(resource)) ??
    policies.find(({ name }) => name.endsWith(`-${resource}`)) ??
    // A policy about every kind leaves these to their own.
    policies.find(
      ({ match }) =>
        isAbout(match, { group, resource }) && !['secretstores', 'externalsecrets'].includes(resource),
    )
  );
}

function pathOf(policy: AdmissionPolicy, validation: number): readonly (string | number)[] {
  return policy.validations[validation]?.path ?? ['spec'];
}

function documentOf({ documents }: Sample, { kind, name }: AdmissionRequest): number {
  return documents.get(`${kind} ${name}`) ?? 0;
}
