import type { z } from 'zod';
import type { Finding, Path, Position } from '../findings/finding.ts';
import { maxFindings } from '../findings/limits.ts';
import { nearest } from '../findings/nearest.ts';
import type { Plain, YamlFile } from '../yaml/reader.ts';
import { type Issue, schemaFindings, unionBranch } from './problems.ts';
import type { OriginalPath } from './repair.ts';
import { knownKeys } from './schema-tree.ts';
import { clone, isMapping, type Mapping, valueAt } from './values.ts';

/** A file in which every key is spelled as its author meant it. */
export interface Respelled {
  /** The file: its value has the right keys, and it finds their places by them. */
  readonly yaml: YamlFile;
  /** What is still wrong with the value. */
  readonly issues: readonly Issue[];
  /** One finding for each misspelled key. */
  readonly findings: readonly Finding[];
  /** Turns a path of the value into the path of the same thing in the file. */
  readonly original: OriginalPath;
}

/** The misspelled keys of one mapping, by the known ones that were meant. */
interface Slips {
  readonly path: Path;
  readonly written: ReadonlyMap<string, string>;
}

/**
 * Takes each misspelled key for the one that it is nearest to, unless that one is there too. So what stands under it is
 * checked in the same run, and nothing counts as missing that is there under a wrong name.
 *
 * @param issues what the schema says about the file
 * @param isPainted whether a place was painted over: nothing is said of it
 */
export function respelled(
  file: YamlFile,
  schema: z.ZodType,
  issues: readonly Issue[],
  isPainted: (at: Position) => boolean,
): Respelled {
  const value = clone(file.value);
  const written = new Map<Plain | undefined, ReadonlyMap<string, string>>();
  const original: OriginalPath = (path) =>
    path.map((step, depth) => written.get(valueAt(value, path.slice(0, depth)))?.get(String(step)) ?? step);
  const yaml: YamlFile = {
    ...file,
    value,
    locate: (path, target) => file.locate(original(path), target),
    written: (path) => file.written(original(path)),
  };
  const findings: Finding[] = [];
  let left = issues;
  // Each time, what stands under the keys of the time before has come into sight.
  for (;;) {
    const found = left.flatMap((issue) => slipsOf(issue, issue.path as Path, schema, value));
    if (found.length === 0) return { yaml, issues: left, findings, original };
    findings.push(...schemaFindings(yaml, schema, found.map(asIssue), isPainted));
    for (const slips of found) {
      const mapping = valueAt(value, slips.path) as Mapping;
      written.set(mapping, new Map([...(written.get(mapping) ?? []), ...slips.written]));
      for (const [key, misspelled] of slips.written) {
        mapping[key] = mapping[misspelled] ?? null;
        delete mapping[misspelled];
      }
    }
    left = schema.safeParse(value).error?.issues ?? [];
  }
}

function slipsOf(issue: Issue, path: Path, schema: z.ZodType, value: Plain): Slips[] {
  const here = valueAt(value, path);
  if (issue.code === 'invalid_union') {
    return unionBranch(issue, here).flatMap((inner) =>
      slipsOf(inner, [...path, ...(inner.path as Path)], schema, value),
    );
  }
  if (issue.code !== 'unrecognized_keys' || !isMapping(here)) return [];
  const known = knownKeys(schema, path);
  const written = new Map<string, string>();
  for (const key of issue.keys.slice(0, maxFindings)) {
    const near = nearest(key, known);
    if (near !== undefined && !(near in here) && !written.has(near)) written.set(near, key);
  }
  return written.size === 0 ? [] : [{ path, written }];
}

function asIssue({ path, written }: Slips): Issue {
  return { code: 'unrecognized_keys', path: [...path], keys: [...written.values()], message: '' };
}
