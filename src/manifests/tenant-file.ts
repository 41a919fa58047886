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
  let text = summary(tenant);
  for (const object of objects) text += `---\n${toYaml(object)}`;
  return { path: `clusters/${tenant.cluster.name}/services/${tenant.service}.yaml`, text };
}

function summary(tenant: Tenant): string {
  const { cluster, service } = tenant;
  let lines = `# Service ${service} in cluster ${cluster.name} (${cluster.region}, account ${cluster.account}).\n`;
  for (const store of tenant.stores) {
    const secrets = secretsOf(tenant, store);
    const tags = store.sessionTags.map(({ key, value }) => `${key}=${value}`).join(', ');
    lines += `# As ${tags} it reads ${secrets.length === 0 ? 'nothing so far.' : 'these secrets:'}\n`;
    for (const name of secrets) lines += `#   ${name}\n`;
  }
  return lines;
}

/** The names of the secrets in AWS that a tenant reads through a store, each once. */
function secretsOf(tenant: Tenant, store: Store): string[] {
  const names = new Set<string>();
  for (const plan of tenant.externalSecrets) {
    if (plan.store !== store.name) continue;
    for (const { remote } of plan.data) names.add(remote.key);
    for (const { key } of plan.extracts) names.add(key);
  }
  return [...names].sort();
}
