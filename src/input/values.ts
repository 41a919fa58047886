import type { Path } from '../findings/finding.ts';
import type { Plain } from '../yaml/reader.ts';

/** A mapping of YAML, as data that can be changed. */
export type Mapping = { [key: string]: Plain };

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: Plain, path: Path): Plain | undefined {
  let here: Plain | undefined = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Mapping)[step];
  }
  return here;
}

/** Whether a value is a mapping. */
export function isMapping(value: Plain | undefined): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy whose mappings, like those of the original, have no prototype. */
export function clone(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(clone);
  if (!isMapping(value)) return value;
  const copy: Mapping = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = clone(inner);
  return copy;
}
