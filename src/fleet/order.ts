/** Names for an "allowed" line; a long list is cut. */
export function list(names: Iterable<string>): string {
  const all = [...names].sort(compare);
  return all.length <= 12 ? all.join(', ') : `${all.slice(0, 12).join(', ')} and ${all.length - 12} more`;
}

/** Orders texts by their UTF-16 code units: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
