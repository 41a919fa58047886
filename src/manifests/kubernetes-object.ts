/** A Kubernetes object as plain data. */
export type KubernetesObject = Record<string, unknown>;

/** A map in the order of its keys, as cdk8s renders it: itself where it is in that order already. */
export function sorted(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let last = '';
  for (const key in map) {
    if (key < last)
      return Object.fromEntries(
        Object.keys(map)
          .sort()
          .map((each) => [each, map[each] ?? '']),
      );
    last = key;
  }
  return map;
}
