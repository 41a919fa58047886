import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadAll } from 'js-yaml';

/** JSON whose shape the test knows. */
export type Json = Readonly<Record<string, unknown>>;

/** What is emitted for one account. */
export interface AccountFiles {
  readonly account: string;
  readonly folder: string;
  /** Names of the roles. */
  readonly roles: readonly string[];
  /** CloudFormation templates of secrets by region. */
  readonly secrets: readonly { readonly region: string; readonly template: string }[];
}

/** The accounts of a dist folder. */
export function accountsIn(dist: string): AccountFiles[] {
  return readdirSync(path.join(dist, 'aws')).map((account) => {
    const folder = path.join(dist, 'aws', account);
    const secrets = readdirSync(path.join(folder, 'secrets')).flatMap((region) =>
      readdirSync(path.join(folder, 'secrets', region)).map((file) => ({
        region,
        template: readFileSync(path.join(folder, 'secrets', region, file), 'utf8'),
      })),
    );
    return { account, folder, roles: readdirSync(path.join(folder, 'roles')), secrets };
  });
}

/** A secret of a template. */
export interface WantedSecret {
  readonly region: string;
  readonly name: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export function secretsOf({ secrets }: AccountFiles): WantedSecret[] {
  return secrets.flatMap(({ region, template }) => {
    const {
      Resources,
    }: { Resources: Record<string, { Properties: { Name: string; Tags: WantedSecret['tags'] } }> } =
      JSON.parse(template);
    return Object.values(Resources).map(({ Properties }) => ({
      region,
      name: Properties.Name,
      tags: Properties.Tags,
    }));
  });
}

/** What the operator reads from a SecretStore: which roles it assumes, and with what. */
export interface Store {
  readonly region: string;
  readonly role: string;
  readonly additionalRoles?: readonly string[];
  readonly externalID?: string;
  readonly sessionTags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveTagKeys?: readonly string[];
}

interface Manifest {
  readonly kind: string;
  readonly spec?: { readonly provider?: { readonly aws?: Store } };
}

/** The SecretStores of a dist folder whose access role is in an account. */
export function storesFor(dist: string, account: string): Store[] {
  const clusters = path.join(dist, 'clusters');
  const files = readdirSync(clusters).flatMap((cluster) => {
    const folder = path.join(clusters, cluster, 'services');
    return readdirSync(folder).map((file) => path.join(folder, file));
  });
  const manifests = files.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as Manifest[]);
  return manifests.flatMap(({ kind, spec }) => {
    const aws = spec?.provider?.aws;
    return kind === 'SecretStore' && aws?.role.split(':')[4] === account ? [aws] : [];
  });
}
