import type { Dist, Store, Tenant } from './files/model.ts';
import type { Tag } from './iam/model.ts';
import { tagValue } from './questions/sessions.ts';

/** The tags that decide who reads, as dist uses them. */
export interface AbacTags {
  /** The tag whose value is the identity. */
  readonly identityKey: string;
  /** All of them, that of the identity first. */
  readonly keys: readonly string[];
}

/**
 * Finds out which tags decide: those that most secrets or most stores have. The identity's is the one that holds the name
 * of the identity most often: nearly always means that the rest is wrong. Of several, it is the one that holds most names:
 * a tag of the cluster may be called like an identity. Keys that differ in case only are one, as they are to AWS.
 *
 * @returns undefined when nothing in dist has a tag
 */
export function abacTags({ secrets, clusters }: Dist): AbacTags | undefined {
  const tenants = clusters.flatMap((cluster) => cluster.tenants);
  const ofStores = new Votes();
  for (const { stores, identities } of tenants)
    for (const { sessionTags } of stores) ofStores.add(sessionTags, identities);
  const ofSecrets = new Votes();
  for (const { tags, identity } of secrets) ofSecrets.add(tags, [identity]);
  const keys = new Map([...ofSecrets.usual(), ...ofStores.usual()].map((key) => [key.toLowerCase(), key]));
  const namings = (key: string) => ofStores.namings(key) + ofSecrets.namings(key);
  const names = (key: string) => new Set([...ofStores.names(key), ...ofSecrets.names(key)]).size;
  const sorted = [...keys.values()].sort(
    (a, b) => namings(b) - namings(a) || names(b) - names(a) || (a < b ? -1 : 1),
  );
  const [identityKey, ...others] = sorted;
  return identityKey === undefined ? undefined : { identityKey, keys: [identityKey, ...others.sort()] };
}

/** How often stores or secrets have each tag, and how often its value is an identity. */
class Votes {
  private readonly counts = new Map<string, { has: number; namings: number; names: Set<string> }>();
  private total = 0;

  add(tags: readonly Tag[], identities: readonly string[]): void {
    this.total++;
    for (const { key, value } of tags) {
      const count = this.counts.get(key) ?? { has: 0, namings: 0, names: new Set() };
      this.counts.set(key, count);
      count.has++;
      if (!identities.includes(value)) continue;
      count.namings++;
      count.names.add(value);
    }
  }

  /** The keys that more than half of them have. */
  usual(): string[] {
    return [...this.counts].flatMap(([key, { has }]) => (2 * has > this.total ? [key] : []));
  }

  namings(key: string): number {
    return this.counts.get(key)?.namings ?? 0;
  }

  names(key: string): Iterable<string> {
    return this.counts.get(key)?.names ?? [];
  }
}

/** The identity that a store claims. */
export function identityOf(store: Store, { identityKey }: AbacTags): string | undefined {
  return tagValue(store.sessionTags, identityKey);
}

/**
 * The further tags that belong to the cluster and not to the service: those whose value does not hold the service's name
 * everywhere, or is that of two services of a cluster, whose names it may hold by chance. They have to be pinned, for
 * each caller to the values of its own clusters.
 */
export function clusterTagKeys({ clusters }: Dist, { keys }: AbacTags): string[] {
  const [, ...further] = keys;
  return further.filter((key) => clusters.some(({ tenants }) => isOfCluster(key, tenants)));
}

function isOfCluster(key: string, tenants: readonly Tenant[]): boolean {
  const services = new Map<string, string>();
  for (const { service, stores } of tenants) {
    for (const { sessionTags } of stores) {
      const value = tagValue(sessionTags, key) ?? '';
      const before = services.get(value) ?? service;
      if (before !== service || !value.includes(service)) return true;
      services.set(value, service);
    }
  }
  return false;
}
