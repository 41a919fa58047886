import type { Cluster, Dist, DistSecret, Store, Tenant } from '../files/model.ts';
import type { Session } from '../iam/model.ts';
import { measuredTags } from '../measured.ts';
import { ownsIt } from '../questions/secrets.ts';
import type { Access, ActionDecision } from './decisions.ts';
import { inside } from './inside.ts';
import { Table } from './table.ts';
import { type WayResult, type Ways, wayKey } from './ways.ts';

/** A store of a tenant with the session that it gets. */
export interface Claim {
  readonly cluster: Cluster;
  readonly tenant: Tenant;
  readonly store: Store;
}

/** Stores that get one and the same session. */
export interface SessionClass {
  readonly result: WayResult;
  readonly claims: readonly Claim[];
}

/** A pair of a session and a secret that is not as it should be. */
export interface Wrong {
  readonly kind: 'foreign' | 'blocked';
  readonly session: Session;
  readonly controllerRole: string;
  readonly claims: readonly Claim[];
  readonly secret: DistSecret;
  readonly arn: string;
  /** What is allowed and should not be, or the other way round. */
  readonly shown: ActionDecision;
}

/** What the matrix of all tenants and all secrets looks like. */
export interface Matrix {
  readonly classes: readonly SessionClass[];
  readonly wrong: readonly Wrong[];
  /** Pairs of a tenant and a secret that it may read. */
  readonly allowed: number;
  /** Whether a session may read a secret in its account and region. */
  readonly reads: (session: Session, secret: DistSecret) => Access;
  /** Every secret that a session may read. */
  readonly readable: (session: Session) => readonly DistSecret[];
}

/** Puts the stores of all tenants into classes of one session each. */
export function sessionClasses(clusters: readonly Cluster[], ways: Ways): SessionClass[] {
  const classes: SessionClass[] = [];
  for (const cluster of clusters) {
    const known = new Map<string, Map<string, Claim[]>>();
    for (const tenant of cluster.tenants) {
      for (const store of tenant.stores) {
        const claim = { cluster, tenant, store };
        const sameWay = inside(known, wayKey(store), () => new Map<string, Claim[]>());
        const tags = measuredTags(store.sessionTags);
        const claims = sameWay.get(tags);
        if (claims === undefined) {
          const own = [claim];
          sameWay.set(tags, own);
          classes.push({ result: ways.sessionOf(cluster, store), claims: own });
        } else claims.push(claim);
      }
    }
  }
  return classes;
}

/**
 * Decides for every session of a store and every secret whether it may be read: allowed exactly where all tags are equal
 * in the role's account, as far as a store reads from the secret's region; denied wherever a tag differs.
 *
 * The work grows with the number of sessions and secrets, not with their product: what no policy tells apart is decided
 * once, and the pairs in which a tag is equal are found by the tag's value.
 *
 * @param everyPair looks at each pair by itself instead, to hold the short way against
 */
export function matrixOf(
  dist: Dist,
  classes: readonly SessionClass[],
  tagKeys: readonly string[],
  everyPair = false,
): Matrix {
  const wrong = new Map<string, Wrong>();
  const tables = new Map<string, Table>();
  let allowed = 0;
  for (const { result, claims } of classes) {
    if (result.session === undefined) continue;
    const { session, controllerRole } = result;
    const table = tables.get(session.role.arn) ?? new Table(session.role, dist.secrets, tagKeys, everyPair);
    tables.set(session.role.arn, table);
    const tenants = tenantsOf(claims);
    const isReadFrom = (region: string) => claims.some(({ store }) => store.region === region);
    for (const { secrets, access, first } of table.rows(session)) {
      const { secret, arn } = first;
      if (access.allowed) allowed += tenants * secrets.length;
      const isOwn =
        ownsIt(session, { arn, tags: secret.tags }, tagKeys) && secret.account === session.principal.account;
      const ofOwner = access.lack !== undefined && isReadFrom(secret.region) ? access.lack : undefined;
      const shown = isOwn ? ofOwner : access.leak;
      if (shown === undefined) continue;
      const kind = isOwn ? 'blocked' : 'foreign';
      const by = shown.decision.by.map(({ location }) => `${location.file}:${location.start.line}`);
      const key = JSON.stringify([kind, session.role.arn, by, shown.decision.reason]);
      if (!wrong.has(key)) wrong.set(key, { kind, session, controllerRole, claims, secret, arn, shown });
    }
  }
  const tableOf = ({ role }: Session) =>
    tables.get(role.arn) ?? new Table(role, dist.secrets, tagKeys, everyPair);
  return {
    classes,
    wrong: [...wrong.values()],
    allowed,
    reads: (session, secret) => tableOf(session).access(session, secret),
    readable: (session) =>
      [...tableOf(session).rows(session)].flatMap(({ access, secrets }) => (access.allowed ? secrets : [])),
  };
}

/** How many tenants have claims, which stand together. */
function tenantsOf(claims: readonly Claim[]): number {
  return claims.filter(({ tenant }, index) => tenant !== claims[index - 1]?.tenant).length;
}
