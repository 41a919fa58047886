import type { FilesByKind } from '../files/by-kind.ts';
import type { Reading } from '../files/model.ts';
import { checkArgoCd } from './argocd.ts';
import { argoCdObjects } from './argocd-schema.ts';
import { checkFlux, type FluxObject } from './flux.ts';
import { fluxObjects } from './flux-schema.ts';
import { type Clusters, type Found, objectsOf } from './objects.ts';

/**
 * Reads the objects of Argo CD and Flux. What they apply must be the files of this dist as they stand: of one repository,
 * revision and folder, to each cluster its own, the platform with the services. Whatever else is in them is reported.
 */
export function readDeployment(files: FilesByKind, clusters: Clusters, reading: Reading): void {
  const ofArgoCd = files.of('argocd').flatMap((file) => objectsOf(file, argoCdObjects, reading));
  checkArgoCd(ofArgoCd, clusters);
  const ofFlux = new Map<string, Found<FluxObject>[]>();
  for (const file of files.of('flux')) {
    const { cluster } = file.is;
    ofFlux.set(cluster, [...(ofFlux.get(cluster) ?? []), ...objectsOf(file, fluxObjects, reading)]);
  }
  checkFlux(ofFlux, clusters);
}
