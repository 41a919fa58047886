import { originOf, ownFolders } from '../dist/origin.ts';
import type { Source } from '../proof/files/model.ts';

/** The texts of a dist by path. */
export type Texts = ReadonlyMap<string, string>;

/** Two dists, compared as texts. */
export interface Comparison {
  readonly base: Texts;
  readonly head: Texts;
  /** Paths with another text, or on one side only; sorted. */
  readonly changed: readonly string[];
  /** Files of the base that this tool did not write and the head does not hold: they stay as they are. */
  readonly foreign: readonly string[];
}

/** Compares two dists. What is below other folders than those of dist is nobody's matter. */
export function compareTexts(base: readonly Source[], head: readonly Source[]): Comparison {
  const after = mapOf(head);
  const foreign = base.filter(({ path, text }) => !after.has(path) && originOf(path, text) === 'foreign');
  const ignored = new Set(foreign);
  const before = mapOf(base.filter((file) => !ignored.has(file)));
  const paths = new Set([...before.keys(), ...after.keys()]);
  return {
    base: before,
    head: after,
    changed: [...paths].filter((path) => before.get(path) !== after.get(path)).sort(),
    foreign: foreign
      .map(({ path }) => path)
      .filter((path) => ownFolders.some((folder) => path.startsWith(`${folder}/`)))
      .sort(),
  };
}

/** The files of a dist, or those of them that are wanted. */
export function sourcesOf(
  texts: Texts,
  isWanted: (path: string, text: string) => boolean = () => true,
): Source[] {
  return [...texts].flatMap(([path, text]) => (isWanted(path, text) ? [{ path, text }] : []));
}

function mapOf(files: readonly Source[]): Map<string, string> {
  return new Map(files.map(({ path, text }) => [path, text]));
}
