import { durationSeconds } from '../duration.ts';
import type { Finding, Locate, Path } from '../findings/finding.ts';
import type { Cluster, ExternalSecretPlan, Fleet, SecretGroup, Tenant } from '../fleet/model.ts';
import { arnParts } from './arn.ts';

/** What AWS takes of one account in one region, by default. */
export const quotas = {
  /**
   * Calls of GetSecretValue a second, not adjustable; they count for the account of the role that reads.
   * Source: Secrets Manager User Guide, "AWS Secrets Manager quotas".
   */
  reads: 10_000,
  /**
   * Calls of AssumeRole a second, together with some others of STS; they count for the account of the role that calls.
   * More on request. AssumeRoleWithWebIdentity, by which pods log in, is not among them.
   * Source: IAM User Guide, "IAM and AWS STS quotas", STS request quotas.
   */
  assumeRole: 600,
  /** Secrets, replicas among them. Source: as for `reads`. */
  secrets: 500_000,
} as const;

/** The part of a quota that is used without a warning. What else runs in the account has the other half. */
const share = 0.5;

/**
 * How often the operator checks a SecretStore, in seconds, by assuming its role.
 * Source: External Secrets Operator, flag `--store-requeue-interval`.
 */
const storeCheckInterval = 300;

/** Calls a second. */
export interface Load {
  /** Of GetSecretValue. */
  readonly reads: number;
  /** Of AssumeRole, to read. */
  readonly assumedToRead: number;
  /** Of AssumeRole, to check SecretStores. */
  readonly assumedToCheck: number;
}

/** The load on one account in one region. */
export interface PlacedLoad extends Load {
  readonly account: string;
  readonly region: string;
}

/** Warns where the fleet alone would use more than half of a quota of AWS: one finding for a quota, account and region. */
export function quotaFindings(fleet: Fleet, locate: Locate): Finding[] {
  return [
    ...loadsOf(fleet).flatMap((load) => [...readFinding(load, locate), ...assumeFinding(load, locate)]),
    ...secretFindings(fleet.secrets, locate),
  ];
}

/**
 * The steady load of all operators, by account and region, once every secret was read. It is an upper bound: the
 * operator keeps no session from one use to the next, so it assumes the role, and each one before it in a chain, for
 * every secret that it reads and for every check of a SecretStore. (Its first releases kept a session while they
 * refreshed an ExternalSecret.) What fails is tried again, which comes on top.
 *
 * Source: External Secrets Operator, `providers/v1/aws` (auth, secretsmanager) and `pkg/controllers/secretstore`.
 */
export function loadsOf({ tenants }: Fleet): PlacedLoad[] {
  const loads = new Map<string, PlacedLoad>();
  for (const [cluster, { reads, stores }] of clusterLoads(tenants)) {
    const { region, secretsAccount } = cluster;
    const add = (account: string, load: Partial<Load>) => {
      const key = `${account} ${region}`;
      loads.set(key, sum(loads.get(key) ?? { account, region, ...noLoad }, load));
    };
    add(secretsAccount, { reads });
    // Each role on the way calls for the next one.
    for (const arn of [cluster.controllerRoleArn, ...cluster.roleChain]) {
      add(arnParts(arn).account, { assumedToRead: reads, assumedToCheck: stores / storeCheckInterval });
    }
  }
  return [...loads.values()];
}

const noLoad: Load = { reads: 0, assumedToRead: 0, assumedToCheck: 0 };

function sum(load: PlacedLoad, more: Partial<Load>): PlacedLoad {
  return {
    ...load,
    reads: load.reads + (more.reads ?? 0),
    assumedToRead: load.assumedToRead + (more.assumedToRead ?? 0),
    assumedToCheck: load.assumedToCheck + (more.assumedToCheck ?? 0),
  };
}

/** What each cluster's operator reads a second, and how many SecretStores it has. */
function clusterLoads(tenants: readonly Tenant[]): Map<Cluster, { reads: number; stores: number }> {
  const loads = new Map<Cluster, { reads: number; stores: number }>();
  const seconds = new Map<string, number>();
  for (const { cluster, stores, externalSecrets } of tenants) {
    const load = loads.get(cluster) ?? { reads: 0, stores: 0 };
    loads.set(cluster, load);
    load.stores += stores.length;
    for (const plan of externalSecrets) {
      const interval = seconds.get(plan.refreshInterval) ?? durationSeconds(plan.refreshInterval);
      seconds.set(plan.refreshInterval, interval);
      // With 0 it is read once.
      if (interval > 0) load.reads += readsOf(plan) / interval;
    }
  }
  return loads;
}

/** How many secrets a refresh of an ExternalSecret reads: each once, however many keys come from it. */
function readsOf({ data, extracts }: ExternalSecretPlan): number {
  const remotes = new Set([...data.map(({ remote }) => remote), ...extracts]);
  if (remotes.size === 1) return 1;
  return new Set([...remotes].map(({ key, version = '' }) => `${key} ${version}`)).size;
}

function readFinding({ reads, account, region }: PlacedLoad, locate: Locate): Finding[] {
  if (reads <= share * quotas.reads) return [];
  const message = `secrets would be read ${Math.round(reads)} times a second with roles of account ${account} in ${region}`;
  return [
    warning(
      message,
      `${half(quotas.reads)}; a longer refreshInterval makes it fewer`,
      refreshInterval,
      locate,
    ),
  ];
}

function assumeFinding(load: PlacedLoad, locate: Locate): Finding[] {
  const { assumedToRead, assumedToCheck, account, region } = load;
  if (assumedToRead + assumedToCheck <= share * quotas.assumeRole) return [];
  const message = `roles would be assumed ${Math.round(assumedToRead + assumedToCheck)} times a second from account ${account} in ${region}: ${Math.round(assumedToRead)} to read secrets, ${Math.round(assumedToCheck)} to check SecretStores`;
  const isReading = assumedToRead >= assumedToCheck;
  const remedy = isReading
    ? 'a longer refreshInterval makes it fewer'
    : `the operator checks each every ${storeCheckInterval} seconds, which its storeRequeueInterval changes`;
  return [
    warning(message, `${half(quotas.assumeRole)}; ${remedy}`, isReading ? refreshInterval : services, locate),
  ];
}

function secretFindings(groups: readonly SecretGroup[], locate: Locate): Finding[] {
  const counts = new Map<string, { account: string; region: string; secrets: number }>();
  const add = (account: string, region: string, secrets: number) => {
    const key = `${account} ${region}`;
    counts.set(key, { account, region, secrets: (counts.get(key)?.secrets ?? 0) + secrets });
  };
  for (const { account, region, secrets } of groups) {
    add(account, region, secrets.length);
    for (const { replicaRegions } of secrets) for (const replica of replicaRegions) add(account, replica, 1);
  }
  return [...counts.values()]
    .filter(({ secrets }) => secrets > share * quotas.secrets)
    .map(({ account, region, secrets }) =>
      warning(
        `account ${account} would hold ${secrets} secrets in ${region}`,
        half(quotas.secrets),
        services,
        locate,
      ),
    );
}

const refreshInterval: Path = ['defaults', 'refreshInterval'];
const services: Path = ['services'];

function half(quota: number): string {
  return `at most ${share * quota}, half of what AWS takes`;
}

function warning(message: string, allowed: string, path: Path, locate: Locate): Finding {
  return { rule: 'aws-quota', severity: 'warning', message, allowed, location: locate(path, 'key') };
}
