import type { Fleet } from '../fleet/model.ts';
import { rolesTemplate } from './cloudformation.ts';
import { clusterConfig } from './eksctl.ts';
import { podIdentityTemplate } from './pod-identity.ts';
import { type Role, rolesOf } from './roles.ts';
import { secretsTemplate } from './secrets.ts';
import { tagGuardOf } from './tag-guard.ts';
import { rolesTerraform } from './terraform.ts';

/** A text that is to stand in dist; `path` is relative to it, with `/`. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What AWS needs besides the secrets: the files below aws/, in no particular order. */
export function roleFiles(fleet: Fleet): TextFile[] {
  const roles = rolesOf(fleet);
  return [
    ...roles.flatMap(roleDocuments),
    ...accountsOf(roles).flatMap((account) => accountFiles(fleet, account, roles)),
    ...clusterFiles(fleet, roles),
  ];
}

/** The secrets that must exist, one file for each identity in a region. */
export function secretFiles(fleet: Fleet): TextFile[] {
  return fleet.secrets.map((group) =>
    file(`${group.account}/secrets/${group.region}/${group.identity}`, secretsTemplate(group, fleet)),
  );
}

function roleDocuments({ account, name, policy, trust }: Role): TextFile[] {
  const folder = `${account}/roles/${name}`;
  return [file(`${folder}/policy`, policy), ...(trust === undefined ? [] : [file(`${folder}/trust`, trust)])];
}

function accountFiles(fleet: Fleet, account: string, all: readonly Role[]): TextFile[] {
  const roles = all.filter((role) => role.account === account);
  const partition = roles[0]?.partition ?? '';
  const holdsSecrets = roles.some(({ kind }) => kind === 'access');
  const guard = holdsSecrets ? tagGuardOf(fleet, partition, account) : undefined;
  const isDeployed = roles.some(({ trust }) => trust !== undefined);
  return [
    ...(isDeployed
      ? [
          file(`${account}/cloudformation`, rolesTemplate(account, roles)),
          file(`${account}/terraform.tf`, rolesTerraform(roles)),
        ]
      : []),
    ...(guard === undefined ? [] : [file(`${account}/tag-guard`, guard)]),
  ];
}

function clusterFiles({ clusters, operator }: Fleet, roles: readonly Role[]): TextFile[] {
  const byArn = new Map(roles.map((role) => [role.arn, role]));
  return clusters.flatMap((cluster) => {
    const role = byArn.get(cluster.controllerRoleArn);
    if (role === undefined) return [];
    const config = clusterConfig(cluster, role, operator);
    return [
      ...(config === undefined ? [] : [file(`${cluster.account}/eksctl/${cluster.name}`, config)]),
      ...(cluster.identity?.kind === 'podIdentity'
        ? [
            file(
              `${cluster.account}/pod-identity/${cluster.name}`,
              podIdentityTemplate(cluster, role, operator),
            ),
          ]
        : []),
    ];
  });
}

function accountsOf(roles: readonly Role[]): string[] {
  return [...new Set(roles.map(({ account }) => account))];
}

function file(name: string, content: unknown): TextFile {
  return { path: `aws/${name}.json`, text: `${JSON.stringify(content, null, 2)}\n` };
}
