import { sizeOf } from '../../src/iam/limits.ts';
import { loadsOf, quotas } from '../../src/iam/quotas.ts';
import { rolesOf } from '../../src/iam/roles.ts';
import { clusterCount, fleetOf, perCluster, type Shape } from './fleet.ts';
import { numbered, percent, rate, table } from './markdown.ts';

/**
 * Calls a second of the busiest account and region, for 100,000 services that are spread in several ways.
 *
 * @param services that are simulated: any number gives the same table
 */
export function callTable(services: number, folder: string): string {
  const allInOne = 100_000 / services;
  const inTheirs = (perCluster * clusterCount({ services })) / services;
  const places: [where: string, shape: Partial<Shape>, times: number][] = [
    ['50 accounts, two regions', {}, inTheirs],
    ['1 account, two regions', { accounts: 1 }, allInOne],
    ['1 account, one region', { accounts: 1, regions: ['us-west-2'] }, allInOne],
  ];
  const rows = places.flatMap(([where, shape, times]) =>
    ['15m', '1h', '24h'].map((refreshInterval) => {
      const loads = loadsOf(fleetOf({ services, refreshInterval, ...shape }, folder));
      const reads = times * Math.max(...loads.map((load) => load.reads));
      const assumed = times * Math.max(...loads.map((load) => load.assumedToRead + load.assumedToCheck));
      return [
        where,
        refreshInterval,
        `${rate(reads)} (${percent(reads / quotas.reads)})`,
        `${rate(assumed)} (${percent(assumed / quotas.assumeRole)})`,
      ];
    }),
  );
  return table(
    '| 100,000 services in | refreshed every | secrets read a second | roles assumed a second |',
    rows,
  );
}

const accessRole = '  accessRole: arn:aws:iam::999999999999:role/eso-secrets-access\n';
const controllerRole = '  controllerRole: "eso-{cluster.name}"\n';

/** Sizes of the largest documents of 100 clusters, in characters, by where the roles are. */
export function documentTable(folder: string): string {
  const shapes: [string, Partial<Shape>][] = [
    ['the roles in each of 50 accounts', {}],
    ['all secrets in one account, a controller role in each of 50', { aws: accessRole }],
    ['all secrets in one account, a controller role for each cluster', { aws: accessRole + controllerRole }],
  ];
  const rows = shapes.map(([what, shape]) => {
    const roles = rolesOf(fleetOf({ services: 1, clusters: 100, ...shape }, folder));
    const policies = roles.map(({ policy }) => sizeOf(policy));
    const trusts = roles.map(({ trust }) => (trust === undefined ? 0 : sizeOf(trust)));
    return [what, numbered(Math.max(...policies)), numbered(Math.max(...trusts))];
  });
  return table('| 100 clusters | largest policy | largest trust policy |', rows);
}
