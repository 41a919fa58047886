import type { Finding } from '../../findings/finding.ts';
import type { DistRole } from '../files/model.ts';
import { providersOf } from '../questions/controllers.ts';
import type { RoleUse } from './role-use.ts';

/**
 * What is wrong with the identity providers that the trust policy of a controller role names. Each cluster has one of its own,
 * and nothing in dist says which is whose: so they are counted.
 */
export function providerFindings(
  { role }: DistRole,
  use: Pick<RoleUse, 'operatorsOf' | 'guessedClustersOf'>,
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
