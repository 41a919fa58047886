import type { Finding, Locate, Path } from '../findings/finding.ts';
import type { Fleet } from '../fleet/model.ts';
import type { PolicyDocument } from './document.ts';
import { type Role, rolesOf } from './roles.ts';
import { tagGuardOf } from './tag-guard.ts';

/**
 * What AWS takes, in characters without white space. Source: IAM User Guide, "IAM and AWS STS quotas"; AWS
 * Organizations User Guide, "Quotas and service limits"; for EKS the API's "CreatePodIdentityAssociation".
 */
const limits = {
  managedPolicy: 6144,
  /** All inline policies of a role together; ours have one. */
  inlinePolicies: 10240,
  trust: 2048,
  /** The most that AWS grants on request. */
  trustByQuota: 8192,
  sessionPolicy: 2048,
  serviceControlPolicy: 5120,
} as const;

/** One document, and the parts of the input that decide how large it is. */
interface Measured {
  readonly what: string;
  readonly size: number;
  readonly causes: readonly Cause[];
}

/** A part of the input and the characters that it adds to a document. */
interface Cause {
  readonly path: Path;
  readonly size: number;
}

/** Reports documents that AWS would refuse for their size, where the input makes them that large. */
export function limitFindings(fleet: Fleet, locate: Locate): Finding[] {
  const roles = rolesOf(fleet);
  const accounts = new Map(
    roles.filter(({ kind }) => kind === 'access').map(({ account, partition }) => [account, partition]),
  );
  return [
    ...roles.flatMap((role) => roleFindings(role, fleet, locate)),
    ...fleet.clusters.flatMap((cluster) => sessionFinding(cluster, roles, locate)),
    ...[...accounts].flatMap(([account, partition]) => guardFinding(fleet, partition, account, locate)),
  ];
}

/** Characters of a document, without white space between its parts. */
export function sizeOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function roleFindings(role: Role, fleet: Fleet, locate: Locate): Finding[] {
  const policy = {
    what: `the policy of role "${role.name}"`,
    size: sizeOf(role.policy),
    causes: [
      cause(['aws', 'kms', 'keys'], keysOf(fleet)),
      cause(['abac', 'tags'], fleet.tagKeys),
      clusters(fleet),
    ],
  };
  const trust = {
    what: `the trust policy of role "${role.name}"`,
    size: role.trust === undefined ? 0 : sizeOf(role.trust),
    causes: [cause(['abac', 'tags'], fleet.tagKeys), clusters(fleet)],
  };
  return [
    ...finding(policy, limits.inlinePolicies, 'the inline policies of a role', locate),
    ...warning(
      policy,
      limits.managedPolicy,
      limits.inlinePolicies,
      'as a managed policy; inline it fits',
      locate,
    ),
    ...finding(trust, limits.trustByQuota, 'a trust policy, by quota', locate),
    ...warning(
      trust,
      limits.trust,
      limits.trustByQuota,
      'unless you raise the quota "Role trust policy length"',
      locate,
    ),
  ];
}

function sessionFinding(
  cluster: Fleet['clusters'][number],
  roles: readonly Role[],
  locate: Locate,
): Finding[] {
  const role = roles.find(({ arn }) => arn === cluster.controllerRoleArn);
  if (cluster.identity?.kind !== 'podIdentity' || role === undefined) return [];
  const measured = {
    what: `the session policy of the operator in cluster "${cluster.name}"`,
    size: sizeOf(role.policy),
    causes: [{ path: ['clusters', cluster.name, 'podIdentity'], size: 0 }],
  };
  return finding(measured, limits.sessionPolicy, 'a session policy', locate);
}

function guardFinding(fleet: Fleet, partition: string, account: string, locate: Locate): Finding[] {
  const guard = tagGuardOf(fleet, partition, account);
  if (guard === undefined) return [];
  const measured = {
    what: `the tag guard of account ${account}`,
    size: sizeOf(guard),
    causes: [cause(['aws', 'administrators'], fleet.administrators), cause(['abac', 'tags'], fleet.tagKeys)],
  };
  return finding(measured, limits.serviceControlPolicy, 'a service control policy', locate);
}

function keysOf({ kms }: Fleet): string[] {
  return kms.kind === 'keys' ? kms.keys.map(({ arn }) => arn) : [];
}

function cause(path: Path, texts: readonly string[]): Cause {
  return { path, size: texts.join('').length };
}

function clusters(fleet: Fleet): Cause {
  return cause(
    ['clusters'],
    fleet.clusters.flatMap((cluster) => [cluster.controllerRoleArn, ...cluster.roleChain]),
  );
}

function finding(measured: Measured, limit: number, of: string, locate: Locate): Finding[] {
  if (measured.size <= limit) return [];
  return [report(measured, `at most ${limit} characters in ${of}`, 'error', locate)];
}

function warning(
  measured: Measured,
  limit: number,
  hardLimit: number,
  unless: string,
  locate: Locate,
): Finding[] {
  if (measured.size <= limit || measured.size > hardLimit) return [];
  return [report(measured, `at most ${limit} characters, ${unless}`, 'warning', locate)];
}

function report(
  { what, size, causes }: Measured,
  allowed: string,
  severity: Finding['severity'],
  locate: Locate,
): Finding {
  const [largest] = [...causes].sort((a, b) => b.size - a.size);
  const message = `${what} would have ${size} characters`;
  return {
    rule: 'policy-size',
    severity,
    message,
    allowed,
    location: locate(largest?.path ?? [], 'key'),
  };
}
