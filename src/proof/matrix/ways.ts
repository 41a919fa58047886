import type { Cluster, Dist, DistRole, OperatorRole, Store } from '../files/model.ts';
import { assumeRole } from '../iam/assume.ts';
import type { Assumed, Assumption, Caller, Decision, Role, Session } from '../iam/model.ts';
import { podIdentityTags } from '../iam/session-tags.ts';
import { measured, measuredList } from '../measured.ts';
import { sessionWith } from '../questions/sessions.ts';
import { partitionOf } from './decisions.ts';
import { assignRoles } from './guess.ts';
import { decideNamed, Hop, type Passed, sessionName } from './hop.ts';

/** A step of the way: who assumed which role, and what it passed. */
export interface WayHop {
  readonly caller: Caller;
  readonly assumption: Assumption;
  readonly role: Role;
}

/** The session that a store gets, or at which hop and why it gets none. `hops` are those gone, the refused one included. */
export type WayResult =
  | { readonly session: Session; readonly controllerRole: string; readonly hops: readonly WayHop[] }
  | {
      readonly session?: undefined;
      readonly why: string;
      readonly decision?: Decision;
      readonly hops: readonly WayHop[];
    };

/** The sessions with which a store's way may begin, or why there is none. */
type Starts = readonly [WayResult, ...WayResult[]];

/** Goes the way of each store: from the operator's pod over the roles of the chain to the access role. */
export class Ways {
  private readonly first = new Map<string, Starts>();
  private readonly hops = new Map<Session, Map<string, Hop>>();
  private readonly dist: Dist;
  private readonly guessed: ReadonlyMap<string, string>;
  private readonly eachStore: boolean;

  /**
   * @param controllers the roles that an operator may have where no file says which
   * @param eachStore asks the policies about each store by itself, to hold the short way against
   */
  constructor(dist: Dist, controllers: readonly DistRole[], eachStore = false) {
    this.dist = dist;
    this.eachStore = eachStore;
    this.guessed = assignRoles(this.fitting(controllers));
  }

  /** For each cluster of which no file says which role its operator has: those with which its first store works. */
  private fitting(controllers: readonly DistRole[]): Map<string, string[]> {
    const named = new Set(this.dist.clusters.map(({ operator }) => operator?.role));
    const likely = [...controllers].sort(
      (a, b) => Number(named.has(a.role.arn)) - Number(named.has(b.role.arn)),
    );
    const fitting = new Map<string, string[]>();
    for (const { name, operator, tenants } of this.dist.clusters) {
      const store = tenants.flatMap(({ stores }) => stores)[0];
      if (operator !== undefined || store === undefined) continue;
      const works = likely.filter(
        (one) =>
          mayBeginIn(name, store.region, one) && this.walkFrom(given(one.role), store).session !== undefined,
      );
      fitting.set(
        name,
        works.map(({ role }) => role.arn),
      );
    }
    return fitting;
  }

  /** The session of a store in a cluster: of several roles that the operator may have, the first that leads there. */
  sessionOf(cluster: Cluster, store: Store): WayResult {
    const [first, ...others] = this.startsOf(cluster, store);
    const end = this.endOf(first, store);
    if (end.session !== undefined) return end;
    for (const start of others) {
      const other = this.endOf(start, store);
      if (other.session !== undefined) return other;
    }
    return end;
  }

  private endOf(start: WayResult, store: Store): WayResult {
    return start.session === undefined ? start : this.walkFrom(start, store);
  }

  private walkFrom(start: WayResult & { readonly session: Session }, store: Store): WayResult {
    const { controllerRole } = start;
    let { session, hops } = start;
    for (const arn of store.additionalRoles) {
      const hop = this.hop(session, arn);
      if (hop === undefined) return notInDist(arn, hops);
      hops = [...hops, hop.step(noTags)];
      const next = hop.withoutTags();
      if (next.session === undefined) return refused(next, hops);
      session = next.session;
    }
    const last = this.hop(session, store.role);
    if (last === undefined) return notInDist(store.role, hops);
    // The operator passes tags and the external id with the last hop only.
    const step = last.step({
      tags: store.sessionTags,
      transitiveTagKeys: store.transitiveTagKeys,
      ...(store.externalId !== undefined && { externalId: store.externalId }),
    });
    hops = [...hops, step];
    const end = last.with(step.assumption);
    return end.session === undefined ? refused(end, hops) : { session: end.session, controllerRole, hops };
  }

  /** Undefined when the role is not in dist. */
  private hop(session: Session, arn: string): Hop | undefined {
    const hops = this.hops.get(session) ?? new Map<string, Hop>();
    this.hops.set(session, hops);
    const known = hops.get(arn);
    const role = this.dist.roles.get(arn)?.role;
    if (known !== undefined || role === undefined) return known;
    const hop = new Hop(session, role, this.eachStore);
    hops.set(arn, hop);
    return hop;
  }

  private startsOf(cluster: Cluster, store: Store): Starts {
    const known = this.first.get(cluster.name) ?? this.begin(cluster, store.region);
    this.first.set(cluster.name, known);
    return known;
  }

  private begin(cluster: Cluster, region: string): Starts {
    const { operator, name } = cluster;
    if (operator === undefined) {
      const guessed = this.dist.roles.get(this.guessed.get(name) ?? '');
      return guessed === undefined
        ? [{ why: `no role in dist can be that of the operator in cluster "${name}"`, hops: [] }]
        : [given(guessed.role)];
    }
    const role = this.dist.roles.get(operator.role);
    if (role === undefined) return [{ why: `the operator's role ${operator.role} is not in dist`, hops: [] }];
    if (!role.hasTrust) return [given(role.role)];
    const [first, ...others] = callersOf(operator, role, region, name).map(
      ({ caller, policies }): WayResult => {
        const tags =
          operator.sessionTags && caller.type === 'podIdentity'
            ? podTags(operator, caller.clusterArn, name)
            : noTags;
        const assumption = { sessionName, ...tags, ...policies };
        const hops = [{ caller, assumption, role: role.role }];
        const assumed = assumeRole(caller, assumption, role.role, decideNamed);
        return assumed.session === undefined
          ? refused(assumed, hops)
          : { session: assumed.session, controllerRole: operator.role, hops };
      },
    );
    return first === undefined
      ? [{ why: `the trust policy of ${operator.role} names no identity provider`, hops: [] }]
      : [first, ...others];
  }
}

const noTags: Passed = { tags: [], transitiveTagKeys: [] };

function notInDist(arn: string, hops: readonly WayHop[]): WayResult {
  return { why: `role ${arn} is not in dist`, hops };
}

function given(role: DistRole['role']): WayResult & { readonly session: Session } {
  return { session: sessionWith(role, []), controllerRole: role.arn, hops: [] };
}

function refused(assumed: Assumed & { readonly session?: undefined }, hops: readonly WayHop[]): WayResult {
  return { why: assumed.why, ...(assumed.decision && { decision: assumed.decision }), hops };
}

function callersOf(
  operator: OperatorRole,
  { role }: DistRole,
  region: string,
  cluster: string,
): { caller: Caller; policies: { policies?: readonly [NonNullable<OperatorRole['sessionPolicy']>] } }[] {
  const { sessionPolicy, account, namespace, serviceAccount } = operator;
  const policies = sessionPolicy === undefined ? {} : { policies: [sessionPolicy] as const };
  if (operator.kind === 'podIdentity') return [{ caller: podsOf(cluster, region, account, role), policies }];
  const subject = `system:serviceaccount:${namespace}:${serviceAccount}`;
  return [...new Set(providersIn(role))].map((provider) => ({
    caller: { type: 'webIdentity', provider, subject, audience: 'sts.amazonaws.com' },
    policies,
  }));
}

/**
 * Whether pods of a cluster may get a role of which no file says that they do: with tokens of its provider, and which that is
 * nothing in dist says, or by EKS Pod Identity, which says from which cluster they come.
 */
function mayBeginIn(cluster: string, region: string, { role, hasTrust, account }: DistRole): boolean {
  if (!hasTrust || providersIn(role).length > 0) return true;
  const caller = podsOf(cluster, region, account, role);
  return assumeRole(caller, { sessionName, ...noTags }, role, decideNamed).session !== undefined;
}

/** Pods of a cluster, as EKS Pod Identity assumes a role for them. */
function podsOf(cluster: string, region: string, account: string, { arn }: Role): Caller {
  const clusterArn = `arn:${partitionOf(arn)}:eks:${region}:${account}:cluster/${cluster}`;
  return { type: 'podIdentity', clusterArn };
}

function providersIn({ trust }: Role): string[] {
  return trust.statements.flatMap(({ principals = [] }) =>
    principals.flatMap(({ type, value }) => (type === 'federated' ? [value] : [])),
  );
}

function podTags({ namespace, serviceAccount }: OperatorRole, clusterArn: string, clusterName: string) {
  return podIdentityTags({
    clusterArn,
    clusterName,
    namespace,
    serviceAccount,
    name: 'external-secrets',
    uid: '0',
  });
}

/** What makes the sessions of two stores of a cluster the same, besides their session tags. */
export function wayKey({ role, additionalRoles, externalId, transitiveTagKeys }: Store): string {
  const key = measured(role) + measuredList(additionalRoles) + measuredList(transitiveTagKeys);
  return key + (externalId === undefined ? '-' : `+${externalId}`);
}
