import type { Part } from './part.ts';

/** Files are handed on for so many tenants at a time: a thread that proves them starts early. */
const tenantsInPart = 100;

/** Parts of equal size: each has so many tenants, or secrets, or both. */
export function* slices({ fleet, source }: Part): Iterable<Part> {
  const { tenants, secrets } = fleet;
  // A shard has few tenants, and the secrets of all.
  const parts = Math.max(1, Math.ceil(Math.max(tenants.length, secrets.length) / tenantsInPart));
  for (let index = 0; index < parts; index++) {
    const own = <T>(all: readonly T[]) =>
      all.slice((all.length * index) / parts, (all.length * (index + 1)) / parts);
    yield { fleet: { ...fleet, tenants: own(tenants), secrets: own(secrets) }, source };
  }
}

/**
 * Parts that stay what they are where a service comes or goes, but for the one that it is in: first all of tenants, then all of
 * secrets.
 *
 * @param size so many tenants are in a part, more or less
 */
export function* partsOfNames({ fleet, source }: Part, size: number = tenantsInPart): Iterable<Part> {
  for (const tenants of cut(fleet.tenants, ({ service }) => service, size))
    yield { fleet: { ...fleet, tenants, secrets: [] }, source };
  for (const secrets of cut(fleet.secrets, ({ identity }) => identity, size))
    yield { fleet: { ...fleet, tenants: [], secrets }, source };
}

/** Cuts a list behind one in so many items: behind which, their names alone say. */
function* cut<Item>(all: readonly Item[], nameOf: (item: Item) => string, size: number): Iterable<Item[]> {
  let part: Item[] = [];
  for (const item of all) {
    part.push(item);
    if (hashOf(nameOf(item)) % size === 0) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}

/** FNV-1a, of 32 bits: names that differ little are spread all the same. That of shards is even, and ten times as slow. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
