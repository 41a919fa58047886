import { field } from './manifest.ts';

/** Lists of type `map` have each combination of keys once, lists of type `set` (no keys) each value. */
export function haveDistinctKeys(keys: readonly string[], list: readonly unknown[]): boolean {
  const texts = list.map((entry) =>
    JSON.stringify(keys.length > 0 ? keys.map((key) => field(entry, key)) : entry),
  );
  return new Set(texts).size === texts.length;
}
