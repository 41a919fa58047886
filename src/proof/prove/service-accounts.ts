import type { Location } from '../../findings/finding.ts';
import { type Dist, type DistRole, startOf } from '../files/model.ts';

/** A service account that gets the operator's role, and where that is said. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly location: Location;
}

/** A service account as people write it. */
export function accountOf({ namespace, serviceAccount }: ServiceAccount): string {
  return `${namespace}/${serviceAccount}`;
}

/** A service account as tokens name it. */
export function subjectOf({ namespace, serviceAccount }: ServiceAccount): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** The service accounts that a trust policy names without a wildcard. */
export function serviceAccountsIn({ role }: DistRole): ServiceAccount[] {
  return role.trust.statements.flatMap(({ conditions, location }) => {
    const subjects = conditions.filter(({ key }) => key.endsWith(':sub')).flatMap(({ values }) => values);
    const plain = subjects.filter(({ parts }) => parts.every(({ type }) => type === 'text'));
    return plain.flatMap(({ source }) => {
      const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(source) ?? [];
      return namespace === undefined || serviceAccount === undefined
        ? []
        : [{ namespace, serviceAccount, location }];
    });
  });
}

/**
 * The service accounts of the operators: those that files give a role, and in other clusters the one that the chart makes in
 * the operator's Namespace. A trust policy that names another is not right by naming it.
 */
export function operatorAccounts({ clusters }: Pick<Dist, 'clusters'>): ServiceAccount[] {
  return clusters.flatMap(({ operator, helmValues, guard }): ServiceAccount[] => {
    if (operator !== undefined) return [operator];
    if (helmValues === undefined || !guard?.operatorNamespace) return [];
    const { serviceAccount, source } = helmValues;
    return [{ namespace: guard.operatorNamespace, serviceAccount, location: startOf(source.path) }];
  });
}
