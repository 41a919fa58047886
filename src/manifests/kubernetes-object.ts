import { compare } from '../fleet/order.ts';

/** A Kubernetes object as plain data. */
export type KubernetesObject = Record<string, unknown>;

/** A map in the order of its keys, as cdk8s renders it. */
export function sorted(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compare(a, b)));
}
