import type { Finding } from '../../findings/finding.ts';
import type { Cluster, Dist, DistRole, OperatorRole } from '../files/model.ts';

/**
 * What is wrong with the pods that get the operator's role. Nothing but the files of eksctl and EKS Pod Identity and the
 * trust policies for identity providers says which service account they run as, so these must agree, and no service may
 * run pods in that namespace.
 */
export function operatorFindings({ clusters, roles }: Dist): Finding[] {
  const operators = clusters.flatMap(({ operator }) => operator ?? []);
  const usual = mostFrequent([...operators.map(accountOf), ...[...roles.values()].flatMap(subjectsIn)]);
  const owners = new Map(
    clusters.flatMap(({ tenants }) => tenants.map(({ namespace, service }) => [namespace, service] as const)),
  );
  return operators.flatMap((operator) => [
    ...inNamespaceOf(operator, owners.get(operator.namespace)),
    ...(accountOf(operator) === usual
      ? []
      : [odd(operator, `the operator's role goes to service account ${accountOf(operator)}`, usual)]),
    ...boundaryFindings(operator, roles.get(operator.role)),
  ]);
}

function inNamespaceOf(operator: OperatorRole, owner: string | undefined): Finding[] {
  if (owner === undefined) return [];
  const message = `the operator's role goes to service account ${accountOf(operator)}, in the namespace of ${owner}`;
  const allowed = 'a namespace of the operator alone';
  return [{ rule: 'proof-trust', severity: 'error', message, allowed, location: operator.location }];
}

/** eksctl and the other templates make the same role. Where only eksctl does, there is nothing to hold it against. */
function boundaryFindings(operator: OperatorRole, role: DistRole | undefined): Finding[] {
  if (operator.kind === 'podIdentity' || role?.hasTrust !== true) return [];
  if (operator.permissionsBoundary === role.permissionsBoundary) return [];
  const message = `the permissions boundary of ${operator.role} differs from the CloudFormation template`;
  return [odd(operator, message, role.permissionsBoundary ?? 'none')];
}

/** The service accounts that the operators run as, as far as dist says. */
export function operatorAccounts(clusters: readonly Cluster[]): Set<string> {
  return new Set(clusters.flatMap(({ operator }) => (operator === undefined ? [] : [accountOf(operator)])));
}

function odd({ location }: OperatorRole, message: string, allowed: string): Finding {
  return { rule: 'proof-document', severity: 'error', message, allowed, location };
}

function accountOf({ namespace, serviceAccount }: OperatorRole): string {
  return `${namespace}/${serviceAccount}`;
}

/** The service accounts that a trust policy asks tokens for. */
function subjectsIn({ role }: DistRole): string[] {
  const conditions = role.trust.statements.flatMap((statement) => statement.conditions);
  const subjects = conditions.filter(({ key }) => key.endsWith(':sub')).flatMap(({ values }) => values);
  return subjects.flatMap(({ source }) => {
    const [, namespace, name] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(source) ?? [];
    return namespace === undefined ? [] : [`${namespace}/${name}`];
  });
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}
