import { readHelmValues } from '../deployment/helm-values.ts';
import { readDeployment } from '../deployment/read.ts';
import type { Guard } from '../guard/model.ts';
import { accountOf } from '../iam/arn.ts';
import type { Policy } from '../iam/model.ts';
import { literal } from '../literal.ts';
import { FilesByKind } from './by-kind.ts';
import { byFile, clustersFrom, type ReadFiles, readGuards, readServicesAndSecrets } from './clusters.ts';
import {
  type Dist,
  type DistRole,
  type HelmValues,
  type OperatorRole,
  Reading,
  type Source,
  startOf,
} from './model.ts';
import { readEksctl, readPodIdentity } from './operators.ts';
import { type RoleSettings, readCloudFormation, readTerraform } from './realisations.ts';
import { type Document, type RoleDocuments, readDocument } from './roles.ts';

/**
 * Reads dist as a stranger would. The documents below roles/ are what counts; everything else that makes the same roles
 * must agree with them to the letter. What is not understood is a finding.
 *
 * @param read what was read already of all files of services and secrets, which need not be among the sources then
 */
export function readDist(
  sources: Iterable<Source>,
  read?: readonly ReadFiles[],
): { readonly dist: Dist; readonly reading: Reading } {
  const reading = new Reading();
  const files = new FilesByKind(sources, reading);
  const documents = readRoleDocuments(files, reading);
  const settings = readTemplates(files, documents, reading);
  const roles = new Map(
    documents.map((one) => distRole(one, settings, documents)).map((role) => [role.role.arn, role]),
  );
  const guards = new Map<string, Policy>();
  for (const file of files.of('tagGuard')) {
    const guard = readDocument(file, 'scp', reading);
    if (guard !== undefined) guards.set(file.is.account, guard.policy);
  }
  const withServices = [
    ...files.of('tenant').map(({ is }) => is.cluster),
    ...(read ?? []).flatMap(({ services }) => [...services.keys()]),
  ];
  const clusterGuards = readGuards(files, reading, withServices);
  const helmValues = readAllHelmValues(files, reading);
  const operators = withHelmRoles(readOperators(files, documents, reading), helmValues, clusterGuards);
  const parts = read ?? [readServicesAndSecrets(files, clusterGuards)];
  for (const { findings, assumptions } of parts.map((part) => part.reading)) {
    reading.findings.push(...findings);
    for (const assumption of assumptions) reading.assumptions.add(assumption);
  }
  const clusters = clustersFrom(parts, { operators, helmValues, guards: clusterGuards });
  const tenants = new Map(clusters.map((cluster) => [cluster.name, cluster.tenants]));
  const judged = new Map(
    clusters.flatMap(({ name, guard }) => (guard && clusterGuards.has(name) ? [[name, guard]] : [])),
  );
  const samples = clusters.flatMap((cluster) => cluster.samples ?? []);
  readDeployment(files, { guards: judged, helmValues, tenants, samples }, reading);
  const secrets = byFile(
    parts.flatMap((part) => part.secrets),
    ({ location }) => location.file,
  );
  return { dist: { roles, clusters, secrets, guards }, reading };
}

function readRoleDocuments(files: FilesByKind, reading: Reading): RoleDocuments[] {
  const trusts = new Map<string, Document | undefined>();
  const keyOf = (account: string, role: string) => `aws/${account}/roles/${role}`;
  for (const file of files.of('trust'))
    trusts.set(keyOf(file.is.account, file.is.role), readDocument(file, 'trust', reading));
  const roles = files.of('policy').flatMap((file): RoleDocuments[] => {
    const { account, role: name } = file.is;
    const folder = keyOf(account, name);
    const policy = readDocument(file, 'identity', reading);
    const trust = trusts.get(folder);
    trusts.delete(folder);
    return policy === undefined ? [] : [{ account, name, folder, policy, ...(trust && { trust }) }];
  });
  for (const folder of trusts.keys())
    reading.document(
      startOf(`${folder}/trust.json`),
      'a trust policy of a role that has no policy',
      `${folder}/policy.json`,
    );
  return roles;
}

/** What the templates say of each role, by account and name. */
function readTemplates(
  files: FilesByKind,
  documents: readonly RoleDocuments[],
  reading: Reading,
): Map<string, RoleSettings> {
  const settings = new Map<string, RoleSettings>();
  const accounts = new Set(documents.map(({ account }) => account));
  for (const file of files.of('cloudformation')) accounts.add(file.is.account);
  for (const file of files.of('terraform')) accounts.add(file.is.account);
  for (const account of accounts) {
    const own = documents.filter((one) => one.account === account);
    const template = files.of('cloudformation').find((file) => file.is.account === account);
    const module = files.of('terraform').find((file) => file.is.account === account);
    const isDeployed = own.some(({ trust }) => trust !== undefined);
    for (const [file, name] of [
      [template, 'cloudformation.json'],
      [module, 'terraform.tf.json'],
    ] as const) {
      if (file === undefined && isDeployed)
        reading.document(
          startOf(`aws/${account}/${name}`),
          `aws/${account}/${name} is missing`,
          'a template that makes the roles of this account',
        );
    }
    const found =
      template === undefined ? new Map<string, RoleSettings>() : readCloudFormation(template, own, reading);
    if (module !== undefined) readTerraform(module, own, found, reading);
    for (const [name, one] of found) settings.set(`${account}/${name}`, one);
  }
  return settings;
}

function distRole(
  documents: RoleDocuments,
  settings: ReadonlyMap<string, RoleSettings>,
  all: readonly RoleDocuments[],
): DistRole {
  const { account, name, folder, policy, trust } = documents;
  const own = settings.get(`${account}/${name}`);
  const arn =
    own === undefined
      ? writtenArn(documents, all)
      : `arn:${partitionIn(policy.text)}:iam::${account}:role${own.path}${name}`;
  const none: Policy = {
    file: `${folder}/trust.json`,
    kind: 'trust',
    statements: [],
    location: startOf(`${folder}/policy.json`),
  };
  return {
    role: { arn, tags: [], trust: trust?.policy ?? none, identity: [policy.policy] },
    account,
    name,
    hasTrust: trust !== undefined,
    ...(own?.permissionsBoundary !== undefined && { permissionsBoundary: own.permissionsBoundary }),
    location: policy.policy.location,
  };
}

/** The ARN of a role that no template makes: as a trust policy of another role writes it, else without a path. */
function writtenArn({ account, name, policy }: RoleDocuments, all: readonly RoleDocuments[]): string {
  const pattern = new RegExp(`"(arn:[a-z-]+:iam::${account}:role/(?:[^"*?]*/)?${literal(name)})"`);
  for (const { trust } of all) {
    const found = trust === undefined ? undefined : pattern.exec(trust.text)?.[1];
    if (found !== undefined) return found;
  }
  return `arn:${partitionIn(policy.text)}:iam::${account}:role/${name}`;
}

/** The partition of the first ARN in a text. */
function partitionIn(text: string): string {
  return /"arn:(aws[a-z-]*):/.exec(text)?.[1] ?? 'aws';
}

function readOperators(
  files: FilesByKind,
  documents: readonly RoleDocuments[],
  reading: Reading,
): Map<string, OperatorRole> {
  const findRole = (account: string, name: string) =>
    documents.find((one) => one.account === account && one.name === name);
  const partitionOf = (account: string) =>
    partitionIn(documents.find((one) => one.account === account)?.policy.text ?? '');
  const operators = new Map<string, OperatorRole>();
  const add = (cluster: string, operator: OperatorRole | undefined) => {
    if (operator === undefined) return;
    if (operators.has(cluster))
      reading.document(
        operator.location,
        `cluster "${cluster}" gives the operator two roles`,
        'one file of eksctl or of Pod Identity',
      );
    operators.set(cluster, operator);
  };
  for (const file of files.of('eksctl'))
    add(file.is.cluster, readEksctl(file, file.is, partitionOf, findRole, reading));
  for (const file of files.of('podIdentity'))
    add(file.is.cluster, readPodIdentity(file, file.is, findRole, reading));
  return operators;
}

function readAllHelmValues(files: FilesByKind, reading: Reading): Map<string, HelmValues> {
  const all = files.of('helmValues').map((file) => [file.is.cluster, readHelmValues(file, reading)] as const);
  return new Map(all.flatMap(([cluster, values]) => (values === undefined ? [] : [[cluster, values]])));
}

/**
 * Where nothing else gives the operator its role, its service account may ask for one. The chart goes into the Namespace that
 * the cluster's platform has for it.
 */
function withHelmRoles(
  operators: ReadonlyMap<string, OperatorRole>,
  helmValues: ReadonlyMap<string, HelmValues>,
  guards: ReadonlyMap<string, Guard>,
): Map<string, OperatorRole> {
  const all = new Map(operators);
  for (const [cluster, { role, serviceAccount, source }] of helmValues) {
    const namespace = guards.get(cluster)?.operatorNamespace;
    if (role === undefined || !namespace || all.has(cluster)) continue;
    const account = accountOf(role) ?? '';
    const location = startOf(source.path);
    const operator = { role, account, namespace, serviceAccount, sessionTags: false, location };
    all.set(cluster, { kind: 'irsa', makesRole: false, ...operator });
  }
  return all;
}
