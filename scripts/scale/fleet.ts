import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fleet } from '../../src/fleet/model.ts';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import { loadInput } from '../../src/input/load.ts';

/**
 * A simulated fleet. Each service is in one cluster and has four objects: a Namespace, a SecretStore, two
 * ExternalSecrets.
 */
export interface Shape {
  readonly services: number;
  /** One for 1,000 services, and at least two, when absent. */
  readonly clusters?: number;
  /** One for two clusters when absent. */
  readonly accounts?: number;
  /** Two when absent; clusters take turns. */
  readonly regions?: readonly string[];
  /** 1h when absent. */
  readonly refreshInterval?: string;
  /** Of the operator; 2.9.0 when absent. */
  readonly version?: string;
  /** What stands in `abac.tags`; nothing when absent. */
  readonly tags?: string;
  /** Lines below `aws:`. */
  readonly aws?: string;
}

/** How many services a cluster has at 100,000 services in 100 clusters. */
export const perCluster = 1000;

export function clusterCount({ services, clusters }: Shape): number {
  return clusters ?? Math.max(2, Math.floor(services / perCluster));
}

export function accountCount(shape: Shape): number {
  return shape.accounts ?? Math.ceil(clusterCount(shape) / 2);
}

/** The fleet that a shape resolves to. Its services.yaml is written into the folder. */
export function fleetOf(shape: Shape, folder: string): Fleet {
  const { spec, locate } = loadInput(inputIn(folder, shape));
  if (spec === undefined) throw new Error('the simulated input is not valid');
  return resolveFleet(spec, locate).fleet;
}

/** Writes services.yaml into a folder and returns its path. */
export function inputIn(folder: string, shape: Shape): string {
  const { refreshInterval = '1h', version = '2.9.0', tags = '', aws = '' } = shape;
  const clusters = Array.from({ length: clusterCount(shape) }, (_, index) => cluster(shape, index));
  const services = Array.from({ length: shape.services }, (_, index) => service(index, clusters.length));
  const file = path.join(folder, 'services.yaml');
  const text = `version: 1
aws:
  account: "${accountOf(0)}"
${aws}externalSecrets: { version: ${version} }
abac: { tags: { ${tags} } }
defaults: { refreshInterval: ${refreshInterval} }
clusters:
${clusters.join('')}services:
${services.join('')}`;
  writeFileSync(file, text);
  return file;
}

function cluster(shape: Shape, index: number): string {
  const { regions = ['us-west-2', 'eu-west-1'] } = shape;
  const region = regions[index % regions.length];
  const account = accountOf(Math.floor((index * accountCount(shape)) / clusterCount(shape)));
  return `  ${clusterName(index)}: { region: ${region}, account: "${account}", environment: prod, podIdentity: true }\n`;
}

function service(index: number, clusters: number): string {
  const name = `service-${String(index).padStart(6, '0')}`;
  return `  - name: ${name}
    clusters: [${clusterName(index % clusters)}]
    secrets:
      - ${name}_api_key
      - { name: ${name}/database, keys: { DB_USER: username, DB_PASSWORD: password } }
`;
}

function clusterName(index: number): string {
  return `prod-${String(index).padStart(3, '0')}`;
}

function accountOf(index: number): string {
  return String(100_000_000_001 + index);
}
