import type { Cluster, Dist, DistSecret, Store, Tenant } from '../proof/files/model.ts';
import type { Session, Statement } from '../proof/iam/model.ts';
import { operatorName } from '../proof/iam/operators.ts';
import { arnOf, partitionOf, usualContext } from '../proof/matrix/decisions.ts';
import { SecretIndex } from '../proof/matrix/secret-index.ts';
import type { WayResult } from '../proof/matrix/ways.ts';
import type { Proof } from '../proof/prove/prove.ts';
import { decide, readActions } from '../proof/questions/requests.ts';
import type {
  AccessReport,
  ReportCluster,
  ReportSecret,
  ReportService,
  ReportStatement,
  ReportStore,
  ReportWant,
} from './access-report.ts';
import { type DistAccess, placeOf, writtenKey } from './dist-access.ts';

/** Puts together what dist and its proof say, for `report`. */
export function overview(access: DistAccess, proof: Proof): AccessReport {
  const { dist, tagKeys } = access;
  const secrets = [...dist.secrets].sort(byText(({ name, account, region }) => [name, account, region]));
  const tenants = dist.clusters.flatMap((cluster) => cluster.tenants);
  const describe = new Services(access, secrets);
  const services = tenants
    .sort(byText(({ service, cluster }) => [service, cluster]))
    .map((one) => describe.of(one));
  // The proof counts a pair once for each store by which a service may read; here a pair is a pair.
  const allowed = services.reduce(
    (sum, { stores }) => sum + new Set(stores.flatMap(({ reads }) => reads)).size,
    0,
  );
  return {
    proven: proof.findings.every(({ severity }) => severity !== 'error'),
    counts: { ...proof.counts, allowed, denied: proof.counts.pairs - allowed },
    tagKeys,
    clusters: dist.clusters.map(reportCluster),
    accounts: reportAccounts(dist),
    services,
    secrets: secrets.map(reportSecret),
    findings: proof.findings,
    attacks: proof.attacks,
    assumptions: proof.assumptions,
  };
}

/** Compares by texts, code unit by code unit: the same on every machine. */
function byText<Item>(textsOf: (item: Item) => readonly string[]): (a: Item, b: Item) => number {
  return (a, b) => {
    const [one, two] = [textsOf(a), textsOf(b)];
    const index = one.findIndex((text, at) => text !== two[at]);
    return index < 0 ? 0 : (one[index] ?? '') < (two[index] ?? '') ? -1 : 1;
  };
}

function reportCluster({ name, operator, guard }: Cluster): ReportCluster {
  const policies = (guard?.policies ?? []).map(({ name: policy, failurePolicy, bindings, place }) => ({
    name: policy,
    failurePolicy,
    bound: bindings.length > 0,
    file: place.file,
  }));
  return {
    name,
    ...(operator && {
      operator: {
        kind: operator.kind,
        role: operator.role,
        namespace: operator.namespace,
        serviceAccount: operator.serviceAccount,
      },
    }),
    guard: {
      off: guard?.isOff ?? false,
      policies: policies.sort(byText((policy) => [policy.name, policy.file])),
      subjects: (guard?.grants ?? []).map(({ subject }) => subject),
    },
  };
}

function reportAccounts({ secrets, roles, guards }: Dist): AccessReport['accounts'] {
  const all = [...secrets, ...roles.values()].map(({ account }) => account);
  return [...new Set(all)].sort().map((account) => {
    const tagGuard = guards.get(account)?.file;
    return { account, ...(tagGuard !== undefined && { tagGuard }) };
  });
}

function reportSecret({ name, account, region, identity, tags, kmsKey, location }: DistSecret): ReportSecret {
  return {
    name,
    account,
    region,
    identity,
    tags: tags.map(({ key, value }) => ({ key, value })),
    ...(kmsKey !== undefined && { kmsKey }),
    place: placeOf(location),
  };
}

/** Describes services; what sessions have in common is looked at once. */
class Services {
  private readonly access: DistAccess;
  private readonly index: ReadonlyMap<DistSecret, number>;
  private readonly secretsByName: SecretIndex;
  private readonly readable = new Map<Session, readonly DistSecret[]>();
  private readonly statements = new Map<Statement, ReportStatement>();

  constructor(access: DistAccess, secrets: readonly DistSecret[]) {
    this.access = access;
    this.index = new Map(secrets.map((secret, at) => [secret, at]));
    this.secretsByName = new SecretIndex(secrets);
  }

  of(tenant: Tenant): ReportService {
    const { service, cluster, namespace, file, identities } = tenant;
    const wants = tenant.reads.map(({ externalSecret, store, key }) =>
      this.want(tenant, externalSecret, store, key),
    );
    const all = tenant.stores.flatMap((store) => this.readableBy(this.access.wayOf(store)));
    const isForeign = all.some((secret) => !identities.includes(secret.identity));
    const isBlocked = wants.some(({ allowed }) => !allowed);
    return {
      service,
      cluster,
      namespace,
      file,
      identities,
      stores: tenant.stores.map((store) => this.store(store)),
      wants: distinct(wants),
      state: isForeign ? 'foreign' : isBlocked ? 'blocked' : 'ok',
    };
  }

  private want(tenant: Tenant, externalSecret: string, name: string, key: string): ReportWant {
    const at = tenant.stores.findIndex((store) => store.name === name);
    const store = tenant.stores[at];
    const secret = store && this.secretsByName.find(store, key);
    const session = store && this.access.wayOf(store).session;
    const allowed =
      session !== undefined && secret !== undefined && this.access.matrix.reads(session, secret).allowed;
    const index = secret && this.index.get(secret);
    return {
      externalSecret,
      ...(at >= 0 && { store: at }),
      key,
      ...(index !== undefined && { secret: index }),
      allowed,
    };
  }

  private store(store: Store): ReportStore {
    const way = this.access.wayOf(store);
    const reads = this.readableBy(way);
    const { session } = way;
    const [first] = reads;
    const statement = session && first && this.statementFor(session, first);
    const start = session === undefined ? [] : [way.controllerRole];
    return {
      name: store.name,
      region: store.region,
      sessionTags: store.sessionTags.map(({ key, value }) => ({ key, value })),
      roles: [...start, ...store.additionalRoles, store.role],
      ...(statement && { statement }),
      ...(session === undefined && { refused: way.why }),
      reads: reads.map((secret) => this.index.get(secret) ?? 0).sort((a, b) => a - b),
    };
  }

  private readableBy({ session }: WayResult): readonly DistSecret[] {
    if (session === undefined) return [];
    const known = this.readable.get(session) ?? this.access.matrix.readable(session);
    this.readable.set(session, known);
    return known;
  }

  /** The evaluator's own word on which statement allows. */
  private statementFor(session: Session, secret: DistSecret): ReportStatement | undefined {
    const resource = { arn: arnOf(secret, partitionOf(session.role.arn)), tags: secret.tags };
    const [action] = readActions;
    const [by] = decide(session, action, resource, usualContext).by;
    if (by === undefined) return undefined;
    const known = this.statements.get(by) ?? reportStatement(by, session, this.access);
    this.statements.set(by, known);
    return known;
  }
}

function reportStatement(statement: Statement, { role }: Session, { sources }: DistAccess): ReportStatement {
  const all = role.identity.flatMap(({ statements }) => statements);
  return {
    name: statement.sid ?? `statement ${all.indexOf(statement) + 1}`,
    place: placeOf(statement.location),
    conditions: statement.conditions.map((condition) => ({
      operator: operatorName(condition),
      key: writtenKey(condition, sources),
      values: condition.values.map(({ source }) => source),
    })),
  };
}

/** An ExternalSecret may take several keys from one secret. */
function distinct(wants: readonly ReportWant[]): ReportWant[] {
  return [
    ...new Map(wants.map((want) => [`${want.externalSecret} ${want.store} ${want.key}`, want])).values(),
  ];
}
