import { entryOf, type JsonNode, plainOf, valueAt } from '../json/node.ts';
import { isOfType, isTemplate, resourcesOf } from './inventory.ts';
import { type Reading, type Source, startOf } from './model.ts';
import { type RoleDocuments, readTree } from './roles.ts';
import { boundaryAt, canonical, type Form, formedAt, hasKeys, namedAt, textAt } from './strict.ts';

/** What a template says about a role besides its documents. */
export interface RoleSettings {
  readonly path: string;
  readonly permissionsBoundary?: string;
}

/** The roles of one account that a template makes, by name. */
export type Settings = ReadonlyMap<string, RoleSettings>;

/** Source: IAM API Reference, CreateRole and PutRolePolicy. */
const policyName: Form = { pattern: /^[\w+=,.@-]{1,128}$/, what: 'a name that IAM takes' };
/** Source: Terraform, "Identifiers", in ASCII. */
const label: Form = { pattern: /^[A-Za-z_][\w-]*$/, what: 'a name that Terraform takes' };

const roleKeys = {
  required: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Policies'],
  optional: ['PermissionsBoundary'],
};

/**
 * Reads the roles of a CloudFormation template. Each must hold the very documents of its folder, and nothing else: no
 * managed policy, no tag.
 */
export function readCloudFormation(
  source: Source,
  roles: readonly RoleDocuments[],
  reading: Reading,
): Settings {
  const root = readTree(source, reading);
  const settings = new Map<string, RoleSettings>();
  if (!isTemplate(root, reading)) return settings;
  for (const resource of resourcesOf(root, reading)) {
    if (!isOfType(resource, 'AWS::IAM::Role', reading)) continue;
    const properties = entryOf(resource, 'Properties')?.value;
    if (!hasKeys(properties, 'the role', roleKeys, reading)) continue;
    const name = textAt(properties, 'RoleName', 'the role', reading) ?? '';
    const role = findRole(roles, name, properties, settings, reading);
    if (role === undefined) continue;
    sameDocument(entryOf(properties, 'AssumeRolePolicyDocument')?.value, role, 'trust', reading);
    sameDocument(onlyPolicy(properties, reading), role, 'policy', reading);
    settings.set(name, settingsOf(properties, ['Path', 'PermissionsBoundary'], role, reading));
  }
  reportMissing(source, roles, settings, reading);
  return settings;
}

function findRole(
  roles: readonly RoleDocuments[],
  name: string,
  node: JsonNode,
  settings: Settings,
  reading: Reading,
): RoleDocuments | undefined {
  const role = roles.find((one) => one.name === name);
  if (role === undefined)
    reading.document(
      node.location,
      `role "${name}" has no documents in dist`,
      roles.map((one) => one.name).join(', '),
    );
  if (settings.has(name))
    reading.document(node.location, `role "${name}" stands here twice`, 'each role once');
  return role;
}

function onlyPolicy(properties: JsonNode, reading: Reading): JsonNode | undefined {
  const policies = entryOf(properties, 'Policies')?.value;
  const items = policies?.type === 'array' ? policies.items : [];
  if (policies !== undefined && items.length !== 1)
    reading.document(
      policies.location,
      `a role with ${items.length} inline policies`,
      'one, that of its folder',
    );
  const [policy] = items;
  if (!hasKeys(policy, 'the inline policy', { required: ['PolicyName', 'PolicyDocument'] }, reading))
    return undefined;
  formedAt(policy, 'PolicyName', 'the inline policy', policyName, reading);
  return entryOf(policy, 'PolicyDocument')?.value;
}

function sameDocument(
  node: JsonNode | undefined,
  role: RoleDocuments,
  which: 'policy' | 'trust',
  reading: Reading,
): void {
  if (node === undefined || canonical(plainOf(node)) === role[which]?.canonical) return;
  reading.document(
    node.location,
    `the document differs from ${role.folder}/${which}.json`,
    'the same document',
  );
}

function settingsOf(
  node: JsonNode,
  [path, boundary]: readonly [path: string, boundary: string],
  { account }: RoleDocuments,
  reading: Reading,
): RoleSettings {
  const permissionsBoundary = boundaryAt(node, boundary, account, reading);
  return {
    path: textAt(node, path, 'the role', reading) ?? '',
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  };
}

function reportMissing(
  source: Source,
  roles: readonly RoleDocuments[],
  settings: Settings,
  reading: Reading,
): void {
  for (const { name, trust, folder } of roles) {
    if (trust === undefined || settings.has(name)) continue;
    reading.document(
      startOf(source.path),
      `role "${name}" of ${folder} is not made here`,
      'every role that has a trust policy',
    );
  }
}

/**
 * Reads the roles of a Terraform module. They must take their documents from the files of their folders, say the same
 * as the CloudFormation template otherwise, and nothing else.
 */
export function readTerraform(
  source: Source,
  roles: readonly RoleDocuments[],
  others: Settings,
  reading: Reading,
): void {
  const root = readTree(source, reading);
  if (!hasKeys(root, 'the module', { required: ['resource'] }, reading)) return;
  const resource = valueAt(root, 'resource');
  if (!hasKeys(resource, 'resource', { required: ['aws_iam_role', 'aws_iam_role_policy'] }, reading)) return;
  const names = new Map<string, string>();
  const settings = new Map<string, RoleSettings>();
  for (const { key, value: node } of namedAt(resource, 'aws_iam_role', 'the module', label, reading)) {
    const keys = { required: ['name', 'path', 'assume_role_policy'], optional: ['permissions_boundary'] };
    if (!hasKeys(node, 'the role', keys, reading)) continue;
    const name = textAt(node, 'name', 'the role', reading) ?? '';
    const role = findRole(roles, name, node, settings, reading);
    if (role === undefined) continue;
    names.set(key, name);
    expectValue(node, 'assume_role_policy', fileOf(name, 'trust'), reading);
    const found = settingsOf(node, ['path', 'permissions_boundary'], role, reading);
    settings.set(name, found);
    if ([name, found.path].some(isExpression))
      reading.document(
        node.location,
        `name or path of role "${name}" hold an expression of Terraform`,
        'texts as they are',
      );
    if (canonical(found) !== canonical(others.get(name) ?? found))
      reading.document(
        node.location,
        `path or boundary of role "${name}" differ from the CloudFormation template`,
        'the same in both',
      );
  }
  reportMissing(source, roles, settings, reading);
  readTerraformPolicies(resource, names, reading);
}

function readTerraformPolicies(
  resource: JsonNode,
  names: ReadonlyMap<string, string>,
  reading: Reading,
): void {
  const left = new Map(names);
  for (const { value: node } of namedAt(resource, 'aws_iam_role_policy', 'the module', label, reading)) {
    if (!hasKeys(node, 'the policy', { required: ['name', 'role', 'policy'] }, reading)) continue;
    const role = textAt(node, 'role', 'the policy', reading) ?? '';
    formedAt(node, 'name', 'the policy', policyName, reading);
    const [, of = ''] = /^\$\{aws_iam_role\.([\w-]+)\.name\}$/.exec(role) ?? [];
    const name = left.get(of);
    left.delete(of);
    if (name === undefined)
      reading.document(node.location, `a policy for "${role}"`, 'one policy for each role of the module');
    else expectValue(node, 'policy', fileOf(name, 'policy'), reading);
  }
  for (const [of, name] of left)
    reading.document(
      resource.location,
      `role "${name}" has no policy`,
      `aws_iam_role_policy for aws_iam_role.${of}`,
    );
}

/** To Terraform these begin an expression, and to CloudFormation they are plain text. */
function isExpression(text: string): boolean {
  return /[$%]\{/.test(text);
}

function fileOf(role: string, document: 'policy' | 'trust'): string {
  return `\${file("\${path.module}/roles/${role}/${document}.json")}`;
}

function expectValue(node: JsonNode, key: string, expected: string, reading: Reading): void {
  const found = entryOf(node, key)?.value;
  if (found?.type === 'string' && found.value === expected) return;
  reading.document((found ?? node).location, `${key} is not ${expected}`, expected);
}
