import { createHash } from 'node:crypto';

/** One of so many parts of a fleet, for one of as many jobs. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Reads a shard as `2/7` names it: the second of seven. Undefined when the text is no such thing. */
export function parseShard(text: string): Shard | undefined {
  const found = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [index, count] = [Number(found?.[1]), Number(found?.[2])];
  return index >= 1 && index <= count ? { index, count } : undefined;
}

/** A shard as it is written on the command line. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The files of one service, or of one identity's secrets. All others stand once for a cluster, an account or the fleet. */
const namedFiles = /^(?:clusters\/[^/]+\/services|aws\/\d{12}\/secrets\/[^/]+)\/([^/]+)\.(?:yaml|json)$/;

/**
 * Whether a file of dist belongs to a shard. Each belongs to one: what is about a service to that of its name, in every
 * cluster and account, and all others to the first. So no other file moves when a service is added.
 *
 * @param file its path in dist, with `/`
 */
export function isOfShard(file: string, { index, count }: Shard): boolean {
  const name = namedFiles.exec(file)?.[1];
  return index === (name === undefined ? 1 : shardOf(name, count));
}

/** The same fleet with the services of a shard alone; with no shard, with all of them. */
export function withServicesOf<Fleet extends { readonly tenants: readonly { readonly service: string }[] }>(
  fleet: Fleet,
  shard: Shard | undefined,
): Fleet {
  if (shard === undefined) return fleet;
  const isIn = ({ service }: { readonly service: string }) => shardOf(service, shard.count) === shard.index;
  return { ...fleet, tenants: fleet.tenants.filter(isIn) };
}

/** 48 bits of a hash are spread evenly over any number of jobs, and are an exact number. */
function shardOf(name: string, count: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) % count) + 1;
}
