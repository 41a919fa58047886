import { readPolicy } from '../iam/document.ts';
import { entryOf, type JsonNode, plainOf, valueAt } from '../json/node.ts';
import { isOfType, isTemplate, resourcesOf } from './inventory.ts';
import type { OperatorRole, Reading, Source } from './model.ts';
import { type RoleDocuments, readTree } from './roles.ts';
import { boundaryAt, canonical, hasKeys, nameAt, textAt } from './strict.ts';

/** Where a file about a cluster stands. */
export interface ClusterFile {
  readonly account: string;
  readonly cluster: string;
}

/** The documents of a role, by account and name. */
export type FindRole = (account: string, name: string) => RoleDocuments | undefined;

/** Reads an eksctl ClusterConfig: which role it makes for which service account. The role's policy must be ours. */
export function readEksctl(
  source: Source,
  { account, cluster }: ClusterFile,
  partitionOf: (account: string) => string,
  findRole: FindRole,
  reading: Reading,
): OperatorRole | undefined {
  const root = readTree(source, reading);
  if (!hasKeys(root, 'the ClusterConfig', { required: ['apiVersion', 'kind', 'metadata', 'iam'] }, reading))
    return undefined;
  expectText(root, ['apiVersion'], 'eksctl.io/v1alpha5', reading);
  expectText(root, ['kind'], 'ClusterConfig', reading);
  expectText(root, ['metadata', 'name'], cluster, reading);
  hasKeys(valueAt(root, 'metadata'), 'metadata', { required: ['name', 'region'] }, reading);
  const iam = valueAt(root, 'iam');
  hasKeys(iam, 'iam', { required: ['serviceAccounts', 'withOIDC'] }, reading);
  // Without it eksctl refuses the file.
  const withOidc = entryOf(iam, 'withOIDC')?.value;
  if (withOidc !== undefined && !(withOidc.type === 'boolean' && withOidc.value))
    reading.document(withOidc.location, 'iam.withOIDC is not true', 'true');
  const accounts = valueAt(root, 'iam', 'serviceAccounts');
  const items = accounts?.type === 'array' ? accounts.items : [];
  const [serviceAccount, ...others] = items;
  if (serviceAccount === undefined && accounts !== undefined)
    reading.document(accounts.location, 'no service account', 'a list with that of the operator');
  for (const other of others)
    reading.document(other.location, 'a second service account', 'that of the operator alone');
  const keys = { required: ['metadata', 'roleName', 'attachPolicy'], optional: ['permissionsBoundary'] };
  if (!hasKeys(serviceAccount, 'the service account', keys, reading)) return undefined;
  const metadata = entryOf(serviceAccount, 'metadata')?.value;
  if (!hasKeys(metadata, 'metadata', { required: ['name', 'namespace'] }, reading)) return undefined;
  const name = textAt(serviceAccount, 'roleName', 'the service account', reading) ?? '';
  const region = valueAt(root, 'metadata', 'region');
  const permissionsBoundary = boundaryAt(serviceAccount, 'permissionsBoundary', account, reading);
  expectPolicy(entryOf(serviceAccount, 'attachPolicy')?.value, findRole(account, name), reading);
  return {
    kind: 'irsa',
    makesRole: true,
    region: region?.type === 'string' ? region.value : '',
    role: `arn:${partitionOf(account)}:iam::${account}:role/${name}`,
    account,
    namespace: nameAt(metadata, 'namespace', 'the service account', reading),
    serviceAccount: nameAt(metadata, 'name', 'the service account', reading),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    sessionTags: false,
    location: serviceAccount.location,
  };
}

const associationKeys = {
  required: ['ClusterName', 'Namespace', 'ServiceAccount', 'RoleArn'],
  optional: ['DisableSessionTags', 'Policy'],
};

/** Reads the association of EKS Pod Identity: which role it gives to which service account, and with what session policy. */
export function readPodIdentity(
  source: Source,
  { account, cluster }: ClusterFile,
  findRole: FindRole,
  reading: Reading,
): OperatorRole | undefined {
  const root = readTree(source, reading);
  if (!isTemplate(root, reading)) return undefined;
  const [resource, ...others] = resourcesOf(root, reading);
  for (const other of others)
    reading.document(other.location, 'a second resource', 'one association in each file');
  if (resource === undefined || !isOfType(resource, 'AWS::EKS::PodIdentityAssociation', reading))
    return undefined;
  const properties = entryOf(resource, 'Properties')?.value;
  if (!hasKeys(properties, 'the association', associationKeys, reading)) return undefined;
  expectText(properties, ['ClusterName'], cluster, reading);
  const role = textAt(properties, 'RoleArn', 'the association', reading) ?? '';
  const policy = sessionPolicy(
    source,
    properties,
    findRole(account, role.slice(role.lastIndexOf('/') + 1)),
    reading,
  );
  return {
    kind: 'podIdentity',
    makesRole: false,
    role,
    account,
    namespace: nameAt(properties, 'Namespace', 'the association', reading),
    serviceAccount: nameAt(properties, 'ServiceAccount', 'the association', reading),
    sessionTags: hasSessionTags(properties, reading),
    ...(policy && { sessionPolicy: policy }),
    location: properties.location,
  };
}

function hasSessionTags(properties: JsonNode, reading: Reading): boolean {
  const disabled = entryOf(properties, 'DisableSessionTags')?.value;
  if (disabled === undefined) return true;
  if (disabled.type === 'boolean') return !disabled.value;
  reading.document(
    disabled.location,
    'DisableSessionTags of the association is neither true nor false',
    'true or false',
  );
  return true;
}

/** Source: Amazon EKS API Reference, CreatePodIdentityAssociation. */
const maxSessionPolicy = 2048;

/** The association's session policy: a document in a text, which must be the role's own. */
function sessionPolicy(
  { path }: Source,
  properties: JsonNode,
  role: RoleDocuments | undefined,
  reading: Reading,
) {
  const node = entryOf(properties, 'Policy')?.value;
  if (node?.type !== 'string') {
    reading.document(
      (node ?? properties).location,
      'the association has no session policy',
      "the controller role's own policy, as a text",
    );
    return undefined;
  }
  if (node.value.length > maxSessionPolicy)
    reading.document(
      node.location,
      `a session policy of ${node.value.length} characters`,
      `${maxSessionPolicy} at most`,
    );
  const { policy, findings } = readPolicy(path, node.value, 'session');
  // Places inside of the text would be places in no file.
  reading.findings.push(...findings.map((finding) => ({ ...finding, location: node.location })));
  if (policy === undefined) return undefined;
  if (role !== undefined && canonical(JSON.parse(node.value)) !== role.policy.canonical)
    reading.document(
      node.location,
      `the session policy differs from ${role.folder}/policy.json`,
      'the same document',
    );
  return { ...policy, statements: policy.statements.map((one) => ({ ...one, location: node.location })) };
}

function expectPolicy(node: JsonNode | undefined, role: RoleDocuments | undefined, reading: Reading): void {
  if (node === undefined) return;
  if (role === undefined)
    reading.document(node.location, 'the role has no documents in dist', 'a role below roles/');
  else if (canonical(plainOf(node)) !== role.policy.canonical)
    reading.document(
      node.location,
      `the policy differs from ${role.folder}/policy.json`,
      'the same document',
    );
}

function expectText(node: JsonNode, keys: readonly string[], expected: string, reading: Reading): void {
  const found = valueAt(node, ...keys);
  if (found?.type === 'string' && found.value === expected) return;
  reading.document((found ?? node).location, `${keys.join('.')} is not "${expected}"`, expected);
}
