import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a package says of itself. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Every package below a folder's `node_modules`, by its place there; those in its own `node_modules` as well. */
export function installedPackages(folder: string, below = ''): ReadonlyMap<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const name of namesIn(path.join(folder, below, 'node_modules'))) {
    const place = path.posix.join(below, 'node_modules', name);
    found.set(place, JSON.parse(readFileSync(path.join(folder, place, 'package.json'), 'utf8')));
    for (const [inner, manifest] of installedPackages(folder, place)) found.set(inner, manifest);
  }
  return found;
}

function namesIn(modules: string): string[] {
  const folders = (place: string) =>
    readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : [],
    );
  try {
    return folders(modules).flatMap((name) =>
      name.startsWith('@') ? folders(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
  } catch {
    return [];
  }
}
