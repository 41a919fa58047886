import type { z } from 'zod';
import type { Path } from '../findings/finding.ts';
import type { Plain } from '../yaml/reader.ts';
import type { Spec } from './schema.ts';
import { clone, isMapping, type Mapping, valueAt } from './values.ts';

/** A part of the input that other parts refer to. */
export type Part = keyof Spec;

/** Turns a path of the repaired value into the path of the same thing in the file. */
export type OriginalPath = (path: Path) => Path;

/** A value without what was wrong in it. */
export interface Repaired {
  readonly value: Plain;
  /** The parts of which something was left out that others may refer to. */
  readonly leftOut: ReadonlySet<Part>;
  readonly original: OriginalPath;
}

/**
 * Leaves out what is wrong, so that the rest can still be checked in the same run: of a list of secrets the secret, of
 * the services the service, of a mapping the key. What the format requires gets a stand-in. Nothing is ever generated
 * from the result.
 *
 * @param issues what the schema says about `value`
 * @param isMain whether it is the main file: included ones need nothing but services
 */
export function repair(value: Plain, issues: readonly z.core.$ZodIssue[], isMain: boolean): Repaired {
  const copy = clone(value);
  const leftOut = new Set<Part>();
  const holes = new Map<Plain[], Set<number>>();
  for (const issue of issues) {
    // Where YAML 1.1 would merge something in, that may be all that is missing.
    const isKey = issue.code === 'unrecognized_keys' && !issue.keys.includes('<<');
    if (isKey) removeKeys(copy, issue.path as Path, issue.keys);
    else remove(copy, unitOf(issue.path as Path), holes, leftOut);
  }
  const indexes = new Map([...holes].map(([list, hole]) => [list, closeHoles(list, hole)]));
  if (isMain && isMapping(copy)) standIn(copy, value);
  return { value: copy, leftOut, original: (path) => originalPath(copy, path, indexes) };
}

/** The smallest thing around a path that can be left out by itself. */
function unitOf(path: Path): Path {
  const isSecret = path[2] === 'secrets' && path.length > 3;
  return path.slice(0, isSecret ? 4 : 2);
}

function remove(value: Plain, unit: Path, holes: Map<Plain[], Set<number>>, leftOut: Set<Part>): void {
  const container = valueAt(value, unit.slice(0, -1));
  const last = unit.at(-1);
  if (Array.isArray(container) && typeof last === 'number') {
    holes.set(container, (holes.get(container) ?? new Set()).add(last));
  } else if (isMapping(container) && last !== undefined) delete container[last];
  const [part] = unit;
  if (unit.length > 2 || part === undefined) return;
  leftOut.add(part === 'include' ? 'services' : (part as Part));
}

/** Takes elements out of a list, and says which index each of the others had before. */
function closeHoles(list: Plain[], hole: ReadonlySet<number>): number[] {
  const kept = [...list.keys()].filter((index) => !hole.has(index));
  // In place, since the list's container holds it; without a spread, since it may be longer than a call can take.
  kept.forEach((index, place) => {
    list[place] = list[index] ?? null;
  });
  list.length = kept.length;
  return kept;
}

function originalPath(value: Plain, path: Path, indexes: ReadonlyMap<Plain[], readonly number[]>): Path {
  return path.map((step, depth) => {
    const container = valueAt(value, path.slice(0, depth));
    const before = Array.isArray(container) ? indexes.get(container) : undefined;
    return typeof step === 'number' ? (before?.[step] ?? step) : step;
  });
}

/** Puts something valid where the format requires something, or where its absence would be reported once more. */
function standIn(copy: Mapping, value: Plain): void {
  copy.version ??= 1;
  const aws = isMapping(copy.aws) ? copy.aws : {};
  copy.aws = { ...aws, account: aws.account ?? '000000000000' };
  const given = isMapping(value) && value.defaults !== undefined;
  const defaults = isMapping(copy.defaults) ? copy.defaults : {};
  if (given) copy.defaults = { ...defaults, regions: defaults.regions ?? [someRegion(copy)] };
  if (isMapping(value) && isMapping(value.gitops))
    copy.gitops = { ...gitopsFor(value.gitops), ...asMapping(copy.gitops) };
}

/** A repository, and what is right of each of Argo CD and Flux that is asked for. */
function gitopsFor({ argocd, flux }: Mapping): Mapping {
  return {
    repository: 'https://git.example.com/repository.git',
    ...(argocd !== undefined && { argocd: {} }),
    ...(flux !== undefined && { flux: { secretRef: 'flux-system' } }),
  };
}

function asMapping(value: Plain | undefined): Mapping {
  return isMapping(value) ? value : {};
}

function someRegion({ clusters }: Mapping): Plain {
  const [first] = isMapping(clusters) ? Object.values(clusters) : [];
  return (isMapping(first) ? first.region : undefined) ?? 'us-east-1';
}

function removeKeys(value: Plain, path: Path, keys: readonly string[]): void {
  const container = valueAt(value, path);
  if (isMapping(container)) for (const key of keys) delete container[key];
}
