import type { Dist, Store } from './files/model.ts';
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
 * Finds out which tags decide, from the tags of all secrets and stores. The identity's is the one that holds the name of
 * the identity most often: nearly always means that the rest is wrong.
 *
 * @returns undefined when nothing in dist has a tag
 */
export function abacTags({ secrets, clusters }: Dist): AbacTags | undefined {
  const votes = new Map<string, number>();
  const vote = (tags: readonly Tag[], identities: readonly string[]) => {
    for (const { key, value } of tags)
      votes.set(key, (votes.get(key) ?? 0) + Number(identities.includes(value)));
  };
  for (const { tags, identity } of secrets) vote(tags, [identity]);
  for (const { stores, identities } of clusters.flatMap(({ tenants }) => tenants))
    for (const { sessionTags } of stores) vote(sessionTags, identities);
  const [first] = [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (first === undefined) return undefined;
  const [identityKey] = first;
  const others = [...votes.keys()].filter((key) => key !== identityKey).sort();
  return { identityKey, keys: [identityKey, ...others] };
}

/** The identity that a store claims. */
export function identityOf(store: Store, { identityKey }: AbacTags): string | undefined {
  return tagValue(store.sessionTags, identityKey);
}

/**
 * The further tags that belong to the cluster and not to the service: those whose value does not hold the service's name
 * everywhere. They have to be pinned, for each caller to the values of its own clusters.
 */
export function clusterTagKeys({ clusters }: Dist, { keys }: AbacTags): string[] {
  const [, ...further] = keys;
  const tenants = clusters.flatMap((cluster) => cluster.tenants);
  return further.filter((key) =>
    tenants.some(({ service, stores }) =>
      stores.some(({ sessionTags }) => !(tagValue(sessionTags, key) ?? '').includes(service)),
    ),
  );
}
