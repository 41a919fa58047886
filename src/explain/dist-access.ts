import type { Location } from '../findings/finding.ts';
import type { Dist, Source, Store } from '../proof/files/model.ts';
import { readDist } from '../proof/files/read.ts';
import type { Condition } from '../proof/iam/model.ts';
import { type Matrix, matrixOf, sessionClasses } from '../proof/matrix/matrix.ts';
import { type WayResult, Ways } from '../proof/matrix/ways.ts';
import { rolesFor } from '../proof/prove/role-use.ts';
import { abacTags } from '../proof/tag-keys.ts';

/** The files of dist by their path. */
export type SourceMap = ReadonlyMap<string, Source>;

/** Dist with the answer to who may read what. */
export interface DistAccess {
  readonly dist: Dist;
  /** The tags that decide; that of the identity first. */
  readonly tagKeys: readonly string[];
  readonly matrix: Matrix;
  /** How a store of a tenant gets its session, or why it gets none. */
  readonly wayOf: (store: Store) => WayResult;
  readonly sources: SourceMap;
}

/** Reads dist and decides who may read what, as the proof does. What the proof objects to is for the proof to say. */
export function distAccess(files: Iterable<Source>): DistAccess {
  const sources = new Map([...files].map((source) => [source.path, source]));
  const { dist } = readDist(sources.values());
  const ways = new Ways(dist, rolesFor('controller', dist));
  const classes = sessionClasses(dist.clusters, ways);
  const tagKeys = abacTags(dist)?.keys ?? [];
  const byStore = new Map<Store, WayResult>();
  for (const { result, claims } of classes) for (const { store } of claims) byStore.set(store, result);
  return {
    dist,
    tagKeys,
    matrix: matrixOf(dist, classes, tagKeys),
    wayOf: (store) => byStore.get(store) ?? { why: 'the store is not in dist', hops: [] },
    sources,
  };
}

/** A place as people write it: file and line. */
export function placeOf({ file, start }: Location): string {
  return `${file}:${start.line}`;
}

/** A condition key in the spelling of its document: what is compared is in lower case. */
export function writtenKey({ key, location }: Condition, sources: SourceMap): string {
  const { file, start, end } = location;
  const line = sources.get(file)?.text.split('\n')[start.line - 1] ?? '';
  const written = line.slice(start.column - 1, end.column - 1).replaceAll('"', '');
  return written.toLowerCase() === key ? written : key;
}
