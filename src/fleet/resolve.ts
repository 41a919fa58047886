import { isDnsLabel, isDnsSubdomain } from '../dns-names.ts';
import type { Finding, Locate, Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import type { Part } from '../input/repair.ts';
import type { ServiceSpec, SharedSpec, Spec } from '../input/schema.ts';
import { clustersOf, eachOnce, resolveClusters } from './clusters.ts';
import { type EsoRelease, esoRelease, newestEsoVersion } from './eso-release.ts';
import { resolveGitops } from './gitops.ts';
import { resolveGuard } from './guard.ts';
import { resolveKms } from './keys.ts';
import type { Cluster, Fleet, Store, Tag, Tenant } from './model.ts';
import { compare, list } from './order.ts';
import { SecretOwners } from './owners.ts';
import { fill, type PlaceholderValues, placeholderValues } from './placeholders.ts';
import { Reporter } from './reporter.ts';
import { planExternalSecrets, warnShortInterval } from './secrets.ts';
import { checkTagKeys, furtherTags, tagKeyOf, tagKeysOf } from './tags.ts';

/** A fleet, with everything that is wrong with it. */
export interface Resolved {
  readonly fleet: Fleet;
  readonly findings: readonly Finding[];
}

/**
 * Decides everything that the input leaves open: clusters, namespaces, names, ARNs, tags, defaults. What contradicts
 * itself or refers to nothing is reported; the fleet is only to be used when no finding is an error.
 *
 * @param locate finds the place of a path of `spec` in its file
 * @param incomplete the parts of the input that something was left out of
 */
export function resolveFleet(
  spec: Spec,
  locate: Locate,
  incomplete: ReadonlySet<Part> = new Set(),
): Resolved {
  const reporter = new Reporter(locate, incomplete);
  const release = resolveRelease(spec.externalSecrets?.version, reporter);
  checkTagKeys(spec, reporter);
  warnShortInterval(spec.defaults?.refreshInterval, ['defaults', 'refreshInterval'], reporter);
  const clusters = resolveClusters(spec, reporter);
  const services = uniqueServices(spec, reporter);
  const resolver = new TenantResolver(spec, sharedByService(spec, services, reporter), reporter);
  const tenants: Tenant[] = [];
  for (const placed of services.values()) {
    for (const cluster of clustersOf(placed.service, placed.path, spec, clusters, reporter))
      tenants.push(resolver.tenant(placed, cluster));
  }
  tenants.sort((a, b) => compare(a.cluster.name, b.cluster.name) || compare(a.service, b.service));
  const { aws, externalSecrets } = spec;
  const gitops = resolveGitops(spec, clusters, tenants, reporter);
  const fleet: Fleet = {
    release,
    operator: {
      namespace: externalSecrets?.namespace ?? defaultOperatorNamespace,
      serviceAccount: externalSecrets?.serviceAccount ?? defaultServiceAccount,
    },
    clusters: [...clusters.values()],
    tenants,
    tagKeys: tagKeysOf(spec),
    secrets: resolver.owners.groups(),
    kms: resolveKms(spec, [...clusters.values()], reporter),
    permissionsBoundary: aws.permissionsBoundary,
    administrators: [...(aws.administrators ?? [])].sort(compare),
    guard: resolveGuard(spec, tenants, reporter),
    gitops,
  };
  return { fleet, findings: reporter.findings() };
}

function resolveRelease(wanted: string = newestEsoVersion, reporter: Reporter): EsoRelease {
  const found = esoRelease(wanted);
  const path = ['externalSecrets', 'version'];
  const allowed = `${found.oldest} to ${found.newest}`;
  if ('problem' in found) {
    const message = `External Secrets Operator ${wanted} is ${found.problem === 'too old' ? 'older than any that is known here' : 'not a release'}`;
    reporter.report('unsupported-version', path, message, { allowed });
    return resolveRelease(undefined, reporter);
  }
  if (!found.known) {
    const message = `External Secrets Operator ${wanted} is newer than ${found.newest}, the newest known here; its defaults are taken to be the same`;
    reporter.report('unsupported-version', path, message, { severity: 'warning', allowed });
  }
  return found.release;
}

interface PlacedService {
  readonly service: ServiceSpec;
  readonly path: Path;
}

interface PlacedShared {
  readonly shared: SharedSpec;
  readonly path: Path;
}

function uniqueServices(spec: Spec, reporter: Reporter): Map<string, PlacedService> {
  const services = new Map<string, PlacedService>();
  for (const [index, service] of (spec.services ?? []).entries()) {
    const path = ['services', index];
    const first = services.get(service.name);
    if (first === undefined) services.set(service.name, { service, path });
    else {
      const message = `service "${service.name}" is also at ${reporter.place([...first.path, 'name'])}`;
      reporter.report('service-conflict', [...path, 'name'], message, { allowed: 'each service once' });
    }
  }
  return services;
}

/** The shared entries that each service may read, by the entry's name. */
function sharedByService(
  spec: Spec,
  services: ReadonlyMap<string, PlacedService>,
  reporter: Reporter,
): Map<string, PlacedShared[]> {
  const result = new Map<string, PlacedShared[]>();
  const seen = new Map<string, Path>();
  const entries = (spec.shared ?? []).map((shared, index) => ({ shared, path: ['shared', index] as Path }));
  for (const entry of entries.sort((a, b) => compare(a.shared.name, b.shared.name))) {
    const { shared, path } = entry;
    checkSharedName(shared.name, path, seen, services, reporter);
    const readers = shared.services === '*' ? [...services.keys()] : shared.services;
    for (const [name, index] of eachOnce(readers, [...path, 'services'], reporter)) {
      if (services.has(name)) result.set(name, [...(result.get(name) ?? []), entry]);
      else reportUnknownService(name, [...path, 'services', index], services, reporter);
    }
  }
  return result;
}

function reportUnknownService(
  name: string,
  path: Path,
  services: ReadonlyMap<string, PlacedService>,
  reporter: Reporter,
): void {
  reporter.report('unknown-service', path, `there is no service "${name}"`, {
    allowed: () => (name === '*' ? 'services: "*" for all, without a list around it' : list(services.keys())),
    nearest: () => nearest(name, services.keys()),
  });
}

function checkSharedName(
  name: string,
  path: Path,
  seen: Map<string, Path>,
  services: ReadonlyMap<string, PlacedService>,
  reporter: Reporter,
): void {
  const taken = seen.get(name) ?? services.get(name)?.path;
  seen.set(name, path);
  if (taken === undefined) return;
  const message = `"${name}" is also the identity at ${reporter.place([...taken, 'name'])}; whoever may claim one could read the secrets of the other`;
  reporter.report('service-conflict', [...path, 'name'], message, {
    allowed: 'a name that no service and no other shared entry has',
  });
}

const defaultNamespace = '{service}-ns';
const defaultStore = 'aws-secretsmanager';
const defaultRefreshInterval = '1h';
const defaultOperatorNamespace = 'external-secrets';
const defaultServiceAccount = 'external-secrets';

/** Resolves one service in one cluster at a time, and sees to what tenants may not have in common. */
class TenantResolver {
  private readonly namespaces = new Map<string, PlacedService>();
  readonly owners: SecretOwners;
  private readonly sharedTags = new Map<string, readonly Tag[]>();
  private readonly spec: Spec;
  private readonly shared: ReadonlyMap<string, readonly PlacedShared[]>;
  private readonly reporter: Reporter;

  constructor(spec: Spec, shared: ReadonlyMap<string, readonly PlacedShared[]>, reporter: Reporter) {
    this.spec = spec;
    this.shared = shared;
    this.reporter = reporter;
    this.owners = new SecretOwners(spec.aws.primaryRegion, reporter);
  }

  tenant(placed: PlacedService, cluster: Cluster): Tenant {
    const { service, path } = placed;
    const { spec, reporter } = this;
    const values = placeholderValues(cluster, service.name);
    const namespace = this.namespaceOf(placed, cluster, values);
    const further = furtherTags(cluster, service.name, reporter);
    const name = spec.defaults?.store ?? defaultStore;
    const own = { name, identity: service.name, sessionTags: this.tagsOf(service.name, further) };
    const stores: Store[] = [own];
    const lists = [{ secrets: service.secrets, store: own, path: [...path, 'secrets'] }];
    for (const { shared, path } of this.shared.get(service.name) ?? []) {
      const store = {
        name: `${name}-${shared.name}`,
        identity: shared.name,
        sessionTags: this.sharedTagsOf(shared.name, cluster, further),
      };
      this.checkStoreName(store, [...path, 'name']);
      stores.push(store);
      lists.push({ secrets: shared.secrets, store, path: [...path, 'secrets'] });
    }
    const refreshInterval = spec.defaults?.refreshInterval ?? defaultRefreshInterval;
    const { plans, wanted } = planExternalSecrets(lists, { cluster, values, refreshInterval, reporter });
    for (const secret of wanted) this.owners.claim(cluster, secret);
    return { service: service.name, cluster, namespace, stores, externalSecrets: plans };
  }

  /** The namespace; empty when it cannot be filled in, which is reported. */
  private namespaceOf(placed: PlacedService, cluster: Cluster, values: PlaceholderValues): string {
    const { service } = placed;
    const template = service.namespace ?? this.spec.defaults?.namespace ?? defaultNamespace;
    const namespace = fill(
      template,
      values,
      () => (service.namespace === undefined ? ['defaults', 'namespace'] : namespacePlace(placed)),
      this.reporter,
    );
    if (namespace === undefined) return '';
    if (!isDnsLabel(namespace)) {
      const message = `service "${service.name}" would live in namespace "${namespace}", which Kubernetes refuses`;
      this.reporter.report('invalid-value', namespacePlace(placed), message, {
        allowed: 'at most 63 lower-case letters, digits and "-"',
      });
    }
    const operator = this.spec.externalSecrets?.namespace ?? defaultOperatorNamespace;
    if (namespace === 'default' || namespace.startsWith('kube-') || namespace === operator) {
      const message = `namespace "${namespace}" belongs to ${namespace === operator ? 'the operator' : 'Kubernetes'}`;
      this.reporter.report('reserved-namespace', namespacePlace(placed), message, {
        allowed: 'a namespace of the service alone',
      });
    }
    this.claimNamespace(namespace, placed, cluster);
    return namespace;
  }

  private claimNamespace(namespace: string, placed: PlacedService, cluster: Cluster): void {
    const key = `${cluster.name}/${namespace}`;
    const first = this.namespaces.get(key);
    if (first === undefined) {
      this.namespaces.set(key, placed);
      return;
    }
    const message = `services "${first.service.name}" (${this.reporter.place(namespacePlace(first))}) and "${placed.service.name}" would share namespace "${namespace}" in cluster "${cluster.name}"`;
    this.reporter.report('namespace-conflict', namespacePlace(placed), message, {
      allowed: 'a namespace for each service',
    });
  }

  private tagsOf(identity: string, further: readonly Tag[]): readonly Tag[] {
    return [{ key: tagKeyOf(this.spec), value: identity }, ...further];
  }

  /** One list for all tenants with the same tags, so that comparing the owners of a secret is cheap. */
  private sharedTagsOf(identity: string, cluster: Cluster, further: readonly Tag[]): readonly Tag[] {
    const key = JSON.stringify([cluster.name, identity, further]);
    const known = this.sharedTags.get(key) ?? this.tagsOf(identity, further);
    this.sharedTags.set(key, known);
    return known;
  }

  /** Of the two names that make it up, each by itself is short enough. */
  private checkStoreName({ name }: Store, path: Path): void {
    if (isDnsSubdomain(name)) return;
    this.reporter.report('invalid-value', path, `"${name}" is too long for a SecretStore`, {
      allowed: 'at most 253 characters',
    });
  }
}

/** Where it is said that a service has its namespace. */
function namespacePlace({ service, path }: PlacedService): Path {
  return [...path, service.namespace === undefined ? 'name' : 'namespace'];
}
