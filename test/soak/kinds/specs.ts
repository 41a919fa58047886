import fc from 'fast-check';
import { partitionOf } from '../../../src/findings/regions.ts';
import type { ClusterSpec, SecretSpec, Spec } from '../../../src/input/schema.ts';
import { smallSpec, validSpec } from '../../support/arbitrary.ts';
import { awkwardName } from '../../support/arbitrary-text.ts';
import { gitops, guard } from './deployment-specs.ts';

/** Sometimes nothing. */
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** Of namespaces none is that of a service as `validSpec` names them. */
const operator = fc.record(
  {
    namespace: fc.constantFrom('eso-system', '0123s', `${'long-'.repeat(12)}end`),
    serviceAccount: fc.oneof(
      awkwardName,
      fc.constantFrom('defaults', 'my.eso', '1.5', `${'eso.'.repeat(63)}x`),
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** What is said of the first cluster, the second, and so on. */
const perCluster = fc.array(
  fc.record({
    identity: fc.constantFrom('as it is', 'as it is', 'neither'),
    kubernetes: fc.constantFrom(undefined, undefined, '1.30', '1.34', '1.99'),
    isGuarded: fc.constantFrom(true, true, true, false),
    controllerRole: fc.constantFrom(
      undefined,
      undefined,
      (index: number) => `own-${index}`,
      (index: number) => `/own/roles/own-${index}`,
      () => '{cluster.name}-own',
      (index: number) => `arn:aws:iam::888888888888:role/own-${index}`,
    ),
    isAccountSaid: fc.boolean(),
  }),
  { minLength: 4, maxLength: 4 },
);

const more = fc.record({
  guard: maybe(guard),
  gitops: maybe(gitops),
  operator: maybe(operator),
  perCluster: maybe(perCluster),
  roleChain: fc.constantFrom(
    undefined,
    undefined,
    ['hop'],
    ['hop', '/other/door'],
    ['hop-{cluster.name}', '/other/{cluster.name}-door'],
    ['arn:aws:iam::777777777777:role/bridge', 'door'],
  ),
  kmsAccounts: maybe(fc.subarray(['123456789012', '999999999999', '444455556666'], { minLength: 1 })),
  serviceTag: fc.constantFrom(
    undefined,
    undefined,
    '{service}',
    'of {service}',
    '{service}/{cluster.region}',
  ),
  refreshInterval: maybe(fc.constantFrom('0', '15m', '1h0m0s', '36h')),
  prefix: fc.constantFrom('', '', '{service}/', '{cluster.region}/', '{cluster.account}-{service}_'),
  isPartitionSaid: fc.boolean(),
});
type More = typeof more extends fc.Arbitrary<infer Value> ? Value : never;

// Each thing that an input may hold shows in a small fleet too, and several clusters are proven one by one.
const plain = fc.oneof({ weight: 4, arbitrary: smallSpec }, { weight: 1, arbitrary: validSpec });

/**
 * Valid inputs as property tests have them, most of them small, and with everything else that an input may say: who the
 * operator is and who deploys, what clusters have of their own, chains of roles, keys, objects of Argo CD and Flux.
 */
export const anySpec: fc.Arbitrary<Spec> = fc.tuple(plain, more).map(([spec, added]) => {
  const tagged = withServiceTag(named(spec, added.prefix), added.serviceTag);
  const clusters = spec.clusters && added.perCluster && clustersWith(tagged, added.perCluster);
  const { refreshInterval, operator: its } = added;
  return {
    ...tagged,
    aws: {
      ...tagged.aws,
      ...chainFor(tagged, added),
      ...keysFor(tagged, added),
      ...partitionFor(tagged, added),
    },
    ...(its && { externalSecrets: { ...tagged.externalSecrets, ...its } }),
    ...(clusters && { clusters }),
    ...(refreshInterval && { defaults: { ...tagged.defaults, refreshInterval } }),
    ...(added.guard && { guard: added.guard }),
    ...(added.gitops && { gitops: added.gitops(Object.keys(spec.clusters ?? {})[0]) }),
  };
});

/** The regions that secrets are read in. */
function regionsOf({ aws, clusters, defaults, services = [] }: Spec): string[] {
  const all = clusters
    ? Object.values(clusters).map(({ region }) => region)
    : [...(defaults?.regions ?? []), ...services.flatMap(({ regions = [] }) => regions)];
  return [...new Set([...all, ...(aws.primaryRegion ? [aws.primaryRegion] : [])])];
}

function isOnlyAws(spec: Spec): boolean {
  return regionsOf(spec).every((region) => partitionOf(region) === 'aws');
}

/** Names that have no placeholder and are no ARN get one. */
function named(spec: Spec, prefix: string): Spec {
  if (prefix === '') return spec;
  const withPrefix = (name: string) => (/[{:]/.test(name) ? name : `${prefix}${name}`);
  const owner = <Owner extends { secrets: SecretSpec[] }>(one: Owner): Owner => ({
    ...one,
    secrets: one.secrets.map((secret) =>
      typeof secret === 'string' ? withPrefix(secret) : { ...secret, name: withPrefix(secret.name) },
    ),
  });
  return {
    ...spec,
    services: (spec.services ?? []).map(owner),
    ...(spec.shared && { shared: spec.shared.map(owner) }),
  };
}

/** A secret of several services, or one whose replicas are in other regions, cannot have a tag that differs among them. */
function withServiceTag(spec: Spec, serviceTag: string | undefined): Spec {
  const isOneFor = ({ services: whose }: { services: string | string[] }) =>
    whose === '*' ? spec.services?.length === 1 : whose.length === 1;
  if (spec.aws.primaryRegion !== undefined || !(spec.shared ?? []).every(isOneFor)) return spec;
  const tags = spec.abac?.tags ?? {};
  const taken = [spec.abac?.tagKey ?? 'ekssecret', ...Object.keys(tags)].map((key) => key.toLowerCase());
  if (serviceTag === undefined || taken.includes('team')) return spec;
  return { ...spec, abac: { ...spec.abac, tags: { ...tags, Team: serviceTag } } };
}

/**
 * An environment is said where something asks for it, and how the operator gets its role where it might share that with pods
 * of EKS Pod Identity.
 */
function clustersWith(spec: Spec, each: NonNullable<More['perCluster']>): NonNullable<Spec['clusters']> {
  const hasPods = Object.values(spec.clusters ?? {}).some((one) => one.podIdentity);
  const isAsked = JSON.stringify(spec).includes('{cluster.environment}');
  const clusters = Object.entries(spec.clusters ?? {}).map(
    ([name, cluster], index): [string, ClusterSpec] => {
      const { identity, kubernetes, isGuarded, controllerRole, isAccountSaid } =
        each[index % each.length] ?? {};
      const { account, environment, oidcProvider, podIdentity, ...rest } = cluster;
      const role = controllerRole?.(index);
      const isPossible = !role?.startsWith('arn:') || (!podIdentity && partitionOf(cluster.region) === 'aws');
      const isSaid = identity !== 'neither' || (hasPods && !(role && isPossible));
      return [
        name,
        {
          ...rest,
          ...((isAccountSaid || account !== spec.aws.account) && account && { account }),
          ...((isAsked || isAccountSaid) && environment && { environment }),
          ...(isSaid && podIdentity && { podIdentity }),
          ...(isSaid && oidcProvider && { oidcProvider: `${oidcProvider}${index}` }),
          ...(role && isPossible && { controllerRole: role }),
          ...(kubernetes && { kubernetes }),
          ...(isGuarded === false && { guard: false as const, kubernetes: '1.29' }),
        },
      ];
    },
  );
  return Object.fromEntries(clusters);
}

/** Clusters whose sessions may claim different tags share no role. */
function chainFor(spec: Spec, { roleChain }: More): Partial<Spec['aws']> {
  if (roleChain === undefined) return {};
  const differ = Object.values(spec.abac?.tags ?? {}).some((value) => value.includes('{cluster.'));
  const isPossible = roleChain.every(
    (role) => role.includes('{cluster.name}') || (!differ && (!role.startsWith('arn:') || isOnlyAws(spec))),
  );
  return isPossible ? { roleChain: [...roleChain] } : {};
}

function keysFor(spec: Spec, { kmsAccounts }: More): Partial<Spec['aws']> {
  if (kmsAccounts === undefined || spec.aws.kms !== undefined) return {};
  const keys = regionsOf(spec).flatMap((region) =>
    kmsAccounts.map((account) => `arn:${partitionOf(region)}:kms:${region}:${account}:key/mrk-0${account}`),
  );
  return keys.length > 0 ? { kms: { keys } } : {};
}

function partitionFor(spec: Spec, { isPartitionSaid }: More): Partial<Spec['aws']> {
  return isPartitionSaid && isOnlyAws(spec) ? { partition: 'aws' } : {};
}
