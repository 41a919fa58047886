import type { Finding } from '../../findings/finding.ts';
import { placeOfServiceAccount } from '../deployment/helm-values.ts';
import type { Cluster, Dist, DistRole, OperatorRole } from '../files/model.ts';
import { type RoleUse, storesOf } from './role-use.ts';
import { accountOf, operatorAccounts, type ServiceAccount, serviceAccountsIn } from './service-accounts.ts';

/**
 * What is wrong with the pods that get the operator's role. The files of eksctl and EKS Pod Identity, the values of the
 * operator's chart and the trust policies for identity providers say which service account they run as, so these must agree,
 * and no service may run pods in that namespace.
 */
export function operatorFindings(dist: Dist, use: RoleUse): Finding[] {
  const { clusters, roles } = dist;
  const operators = clusters.flatMap(({ operator }) => operator ?? []);
  const usual = mostFrequent(
    [...operators, ...[...roles.values()].flatMap(serviceAccountsIn)].map(accountOf),
  );
  const owners = new Map(
    clusters.flatMap(({ tenants }) => tenants.map(({ namespace, service }) => [namespace, service] as const)),
  );
  return [
    ...operatorAccounts(dist, use).flatMap((one) => [
      ...inNamespaceOf(one, owners.get(one.namespace)),
      ...(accountOf(one) === usual
        ? []
        : [odd(one, `the operator's role goes to service account ${accountOf(one)}`, usual)]),
    ]),
    ...operators.flatMap((operator) => boundaryFindings(operator, roles.get(operator.role))),
    ...clusters.flatMap((cluster) => helmFindings(cluster, accountsIn(cluster, dist, use))),
    ...clusters.flatMap(elsewhere),
    ...clusters.flatMap(ofAnotherRegion),
  ];
}

/** The names of the service accounts that may be the operator's in a cluster; none where no file says one. */
function accountsIn(cluster: Cluster, { roles }: Dist, use: RoleUse): string[] {
  if (cluster.operator !== undefined) return [cluster.operator.serviceAccount];
  const guessed = [...roles.values()].filter(({ role }) => use.guessedClustersOf(role.arn).includes(cluster));
  return guessed.flatMap(serviceAccountsIn).map(({ serviceAccount }) => serviceAccount);
}

/** The chart makes the service account that pods of the operator run as: with another one they get no role, or another. */
function helmFindings({ name, helmValues, operator }: Cluster, accounts: readonly string[]): Finding[] {
  if (helmValues === undefined) return [];
  const { serviceAccount, role } = helmValues;
  const found: Finding[] = [];
  const add = (message: string, allowed: string) => {
    const location = placeOfServiceAccount(helmValues);
    found.push({ rule: 'proof-document', severity: 'error', message, allowed, location });
  };
  if (accounts.length > 0 && !accounts.includes(serviceAccount))
    add(`the operator in cluster "${name}" runs as service account ${serviceAccount}`, accounts.join(', '));
  if (role !== undefined && role !== operator?.role)
    add(
      `the operator in cluster "${name}" asks for ${role}`,
      operator?.role ?? 'a Namespace for the operator',
    );
  return found;
}

function inNamespaceOf(account: ServiceAccount, owner: string | undefined): Finding[] {
  if (owner === undefined) return [];
  const message = `the operator's role goes to service account ${accountOf(account)}, in the namespace of ${owner}`;
  const allowed = 'a namespace of the operator alone';
  return [{ rule: 'proof-trust', severity: 'error', message, allowed, location: account.location }];
}

/** What keeps others out of the operator's namespace has to be about the one that it runs in. */
function elsewhere({ operator, guard }: Cluster): Finding[] {
  const guarded = guard?.operatorNamespace ?? '';
  if (operator === undefined || guarded === '' || operator.namespace === guarded) return [];
  const message = `the operator runs in namespace "${operator.namespace}", and its Namespace below platform/ is "${guarded}"`;
  return [odd(operator, message, guarded)];
}

/** In each region there may be a cluster of that name. */
function ofAnotherRegion(cluster: Cluster): Finding[] {
  const { operator } = cluster;
  const regions = [...new Set(storesOf([cluster]).map(({ region }) => region))];
  if (operator?.region === undefined || regions.length === 0 || regions.includes(operator.region)) return [];
  const message = `the operator's role goes to a cluster in region "${operator.region}", and the stores are in another`;
  return [odd(operator, message, regions.join(', '))];
}

/** eksctl and the other templates make the same role. Where only eksctl does, there is nothing to hold it against. */
function boundaryFindings(operator: OperatorRole, role: DistRole | undefined): Finding[] {
  if (!operator.makesRole || role?.hasTrust !== true) return [];
  if (operator.permissionsBoundary === role.permissionsBoundary) return [];
  const message = `the permissions boundary of ${operator.role} differs from the CloudFormation template`;
  return [odd(operator, message, role.permissionsBoundary ?? 'none')];
}

function odd({ location }: ServiceAccount, message: string, allowed: string): Finding {
  return { rule: 'proof-document', severity: 'error', message, allowed, location };
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}
