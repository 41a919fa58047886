import type { Cluster, Dist } from '../files/model.ts';
import { list, type Mapping, mapping, text } from '../files/store.ts';
import { serviceLabel, sharedLabel } from '../files/tenants.ts';
import type { AbacTags } from '../tag-keys.ts';
import { compile } from './cel.ts';
import { isAbout } from './matching.ts';
import type { Guard, Sample } from './model.ts';
import { kinds } from './requests.ts';
import { objectName } from './samples.ts';

/** What forgeries of one tenant are made from. */
export interface Ground {
  readonly guard: Guard;
  /** The tenant's file. */
  readonly file: string;
  readonly service: string;
  readonly namespace: Mapping;
  readonly namespaceName: string;
  readonly store: Mapping;
  readonly externalSecret: Mapping;
  /** Identities that the namespace may not claim: those of dist first, then some that nobody has. */
  readonly foreign: readonly { readonly what: string; readonly identity: string }[];
  /** Identities that the namespace may claim. */
  readonly own: ReadonlySet<string>;
  /** Texts that the policies compare with: a tenant may write each of them. */
  readonly literals: readonly string[];
  /** Numbers that the policies compare with: a tenant may write as many of anything. */
  readonly numbers: readonly number[];
  readonly identityKey: string;
  readonly furtherKeys: readonly string[];
}

/**
 * What to forge from, for a tenant. A service without ExternalSecret gets one as people write them.
 *
 * @returns undefined for a service without store: it claims nothing
 */
export function groundOf(
  sample: Sample,
  cluster: Cluster,
  identities: Identities,
  guard: Guard,
  tags: AbacTags,
): Ground | undefined {
  const [store] = sample.stores;
  if (store === undefined) return undefined;
  const labels = mapping(mapping(sample.namespace.metadata).labels);
  const service = text(labels[serviceLabel]);
  const namespaceName = objectName(sample.namespace);
  const own = ownIdentities(sample);
  const compared = comparedIn(guard);
  const [, ...furtherKeys] = tags.keys;
  return {
    guard,
    file: sample.file,
    service,
    namespace: sample.namespace,
    namespaceName,
    store,
    externalSecret: sample.externalSecrets[0] ?? usualExternalSecret(store, namespaceName),
    own,
    foreign: withToldApart(foreignIdentities(sample, cluster, identities), identities, own, compared),
    ...compared,
    identityKey: tags.identityKey,
    furtherKeys,
  };
}

/** Those of the policies about SecretStores alone, since of them are forgeries made. */
function comparedIn({ policies }: Guard): Pick<Ground, 'literals' | 'numbers'> {
  const about = policies.filter(({ match }) => isAbout(match, kinds.SecretStore));
  const expressions = about.flatMap(({ conditions, variables, validations }) => [
    ...conditions,
    ...variables,
    ...validations,
  ]);
  const looks = expressions.map(({ text: expression }) => compile(expression));
  const literals = new Set(looks.flatMap(({ texts, parts }) => [...texts, ...parts]));
  literals.delete('');
  return { literals: [...literals], numbers: [...new Set(looks.flatMap(({ numbers }) => [...numbers]))] };
}

function ownIdentities({ namespace }: Sample): Set<string> {
  const labels = mapping(mapping(namespace.metadata).labels);
  const shared = Object.entries(labels).filter(
    ([key, value]) => key.startsWith(sharedLabel) && value === 'true',
  );
  return new Set([text(labels[serviceLabel]), ...shared.map(([key]) => key.slice(sharedLabel.length))]);
}

/** Identities of dist: services, and those that services share. */
export interface Identities {
  readonly services: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
}

/** Every identity of dist. */
export function identitiesIn({ clusters, secrets }: Dist): Identities {
  const services = new Set<string>();
  for (const { tenants } of clusters) for (const { service } of tenants) services.add(service);
  const shared = new Set<string>();
  for (const { identity } of secrets) if (!services.has(identity)) shared.add(identity);
  return { services, shared };
}

/** Identities that a sample may not claim, as they are in every trial. */
export function foreignIdentities(
  sample: Sample,
  { tenants }: Pick<Cluster, 'tenants'>,
  all: Identities,
): Ground['foreign'] {
  const own = ownIdentities(sample);
  const isForeign = (name: string) => !own.has(name);
  const inCluster = tenants.find(({ service }) => isForeign(service))?.service;
  const another = inCluster ?? first(all.services, isForeign);
  const shared = first(all.shared, isForeign);
  const [name = ''] = own;
  return [
    { what: 'the tag of another service', identity: another ?? `not-${name}` },
    { what: 'the tag of a shared identity that it is not given', identity: shared ?? 'shared-by-others' },
    { what: 'the tag of an identity that nobody has', identity: `${name}-2` },
    { what: 'a tag that ends in its own', identity: `x${name}` },
    { what: 'the beginning of its own tag', identity: name.slice(0, -1) },
    { what: 'the end of its own tag', identity: name.slice(1) },
    {
      what: 'its own tag in capitals',
      identity: name.toUpperCase() === name ? `${name} ` : name.toUpperCase(),
    },
    { what: 'an empty tag', identity: '' },
    { what: '* as tag', identity: '*' },
  ].filter(({ identity }) => isForeign(identity));
}

/**
 * Of the identities in dist that hold the same of what policies compare with, the first as well: a policy may exempt it
 * alone.
 */
function withToldApart(
  foreign: Ground['foreign'],
  { services, shared }: Identities,
  own: ReadonlySet<string>,
  { literals }: Pick<Ground, 'literals'>,
): Ground['foreign'] {
  const tried = new Set([...own, ...foreign.map(({ identity }) => identity)]);
  const found = new Map<string, string>();
  for (const identity of [...services, ...shared]) {
    if (tried.has(identity)) continue;
    const held = literals.filter((one) => identity.includes(one)).join('\n');
    if (held !== '' && !found.has(held)) found.set(held, identity);
  }
  const others = [...found.values()].map((identity) => ({ what: 'the tag of another service', identity }));
  return [...foreign, ...others];
}

function first(names: Iterable<string>, isIt: (name: string) => boolean): string | undefined {
  for (const name of names) if (isIt(name)) return name;
  return undefined;
}

function usualExternalSecret(store: Mapping, namespace: string): Mapping {
  const name = 'secret';
  return {
    apiVersion: store.apiVersion,
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { name: objectName(store), kind: 'SecretStore' },
      target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      data: [{ secretKey: 'key', remoteRef: { key: name } }],
    },
  };
}

/** The settings for AWS of a store. */
export function awsOf(store: Mapping): Mapping {
  return mapping(mapping(mapping(store.spec).provider).aws);
}

/** The session tags of a store. */
export function tagsOf(store: Mapping): { readonly key: string; readonly value: string }[] {
  return list(awsOf(store).sessionTags).map((tag) => ({
    key: text(mapping(tag).key),
    value: text(mapping(tag).value),
  }));
}
