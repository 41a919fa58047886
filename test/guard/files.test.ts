import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { generatorKinds } from '../../src/findings/generators.ts';
import { otherProviders } from '../../src/input/guard-names.ts';
import { asFiles, compileFiles, compileValid, objectsIn } from '../support/run-compile.ts';
import { type Schema, schemaOf, servedVersions, upstreamCrd, upstreamReleases } from '../support/upstream.ts';

const helmSchema = new URL(
  '../../../shared/upstream/external-secrets/v2.9.0/helm-values.schema.json',
  import.meta.url,
);

const aws = { account: '123456789012' };
const services = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `service${index}`,
    clusters: ['prod'],
    secrets: [`secret${index}`],
  }));

type Cluster = Readonly<Record<string, unknown>>;

/** An input with one cluster. */
const input = (cluster: Cluster, count = 1, guard = {}) =>
  asFiles({
    version: 1,
    aws,
    guard,
    clusters: { prod: { region: 'us-west-2', ...cluster } },
    services: services(count),
    shared: [{ name: 'datadog', services: '*', secrets: ['datadog'] }],
  });

/** The files of a cluster's platform and operator, by path. */
function platform(files: Readonly<Record<string, string>>): Record<string, string> {
  const all = compileValid(files).files.filter(({ path }) => /^operator\/|\/platform\//.test(path));
  return Object.fromEntries(all.map(({ path, text }) => [path, text]));
}

const names = (files: Readonly<Record<string, string>>) => Object.keys(platform(files)).sort();

describe('files of the platform', () => {
  it('are the same for one service and for two hundred', () => {
    expect(platform(input({}, 200))).toEqual(platform(input({}, 1)));
  });

  it('are there for a cluster without services', () => {
    expect(names(input({}, 0))).toContain('clusters/prod/platform/admission-secretstores.yaml');
  });

  it.each(['1.30', '1.34', '1.40'])(
    'hold five policies, each with its binding, for Kubernetes %s',
    (kubernetes) => {
      const objects = Object.values(platform(input({ kubernetes }))).flatMap(objectsIn);
      const named = (kind: string) =>
        objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
      expect(named('ValidatingAdmissionPolicy')).toHaveLength(5);
      expect(named('ValidatingAdmissionPolicyBinding')).toEqual(named('ValidatingAdmissionPolicy'));
    },
  );

  it('name the hole of a cluster without guard, in a finding and in the folder', () => {
    const files = input({ kubernetes: '1.29', guard: false });
    const { findings } = compileFiles(files);
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['guard-off', 'warning']]);
    expect(names(files).filter((name) => name.includes('admission'))).toEqual([]);
    expect(platform(files)['clusters/prod/platform/namespace.yaml']).toContain("eso-abac/guard: 'false'");
  });

  it('bind deployers, and have no binding without any', () => {
    const bindings = (guard: object) =>
      objectsIn(platform(input({}, 1, guard))['clusters/prod/platform/rbac.yaml'] ?? '')
        .filter(({ kind }) => kind === 'ClusterRoleBinding')
        .map(({ subjects }) => subjects);
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(bindings({})).toEqual([]);
    expect(
      bindings({
        deployers: ['argocd/controller', { group: 'platform' }, { user: 'arn:aws:iam::1:user/a' }],
      }),
    ).toEqual([
      [
        { kind: 'ServiceAccount', name: 'controller', namespace: 'argocd' },
        { kind: 'Group', apiGroup, name: 'platform' },
        { kind: 'User', apiGroup, name: 'arn:aws:iam::1:user/a' },
      ],
    ]);
  });
});

describe('values for the Helm chart', () => {
  const values = (cluster: Cluster, guard = {}) =>
    load(platform(input(cluster, 1, guard))['operator/prod/helm-values.yaml'] ?? '') as Values;

  it.each([
    ['no identity', {}],
    ['IAM roles for service accounts', { oidcProvider: 'oidc.eks.us-west-2.amazonaws.com/id/A' }],
    ['EKS Pod Identity', { podIdentity: true }],
  ])('are what the chart has: %s', (_, cluster) => {
    const schema = closed(JSON.parse(readFileSync(helmSchema, 'utf8')));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    validate(values(cluster));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('annotate the service account for IAM roles for service accounts alone', () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/eso-controller' };
    expect(
      values({ oidcProvider: 'oidc.eks.us-west-2.amazonaws.com/id/A' }).serviceAccount.annotations,
    ).toEqual(annotations);
    expect(values({ podIdentity: true }).serviceAccount.annotations).toBeUndefined();
    expect(values({}).serviceAccount.annotations).toBeUndefined();
  });

  it('let the operator make tokens only where other providers may need them', () => {
    expect(values({}).rbac.serviceAccountTokenCreate).toBe(false);
    expect(values({}, { allow: ['vault'] }).rbac.serviceAccountTokenCreate).toBe(true);
  });
});

interface Values {
  readonly serviceAccount: { readonly annotations?: unknown };
  readonly rbac: { readonly serviceAccountTokenCreate: boolean };
}

/** The chart's schema leaves every object open; closed where it describes fields, a misspelled value is an error. */
function closed(schema: unknown): object {
  if (typeof schema !== 'object' || schema === null) throw new Error('not a schema');
  const { properties, ...rest } = schema as { properties?: Readonly<Record<string, unknown>> };
  if (properties === undefined) return rest;
  const inner = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)]));
  return { ...rest, properties: inner, additionalProperties: false };
}

describe('what guard.allow may name', () => {
  const schemas = (kind: 'SecretStore' | 'ExternalSecret') =>
    upstreamReleases.flatMap((release) =>
      servedVersions(release, kind).map((version) => schemaOf(upstreamCrd(release, kind), version)),
    );

  it('holds every provider of the releases at hand but aws', () => {
    const known = schemas('SecretStore').flatMap((schema) =>
      Object.keys(at(schema, 'spec', 'provider').properties ?? {}),
    );
    expect(otherProviders).toEqual([...new Set(known)].filter((name) => name !== 'aws').sort());
  });

  it('holds every kind of generator of the newest release but that of the cluster', () => {
    const [schema] = schemas('ExternalSecret').slice(-1);
    if (schema === undefined) throw new Error('no schema');
    const source = at(schema, 'spec', 'dataFrom').items;
    if (source === undefined) throw new Error('no items');
    const kinds: unknown = Reflect.get(at(source, 'sourceRef', 'generatorRef', 'kind'), 'enum');
    expect(Array.isArray(kinds) && kinds.filter((kind) => kind !== 'ClusterGenerator').sort()).toEqual(
      generatorKinds,
    );
  });
});

function at(schema: Schema, ...names: readonly string[]): Schema {
  return names.reduce((node, name) => {
    const next = node.properties?.[name];
    if (next === undefined) throw new Error(`no ${name}`);
    return next;
  }, schema);
}
