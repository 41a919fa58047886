/**
 * Whether data is a tree of at most so many levels: aliases of YAML can make of a few lines data that never ends, or a
 * million values of each. What is no tree is for a reader that counts.
 */
export function isTree(value: unknown, maxDepth: number): boolean {
  const seen = new Set<object>();
  const fits = (one: unknown, levels: number): boolean => {
    if (typeof one !== 'object' || one === null) return true;
    if (levels === 0 || seen.has(one)) return false;
    seen.add(one);
    return Object.values(one).every((inner) => fits(inner, levels - 1));
  };
  return fits(value, maxDepth);
}
