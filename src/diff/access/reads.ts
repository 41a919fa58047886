import type { Dist } from '../../proof/files/model.ts';
import { sessionClasses } from '../../proof/matrix/matrix.ts';
import { Ways } from '../../proof/matrix/ways.ts';
import { rolesFor } from '../../proof/prove/role-use.ts';
import type { Read } from '../model.ts';
import { Readable } from './readable.ts';

/** Who may read what, each pair of a tenant and a secret under a key of its own. */
export type Reads = ReadonlyMap<string, Read>;

/** More pairs than that are no list for people: it takes a policy that does not tell services apart. */
const maxReads = 500_000;

/**
 * What each service in each cluster may read through its stores, each of which reads in its own region, as the proof
 * decides it: the way of its session, the policy, the key.
 *
 * @returns undefined when there are more pairs than can be listed
 */
export function readsOf(dist: Dist): Reads | undefined {
  const controllers = rolesFor('controller', dist);
  const reads = new Map<string, Read>();
  const readable = new Map<string, Readable>();
  for (const { result, claims } of sessionClasses(dist.clusters, new Ways(dist, controllers))) {
    if (result.session === undefined) continue;
    const { role } = result.session;
    const table = readable.get(role.arn) ?? new Readable(role, dist.secrets);
    readable.set(role.arn, table);
    for (const { secret, access } of table.of(result.session)) {
      for (const { tenant, store } of claims) {
        if (store.region !== secret.region) continue;
        const without = access.allowed ? undefined : access.lack?.action;
        const { account, region, name } = secret;
        const { cluster, service } = tenant;
        add(reads, { cluster, service, account, region, secret: name, ...(without && { without }) });
      }
      if (reads.size > maxReads) return undefined;
    }
  }
  return reads;
}

/** Of two stores that reach the same secret, the one that may do more counts. */
function add(reads: Map<string, Read>, read: Read): void {
  const key = readKey(read);
  if (reads.get(key)?.without !== undefined || !reads.has(key)) reads.set(key, read);
}

/** What makes two reads of one side the same pair. */
export function readKey({ cluster, service, account, region, secret }: Read): string {
  return JSON.stringify([cluster, service, account, region, secret]);
}

/** The reads of one side that the other does not have. A read in part is another one than the whole read. */
export function readsBeyond(reads: Reads, others: Reads): Read[] {
  return [...reads].flatMap(([key, read]) => {
    const other = others.get(key);
    return other !== undefined && other.without === read.without ? [] : [read];
  });
}
