import type { Cluster, Fleet, KmsKey } from '../fleet/model.ts';
import { grouped } from '../grouped.ts';
import { type AccessScope, accessPolicy } from './access-policy.ts';
import { arnParts } from './arn.ts';
import { type PolicyDocument, policyDocument, type Statement } from './document.ts';
import { accessTrust, chainTrust, controllerTrust } from './trust.ts';

/** A role with its documents. Everything that is deployed from it holds these very objects. */
export interface Role {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly name: string;
  readonly kind: 'access' | 'controller' | 'chain';
  /** What it may do. */
  readonly policy: PolicyDocument;
  /** Who may assume it. Absent for a controller role when the input does not say how pods get it. */
  readonly trust?: PolicyDocument | undefined;
  readonly permissionsBoundary?: string | undefined;
}

/** Every role that a fleet needs, by ARN. Their documents depend on clusters, never on services. */
export function rolesOf(fleet: Fleet): Role[] {
  const hops = hopsOf(fleet.clusters);
  const controllers = grouped(fleet.clusters, (cluster) => cluster.controllerRoleArn);
  const access = grouped(fleet.clusters, (cluster) => cluster.accessRoleArn);
  const roles = [
    ...[...access].map(([arn, clusters]) => accessRole(arn, clusters, fleet)),
    ...[...controllers].map(([arn, clusters]) => {
      const trust = controllerTrust(arnParts(arn), clusters, fleet.operator);
      return { ...describe(arn, 'controller', nextHops(hops, arn), fleet), trust };
    }),
    ...chainArns(fleet.clusters).map((arn) => {
      const before = unique(hops.filter((hop) => hop.to === arn).map((hop) => hop.from));
      return { ...describe(arn, 'chain', nextHops(hops, arn), fleet), trust: chainTrust(before) };
    }),
  ];
  return roles.sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** One role assumes the next. */
interface Hop {
  readonly from: string;
  readonly to: string;
  /** Whether the session tags go along: only with the last hop, as the operator does it. */
  readonly tagged: boolean;
}

function hopsOf(clusters: readonly Cluster[]): Hop[] {
  return clusters.flatMap(({ controllerRoleArn, roleChain, accessRoleArn }) => {
    const way = [controllerRoleArn, ...roleChain, accessRoleArn];
    return way.slice(1).map((to, index) => ({ from: way[index] ?? '', to, tagged: to === accessRoleArn }));
  });
}

function chainArns(clusters: readonly Cluster[]): string[] {
  return unique(clusters.flatMap(({ roleChain }) => roleChain));
}

/** What a controller role or a role of a chain may do: assume the next role, and nothing else. */
function nextHops(hops: readonly Hop[], arn: string): PolicyDocument {
  const next = hops.filter((hop) => hop.from === arn);
  const tagged = unique(next.filter((hop) => hop.tagged).map((hop) => hop.to));
  const plain = unique(next.filter((hop) => !hop.tagged).map((hop) => hop.to));
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]): Statement[] =>
    Resource.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource }];
  return policyDocument([
    ...allow('AssumeAccessRole', ['sts:AssumeRole', 'sts:TagSession'], tagged),
    ...allow('AssumeNextRole', ['sts:AssumeRole'], plain),
  ]);
}

function accessRole(arn: string, clusters: readonly Cluster[], fleet: Fleet): Role {
  const { partition, account } = arnParts(arn);
  const scope: AccessScope = {
    partition,
    account,
    regions: unique(clusters.map(({ region }) => region)),
    tagKeys: fleet.tagKeys,
    kms: kmsOf(fleet, account, new Set(clusters.map(({ region }) => region))),
  };
  const callers = new Map(
    clusters.map((cluster) => {
      const caller = cluster.roleChain.at(-1) ?? cluster.controllerRoleArn;
      return [caller, { arn: caller, pinnedTags: cluster.pinnedTags }];
    }),
  );
  const sorted = [...callers.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const externalId = clusters[0]?.externalId;
  return {
    ...describe(arn, 'access', accessPolicy(scope), fleet),
    trust: accessTrust(sorted, fleet.tagKeys, externalId),
  };
}

function kmsOf({ kms, clusters }: Fleet, account: string, regions: ReadonlySet<string>): AccessScope['kms'] {
  if (kms.kind !== 'keys') return kms;
  const keys = keysFor(kms.keys, account, clusters).filter(({ region }) => regions.has(region));
  return { kind: 'keys', keys };
}

/**
 * The keys that secrets of an account may be encrypted with: its own, and those of accounts that hold no secrets,
 * such as one that holds nothing but keys.
 */
export function keysFor(keys: readonly KmsKey[], account: string, clusters: readonly Cluster[]): KmsKey[] {
  const holdsSecrets = new Set(clusters.map(({ secretsAccount }) => secretsAccount));
  return keys.filter((key) => key.account === account || !holdsSecrets.has(key.account));
}

function describe(arn: string, kind: Role['kind'], policy: PolicyDocument, fleet: Fleet): Role {
  const parts = arnParts(arn);
  const { permissionsBoundary: boundary } = fleet;
  const isName = boundary !== undefined && !boundary.startsWith('arn:');
  const permissionsBoundary = isName
    ? `arn:${parts.partition}:iam::${parts.account}:policy/${boundary}`
    : boundary;
  return { arn, ...parts, kind, policy, permissionsBoundary };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
