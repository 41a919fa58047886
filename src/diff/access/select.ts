import type { Dist, Source } from '../../proof/files/model.ts';
import { type FileKind, fileKind } from '../../proof/files/paths.ts';
import { readDist } from '../../proof/files/read.ts';
import { Shapes } from '../../proof/matrix/shapes.ts';
import { rolesFor } from '../../proof/prove/role-use.ts';
import { askAboutSecrets, policiesFor } from '../../proof/questions/secrets.ts';
import { tagValue } from '../../proof/questions/sessions.ts';
import { TooManyCases } from '../../proof/witness/witnesses.ts';
import { type Comparison, sourcesOf, type Texts } from '../texts.ts';

/** The files from which it can be told how access differs. */
export interface Selection {
  readonly base: readonly Source[];
  readonly head: readonly Source[];
}

type Kind = FileKind['kind'];

/** Files that decide how sessions come about and what they may do. */
const deciding: readonly Kind[] = ['policy', 'trust', 'cloudformation', 'terraform', 'eksctl', 'podIdentity'];
/** Files with what sessions claim, and what they read. */
const claiming: readonly Kind[] = ['tenant', 'secrets'];
/** Tag values that are looked for in all texts, at most; with more it is as fast to read all files. */
const maxValues = 64;

/** Whether the roles, and all that makes them, are the same on both sides. */
export function rolesDiffer({ changed }: Comparison): boolean {
  return changed.some((path) => isOf(path, deciding));
}

/**
 * Which files have to be read to know how access differs. Where no role differs, that is what changed, and of the rest
 * what carries the same tag values: the policies are asked whether they let anything be read whose tag has another value
 * than the session's. If they do, or if roles differ, every file counts.
 */
export function selectFiles(comparison: Comparison): Selection {
  const everything = {
    base: sourcesOf(comparison.base, (path) => isOf(path, [...deciding, ...claiming, 'tagGuard'])),
    head: sourcesOf(comparison.head, (path) => isOf(path, [...deciding, ...claiming, 'tagGuard'])),
  };
  if (rolesDiffer(comparison)) return everything;
  const changed = new Set(comparison.changed);
  const firsts = new Set(firstTenants(comparison.head).concat(firstTenants(comparison.base)));
  const isCore = (path: string) =>
    isOf(path, [...deciding, 'tagGuard']) || firsts.has(path) || (changed.has(path) && isOf(path, claiming));
  const [base, head] = [sourcesOf(comparison.base, isCore), sourcesOf(comparison.head, isCore)];
  const dists = [readDist(base).dist, readDist(head).dist];
  const keys = dists.map(decidingKeys).reduce((one, other) => one.filter((key) => other.includes(key)));
  const values = keys.map((key) => wordSets(dists, key, changed));
  const fewest = values.sort((a, b) => a.length - b.length)[0];
  if (fewest === undefined || fewest.length > maxValues) return everything;
  const related = (path: string, text: string) =>
    isCore(path) || (isOf(path, claiming) && !changed.has(path) && mayHold(text, fewest));
  return { base: sourcesOf(comparison.base, related), head: sourcesOf(comparison.head, related) };
}

function isOf(path: string, kinds: readonly Kind[]): boolean {
  const is = fileKind(path);
  return is !== undefined && kinds.includes(is.kind);
}

/** One tenant of each cluster: the proof finds out by it which role a cluster's operator has. */
function firstTenants(texts: Texts): string[] {
  const firsts = new Map<string, string>();
  for (const path of [...texts.keys()].sort()) {
    const is = fileKind(path);
    if (is?.kind === 'tenant' && !firsts.has(is.cluster)) firsts.set(is.cluster, path);
  }
  return [...firsts.values()];
}

/** Tag keys without an equal value of which no access role lets a session read anything. */
function decidingKeys(dist: Dist): string[] {
  const perRole = rolesFor('access', dist).map(({ role }) => {
    const equalities = new Shapes(policiesFor(role)).equalities;
    const keys = equalities.flatMap(({ secretTag, sessionTag }) =>
      secretTag === sessionTag ? [secretTag] : [],
    );
    return [...new Set(keys)].filter((key) => {
      try {
        const { failures } = askAboutSecrets({ role, tagKeys: [key] });
        return failures.every(({ kind }) => kind !== 'foreign');
      } catch (problem) {
        if (!(problem instanceof TooManyCases)) throw problem;
        return false;
      }
    });
  });
  return perRole.length === 0 ? [] : perRole.reduce((one, other) => one.filter((key) => other.includes(key)));
}

/** The values of a tag in the files that changed, each as the words that it consists of: YAML may fold a text. */
function wordSets(dists: readonly Dist[], key: string, changed: ReadonlySet<string>): string[][] {
  const values = new Set<string | undefined>();
  for (const { clusters, secrets } of dists) {
    for (const { file, stores } of clusters.flatMap(({ tenants }) => tenants))
      if (changed.has(file)) for (const { sessionTags } of stores) values.add(tagValue(sessionTags, key));
    for (const { tags, location } of secrets) if (changed.has(location.file)) values.add(tagValue(tags, key));
  }
  return [...values].flatMap((value) => (value === undefined ? [] : [value.split(/\s+/)]));
}

/** Whether a text may hold one of the values. With an escape in it, it may hold any. */
function mayHold(text: string, values: readonly string[][]): boolean {
  return text.includes('\\') || values.some((all) => all.every((word) => text.includes(word)));
}
