import { expect } from 'vitest';
import type { DistRole, DistSecret, Store, Tenant } from '../../src/proof/files/model.ts';
import { matrixOf, sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { SecretIndex } from '../../src/proof/matrix/secret-index.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { secretFindings } from '../../src/proof/prove/secret-findings.ts';
import { TenantFindings } from '../../src/proof/prove/tenant-findings.ts';
import type { StatementData } from './iam/support.ts';
import {
  allow,
  assumes,
  clusterOf,
  distOf,
  distRole,
  principalTag,
  roleArn,
  secretOf,
  storeOf,
  tenantOf,
  trust,
} from './small-dist.ts';

/** The actions that read a secret. */
export const actions = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (one) => `secretsmanager:${one}`,
);
const equal = {
  'secretsmanager:ResourceTag/id': principalTag('id'),
  'secretsmanager:ResourceTag/env': principalTag('env'),
};
/** A statement that lets sessions read what has both of their tags. */
export const own = allow(actions, { Condition: { StringEquals: equal } });
const operator = distRole(roleArn('operator'), [allow(assumes)], [], {
  hasTrust: false,
});
/** The role that stores read through. */
export const accessRole = (...may: readonly StatementData[]) =>
  distRole(roleArn('access'), may, [trust({ AWS: roleArn('operator') }, { Action: assumes })]);
const keys = { identityKey: 'id', keys: ['id', 'env'] };

/** Two lines for the name of the namespace and its labels, and one for each thing in it. */
const text = 'metadata:\n  name: ns\n  labels: { a: b }\n---\nstore: 1\n---\nread: 1\n';
/** Where a file of a service says what its store is. */
export const inStore = { file: '', document: 1, path: ['store'] };
const inRead = { file: '', document: 2, path: ['read'] };

/** A store of the environment that all of them are in. */
export const store = (tags: Readonly<Record<string, string>>, parts: Partial<Store> = {}) =>
  storeOf({ env: 'prod', ...tags }, { place: inStore, ...parts });
/** A service with one store. */
export const service = (name: string, parts: Partial<Tenant> = {}) =>
  tenantOf(name, [store({ id: name })], parts);
/** A secret with both tags of its identity. */
export const secret = (identity: string, parts: Partial<DistSecret> = {}) =>
  secretOf(identity, { id: identity, env: 'prod' }, parts);
/** What an ExternalSecret asks for. */
export const read = (key: string, name = 'store') => ({
  externalSecret: 'my-secret',
  store: name,
  key,
  place: inRead,
});

/** What two clusters and their account consist of; the one is looked at. */
export interface Parts {
  readonly tenants?: readonly Tenant[];
  readonly others?: readonly Tenant[];
  readonly secrets?: readonly DistSecret[];
  readonly roles?: readonly DistRole[];
}

/** What is wrong with services and with secrets. */
export function judge({ tenants = [], others = [], secrets = [], roles = [accessRole(own)] }: Parts) {
  const clusters = [clusterOf('one', tenants, {}), clusterOf('two', others, {})];
  const dist = distOf({ roles: [operator, ...roles], clusters, secrets });
  const matrix = matrixOf(dist, sessionClasses(clusters, new Ways(dist, [])), keys.keys);
  const index = new SecretIndex(secrets);
  const sources = new Map(tenants.map(({ file }) => [file, { path: file, text }]));
  return {
    tenants: new TenantFindings(sources, dist, keys).all(matrix, index),
    secrets: secretFindings(dist, keys, index),
  };
}

/** A finding, with where it points. */
export type Told = readonly [rule: string, message: string, allowed: string | undefined, place: string];

/** The findings about services or about secrets. */
export function told(parts: Parts, of: 'tenants' | 'secrets' = 'tenants'): Told[] {
  return judge(parts)[of].map(({ rule, severity, message, allowed, location }) => {
    expect(severity).toBe('error');
    return [rule, message, allowed, `${location?.file}:${location?.start.line}`];
  });
}
