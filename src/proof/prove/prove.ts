import type { Finding } from '../../findings/finding.ts';
import type { ReadFiles } from '../files/clusters.ts';
import { type Dist, type DistRole, type Reading, type Source, startOf } from '../files/model.ts';
import { readDist } from '../files/read.ts';
import { distinctFindings, tooManyCases, uncoveredFinding } from '../findings.ts';
import { type FineTrials, judgeGuards, type StoppedAttack } from '../guard/judge.ts';
import { withStandIns } from '../guard/stand-ins.ts';
import type { Policy } from '../iam/model.ts';
import { partitionOf } from '../matrix/decisions.ts';
import { matrixOf, sessionClasses } from '../matrix/matrix.ts';
import { SecretIndex } from '../matrix/secret-index.ts';
import { Ways } from '../matrix/ways.ts';
import { uncovered } from '../questions/fragment.ts';
import { administratorsIn, askAboutGuard } from '../questions/guard.ts';
import { type AbacTags, abacTags, clusterTagKeys } from '../tag-keys.ts';
import { TooManyCases } from '../witness/witnesses.ts';
import { assumptionsOf } from './assumptions.ts';
import { operatorFindings, uninstalledFindings } from './operator-findings.ts';
import { providerFindings } from './provider-findings.ts';
import {
  combine,
  judgeAccessRole,
  judgeController,
  judgeHop,
  judgeTrust,
  type RoleResult,
} from './role-findings.ts';
import { RoleUse, rolesFor } from './role-use.ts';
import { choosesKeysByTag, secretFindings } from './secret-findings.ts';
import { operatorAccounts, subjectOf } from './service-accounts.ts';
import { TenantFindings } from './tenant-findings.ts';
import { versionFindings } from './version-findings.ts';

/** What was looked at. */
export interface ProofCounts {
  readonly tenants: number;
  /** In each region that they are in: a replica counts. */
  readonly secrets: number;
  /** Tenants times secrets; each is allowed or denied. */
  readonly pairs: number;
  readonly allowed: number;
  readonly denied: number;
  /** Requests that could exist and were decided one by one. */
  readonly cases: number;
  /** Requests to the API servers of the clusters, forged and real, that were decided by their admission policies. */
  readonly forgeries: number;
}

/** The outcome of a proof. Nothing is proven when there are findings. */
export interface Proof {
  readonly findings: readonly Finding[];
  readonly counts: ProofCounts;
  /** Attacks on the admission policies of the clusters, and what stops each. */
  readonly attacks: readonly StoppedAttack[];
  /** What is taken for granted, because dist does not say it; sorted. */
  readonly assumptions: readonly string[];
}

/**
 * Proves from the files of dist alone who can read which secret: exactly the identities that own it, of those named and
 * of all that could exist. docs/proof.md says what is claimed and why the cases are enough.
 *
 * @param sources every file below dist, in any order
 * @param read what was read already of all files of services and secrets, which need not be among the sources then:
 *   without them, a finding about one shows no more than the file
 * @param latest of the proof before, for who proves again and again
 */
export function proveDist(
  sources: Iterable<Source>,
  read?: readonly ReadFiles[],
  latest?: FineTrials,
): Proof {
  const files = new Map<string, Source>();
  for (const source of sources) files.set(source.path, source);
  const { dist, reading } = readDist(files.values(), read);
  const isReadable = reading.findings.every(({ rule }) => rule === 'proof-document');
  const tags = isReadable ? abacTags(dist) : undefined;
  if (isReadable && tags === undefined) reportUntagged(dist, reading);
  const judged = tags === undefined ? nothing : judge(files, dist, tags, reading, latest);
  const tenants = dist.clusters.reduce((sum, cluster) => sum + cluster.tenants.length, 0);
  const pairs = tenants * dist.secrets.length;
  return {
    findings: distinctFindings([
      ...reading.findings,
      ...uninstalledFindings(dist, files),
      ...judged.findings,
    ]),
    counts: {
      tenants,
      secrets: dist.secrets.length,
      pairs,
      allowed: judged.allowed,
      denied: pairs - judged.allowed,
      cases: judged.cases,
      forgeries: judged.forgeries,
    },
    attacks: judged.attacks,
    assumptions: [...reading.assumptions].sort(),
  };
}

const nothing = { findings: [], cases: 0, forgeries: 0, allowed: 0, attacks: [] };

/** Without a tag that decides nothing can be asked. That is right only where there is nobody yet, and nothing to read. */
function reportUntagged({ clusters, secrets }: Dist, reading: Reading): void {
  const [tenant] = clusters.flatMap(({ tenants }) => tenants);
  const location = tenant === undefined ? secrets[0]?.location : startOf(tenant.file);
  if (location === undefined)
    reading.assumptions.add('the roles and admission policies are right: without services nothing is asked');
  else
    reading.document(
      location,
      'no tag decides who reads: none is on most of the stores or most of the secrets',
      'the same tags on all stores and secrets, one of them that of the identity',
    );
}

function judge(
  files: ReadonlyMap<string, Source>,
  dist: Dist,
  tags: AbacTags,
  reading: Reading,
  latest?: FineTrials,
) {
  const classes = sessionClasses(dist.clusters, new Ways(dist, rolesFor('controller', dist)));
  const use = new RoleUse(dist, classes);
  const roles = combine(...[...dist.roles.values()].map((role) => judgeRole(role, dist, tags, use)));
  const guards = combine(
    ...[...dist.guards].map(([account, guard]) => judgeGuard(dist, tags, account, guard)),
  );
  const matrix = matrixOf(dist, classes, tags.keys);
  const index = new SecretIndex(dist.secrets);
  const tenants = new TenantFindings(files, dist, tags).all(matrix, index);
  const tried = withStandIns(dist, tags);
  const admission = judgeGuards(files, { ...dist, clusters: tried.clusters }, tags, latest);
  for (const assumption of [
    ...assumptionsOf(dist, use, tags),
    ...tried.assumptions,
    ...admission.assumptions,
  ])
    reading.assumptions.add(assumption);
  return {
    findings: [
      ...roles.findings,
      ...operatorFindings(dist),
      ...versionFindings(dist, files),
      ...guards.findings,
      ...secretFindings(dist, tags, index),
      ...tenants,
      ...tried.findings,
      ...admission.findings,
    ],
    cases: roles.cases + guards.cases,
    forgeries: admission.cases,
    allowed: matrix.allowed,
    attacks: admission.attacks,
  };
}

function judgeRole(one: DistRole, dist: Dist, tags: AbacTags, use: RoleUse): RoleResult {
  const { role } = one;
  const places = { policy: one.location, trust: role.trust.location };
  const purpose = use.purposeOf(one);
  if (purpose === 'access') {
    const callers = use.callersOf(role.arn, clusterTagKeys(dist, tags));
    const own = use.storesOf(role.arn);
    // Clusters without services pass what those of the others do.
    const ids = new Set((own.length > 0 ? own : use.stores).flatMap(({ externalId }) => externalId ?? []));
    const mustPass = ids.size > 0 ? { externalIds: [...ids] } : {};
    return judgeAccessRole({ role, tagKeys: tags.keys, callers, ...mustPass }, places);
  }
  const hop = judgeHop(one, new Set(dist.roles.keys()));
  if (purpose === 'chain') {
    const callers = use.callersOf(role.arn, []);
    return combine(hop, judgeTrust({ role, tagKeys: [], callers }, places.trust));
  }
  return one.hasTrust ? combine(hop, judgeControllerRole(one, use, dist)) : hop;
}

function judgeControllerRole(one: DistRole, use: RoleUse, dist: Dist): RoleResult {
  const { role } = one;
  const operators = use.operatorsOf(role.arn);
  const subjects = new Set((operators.length > 0 ? operators : operatorAccounts(dist)).map(subjectOf));
  const result = judgeController(
    { role, subjects: [...subjects], podClusters: use.podClustersOf(one) },
    role.trust.location,
  );
  return combine(result, { findings: providerFindings(one, use, dist), cases: 0 });
}

function judgeGuard(dist: Dist, tags: AbacTags, account: string, guard: Policy): RoleResult {
  const own = [...dist.roles.values()].filter((role) => role.account === account);
  const partition = partitionOf(own[0]?.role.arn ?? '');
  const { location } = guard.statements[0] ?? guard;
  const kmsByTag = own.some(({ role }) => choosesKeysByTag(role));
  const unclear = uncovered([guard]).map(uncoveredFinding);
  try {
    const { cases, unguarded } = askAboutGuard({ guard, account, partition, tagKeys: tags.keys, kmsByTag });
    const findings = unguarded.map(
      ({ principal, action, tagKeys }): Finding => ({
        rule: 'proof-tag-guard',
        severity: 'error',
        message: `${principal} is not kept from ${action}${tagKeys.length > 0 ? ` with the tags ${tagKeys.join(', ')}` : ''}`,
        allowed: 'a Deny for all but the administrators, whatever the case of the tag keys',
        location,
      }),
    );
    const ours = [...administratorsIn(guard)].filter((arn) => dist.roles.has(arn));
    const tooMany = ours.map(
      (arn): Finding => ({
        rule: 'proof-tag-guard',
        severity: 'error',
        message: `${arn} may change the tags that decide what it reads`,
        allowed: 'administrators that are none of the roles in dist',
        location,
      }),
    );
    return { cases, findings: [...unclear, ...findings, ...tooMany] };
  } catch (problem) {
    if (!(problem instanceof TooManyCases)) throw problem;
    return { cases: 0, findings: [...unclear, tooManyCases(guard.location)] };
  }
}
