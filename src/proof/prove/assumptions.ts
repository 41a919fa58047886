import type { Dist, DistRole } from '../files/model.ts';
import { providersOf } from '../questions/controllers.ts';
import type { AbacTags } from '../tag-keys.ts';
import { addressOf } from './provider-findings.ts';
import { type RoleUse, storesOf } from './role-use.ts';
import { choosesKeysByTag } from './secret-findings.ts';
import { accountOf, operatorAccounts } from './service-accounts.ts';

/** What the proof takes for granted: what dist does not say, and what nothing in dist could say. */
export function assumptionsOf(dist: Dist, use: RoleUse, { keys }: AbacTags): string[] {
  const roles = [...dist.roles.values()];
  const accounts = new Set(
    roles.filter((role) => use.purposeOf(role) === 'access').map(({ account }) => account),
  );
  const unguarded = [...accounts].filter((account) => !dist.guards.has(account));
  const bounded = roles.filter(({ permissionsBoundary }) => permissionsBoundary !== undefined);
  return [
    'what is deployed is what dist says, and the roles have no further policies, tags or sessions',
    'no service control policy or resource control policy takes away what the owners need',
    'no secret has a resource policy that lets others in, and none has two tags whose keys differ in case only',
    "nobody but cluster administrators may change admission policies or run a pod with the operator's service account",
    ...unguarded.map(
      (account) =>
        `whoever may tag a secret in account ${account} decides who reads it: there is no tag-guard.json`,
    ),
    ...(unguarded.length < accounts.size
      ? ['tag-guard.json is attached as a service control policy or permissions boundary']
      : []),
    ...bounded.map(
      ({ role, permissionsBoundary = '' }) =>
        `${permissionsBoundary}, the boundary of ${role.arn}, takes nothing away that it needs`,
    ),
    ...[...new Set(operatorAccounts(dist).map(accountOf))].map(
      (account) => `the operator runs as ${account}, and nothing else runs as that service account`,
    ),
    ...served(dist),
    ...roles.flatMap(ofProviders),
    ...roles
      .filter(({ hasTrust }) => !hasTrust)
      .map(({ role }) => {
        const isByEksctl = use.operatorsOf(role.arn).some(({ makesRole }) => makesRole);
        return `${role.arn} is made ${isByEksctl ? 'by eksctl' : 'outside of dist'}, and trusts the operator's service account alone`;
      }),
    ...roles.flatMap((role) => withoutProvider(role, use)),
    ...roles.flatMap(({ role }) =>
      use
        .guessedClustersOf(role.arn)
        .map(({ name }) => `the operator in cluster "${name}" has the role ${role.arn}: no file says so`),
    ),
    ...dist.clusters
      .filter((cluster) => cluster.operator?.kind === 'podIdentity' && storesOf([cluster]).length === 0)
      .map(
        ({ name }) =>
          `cluster "${name}" is in the first region that the trust policy of its operator's role names: no file says so`,
      ),
    ...use
      .idleControllers()
      .map((arn) => `${arn} is that of a cluster without services: nothing in dist says which`),
    ...(roles.some(({ role }) => choosesKeysByTag(role))
      ? [`each KMS key of a secret has the tags ${keys.join(', ')} of the secret`]
      : []),
    ...(dist.secrets.some(({ kmsKey }) => kmsKey !== undefined)
      ? ['the policies of the KMS keys leave their use to the account of the roles']
      : []),
  ];
}

/** Where an engine installs the operator, dist says which release that is, but not what runs already. */
function served({ clusters }: Dist): string[] {
  const versions = new Set(clusters.flatMap(({ guard }) => guard?.servedVersions ?? []));
  return [...versions].map((version) => `the operator serves external-secrets.io/${version}`);
}

/** Which cluster has which identity provider stands nowhere else. */
function ofProviders({ role }: DistRole): string[] {
  const providers = providersOf(role).map(addressOf).sort();
  if (providers.length === 0) return [];
  return [
    `the clusters whose operators have ${role.arn} are those with the identity providers ${providers.join(', ')}`,
  ];
}

/** eksctl makes the role of a cluster whose identity provider stands nowhere, by the name that it has elsewhere. */
function withoutProvider({ role, hasTrust }: DistRole, use: RoleUse): string[] {
  const clusters = use.operatorsOf(role.arn).filter(({ kind }) => kind === 'irsa').length;
  const providers = providersOf(role).length;
  if (!hasTrust || clusters <= providers) return [];
  return [
    `${role.arn} lets in ${clusters} clusters: its trust policy names the identity providers of ${providers} of them`,
  ];
}
