import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import {
  compileValid,
  type InputFiles,
  type KubernetesObject,
  objectsIn,
} from '../../support/run-compile.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The folders of this repository that hold a services.yaml with its dist: the repository's own, and each example's. */
export const inputFolders: readonly string[] = [
  '.',
  ...readdirSync(path.join(root, 'examples')).map((name) => `examples/${name}`),
];

/** What is applied in one cluster, in the order in which a GitOps engine does it. */
export interface ClusterObjects {
  readonly cluster: string;
  /** What guards the cluster, and the operator's namespace. */
  readonly platform: readonly KubernetesObject[];
  /** The objects of each service. */
  readonly services: readonly (readonly KubernetesObject[])[];
}

/** Compiles the services.yaml of a folder for a release of the operator, and returns what each cluster gets. */
export function clustersOf(folder: string, release: string): ClusterObjects[] {
  const files = compileValid(filesFor(folder, release)).files.map(({ path: place, text }) => ({
    parts: /^clusters\/([^/]+)\/(platform|services)\/[^/]+\.yaml$/.exec(place) ?? [],
    text,
  }));
  const clusters = new Set(files.flatMap(({ parts: [, cluster] }) => cluster ?? []));
  return [...clusters].map((cluster) => {
    const objects = (part: string) =>
      files
        .filter(({ parts }) => parts[1] === cluster && parts[2] === part)
        .map(({ text }) => objectsIn(text));
    return { cluster, platform: objects('platform').flat(), services: objects('services') };
  });
}

/** The files of an input, with this release named in it. */
function filesFor(folder: string, release: string): InputFiles {
  const read = (file: string) => readFileSync(path.join(root, folder, file), 'utf8');
  const document = parseDocument(read('services.yaml'));
  document.setIn(['externalSecrets', 'version'], release);
  const included = existsSync(path.join(root, folder, 'services'))
    ? readdirSync(path.join(root, folder, 'services')).map((name) => `services/${name}`)
    : [];
  return {
    'services.yaml': document.toString(),
    ...Object.fromEntries(included.map((file) => [file, read(file)])),
  };
}
