import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';

const upstream = fileURLToPath(new URL('../../shared/upstream/external-secrets', import.meta.url));

/** The releases of External Secrets Operator whose CRDs are at hand, as `2.9.0`. */
export const releases = readdirSync(upstream)
  .filter((name) => /^v[0-9.]+$/.test(name))
  .map((name) => name.slice(1));

/** The folder of a release's CRDs. */
export const crdFolder = (release) => path.join(upstream, `v${release}`);

/** A release's CRDs. */
export const crdsOf = (release) => crdsIn(crdFolder(release), '.crd.yaml');

/** The folder with our part of the CRDs of Argo CD and Flux. `npm test` holds them against upstream's schemas. */
export const gitopsFolder = fileURLToPath(new URL('../crds/gitops', import.meta.url));

/** Our part of the CRDs of Argo CD and Flux. */
export const gitopsCrds = () => crdsIn(gitopsFolder, '.yaml');

function crdsIn(folder, ending) {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => load(readFileSync(path.join(folder, name), 'utf8')));
}
