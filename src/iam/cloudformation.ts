import { logicalId } from './names.ts';
import type { Role } from './roles.ts';

/** A CloudFormation template as plain data. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The name of the one inline policy that each role has. */
export const policyName = 'eso-abac';

/** The roles of one account. They have names, so a deployment needs CAPABILITY_NAMED_IAM. */
export function rolesTemplate(account: string, roles: readonly Role[]): Template {
  const resources = roles.flatMap((role) =>
    role.trust === undefined ? [] : [[logicalId(role.name), roleResource(role)] as const],
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Roles of External Secrets Operator in account ${account}`,
    Resources: Object.fromEntries(resources),
  };
}

/** Source: CloudFormation Template Reference, "AWS::IAM::Role". */
function roleResource({ name, path, policy, trust, permissionsBoundary }: Role): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: permissionsBoundary,
      Policies: [{ PolicyName: policyName, PolicyDocument: policy }],
    },
  };
}
