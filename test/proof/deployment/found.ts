import type { Clusters } from '../../../src/proof/deployment/objects.ts';
import { readDeployment } from '../../../src/proof/deployment/read.ts';
import { FilesByKind } from '../../../src/proof/files/by-kind.ts';
import type { Source } from '../../../src/proof/files/model.ts';
import { readDist } from '../../../src/proof/files/read.ts';
import { type Said, said } from '../said.ts';

/** What the clusters of a dist are like. */
export function clustersOf(all: readonly Source[]): Clusters {
  const { clusters } = readDist(all).dist;
  const of = <Value>(wanted: (cluster: (typeof clusters)[number]) => Value | undefined) =>
    new Map(clusters.map((cluster) => [cluster.name, wanted(cluster)] as const).filter(isThere));
  return {
    guards: of(({ guard }) => guard),
    helmValues: of(({ helmValues }) => helmValues),
    tenants: of(({ tenants }) => tenants),
    samples: clusters.flatMap(({ samples = [] }) => samples),
  };
}

/** What is found of files of a dist with such clusters. */
export function found(clusters: Clusters, files: readonly Source[]): Said[] {
  return said(files, (reading) => readDeployment(new FilesByKind(files, reading), clusters, reading))
    .findings;
}

function isThere<Value>(entry: readonly [string, Value | undefined]): entry is readonly [string, Value] {
  return entry[1] !== undefined;
}
