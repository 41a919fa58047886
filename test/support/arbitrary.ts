import fc from 'fast-check';
import { partitionOf } from '../../src/findings/regions.ts';
import type { ServiceSpec, SharedSpec, Spec } from '../../src/input/schema.ts';
import { awkwardKey, awkwardName, awkwardText, tagKeyText, tagText } from './arbitrary-text.ts';

type SecretSpec = ServiceSpec['secrets'][number];
type SecretEntry = Exclude<SecretSpec, string>;
type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const fragment = fc.constantFrom(
  'payments',
  'DB',
  'api_key',
  'a.b',
  'x@y',
  'A+B',
  '=',
  '..',
  '-',
  'Z',
  '0123',
);
const texts = fc.uniqueArray(fc.tuple(awkwardKey, awkwardText), {
  minLength: 1,
  maxLength: 4,
  selector: ([key]) => key,
});

const memberShape = fc.record({
  fragments: fc.array(fragment, { minLength: 1, maxLength: 3 }),
  mode: fc.constantFrom('whole', 'keys', 'extract'),
  version: fc.option(fc.constantFrom('AWSPREVIOUS', 'no', '1e3', 'uuid/0123'), { nil: undefined }),
  isArn: fc.boolean(),
  keys: texts,
});

/** Entries that become one ExternalSecret. */
const groupShape = fc.record({
  nameAlone: fc.boolean(),
  as: fc.option(awkwardName, { nil: undefined }),
  hasTarget: fc.boolean(),
  refreshInterval: fc.constantFrom(undefined, '1h', '15m', '1h30m', '0', '90s', '1.5h'),
  type: fc.constantFrom(undefined, 'example.com/own', 'kubernetes.io/tls', 'kubernetes.io/dockerconfigjson'),
  template: fc.option(texts, { nil: undefined }),
  members: fc.array(memberShape, { minLength: 1, maxLength: 3 }),
});

const serviceShape = fc.record({
  name: awkwardName,
  hasNamespace: fc.boolean(),
  place: fc.constantFrom('defaults', 'regions', 'clusters'),
  choice: fc.nat(15),
  groups: fc.array(groupShape, { maxLength: 3 }),
});

const sharedShape = fc.record({
  name: awkwardName,
  choice: fc.nat(15),
  groups: fc.array(groupShape, { maxLength: 2 }),
});

const releases = [
  ...['0.9.0', '0.9.8', '0.10.0', '0.15.1', '0.16.0', '0.17.0', '1.1.0', '1.1.1', '2.3.0', '2.5.0', '2.6.0'],
  ...['2.7.0', '2.8.0', '2.9.0'],
];

/** How many clusters are declared, and how many services. Without declared clusters the regions are clusters. */
interface Size {
  readonly clusters: fc.ArrayConstraints;
  readonly services: fc.ArrayConstraints;
}

const shapeOf = ({ clusters, services }: Size) =>
  fc.record({
    partition: fc.constantFrom('one', 'several'),
    clusters: fc.array(
      fc.record({ name: awkwardName, region: fc.nat(2), account: fc.boolean(), podIdentity: fc.boolean() }),
      clusters,
    ),
    services: fc.array(serviceShape, services),
    shared: fc.array(sharedShape, { maxLength: 2 }),
    version: fc.constantFrom(undefined, ...releases),
    accessRole: fc.constantFrom(undefined, 'reader', '/team/reader', 'arn:aws:iam::999999999999:role/reader'),
    externalId: fc.constantFrom(undefined, 'no', '0123', '1:30'),
    controllerRole: fc.constantFrom(undefined, 'eso', 'c{cluster.name}', '/ops/eso/c{cluster.name}'),
    permissionsBoundary: fc.constantFrom(undefined, 'boundary', 'arn:aws:iam::aws:policy/ReadOnlyAccess'),
    kms: fc.constantFrom(undefined, 'none', { byTag: true as const }),
    hasPrimaryRegion: fc.boolean(),
    administrators: fc.constantFrom(undefined, ['admin'], ['/a/admin', 'other']),
    tagKey: fc.option(tagKeyText, { nil: undefined }),
    tags: fc.array(fc.tuple(tagKeyText, fc.oneof(tagText, placeholderTag())), { maxLength: 3 }),
    namespace: fc.constantFrom(undefined, '{service}', 'team-{service}', '{service}-{cluster.region}'),
    store: fc.option(awkwardName, { nil: undefined }),
  });
type Shape = ValueOf<ReturnType<typeof shapeOf>>;
type Group = ValueOf<typeof groupShape>;

function placeholderTag(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '{cluster.environment}',
    '{cluster.region}',
    'in-{cluster.account}',
    '{cluster.name}',
  );
}

/**
 * Valid inputs: clusters with and without a block of their own, shared identities, templated names, JSON secrets with
 * chosen keys or extracted, several secrets in one Kubernetes Secret, ARNs, many releases, further tags, and names and
 * texts that a careless YAML writer would turn into numbers, booleans or dates.
 */
export const validSpec: fc.Arbitrary<Spec> = specs({
  clusters: { maxLength: 4 },
  services: { minLength: 1, maxLength: 5 },
});

/** The same with at most one cluster that is declared, and few services. */
export const smallSpec: fc.Arbitrary<Spec> = specs({
  clusters: { maxLength: 1 },
  services: { minLength: 1, maxLength: 2 },
});

function specs(size: Size): fc.Arbitrary<Spec> {
  return shapeOf(size).map((drawn) => new Builder(drawn).spec());
}

const account = '123456789012';

interface ClusterPlace {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly podIdentity: boolean;
}

/** An account is in one partition. */
const accountsElsewhere: Readonly<Record<string, string>> = {
  'cn-north-1': '023456789012',
  'us-gov-west-1': '000000000012',
};

/** Makes drawn names unique and drawn references right. */
class Builder {
  private readonly shape: Shape;
  private readonly regions: readonly string[];
  private readonly clusters: readonly ClusterPlace[];
  private readonly identities = new Set<string>();
  private count = 0;

  constructor(drawn: Shape) {
    this.shape = drawn;
    this.regions =
      drawn.partition === 'one' || drawn.clusters.length === 0
        ? ['us-west-2', 'eu-west-1', 'ap-southeast-2']
        : ['cn-north-1', 'us-gov-west-1', 'eu-central-1'];
    const names = new Set<string>();
    this.clusters = drawn.clusters.map((cluster) => {
      const region = this.regions[cluster.region] ?? '';
      const its = accountsElsewhere[region] ?? (cluster.account ? '012345678901' : account);
      return {
        name: this.unique(cluster.name, names),
        region,
        account: its,
        podIdentity: cluster.podIdentity,
      };
    });
  }

  spec(): Spec {
    const { accessRole, externalId, version, tagKey, namespace, store } = this.shape;
    const role =
      this.shape.partition === 'several' && accessRole?.startsWith('arn:') ? undefined : accessRole;
    const services = this.shape.services.map((service) => this.service(service));
    const shared = this.shape.shared.map((entry) => this.shared(entry, services));
    return {
      version: 1,
      aws: { account, ...(role && { accessRole: role }), ...(externalId && { externalId }), ...this.roles() },
      ...(version && { externalSecrets: { version } }),
      abac: { ...(tagKey && { tagKey }), tags: this.tags() },
      ...(this.clusters.length > 0 && { clusters: this.clusterBlock() }),
      defaults: {
        regions: this.usedRegions().slice(0, 1),
        ...(namespace && { namespace }),
        ...(store && { store }),
      },
      services,
      ...(shared.length > 0 && { shared }),
    };
  }

  /** Clusters whose sessions may claim different tags do not share a role. */
  private roles(): Partial<Spec['aws']> {
    const { controllerRole, permissionsBoundary, kms, hasPrimaryRegion, administrators } = this.shape;
    const differ = Object.values(this.tags()).some((value) => value.includes('{cluster.'));
    const controller = differ
      ? (controllerRole?.match(/.*\{cluster.name\}$/)?.[0] ?? 'c{cluster.name}')
      : controllerRole;
    const isOnePartition = this.regions[0] === 'us-west-2';
    return {
      ...(controller && { controllerRole: controller }),
      ...(permissionsBoundary && isOnePartition && { permissionsBoundary }),
      ...(kms && { kms }),
      ...(hasPrimaryRegion && isOnePartition && !differ && { primaryRegion: 'eu-west-1' }),
      ...(administrators && { administrators: [...administrators] }),
    };
  }

  private unique(name: string, taken: Set<string>): string {
    const result = taken.has(name) ? `${name}-${++this.count}` : name;
    taken.add(result);
    return result;
  }

  /** An environment follows from the region: one secret in two clusters then never needs two values of a tag. */
  private clusterBlock(): NonNullable<Spec['clusters']> {
    return Object.fromEntries(
      this.clusters.map(({ name, region, account: its, podIdentity }, index) => [
        name,
        {
          region,
          environment: `of ${region}`,
          account: its,
          ...(podIdentity
            ? { podIdentity: true as const }
            : { oidcProvider: `oidc.eks.${region}.amazonaws.com/id/EXAMPLE${index}` }),
        },
      ]),
    );
  }

  /** The regions that there are clusters in. */
  private usedRegions(): string[] {
    if (this.clusters.length === 0) return [...this.regions];
    return [...new Set(this.clusters.map(({ region }) => region))];
  }

  private tags(): Record<string, string> {
    const taken = new Set([(this.shape.tagKey ?? 'ekssecret').toLowerCase()]);
    const tags: Record<string, string> = {};
    for (const [key, value] of this.shape.tags) {
      if (taken.has(key.toLowerCase())) continue;
      taken.add(key.toLowerCase());
      tags[key] = this.isDecided(value) ? value : 'no';
    }
    return tags;
  }

  /** Not every cluster has an environment. Accounts that keep their secrets in one together cannot be told apart there. */
  private isDecided(tag: string): boolean {
    if (tag === '{cluster.environment}') return this.clusters.length > 0;
    return tag !== 'in-{cluster.account}' || !this.shape.accessRole?.startsWith('arn:');
  }

  private service({ name, hasNamespace, place, choice, groups }: Shape['services'][number]): ServiceSpec {
    const unique = this.unique(name, this.identities);
    const where = this.where(place, choice);
    const reached = this.clustersOf(where);
    return {
      name: unique,
      ...(hasNamespace && { namespace: `own.${++this.count}`.replace('.', '-') }),
      ...where,
      secrets: groups.flatMap((group) => this.group(group, reached)),
    };
  }

  private where(place: string, choice: number): Pick<ServiceSpec, 'regions' | 'clusters'> {
    if (place === 'defaults') return {};
    if (place === 'clusters' && this.clusters.length > 0) {
      return { clusters: chosen(this.clusters, choice).map(({ name }) => name) };
    }
    return { regions: chosen(this.usedRegions(), choice) };
  }

  private clustersOf({ regions, clusters }: Pick<ServiceSpec, 'regions' | 'clusters'>): ClusterPlace[] {
    const all =
      this.clusters.length > 0
        ? this.clusters
        : this.regions.map((region) => ({ name: region, region, account, podIdentity: false }));
    if (clusters !== undefined) return all.filter(({ name }) => clusters.includes(name));
    const wanted = regions ?? this.usedRegions().slice(0, 1);
    return all.filter(({ region }) => wanted.includes(region));
  }

  private shared(
    { name, choice, groups }: Shape['shared'][number],
    services: readonly ServiceSpec[],
  ): SharedSpec {
    const all = this.clustersOf({ regions: this.usedRegions() });
    return {
      name: this.unique(name, this.identities),
      services: choice === 0 ? '*' : chosen(services, choice).map((service) => service.name),
      secrets: groups.flatMap((group) => this.group(group, all)),
    };
  }

  private group(group: Group, reached: readonly ClusterPlace[]): SecretSpec[] {
    const id = ++this.count;
    const [first] = group.members;
    if (group.nameAlone && first !== undefined) return [this.secretName(first, [])];
    const as =
      group.as === undefined && group.members.length === 1 ? {} : { as: `${group.as ?? 'x'}.g${id}` };
    const taken = new Set<string>();
    const entries = group.members.map(
      (member): SecretEntry => ({
        name: this.secretName(member, reached),
        ...as,
        ...(member.mode === 'extract' && { extract: true as const }),
        ...(member.mode === 'keys' && keysOf(member.keys, taken)),
        ...(member.version && { version: member.version }),
      }),
    );
    const [head, ...rest] = entries;
    return head === undefined ? [] : [withSettings(head, group, id), ...rest];
  }

  /** A secret's name holds a number of its own, so that neither it nor what is derived from it is there twice. */
  private secretName(
    { fragments, isArn }: ValueOf<typeof memberShape>,
    reached: readonly ClusterPlace[],
  ): string {
    // Of a name that begins with ".." no key of a Secret can be made.
    const name = `${fragments.join('/').replace(/^\.\./, 'a..')}/x${++this.count}`;
    if (Object.values(this.tags()).includes('{cluster.name}')) return `{cluster.name}/${name}`;
    const [only, ...others] = reached;
    if (!isArn || only === undefined || others.length > 0) return name;
    const owner =
      this.shape.partition === 'one' && this.shape.accessRole?.startsWith('arn:')
        ? '999999999999'
        : only.account;
    return `arn:${partitionOf(only.region)}:secretsmanager:${only.region}:${owner}:secret:${name}-AbCdEf`;
  }
}

/** What is said once for the whole group, on its first entry. */
function withSettings(
  entry: SecretEntry,
  { type, hasTarget, refreshInterval, template }: Group,
  id: number,
): SecretEntry {
  const common = {
    ...entry,
    ...(hasTarget && { target: `target-${id}` }),
    ...(refreshInterval && { refreshInterval }),
    ...(type && { type }),
  };
  const named = template?.filter(([key]) => key !== 'constructor') ?? [];
  const own = named.map(([key, text]) => [key, `${text}{{ .a }}${text}`]);
  if (type === 'kubernetes.io/tls') own.push(['tls.crt', '{{ .crt }}'], ['tls.key', '{{ .key }}']);
  if (type === 'kubernetes.io/dockerconfigjson') own.push(['.dockerconfigjson', '{"auths":{{ .auths }}}\n']);
  return own.length > 0 ? { ...common, template: Object.fromEntries(own) } : common;
}

/** Keys that no entry of the group has yet; without any the whole secret is one key. */
function keysOf(keys: readonly (readonly [string, string])[], taken: Set<string>): Pick<SecretEntry, 'keys'> {
  const own = keys.filter(([key]) => !taken.has(key));
  for (const [key] of own) taken.add(key);
  return own.length > 0 ? { keys: Object.fromEntries(own) } : {};
}

/** Some of a list, at least its first: one for each bit of `choice`. */
function chosen<Item>(list: readonly Item[], choice: number): Item[] {
  const some = list.filter((_, index) => (choice >> index) % 2 === 1);
  return some.length > 0 ? some : list.slice(0, 1);
}
