import { grouped } from '../../grouped.ts';
import type { Tenant } from '../../proof/files/model.ts';
import { type FileKind, fileKind } from '../../proof/files/paths.ts';
import type { Change, Read } from '../model.ts';
import { pairs, type Side } from '../side.ts';
import type { Texts } from '../texts.ts';
import { names, words } from '../words.ts';

/** Services that come and go, and namespaces that get another name. */
export function serviceChanges(base: Side, head: Side): Change[] {
  const { added, removed, both } = pairs(base.tenants, head.tenants);
  const [before, after] = [servicesIn(base.texts), servicesIn(head.texts)];
  return [
    ...byService(added, head).map((one) => serviceAdded(one, before)),
    ...byService(removed, base).map((one) => serviceRemoved(one, after)),
    ...namespaceChanges(both),
  ];
}

interface ServiceGroup {
  readonly service: string;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  readonly reads: readonly Read[];
}

/** Tenants of one service, with what they may read. */
function byService(tenants: readonly Tenant[], side: Side): ServiceGroup[] {
  const reads = grouped(side.reads?.values() ?? [], ({ service }) => service);
  return [...grouped(tenants, ({ service }) => service)].map(([service, group]) => {
    const clusters = group.map(({ cluster }) => cluster);
    return {
      service,
      clusters,
      namespaces: group.map(({ namespace }) => namespace),
      reads: (reads.get(service) ?? []).filter(({ cluster }) => clusters.includes(cluster)),
    };
  });
}

function secretsOf(reads: readonly Read[]) {
  const secrets = names(reads.map(({ secret }) => secret));
  return secrets.names.length === 0 ? words`nothing` : words`${secrets}`;
}

function serviceAdded({ service, clusters, reads }: ServiceGroup, before: ReadonlySet<string>): Change {
  const [one, many] = before.has(service)
    ? [words`comes to`, words`services come to`]
    : [words`is new in`, words`services are new in`];
  return {
    kind: 'service-added',
    danger: false,
    subject: service,
    text: words`${service} ${one} ${names(clusters)} and can read ${secretsOf(reads)}`,
    together: words`${many} ${names(clusters)} and can read what is named for them`,
  };
}

function serviceRemoved(
  { service, clusters, namespaces, reads }: ServiceGroup,
  after: ReadonlySet<string>,
): Change {
  const where = after.has(service) ? words`leaves` : words`is removed from`;
  const stays = words`and what is in it stays until somebody deletes it`;
  return {
    kind: 'service-removed',
    danger: true,
    subject: service,
    text: words`${service} ${where} ${names(clusters)}: it can no longer read ${secretsOf(reads)}; namespace ${names(namespaces)} ${stays}`,
    together: words`services are gone from ${names(clusters)} and can no longer read their secrets; their namespaces stay until somebody deletes them`,
  };
}

function namespaceChanges(both: readonly (readonly [Tenant, Tenant])[]): Change[] {
  const renamed = both.filter(([before, after]) => before.namespace !== after.namespace);
  const groups = grouped(renamed, ([before, after]) =>
    JSON.stringify([before.service, before.namespace, after.namespace]),
  );
  return [...groups.values()].map((group): Change => {
    const [[before, after]] = group;
    const clusters = names(group.map(([one]) => one.cluster));
    return {
      kind: 'namespace',
      danger: true,
      subject: before.service,
      text: words`${before.service} in ${clusters} moves from namespace ${before.namespace} to ${after.namespace}: the old one stays with all that is in it, and its Secrets are no longer refreshed`,
      together: words`services in ${clusters} move to another namespace: the old ones stay with all that is in them, and their Secrets are no longer refreshed`,
    };
  });
}

function servicesIn(texts: Texts): Set<string> {
  const kinds: (FileKind | undefined)[] = [...texts.keys()].map(fileKind);
  return new Set(kinds.flatMap((is) => (is?.kind === 'tenant' ? [is.service] : [])));
}
