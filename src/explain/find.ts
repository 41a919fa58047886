import { nearest } from '../findings/nearest.ts';
import type { DistSecret, Tenant } from '../proof/files/model.ts';
import { splitArn } from '../proof/iam/arn.ts';
import type { DistAccess } from './dist-access.ts';

/** A name that dist does not have, in words, with the nearest one that it has. */
export class UnknownName extends Error {}

/**
 * A service in the clusters where it is, or in one of them.
 *
 * @throws UnknownName
 */
export function findTenants(
  { dist }: DistAccess,
  service: string,
  cluster: string | undefined,
): readonly Tenant[] {
  checkCluster(dist.clusters, cluster);
  const all = dist.clusters.flatMap(({ tenants }) => tenants);
  const own = all.filter((tenant) => tenant.service === service);
  const known = all.map((tenant) => tenant.service);
  if (own.length === 0) throw unknown('service', service, known);
  const found = own.filter((tenant) => cluster === undefined || tenant.cluster === cluster);
  if (found.length > 0) return found;
  const where = own.map((tenant) => tenant.cluster).join(', ');
  throw new UnknownName(`service "${service}" is not in cluster "${cluster}", but in ${where}`);
}

/**
 * The secrets of a name, or of an ARN, in every account and region.
 *
 * @throws UnknownName
 */
export function findSecrets({ dist }: DistAccess, name: string): readonly DistSecret[] {
  const arn = splitArn(name);
  const resource = arn?.[5]?.replace(/^secret:/, '');
  const isMeant = ({ name: one, region, account }: DistSecret) =>
    resource === undefined
      ? one === name
      : region === arn?.[3] &&
        account === arn[4] &&
        (one === resource || one === resource.replace(/-[A-Za-z0-9]{6}$/, ''));
  const found = dist.secrets.filter(isMeant);
  if (found.length > 0) return found;
  const asking = dist.clusters.flatMap(({ tenants }) =>
    tenants.filter(({ reads }) => reads.some(({ key }) => key === name)),
  );
  const [first] = asking;
  if (first !== undefined)
    throw new UnknownName(
      `dist has no secret "${name}", though ${first.service} in ${first.cluster} asks for it`,
    );
  const known = dist.secrets.map((secret) => secret.name);
  throw unknown('secret', name, known);
}

/**
 * Of the copies of a secret the one that a tenant's stores read from: of their account and region, or of their account.
 */
export function copyFor(tenant: Tenant, copies: readonly DistSecret[]): DistSecret | undefined {
  const isNear = ({ account, region }: DistSecret) =>
    tenant.stores.some((store) => store.region === region && splitArn(store.role)?.[4] === account);
  const isOfAccount = ({ account }: DistSecret) =>
    tenant.stores.some((store) => splitArn(store.role)?.[4] === account);
  return copies.find(isNear) ?? copies.find(isOfAccount) ?? copies[0];
}

/** @throws UnknownName */
export function checkCluster(
  clusters: readonly { readonly name: string }[],
  cluster: string | undefined,
): void {
  const names = clusters.map(({ name }) => name);
  if (cluster !== undefined && !names.includes(cluster)) throw unknown('cluster', cluster, names);
}

function unknown(what: string, name: string, known: readonly string[]): UnknownName {
  const near = nearest(name, new Set(known));
  return new UnknownName(
    `dist has no ${what} "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  );
}
