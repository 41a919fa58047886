import { isObject } from './manifest.ts';
import type { Structural } from './structural.ts';

/**
 * Yields an object as the API server sees it after filling in the defaults of its schema: the object itself where
 * there was nothing to fill in, else a copy of what changed.
 */
export type FillDefaults = (value: unknown) => unknown;

/**
 * Compiles the defaults of a schema; nothing when there are none from here down. A null where null is not allowed
 * counts as absent if there is a default, as it does for the API server.
 *
 * Source: "Defaulting and Nullable" in the Kubernetes documentation of CustomResourceDefinitions.
 */
export function compileDefaults(node: Structural): FillDefaults | undefined {
  const fields = [...(node.properties ?? [])].flatMap(([name, child]) => fieldDefaults(name, child) ?? []);
  const entries = typeof node.additional === 'object' ? compileDefaults(node.additional) : undefined;
  const list = node.items && compileDefaults(node.items);
  if (fields.length === 0 && !entries && !list) return undefined;
  return (value) => {
    if (Array.isArray(value)) return list ? filledList(list, value) : value;
    if (!isObject(value)) return value;
    const known = fields.length > 0 ? filledFields(fields, value) : value;
    return entries ? filledEntries(entries, known) : known;
  };
}

/** A field that has a default, or something below it that has one. */
interface FieldDefaults {
  readonly name: string;
  readonly node: Structural;
  readonly fill: FillDefaults | undefined;
}

function fieldDefaults(name: string, node: Structural): FieldDefaults | undefined {
  const fill = compileDefaults(node);
  return node.default || fill ? { name, node, fill } : undefined;
}

type Mapping = Readonly<Record<string, unknown>>;

function filledFields(fields: readonly FieldDefaults[], value: Mapping): Mapping {
  let copy: Record<string, unknown> | undefined;
  for (const { name, node, fill } of fields) {
    const present = Object.hasOwn(value, name) ? value[name] : undefined;
    const isAbsent = present === undefined || (present === null && !node.nullable);
    const before = isAbsent && node.default ? structuredClone(node.default.value) : present;
    const filled = fill ? fill(before) : before;
    if (filled === present) continue;
    copy ??= { ...value };
    copy[name] = filled;
  }
  return copy ?? value;
}

function filledEntries(fill: FillDefaults, value: Mapping): Mapping {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const filled = fill(value[name]);
    if (filled === value[name]) continue;
    copy ??= { ...value };
    copy[name] = filled;
  }
  return copy ?? value;
}

function filledList(fill: FillDefaults, list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const filled = fill(list[index]);
    if (filled === list[index]) continue;
    copy ??= [...list];
    copy[index] = filled;
  }
  return copy ?? list;
}
