import type { Fleet } from '../fleet/model.ts';
import { roleArn } from '../fleet/role-arn.ts';
import { oneOrMany, type PolicyDocument, policyDocument, type Statement } from './document.ts';

/** What a guard depends on: one account that holds secrets. */
interface GuardScope {
  readonly partition: string;
  readonly account: string;
  readonly tagKeys: readonly string[];
  /** ARNs of the roles that may. */
  readonly administrators: readonly string[];
  readonly kmsByTag: boolean;
}

/**
 * Statements that let only the administrators change the tags that decide who reads, for a service control policy or
 * a permissions boundary. Whoever may tag a secret decides who reads it.
 *
 * Tag keys are compared without case, because condition keys such as secretsmanager:ResourceTag/ekssecret are: a
 * second tag EKSSECRET on a secret would answer to the same name. A resource policy on a tagged secret is guarded too:
 * within an account it can let anyone read, whatever the tags.
 */
function tagGuard(scope: GuardScope): PolicyDocument {
  const secrets = `arn:${scope.partition}:secretsmanager:*:${scope.account}:secret:*`;
  const keys = `arn:${scope.partition}:kms:*:${scope.account}:key/*`;
  return policyDocument([
    denyTags(scope, 'DenyTagsOfSecrets', secrets, [
      'secretsmanager:CreateSecret',
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
    ]),
    {
      Sid: 'DenyPoliciesOfTaggedSecrets',
      Effect: 'Deny',
      Action: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'],
      Resource: [secrets],
      Condition: {
        ...exceptAdministrators(scope),
        Null: { [`secretsmanager:ResourceTag/${scope.tagKeys[0]}`]: 'false' },
      },
    },
    ...(scope.kmsByTag
      ? [
          denyTags(scope, 'DenyTagsOfKeys', keys, ['kms:TagResource', 'kms:UntagResource']),
          // Creating a key has no resource to name.
          denyTags(scope, 'DenyNewTaggedKeys', '*', ['kms:CreateKey']),
        ]
      : []),
  ]);
}

function denyTags(scope: GuardScope, Sid: string, resource: string, actions: readonly string[]): Statement {
  return {
    Sid,
    Effect: 'Deny',
    Action: actions,
    Resource: [resource],
    Condition: {
      ...exceptAdministrators(scope),
      'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': oneOrMany(scope.tagKeys) },
    },
  };
}

function exceptAdministrators({ administrators }: GuardScope) {
  return { ArnNotEquals: { 'aws:PrincipalArn': oneOrMany(administrators) } };
}

/** The guard of one account; undefined when the input names no administrators. */
export function tagGuardOf(fleet: Fleet, partition: string, account: string): PolicyDocument | undefined {
  if (fleet.administrators.length === 0) return undefined;
  return tagGuard({
    partition,
    account,
    tagKeys: fleet.tagKeys,
    administrators: fleet.administrators.map((role) => roleArn(role, partition, account)),
    kmsByTag: fleet.kms.kind === 'byTag',
  });
}
