import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, whether it runs from its sources or compiled under lib/. */
export const packageRoot: string = findRoot(path.dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json')) || path.dirname(folder) === folder) return folder;
  return findRoot(path.dirname(folder));
}

/** The version in this package's package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** A text file with the path that messages call it by. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** The CRDs that this package ships: the part of the operator's own that is used here. */
export function ownCrds(): NamedText[] {
  return crdsIn(path.join(packageRoot, 'crds'));
}

/**
 * The YAML files of a folder, by name.
 *
 * @throws the file system's error
 */
export function crdsIn(folder: string): NamedText[] {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => ({
    file: path.join(folder, name),
    text: readFileSync(path.join(folder, name), 'utf8'),
  }));
}
