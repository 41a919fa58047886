import path from 'node:path';
import { type DistFile, withHeader } from '../../src/dist/index.ts';
import { type Change, onChanges } from '../support/changes.ts';
import { systemError } from '../support/file-system.ts';
import { inFolder, writeFiles } from '../support/run.ts';

/** A generated file's text. */
export const generated = (text: string) => withHeader(text, 'services.yaml');
/** A generated file. */
export const file = (name: string, text = 'a: 1\n'): DistFile => ({ path: name, text: generated(text) });
/** Files by their paths. */
export const asTree = (files: readonly DistFile[]) =>
  Object.fromEntries(files.map(({ path: name, text }) => [name, text]));

/** What stands in dist before, and what shall stand there. */
export const old: readonly DistFile[] = [
  ...[file('clusters/a/services/kept.yaml'), file('clusters/a/services/stale.yaml')],
  ...[file('clusters/b/services/one.yaml'), file('clusters/b/services/two.yaml')],
];
export const wanted: readonly DistFile[] = [
  ...[file('clusters/a/services/kept.yaml'), file('clusters/a/services/stale.yaml', 'a: 2\n')],
  ...[file('clusters/a/services/new.yaml'), file('gitops/a/one.yaml'), file('gitops/b/two.yaml')],
  { path: 'eso-abac-shard.json', text: '{}\n' },
];

/** Calls `use` with the path of a dist, whose folder need not be there, and of the folder around it. */
export function inDist(
  files: readonly DistFile[],
  use: (dist: string, folder: string) => void,
): Promise<void> {
  return inFolder((folder) => {
    const dist = path.join(folder, 'dist');
    writeFiles(dist, asTree(files));
    use(dist, folder);
  });
}

/** Calls `use` while something happens ahead of each change in a folder; says what was thrown. */
export function during(folder: string, before: (change: Change) => void, use: () => unknown): unknown {
  const stop = onChanges(folder, before);
  try {
    use();
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    stop();
  }
}

/** What a disk that is full says. */
export const full: NodeJS.ErrnoException = systemError('ENOSPC');

/** Fails calls of a function of the file system. */
export const failing = (name: Change['name'], which: (first: string) => boolean) => (change: Change) => {
  if (change.name === name && which(String(change.args[0]))) throw full;
};
