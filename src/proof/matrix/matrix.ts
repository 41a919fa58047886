import type { Cluster, Dist, DistSecret, Store, Tenant } from '../files/model.ts';
import type { Role, Session, Tag } from '../iam/model.ts';
import { measured } from '../measured.ts';
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
import { SecretIndex } from './secret-index.ts';
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
    const table = tables.get(session.role.arn) ?? new Table(session.role, dist.secrets, tagKeys, everyPair);
    tables.set(session.role.arn, table);
    const isReadFrom = (region: string) => claims.some(({ store }) => store.region === region);
    for (const { secrets, access, first } of table.rows(session)) {
      const { secret, arn } = first;
      if (access.allowed) allowed += tenantsOf(claims) * secrets.length;
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
  /** By the shape of sessions the secrets that are not known to be refused to all of them where no tag is equal. */
  private readonly open = new Map<string, Set<readonly SecretClass[]>>();
  private readonly partition: string;
  private readonly isShort: boolean;
  private readonly isForeignWhereFar: boolean;

  constructor(role: Role, secrets: readonly DistSecret[], tagKeys: readonly string[], everyPair: boolean) {
    this.decisions = new Decisions(role, secrets);
    this.partition = partitionOf(role.arn);
    this.isShort = this.decisions.shapes.areUniform && !everyPair;
    this.isForeignWhereFar = this.decisions.areJoinedByOneOf(tagKeys);
    for (const secret of secrets) this.add(secret);
  }

  private add(secret: DistSecret): void {
    const arn = arnOf(secret, this.partition);
    const shape = this.decisions.secretShape(secret, arn);
    const key = `${this.isShort ? '' : measured(arn)}${wordsOf(secret.tags)}${shape}`;
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

  /**
   * The short way: secrets that share a tag's value with the session one by one, of all others one for each shape. Those
   * that no session of a shape may read are left out where it is clear that they are not its own.
   */
  *rows(session: Session): Generator<Row> {
    if (!this.isShort) {
      for (const one of this.classes.values()) yield row(one, accessOf(session, one.first, one.arn));
      return;
    }
    const shape = this.sessionShape(session);
    const near = new Set(this.decisions.joinKeys(session).flatMap((key) => this.index.get(key) ?? []));
    for (const one of near) yield row(one, this.decisions.access(session, shape, one));
    const open = this.open.get(shape) ?? new Set(this.byShape.values());
    this.open.set(shape, open);
    for (const alike of open) {
      const far = alike.find((one) => !near.has(one));
      if (far === undefined) continue;
      const access = this.decisions.access(session, shape, far);
      if (access.denied && this.isForeignWhereFar) open.delete(alike);
      else if (access.denied) yield row(far, access);
      else for (const one of alike) if (!near.has(one)) yield row(one, access);
    }
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

function row({ first, arn, secrets }: SecretClass, access: Access): Row {
  return { secrets, first: { secret: first, arn }, access };
}

/** A text that no other tags have. */
function wordsOf(tags: readonly Tag[]): string {
  let words = '';
  for (const { key, value } of tags) words += measured(key) + measured(value);
  return `${words};`;
}

/** How many tenants have claims, which stand together. */
function tenantsOf(claims: readonly Claim[]): number {
  return claims.filter(({ tenant }, index) => tenant !== claims[index - 1]?.tenant).length;
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
  const index = new SecretIndex(secrets);
  return (store, key) => index.find(store, key);
}
