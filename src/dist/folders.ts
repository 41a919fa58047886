import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing. Where a folder takes no other, as in /proc, Node's own recursion
 * never ends.
 *
 * @param onMade called with each folder that was made, the outermost first, even if one below it fails
 * @throws the file system's error
 */
export function makeFolders(folder: string, onMade: (folder: string) => void = () => undefined): void {
  const missing: string[] = [];
  let place = path.resolve(folder);
  while (statSync(place, { throwIfNoEntry: false }) === undefined && path.dirname(place) !== place) {
    missing.push(place);
    place = path.dirname(place);
  }
  for (const name of missing.reverse()) {
    if (makeFolder(name)) onMade(name);
  }
}

/** Whether it was not there; another run may have made it by now. */
function makeFolder(name: string): boolean {
  try {
    mkdirSync(name);
    return true;
  } catch (problem) {
    if (statSync(name, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw problem;
  }
}
