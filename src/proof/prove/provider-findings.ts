import type { Finding } from '../../findings/finding.ts';
import type { Dist, DistRole } from '../files/model.ts';
import { providersOf } from '../questions/controllers.ts';
import type { RoleUse } from './role-use.ts';

/**
 * What is wrong with the identity providers that the trust policy of a controller role names. Each cluster has one of its own,
 * and nothing in dist says which is whose: so they are counted, and none is that of two roles, or the pods of one cluster get
 * both.
 */
export function providerFindings(
  { role }: DistRole,
  use: Pick<RoleUse, 'operatorsOf' | 'guessedClustersOf'>,
  { roles }: Pick<Dist, 'roles'>,
): Finding[] {
  const found = (rule: Finding['rule'], message: string): Finding[] => [
    {
      rule,
      severity: 'error',
      message,
      allowed: 'one provider for each cluster',
      location: role.trust.location,
    },
  ];
  const own = new Set(providersOf(role).map(addressOf));
  const other = [...roles.values()].find(
    (one) => one.role !== role && providersOf(one.role).some((provider) => own.has(addressOf(provider))),
  );
  if (other !== undefined)
    return found(
      'proof-trust',
      `the trust policy names an identity provider that the one of ${other.role.arn} names, too`,
    );
  const operators = use.operatorsOf(role.arn).filter(({ kind }) => kind === 'irsa');
  const clusters = operators.length + use.guessedClustersOf(role.arn).length;
  const providers = providersOf(role).length;
  if (providers > clusters)
    return found(
      'proof-trust',
      `the trust policy names ${providers} identity providers, but ${clusters} clusters with providers use the role`,
    );
  // Two clusters of dist may be one in AWS, which then has a statement for each.
  const statements = role.trust.statements.filter(({ principals = [] }) =>
    principals.some(({ type }) => type === 'federated'),
  );
  const asking = operators.filter(({ makesRole }) => !makesRole).length;
  if (asking > Math.max(statements.length, providers))
    return found(
      'proof-denied',
      `the trust policy names ${providers} identity providers, but the operators of ${asking} clusters ask for the role`,
    );
  return [];
}

/** The address of an identity provider, which is registered in each account that trusts it. */
export function addressOf(provider: string): string {
  return provider.replace(/^[^/]*\//, '');
}
