import fc from 'fast-check';
import type { Spec } from '../../src/input/schema.ts';

type Services = NonNullable<Spec['services']>;
type Secrets = Services[number]['secrets'];

/** The same input with everything that has no order in another one. */
export function reordered(specs: fc.Arbitrary<Spec>): fc.Arbitrary<{ spec: Spec; changed: Spec }> {
  return fc.tuple(specs, fc.infiniteStream(fc.nat())).map(([spec, stream]) => {
    const shuffle = <Item>(list: readonly Item[]): Item[] => {
      const keyed = list.map((item) => ({ item, key: stream.next().value as number }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    };
    const mapping = <Value>(map: Readonly<Record<string, Value>>) =>
      Object.fromEntries(shuffle(Object.entries(map)));
    const withSecrets = <Owner extends { secrets: Secrets }>(owner: Owner): Owner => ({
      ...owner,
      secrets: keepExtracts(owner.secrets, shuffle(owner.secrets)),
    });
    const { services = [], shared, clusters, abac } = spec;
    const changed: Spec = {
      ...spec,
      services: shuffle(services).map(withSecrets),
      ...(shared && { shared: shuffle(shared).map(withSecrets) }),
      ...(clusters && { clusters: mapping(clusters) }),
      ...(abac && { abac: { ...abac, tags: mapping(abac.tags ?? {}) } }),
    };
    return { spec, changed: mapping(changed) as Spec };
  });
}

/** Extracted secrets keep the order in which they are written: a later one wins over an earlier one. */
function keepExtracts(written: Secrets, shuffled: Secrets): Secrets {
  const isExtract = (secret: Secrets[number]) => typeof secret !== 'string' && secret.extract === true;
  const inOrder = written.filter(isExtract);
  return shuffled.map((secret) => (isExtract(secret) ? (inOrder.shift() ?? secret) : secret));
}
