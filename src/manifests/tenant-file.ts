import type { Store, Tenant } from '../fleet/model.ts';
import { toYaml } from '../yaml/write.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** A text that is to stand in dist; `path` is relative to it, with `/`. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The file of one tenant: what the service may read, for people, then its objects. */
export function tenantFile(tenant: Tenant, objects: readonly KubernetesObject[]): TextFile {
  return {
    path: `clusters/${tenant.cluster.name}/services/${tenant.service}.yaml`,
    text: `${summary(tenant)}${objects.map((object) => `---\n${toYaml(object)}`).join('')}`,
  };
}

function summary(tenant: Tenant): string {
  const { cluster, service } = tenant;
  const lines = [
    `Service ${service} in cluster ${cluster.name} (${cluster.region}, account ${cluster.account}).`,
    ...tenant.stores.flatMap((store) => storeSummary(tenant, store)),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}

function storeSummary(tenant: Tenant, store: Store): string[] {
  const tags = store.sessionTags.map(({ key, value }) => `${key}=${value}`).join(', ');
  const secrets = tenant.externalSecrets
    .filter((plan) => plan.store === store.name)
    .flatMap((plan) => [
      ...plan.data.map((key) => key.remote.key),
      ...plan.extracts.map((remote) => remote.key),
    ]);
  const unique = [...new Set(secrets)].sort();
  const what = unique.length === 0 ? 'nothing so far' : 'these secrets';
  return [`As ${tags} it reads ${what}:`.replace('far:', 'far.'), ...unique.map((name) => `  ${name}`)];
}
