import { createHash } from 'node:crypto';

/**
 * Names of Applications. Argo CD puts them into labels, which hold at most 63 characters: `<service>.<cluster>`, or
 * `eso-abac.<cluster>.<part>` for the parts of a cluster. Neither a service nor a cluster has a dot in its name, so
 * that no two become equal; one that is too long is cut, and ends in a dot and a part of its checksum.
 */
const longest = { service: 32, cluster: 30 } as const;
const checksumLength = 10;

/** A cluster's name in names of Applications: at most 30 characters. */
export function shortCluster(cluster: string): string {
  if (cluster.length <= longest.cluster) return cluster;
  const checksum = createHash('sha256').update(cluster).digest('hex').slice(0, checksumLength);
  const start = cluster.slice(0, longest.cluster - checksumLength - 1).replace(/(?<!-)-+$/, '');
  return `${start}.${checksum}`;
}

/** Name of the Application of a part of a cluster. `cluster` is the short one, or a template for it. */
export function partName(cluster: string, part: string): string {
  return `eso-abac.${cluster}.${part}`;
}

/**
 * A Go template for the name of a service's Application, at most 63 characters.
 *
 * @param file what yields the name of the service's file, such as `.path.filename`
 * @param cluster what yields the short name of the cluster
 */
export function serviceNameTemplate(file: string, cluster: string): string {
  const name = `$name := trimSuffix ".yaml" ${file}`;
  const start = `$name | trunc ${longest.service - checksumLength - 1} | trimAll "-"`;
  const checksum = `$name | sha256sum | trunc ${checksumLength}`;
  return `{{ ${name} }}{{ if gt (len $name) ${longest.service} }}{{ ${start} }}.{{ ${checksum} }}{{ else }}{{ $name }}{{ end }}.{{ ${cluster} }}`;
}
