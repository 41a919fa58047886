import type { Dist, DistSecret, Tenant } from '../proof/files/model.ts';
import { readDist } from '../proof/files/read.ts';
import { type Reads, readsOf } from './access/reads.ts';
import type { Selection } from './access/select.ts';
import type { Texts } from './texts.ts';

/** One of two dists: all its texts, and what was read from those that matter for access. */
export interface Side {
  readonly texts: Texts;
  readonly dist: Dist;
  /** By cluster and service. */
  readonly tenants: ReadonlyMap<string, Tenant>;
  /** By account, region and name. */
  readonly secrets: ReadonlyMap<string, DistSecret>;
  /** Undefined when there is too much to list. */
  readonly reads: Reads | undefined;
  /** Files with something in them that the proof does not understand; what they say of access may be incomplete. */
  readonly unclear: readonly string[];
}

/** Reads one side from the files that matter. */
export function readSide(texts: Texts, selected: Selection['base']): Side {
  const { dist, reading } = readDist(selected);
  const files = reading.findings.flatMap(({ location }) => location?.file ?? []);
  return {
    texts,
    dist,
    tenants: new Map(dist.clusters.flatMap(({ tenants }) => tenants).map((one) => [tenantKey(one), one])),
    secrets: new Map(dist.secrets.map((one) => [secretKey(one), one])),
    reads: readsOf(dist),
    unclear: [...new Set(files)].filter((file) => texts.has(file)).sort(),
  };
}

/** A service in a cluster. */
export function tenantKey({ cluster, service }: Pick<Tenant, 'cluster' | 'service'>): string {
  return `${cluster}/${service}`;
}

/** A secret in an account and region. */
export function secretKey({
  account,
  region,
  name,
}: Pick<DistSecret, 'account' | 'region' | 'name'>): string {
  return `${account}/${region}/${name}`;
}

/** Whether more than one service may claim an identity: namespaces are labelled with it. */
export function isShared({ dist }: Side, identity: string): boolean {
  return dist.clusters.some(({ tenants }) =>
    tenants.some(({ identities: [, ...shared] }) => shared.includes(identity)),
  );
}

/** What both sides have under a key, and what one of them has alone. */
export function pairs<Item>(
  base: ReadonlyMap<string, Item>,
  head: ReadonlyMap<string, Item>,
): { readonly added: Item[]; readonly removed: Item[]; readonly both: (readonly [Item, Item])[] } {
  const both = [...base].flatMap(([key, before]) => {
    const after = head.get(key);
    return after === undefined ? [] : [[before, after] as const];
  });
  return {
    added: [...head].flatMap(([key, item]) => (base.has(key) ? [] : [item])),
    removed: [...base].flatMap(([key, item]) => (head.has(key) ? [] : [item])),
    both,
  };
}

/** The folders directly below one, in a dist: clusters, accounts. */
export function foldersBelow(texts: Texts, folder: string): Set<string> {
  const found = new Set<string>();
  for (const path of texts.keys()) {
    const [first, name, ...rest] = path.split('/');
    if (first === folder && name !== undefined && rest.length > 0) found.add(name);
  }
  return found;
}
