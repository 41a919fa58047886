import type { Cluster, Dist, DistRole, OperatorRole, Store } from '../files/model.ts';
import { splitArn } from '../iam/arn.ts';
import { requestTag } from '../iam/keys.ts';
import type { Statement } from '../iam/model.ts';
import { partitionOf } from '../matrix/decisions.ts';
import type { Claim, SessionClass } from '../matrix/matrix.ts';
import { tagValue } from '../questions/sessions.ts';
import type { Claims } from '../questions/trust.ts';

/** What a role is for. */
export type Purpose = 'access' | 'chain' | 'controller';

/** Who uses which role for what, as the stores and the operators' files say. */
export class RoleUse {
  readonly stores: readonly Store[];
  readonly purposeOf: (role: DistRole) => Purpose;
  private readonly dist: Dist;
  private readonly classes: readonly SessionClass[];
  private idle: readonly string[] | undefined;
  private hops: readonly string[] | undefined;

  constructor(dist: Dist, classes: readonly SessionClass[]) {
    this.dist = dist;
    this.classes = classes;
    this.stores = storesOf(dist.clusters);
    this.purposeOf = purposes(dist.clusters);
  }

  /** The stores that read through an access role. */
  storesOf(arn: string): readonly Store[] {
    return this.stores.filter(({ role }) => role === arn);
  }

  /**
   * The roles that come right before a role on the way of some store, each with what its clusters claim of the cluster
   * tags. Clusters without services have no stores: of their operators' roles and chains, those that may assume it come
   * before it too. What these claim the trust policy alone says: one value of each tag.
   */
  callersOf(arn: string, clusterTagKeys: readonly string[]): Map<string, Claims> {
    const callers = new Map<string, Map<string, Set<string>>>();
    const claimsOf = (caller: string) => {
      const claims = callers.get(caller) ?? new Map<string, Set<string>>();
      callers.set(caller, claims);
      return claims;
    };
    for (const { result, claims } of this.classes) {
      const [first] = claims as [Claim, ...Claim[]];
      if (first.store.role !== arn && !first.store.additionalRoles.includes(arn)) continue;
      const controllerRole =
        result.session === undefined ? first.cluster.operator?.role : result.controllerRole;
      const way = [controllerRole ?? '', ...first.store.additionalRoles, first.store.role];
      for (const [index, to] of way.entries()) {
        if (index === 0 || to !== arn) continue;
        const known = claimsOf(way[index - 1] ?? '');
        if (index === way.length - 1) addClaims(known, first.store, clusterTagKeys);
      }
    }
    for (const caller of this.idleCallers(arn)) {
      if (callers.has(caller)) continue;
      // Through such a role, a cluster that has services must not claim what belongs to another one.
      const passing = this.storesThatReach(caller);
      for (const store of passing) addClaims(claimsOf(caller), store, clusterTagKeys);
      if (passing.length === 0)
        callers.set(caller, pinnedFor(caller, this.dist.roles.get(arn), clusterTagKeys));
    }
    return callers;
  }

  private idleCallers(arn: string): string[] {
    const hasUse = this.stores.some(
      ({ role, additionalRoles }) => role === arn || additionalRoles.includes(arn),
    );
    const idle = this.dist.clusters.filter(({ tenants }) =>
      tenants.every(({ stores }) => stores.length === 0),
    );
    const known = hasUse
      ? [
          ...idle.flatMap(({ operator }) => operator?.role ?? []),
          ...this.idleControllers(),
          ...this.idleHops(),
        ]
      : [...this.dist.roles.keys()];
    return known.filter((candidate) => mayAssume(this.dist.roles.get(candidate), arn));
  }

  /** Controller roles that no file names and no store leads to: those of clusters without services. */
  idleControllers(): readonly string[] {
    this.idle ??= this.findIdleControllers();
    return this.idle;
  }

  private findIdleControllers(): string[] {
    const used = new Set<string | undefined>(this.dist.clusters.map(({ operator }) => operator?.role));
    for (const { result } of this.classes) if (result.session !== undefined) used.add(result.controllerRole);
    const roles = [...this.dist.roles.values()].filter((role) => this.purposeOf(role) === 'controller');
    return roles.map(({ role }) => role.arn).filter((arn) => !used.has(arn));
  }

  /** Roles of chains that no store goes through: those of clusters without services. */
  private idleHops(): readonly string[] {
    this.hops ??= this.findIdleHops();
    return this.hops;
  }

  private findIdleHops(): string[] {
    const used = new Set<string>();
    for (const { additionalRoles } of this.stores) for (const arn of additionalRoles) used.add(arn);
    const roles = [...this.dist.roles.values()].filter((role) => this.purposeOf(role) === 'chain');
    return roles.map(({ role }) => role.arn).filter((arn) => !used.has(arn));
  }

  /** A store of each class whose operator may become a role. */
  private storesThatReach(role: string): Store[] {
    return this.classes.flatMap(({ result, claims: [claim] }) =>
      claim !== undefined && result.session !== undefined && this.reachedFrom(result.controllerRole).has(role)
        ? [claim.store]
        : [],
    );
  }

  /** What a role may become, over however many others. */
  private reachedFrom(role: string): Set<string> {
    const reached = new Set([role]);
    for (const from of reached)
      for (const arn of this.dist.roles.keys())
        if (mayAssume(this.dist.roles.get(from), arn)) reached.add(arn);
    return reached;
  }

  /** The operators that have a role, by its files. */
  operatorsOf(arn: string): OperatorRole[] {
    return this.dist.clusters.flatMap(({ operator }) => (operator?.role === arn ? [operator] : []));
  }

  /** Clusters whose operator has a role though no file says so: the stores lead there. */
  guessedClustersOf(arn: string): Cluster[] {
    const found = new Set<Cluster>();
    for (const { result, claims } of this.classes)
      if (result.session !== undefined && result.controllerRole === arn)
        for (const { cluster } of claims) found.add(cluster);
    return [...found].filter(({ operator }) => operator === undefined);
  }

  /** ARNs of the clusters in which EKS Pod Identity gives the operator a role. */
  podClustersOf(role: DistRole): string[] {
    const partition = partitionOf(role.role.arn);
    return this.dist.clusters.flatMap(({ name, operator, tenants }) => {
      if (operator?.kind !== 'podIdentity' || operator.role !== role.role.arn) return [];
      const regions = new Set(storesOf([{ name, tenants }]).map(({ region }) => region));
      const known = regions.size > 0 ? [...regions] : regionsIn(role, name).slice(0, 1);
      return known.map((region) => `arn:${partition}:eks:${region}:${operator.account}:cluster/${name}`);
    });
  }
}

/** Of a cluster without services only the role's own trust policy says in which region it is: in the first that it names. */
function regionsIn({ role }: DistRole, cluster: string): string[] {
  const conditions = role.trust.statements.flatMap((statement) => statement.conditions);
  const arns = conditions.flatMap(({ values }) => values.map(({ source }) => splitArn(source)));
  return arns.flatMap((arn) =>
    arn?.[5] === `cluster/${cluster}` && !/[*?]/.test(arn[3] ?? '*') ? [arn[3] ?? ''] : [],
  );
}

/** Every store of some clusters. */
export function storesOf(clusters: readonly Cluster[]): Store[] {
  const found: Store[] = [];
  for (const { tenants } of clusters)
    for (const { stores } of tenants) for (const store of stores) found.push(store);
  return found;
}

/** Says what a role is for, by the stores and operators that name it; of one that none names, by what it may do. */
function purposes(clusters: readonly Cluster[]): (role: DistRole) => Purpose {
  const [access, chain] = [new Set<string>(), new Set<string>()];
  for (const { role, additionalRoles } of storesOf(clusters)) {
    access.add(role);
    for (const arn of additionalRoles) chain.add(arn);
  }
  const controllers = new Set(clusters.map(({ operator }) => operator?.role));
  return (one) => {
    const { arn } = one.role;
    if (access.has(arn)) return 'access';
    if (chain.has(arn)) return 'chain';
    return controllers.has(arn) ? 'controller' : purposeByRights(one);
  };
}

/** The roles of dist that are for something. */
export function rolesFor(purpose: Purpose, { roles, clusters }: Dist): DistRole[] {
  const purposeOf = purposes(clusters);
  return [...roles.values()].filter((role) => purposeOf(role) === purpose);
}

function purposeByRights({ role }: DistRole): Purpose {
  const statements = role.identity.flatMap((policy) => policy.statements);
  const allowed = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions }) => actions.values);
  const isHop = allowed.every(({ source }) => source.toLowerCase().startsWith('sts:'));
  if (!isHop) return 'access';
  const principals = role.trust.statements.flatMap((statement) => statement.principals ?? []);
  return principals.some(({ type }) => type === 'account' || type === 'arn') ? 'chain' : 'controller';
}

/** Adds what a store claims of some tags to what is known, by keys in lower case. */
function addClaims(known: Map<string, Set<string>>, { sessionTags }: Store, keys: readonly string[]): void {
  for (const key of keys) {
    const values = known.get(key.toLowerCase()) ?? new Set();
    known.set(key.toLowerCase(), values.add(tagValue(sessionTags, key) ?? ''));
  }
}

/** The first value of each tag that a trust policy pins for a caller; none where it pins none. */
function pinnedFor(
  caller: string,
  role: DistRole | undefined,
  tagKeys: readonly string[],
): Map<string, Set<string>> {
  const statements = role?.role.trust.statements ?? [];
  const conditions = statements
    .filter((one) => one.effect === 'Allow' && names(one, caller))
    .flatMap((one) => one.conditions.filter(({ operator }) => operator === 'StringEquals'));
  return new Map(
    tagKeys.map((key) => {
      const pinned = conditions.find((one) => one.key === `${requestTag}${key.toLowerCase()}`);
      return [key.toLowerCase(), new Set(pinned?.values.slice(0, 1).map(({ source }) => source))];
    }),
  );
}

function names({ principals = [], conditions }: Statement, arn: string): boolean {
  const listed = conditions.filter(({ key }) => key === 'aws:principalarn');
  return (
    principals.some(({ value }) => value === arn) ||
    listed.some(({ values }) => values.some(({ source }) => source === arn))
  );
}

function mayAssume(role: DistRole | undefined, arn: string): boolean {
  const statements = role?.role.identity.flatMap((policy) => policy.statements) ?? [];
  return statements.some(
    ({ effect, resources }) => effect === 'Allow' && resources?.values.some(({ source }) => source === arn),
  );
}
