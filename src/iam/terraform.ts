import { policyName } from './cloudformation.ts';
import { terraformName } from './names.ts';
import type { Role } from './roles.ts';

/**
 * The roles of one account as Terraform in JSON syntax. It reads the documents from the files beside it, so that what
 * is reviewed there is what is deployed. The folder is a module: it says nothing about providers.
 */
export function rolesTerraform(roles: readonly Role[]): unknown {
  const made = roles.filter(({ trust }) => trust !== undefined);
  return {
    resource: {
      aws_iam_role: Object.fromEntries(made.map((role) => [terraformName(role.name), roleBlock(role)])),
      aws_iam_role_policy: Object.fromEntries(
        made.map((role) => [terraformName(role.name), policyBlock(role)]),
      ),
    },
  };
}

function roleBlock({ name, path, permissionsBoundary }: Role) {
  return {
    name,
    path,
    assume_role_policy: fileOf(name, 'trust'),
    permissions_boundary: permissionsBoundary,
  };
}

function policyBlock({ name }: Role) {
  return {
    name: policyName,
    role: `\${aws_iam_role.${terraformName(name)}.name}`,
    policy: fileOf(name, 'policy'),
  };
}

function fileOf(role: string, document: 'policy' | 'trust'): string {
  return `\${file("\${path.module}/roles/${role}/${document}.json")}`;
}
