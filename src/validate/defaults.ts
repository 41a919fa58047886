import { isObject } from './manifest.ts';
import type { Structural } from './structural.ts';

/**
 * An object as the API server sees it after filling in the defaults of its schema: the object itself where there was
 * nothing to fill in, else a copy of what changed. A null where null is not allowed counts as absent if there is a
 * default, as it does there.
 *
 * Source: "Defaulting and Nullable" in the Kubernetes documentation of CustomResourceDefinitions.
 */
export function withDefaults(node: Structural, value: unknown): unknown {
  if (Array.isArray(value)) return node.items ? listWithDefaults(node.items, value) : value;
  if (!isObject(value)) return value;
  let result = value;
  const set = (name: string, filled: unknown) => {
    if (result === value) result = { ...value };
    (result as Record<string, unknown>)[name] = filled;
  };
  for (const [name, child] of node.properties ?? []) {
    const present = Object.hasOwn(value, name) ? value[name] : undefined;
    const isAbsent = present === undefined || (present === null && !child.nullable);
    const before = isAbsent && child.default ? structuredClone(child.default.value) : present;
    const filled = withDefaults(child, before);
    if (filled !== present) set(name, filled);
  }
  if (typeof node.additional === 'object') {
    for (const [name, entry] of Object.entries(value)) {
      const filled = withDefaults(node.additional, entry);
      if (filled !== entry) set(name, filled);
    }
  }
  return result;
}

function listWithDefaults(node: Structural, list: readonly unknown[]): readonly unknown[] {
  const filled = list.map((entry) => withDefaults(node, entry));
  return filled.some((entry, index) => entry !== list[index]) ? filled : list;
}
