import type { Finding } from '../../findings/finding.ts';
import { placeOfServiceAccount } from '../deployment/helm-values.ts';
import {
  type Cluster,
  type Dist,
  type DistRole,
  type OperatorRole,
  type Source,
  startOf,
} from '../files/model.ts';
import { splitArn } from '../iam/arn.ts';
import { providersOf } from '../questions/controllers.ts';
import { rolesFor, storesOf } from './role-use.ts';
import { accountOf, operatorAccounts, type ServiceAccount, serviceAccountsIn } from './service-accounts.ts';

/**
 * What is wrong with the pods that get the operator's role. The files of eksctl and EKS Pod Identity, the values of the
 * operator's chart and the trust policies for identity providers say which service account they run as, so these must agree,
 * and no service may run pods in that namespace.
 */
export function operatorFindings(dist: Dist): Finding[] {
  const { clusters, roles } = dist;
  const operators = clusters.flatMap(({ operator }) => operator ?? []);
  const accounts = operatorAccounts(dist);
  const usual = mostFrequent([...accounts, ...[...roles.values()].flatMap(serviceAccountsIn)].map(accountOf));
  const owners = new Map(
    clusters.flatMap(({ tenants }) => tenants.map(({ namespace, service }) => [namespace, service] as const)),
  );
  return [
    ...accounts.flatMap((one) => [
      ...inNamespaceOf(one, owners.get(one.namespace)),
      ...(accountOf(one) === usual
        ? []
        : [odd(one, `the operator's role goes to service account ${accountOf(one)}`, usual)]),
    ]),
    ...operators.flatMap((operator) => boundaryFindings(operator, roles.get(operator.role))),
    ...clusters.flatMap((cluster) => helmFindings(cluster, dist)),
    ...clusters.flatMap(elsewhere),
    ...clusters.flatMap(ofAnotherRegion),
    ...operators.flatMap(ofAnotherAccount),
    ...operators.flatMap((operator) => unmade(operator, roles.get(operator.role))),
    ...withoutCluster(dist),
  ];
}

/** Each role of an operator is that of a cluster. Whom one more lets in, nothing in dist says. */
function withoutCluster(dist: Dist): Finding[] {
  const named = new Set(dist.clusters.map(({ operator }) => operator?.role));
  const roles = rolesFor('controller', dist).filter(({ role }) => !named.has(role.arn));
  const clusters = dist.clusters.filter(({ operator }) => operator === undefined);
  if (roles.length <= clusters.length) return [];
  return roles.map(({ role, location }) => ({
    rule: 'proof-trust',
    severity: 'error',
    message: `${role.arn} looks like the role of an operator, but no file says of which: ${roles.length} roles are like that, and ${clusters.length} clusters whose operator has no other`,
    allowed: 'for each cluster one role at most',
    location,
  }));
}

/**
 * Without its values nothing says as which service account the operator runs, what role it asks for and what it serves: the
 * chart's own values let it serve every namespace.
 */
export function uninstalledFindings(
  { clusters }: Pick<Dist, 'clusters'>,
  files: ReadonlyMap<string, Source>,
): Finding[] {
  return clusters.flatMap(({ name }): Finding[] => {
    const file = `operator/${name}/helm-values.yaml`;
    if (files.has(file)) return [];
    return [
      {
        rule: 'proof-document',
        severity: 'error',
        message: `no values say how the operator is installed in cluster "${name}"`,
        allowed: file,
        location: startOf(file),
      },
    ];
  });
}

/** The chart makes the service account that pods of the operator run as: with another one they get no role, or another. */
function helmFindings({ name, helmValues, operator }: Cluster, dist: Dist): Finding[] {
  if (helmValues === undefined) return [];
  const { serviceAccount, role } = helmValues;
  const found: Finding[] = [];
  const add = (message: string, allowed: string) => {
    const location = placeOfServiceAccount(helmValues);
    found.push({ rule: 'proof-document', severity: 'error', message, allowed, location });
  };
  if (operator !== undefined && operator.serviceAccount !== serviceAccount)
    add(
      `the operator in cluster "${name}" runs as service account ${serviceAccount}`,
      operator.serviceAccount,
    );
  if (role !== undefined && role !== operator?.role)
    add(
      `the operator in cluster "${name}" asks for ${role}`,
      operator?.role ?? 'a Namespace for the operator',
    );
  // Where a pod asks for a role by a token, what EKS Pod Identity gives it is not looked at (Amazon EKS User Guide).
  else if (role !== undefined && operator?.kind === 'podIdentity')
    add(
      `the operator in cluster "${name}" asks for ${role}, which EKS Pod Identity gives it`,
      'one of the two: with Pod Identity a service account without the annotation',
    );
  else if (role === undefined && operator?.kind === 'irsa' && isAskedTooRarely(operator.role, dist))
    add(`the operator in cluster "${name}" asks for no role`, operator.role);
  return found;
}

/**
 * Each cluster whose identity provider a trust policy names asks for the role by the chart's values. Of the others eksctl makes
 * the service account, which then asks for it.
 */
function isAskedTooRarely(arn: string, { clusters, roles }: Dist): boolean {
  const role = roles.get(arn)?.role;
  const asking = clusters.filter(({ helmValues }) => helmValues?.role === arn).length;
  return role !== undefined && asking < providersOf(role).length;
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

/** EKS Pod Identity gives roles of the cluster's own account only. */
function ofAnotherAccount(operator: OperatorRole): Finding[] {
  const { kind, account, role } = operator;
  const found = splitArn(role)?.[4];
  if (kind !== 'podIdentity' || found === account) return [];
  const message = `the role of the association is in account ${found ?? '(none)'}, and the cluster in ${account}`;
  return [odd(operator, message, `a role of account ${account}`)];
}

/** A role that has no trust policy is made by no template. An association, or the chart, makes none. */
function unmade(operator: OperatorRole, role: DistRole | undefined): Finding[] {
  if (operator.makesRole || role === undefined || role.hasTrust) return [];
  const message = `nothing makes ${operator.role}, which the operator is given: it has no trust policy`;
  return [odd(operator, message, 'a trust policy, and templates that make the role')];
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

/** The text that there is most often; of several the first. */
export function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}
