import type { Cluster, Dist, DistSecret, Store, Tenant } from '../files/model.ts';
import { splitArn } from '../iam/arn.ts';
import type { Role, Session } from '../iam/model.ts';
import { ownsIt } from '../questions/secrets.ts';
import {
  type Access,
  type ActionDecision,
  accessOf,
  arnOf,
  Decisions,
  partitionOf,
  type SecretClass,
} from './decisions.ts';
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
  const classes = new Map<string, { result: WayResult; claims: Claim[] }>();
  for (const cluster of clusters) {
    for (const tenant of cluster.tenants) {
      for (const store of tenant.stores) {
        const key = wayKey(cluster, store);
        const known = classes.get(key);
        if (known === undefined)
          classes.set(key, { result: ways.sessionOf(cluster, store), claims: [{ cluster, tenant, store }] });
        else known.claims.push({ cluster, tenant, store });
      }
    }
  }
  return [...classes.values()];
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
    const table = tables.get(session.role.arn) ?? new Table(session.role, dist.secrets, everyPair);
    tables.set(session.role.arn, table);
    const regions = new Set(claims.map(({ store }) => store.region));
    const tenants = new Set(claims.map(({ tenant }) => tenant)).size;
    for (const { secrets, access, first } of table.rows(session)) {
      const { secret, arn } = first;
      const isOwn =
        ownsIt(session, { arn, tags: secret.tags }, tagKeys) && secret.account === session.principal.account;
      if (access.allowed) allowed += tenants * secrets.length;
      const ofOwner = regions.has(secret.region) ? access.lack : undefined;
      const shown = isOwn ? ofOwner : access.leak;
      if (shown === undefined) continue;
      const kind = isOwn ? 'blocked' : 'foreign';
      const by = shown.decision.by.map(({ location }) => `${location.file}:${location.start.line}`);
      const key = JSON.stringify([kind, session.role.arn, by, shown.decision.reason]);
      if (!wrong.has(key)) wrong.set(key, { kind, session, controllerRole, claims, secret, arn, shown });
    }
  }
  const tableOf = ({ role }: Session) => tables.get(role.arn) ?? new Table(role, dist.secrets, everyPair);
  return {
    classes,
    wrong: [...wrong.values()],
    allowed,
    reads: (session, secret) => tableOf(session).access(session, secret),
    readable: (session) =>
      [...tableOf(session).rows(session)].flatMap(({ access, secrets }) => (access.allowed ? secrets : [])),
  };
}

/** A session's decision about a class of secrets. */
interface Row {
  readonly secrets: readonly DistSecret[];
  readonly first: { readonly secret: DistSecret; readonly arn: string };
  readonly access: Access;
}

/** The secrets of dist as the sessions of one access role see them. */
class Table {
  private readonly decisions: Decisions;
  private readonly classes = new Map<string, SecretClass & { readonly secrets: DistSecret[] }>();
  private readonly sessionShapes = new Map<Session, string>();
  private readonly classOf = new Map<DistSecret, SecretClass>();
  private readonly index = new Map<string, SecretClass[]>();
  private readonly byShape = new Map<string, SecretClass[]>();
  private readonly partition: string;
  private readonly isShort: boolean;

  constructor(role: Role, secrets: readonly DistSecret[], everyPair: boolean) {
    this.decisions = new Decisions(role, secrets);
    this.partition = partitionOf(role.arn);
    this.isShort = this.decisions.shapes.areUniform && !everyPair;
    for (const secret of secrets) this.add(secret);
  }

  private add(secret: DistSecret): void {
    const arn = arnOf(secret, this.partition);
    const shape = this.decisions.secretShape(secret, arn);
    const key = `${shape}${JSON.stringify(secret.tags)}${this.isShort ? '' : arn}`;
    const known = this.classes.get(key);
    if (known !== undefined) {
      known.secrets.push(secret);
      this.classOf.set(secret, known);
      return;
    }
    const found = { shape, first: secret, arn, secrets: [secret] };
    this.classOf.set(secret, found);
    this.classes.set(key, found);
    push(this.byShape, shape, found);
    for (const one of this.decisions.indexKeys(secret)) push(this.index, one, found);
  }

  /** The short way: secrets that share a tag's value with the session one by one, of all others one for each shape. */
  *rows(session: Session): Generator<Row> {
    const shape = this.sessionShape(session);
    if (!this.isShort) {
      for (const one of this.classes.values()) yield this.row(one, accessOf(session, one.first, one.arn));
      return;
    }
    const near = new Set(this.decisions.joinKeys(session).flatMap((key) => this.index.get(key) ?? []));
    for (const one of near) yield this.row(one, this.decisions.access(session, shape, one));
    for (const classes of this.byShape.values()) {
      const far = classes.find((one) => !near.has(one));
      if (far === undefined) continue;
      const access = this.decisions.access(session, shape, far);
      const all = access.denied ? [far] : classes.filter((one) => !near.has(one));
      for (const one of all) yield this.row(one, access);
    }
  }

  private row({ first, arn, secrets }: SecretClass, access: Access): Row {
    return { secrets, first: { secret: first, arn }, access };
  }

  access(session: Session, secret: DistSecret): Access {
    const own = this.classOf.get(secret);
    if (!this.isShort || own === undefined) return accessOf(session, secret, arnOf(secret, this.partition));
    return this.decisions.access(session, this.sessionShape(session), own);
  }

  private sessionShape(session: Session): string {
    const shape = this.sessionShapes.get(session) ?? this.decisions.sessionShape(session);
    this.sessionShapes.set(session, shape);
    return shape;
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

/** The secret that a store's key names, in the account of its role and its own region. */
export function secretIndex(
  secrets: readonly DistSecret[],
): (store: Store, key: string) => DistSecret | undefined {
  const byPlace = new Map(
    secrets.map((secret) => [placeKey(secret.account, secret.region, secret.name), secret]),
  );
  return ({ role, region }, key) => {
    const account = splitArn(role)?.[4] ?? '';
    const arn = splitArn(key);
    if (arn === undefined) return byPlace.get(placeKey(account, region, key));
    const [, , , arnRegion = '', arnAccount = '', resource = ''] = arn;
    if (arnAccount !== account || arnRegion !== region) return undefined;
    const name = resource.slice('secret:'.length);
    return (
      byPlace.get(placeKey(account, region, name)) ??
      byPlace.get(placeKey(account, region, name.replace(/-[A-Za-z0-9]{6}$/, '')))
    );
  };
}

function placeKey(account: string, region: string, name: string): string {
  return `${account}/${region}/${name}`;
}
