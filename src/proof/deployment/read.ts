import type { z } from 'zod';
import type { FilesByKind } from '../files/by-kind.ts';
import type { Reading } from '../files/model.ts';
import { checkArgoCd } from './argocd.ts';
import { argoCdObjects } from './argocd-schema.ts';
import { checkFlux, type FluxObject } from './flux.ts';
import { fluxObjects } from './flux-schema.ts';
import { type Clusters, type Found, objectsOf, type SaidFirst } from './objects.ts';

/**
 * Reads the objects of Argo CD and Flux. What they apply must be the files of this dist as they stand: of one repository,
 * revision and folder, to each cluster its own, the platform with the services. Whatever else is in them is reported.
 */
export function readDeployment(files: FilesByKind, clusters: Clusters, reading: Reading): void {
  const first: SaidFirst = new Map();
  const argoCd = files.of('argocd');
  if (argoCd.length > 0) {
    const schemas = argoCdObjects();
    checkArgoCd(
      argoCd.flatMap((file) => objectsOf(file, schemas, reading)),
      clusters,
      first,
    );
  }
  const flux = files.of('flux');
  if (flux.length === 0) return;
  const schemas = fluxObjects();
  const byCluster = new Map<string, Found<FluxObject>[]>();
  for (const file of flux) {
    const { cluster, part } = file.is;
    const objects: Found<FluxObject>[] = objectsOf<Readonly<Record<string, z.ZodType<FluxObject>>>>(
      file,
      schemas[part],
      reading,
    );
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), ...objects]);
  }
  checkFlux(byCluster, clusters, first);
}
