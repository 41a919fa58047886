import type { Location } from '../../findings/finding.ts';
import type { Dist, DistRole } from '../files/model.ts';
import type { RoleUse } from './role-use.ts';

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
 * The service accounts of the operators. Where no file gives anybody a role of theirs, it goes to the first that the role's
 * trust policy names; each further one is found to be somebody else.
 */
export function operatorAccounts({ clusters, roles }: Dist, use: RoleUse): ServiceAccount[] {
  const operators = clusters.flatMap(({ operator }) => operator ?? []);
  const named = new Set(operators.map(({ role }) => role));
  const others = [...roles.values()].filter(
    (one) => !named.has(one.role.arn) && use.purposeOf(one) === 'controller',
  );
  return [...operators, ...others.flatMap((one) => serviceAccountsIn(one).slice(0, 1))];
}
