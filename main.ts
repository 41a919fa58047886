#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Compiled, hasErrors } from './src/cli/compiled.ts';
import { runCli } from './src/cli/index.ts';
import { watchOutput } from './src/cli/output.ts';
import type { Progress } from './src/cli/progress.ts';
import { type DistFile, withHeader } from './src/dist/index.ts';
import type { Fleet } from './src/fleet/model.ts';
import { resolveFleet } from './src/fleet/resolve.ts';
import { gitopsFiles } from './src/gitops/files.ts';
import { guardFiles } from './src/guard/files.ts';
import { awsFiles } from './src/iam/files.ts';
import { limitFindings } from './src/iam/limits.ts';
import { loadInput } from './src/input/load.ts';
import { type KubernetesObject, tenantObjects } from './src/manifests/service-chart.ts';
import { tenantFile } from './src/manifests/tenant-file.ts';
import { CrossChecks, createValidator, generatedCrds } from './src/validate/index.ts';

/**
 * The path of the data: services.yaml → input → fleet → objects → validation → files. One tenant at a time, so that
 * time and memory grow with the number of services and nothing else.
 *
 * @param file path of services.yaml
 * @param progress called after each tenant
 * @returns the files of dist, and every finding on the way; with an error among them there are no files
 */
export function compile(file: string, progress: Progress = () => undefined): Compiled {
  const input = loadInput(file);
  const findings = [...input.findings];
  const files: DistFile[] = [];
  const counts = { clusters: 0, services: 0, objects: 0 };
  const compiled = { files, findings, sources: input.sources, counts };
  if (input.spec === undefined) return compiled;

  const resolved = resolveFleet(input.spec, input.locate, input.incomplete);
  findings.push(...resolved.findings);
  if (hasErrors(findings)) return compiled;

  const { tenants, clusters, release }: Fleet = resolved.fleet;
  const validator = createValidator(generatedCrds);
  const crossChecks = new Map(clusters.map(({ name }) => [name, new CrossChecks()]));
  const add = (cluster: string, { path: place, text }: DistFile, objects: readonly KubernetesObject[]) => {
    for (const object of objects) {
      // What is worth a warning was said of the input, where it has a place.
      findings.push(
        ...validator.check({ object, file: place }).filter(({ severity }) => severity === 'error'),
      );
      crossChecks.get(cluster)?.add({ object, file: place });
    }
    files.push({ path: place, text: withHeader(text, path.basename(file)) });
    counts.objects += objects.length;
  };
  for (const cluster of clusters) {
    for (const part of guardFiles(resolved.fleet, cluster)) add(cluster.name, part, part.objects);
  }
  // Objects of Argo CD stand apart from those of the clusters, so that none of these contradicts them.
  for (const part of gitopsFiles(resolved.fleet)) add('', part, part.objects);
  for (const [index, tenant] of tenants.entries()) {
    const objects = tenantObjects(tenant, release);
    add(tenant.cluster.name, tenantFile(tenant, objects), objects);
    progress(index + 1, tenants.length);
  }
  findings.push(...[...crossChecks.values()].flatMap((checks) => checks.findings()));
  findings.push(...limitFindings(resolved.fleet, input.locate));
  files.push(...awsFiles(resolved.fleet));
  counts.clusters = clusters.length;
  counts.services = new Set(tenants.map((tenant) => tenant.service)).size;
  return compiled;
}

/** Whether this file was started, and not imported. A command of npm is a link to it. */
const isStarted = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isStarted) {
  watchOutput();
  process.exitCode = await runCli(process.argv.slice(2), compile);
}
