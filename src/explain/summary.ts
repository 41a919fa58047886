import type { DistSecret, Store, Tenant } from '../proof/files/model.ts';
import type { Tag } from '../proof/iam/model.ts';
import { SecretIndex } from '../proof/matrix/secret-index.ts';
import { tagValue } from '../proof/questions/sessions.ts';
import type { DistAccess } from './dist-access.ts';
import type { InputLine } from './model.ts';

/** What one service may read in one cluster. */
export interface ServiceSummary {
  readonly service: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly stores: readonly StoreSummary[];
  readonly input: readonly InputLine[];
}

/** A SecretStore of a service, and what it may read through it. */
export interface StoreSummary {
  readonly name: string;
  /** The value of the tag that names the identity. */
  readonly identity: string;
  readonly tags: readonly Tag[];
  /** From the operator's role to the access role. */
  readonly roles: readonly string[];
  /** Why it gets no session. */
  readonly refused?: string;
  /** Those that it may read or asks for, by name. */
  readonly secrets: readonly SecretLine[];
}

/** A secret with its replicas, as a store sees it. */
export interface SecretLine {
  readonly name: string;
  readonly regions: readonly string[];
  readonly allowed: boolean;
  /** Whether an ExternalSecret asks for it. */
  readonly asked: boolean;
  /** Whether the namespace may claim the identity that owns it. */
  readonly meant: boolean;
}

/** One secret and who may read it. */
export interface SecretSummary {
  readonly name: string;
  readonly account: string;
  readonly regions: readonly string[];
  readonly identity: string;
  readonly tags: readonly Tag[];
  readonly kmsKeys: readonly string[];
  readonly readers: readonly Reader[];
  readonly input: readonly InputLine[];
}

/** A service that may read a secret, or that asks for it and may not. */
export interface Reader {
  readonly service: string;
  readonly cluster: string;
  readonly store: string;
  readonly identity: string;
  readonly allowed: boolean;
  readonly meant: boolean;
}

/** Sums up one service in one cluster. */
export function serviceSummary(access: DistAccess, tenant: Tenant): Omit<ServiceSummary, 'input'> {
  const { service, cluster, namespace } = tenant;
  return {
    service,
    cluster,
    namespace,
    stores: tenant.stores.map((store) => storeSummary(access, tenant, store)),
  };
}

function storeSummary(access: DistAccess, tenant: Tenant, store: Store): StoreSummary {
  const way = access.wayOf(store);
  const readable = way.session === undefined ? [] : access.matrix.readable(way.session);
  const index = new SecretIndex(access.dist.secrets);
  const asked = tenant.reads.filter((read) => read.store === store.name);
  const wanted = new Map(asked.map(({ key }) => [index.find(store, key), key]));
  const lines = new Map<string, SecretLine>();
  for (const secret of [...readable, ...[...wanted.keys()].flatMap((one) => one ?? [])]) {
    const key = `${secret.account} ${secret.name}`;
    const known = lines.get(key);
    lines.set(key, {
      name: secret.name,
      regions: [...new Set([...(known?.regions ?? []), secret.region])].sort(),
      allowed: known?.allowed !== false && readable.includes(secret),
      asked: known?.asked === true || wanted.has(secret),
      meant: tenant.identities.includes(secret.identity),
    });
  }
  for (const { key } of asked.filter((read) => index.find(store, read.key) === undefined))
    lines.set(key, { name: key, regions: [], allowed: false, asked: true, meant: true });
  return {
    name: store.name,
    identity: tagValue(store.sessionTags, access.tagKeys[0] ?? '') ?? '',
    tags: store.sessionTags,
    roles: [...(way.session === undefined ? [] : [way.controllerRole]), ...store.additionalRoles, store.role],
    ...(way.session === undefined && { refused: way.why }),
    secrets: [...lines.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Sums up the secrets of a name, one for each account. */
export function secretSummaries(
  access: DistAccess,
  secrets: readonly DistSecret[],
  cluster: string | undefined,
): Omit<SecretSummary, 'input'>[] {
  const accounts = [...new Set(secrets.map(({ account }) => account))].sort();
  return accounts.flatMap((account) => {
    const copies = secrets.filter((secret) => secret.account === account);
    const [first] = copies;
    if (first === undefined) return [];
    const { name, identity, tags } = first;
    return [
      {
        name,
        account,
        identity,
        tags,
        regions: copies.map(({ region }) => region).sort(),
        kmsKeys: [...new Set(copies.flatMap(({ kmsKey }) => kmsKey ?? []))].sort(),
        readers: readersOf(access, copies, cluster),
      },
    ];
  });
}

function readersOf(access: DistAccess, copies: readonly DistSecret[], cluster: string | undefined): Reader[] {
  const { dist, matrix, wayOf, tagKeys } = access;
  const index = new SecretIndex(copies);
  const tenants = dist.clusters.flatMap((one) =>
    cluster === undefined || one.name === cluster ? one.tenants : [],
  );
  const readers = tenants.flatMap((tenant) =>
    tenant.stores.flatMap((store): Reader[] => {
      const { session } = wayOf(store);
      const allowed = session !== undefined && copies.some((secret) => matrix.reads(session, secret).allowed);
      const isAsking = tenant.reads.some(
        (read) => read.store === store.name && index.find(store, read.key) !== undefined,
      );
      if (!allowed && !isAsking) return [];
      const { service, cluster: where, identities } = tenant;
      const identity = tagValue(store.sessionTags, tagKeys[0] ?? '') ?? '';
      const meant = copies.every((secret) => identities.includes(secret.identity));
      return [{ service, cluster: where, store: store.name, identity, allowed, meant }];
    }),
  );
  return readers.sort((a, b) => (a.service === b.service ? 0 : a.service < b.service ? -1 : 1));
}
