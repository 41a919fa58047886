import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { schemaTemplate, writeSchemas } from '../.ci/crd-schemas.mjs';

/** The path of kubeconform; undefined, and a line that says so, where CI has not installed it. */
export function findKubeconform() {
  const tool = fileURLToPath(new URL('../.ci/tools/bin/kubeconform', import.meta.url));
  if (existsSync(tool)) return tool;
  console.error('Left out: kubeconform, which .ci/install-go.sh installs with Go.');
  return undefined;
}

/** Writes the schemas of CRDs to a folder, and returns where kubeconform finds them there. */
export function writeSchemasOf(crds, folder) {
  const files = readdirSync(crds).filter((name) => name.endsWith('.yaml'));
  for (const name of files) writeSchemas(load(readFileSync(path.join(crds, name), 'utf8')), folder);
  return path.join(folder, schemaTemplate);
}
