#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Compiled, type CompiledFiles, type HandedOn, hasErrors } from './src/cli/compiled.ts';
import { runCli } from './src/cli/index.ts';
import { watchOutput } from './src/cli/output.ts';
import type { Records } from './src/cli/records.ts';
import type { DistFile } from './src/dist/index.ts';
import { resolveFleet } from './src/fleet/resolve.ts';
import { sizeFindings } from './src/fleet/size.ts';
import { limitFindings } from './src/iam/limits.ts';
import { quotaFindings } from './src/iam/quotas.ts';
import { type Input, loadInput } from './src/input/load.ts';
import { compileTenants, compileTenantsAtOnce, type Progress, type Take } from './src/parts/in-parts.ts';
import type { Memory } from './src/parts/memory.ts';
import { compilePlatform, type Part } from './src/parts/part.ts';
import { type Shard, withServicesOf } from './src/shards/shard.ts';

/**
 * The path of the data: services.yaml → input → fleet → objects → validation → files. One tenant at a time, so that
 * time and memory grow with the number of services and nothing else.
 *
 * @param file path of services.yaml
 * @param shard whose services are compiled; without it all are
 * @returns the files of dist, and every finding on the way; with an error among them there are no files
 */
export function compile(file: string, shard?: Shard): CompiledFiles {
  return compileAlone(loadInput(file), () => undefined, shard);
}

/**
 * The same of an input that was read.
 *
 * @param progress called again and again while the tenants are compiled
 */
export function compileAlone(input: Input, progress: Progress, shard?: Shard): CompiledFiles {
  const { compiled, part, platform } = decide(input, shard);
  if (part === undefined) return { ...compiled, files: [] };
  const tenants = compileTenantsAtOnce(part, progress);
  return { ...withPart(compiled, tenants), files: [...platform, ...tenants.files] };
}

/**
 * The same, but the files are handed on part by part and are being proven meanwhile.
 *
 * @param take gets the files; with an error among the findings they are of no use
 * @param memory of the latest run that was given it: what is as it was then is not made again
 */
export function compileInParts(
  input: Input,
  progress: Progress,
  take: Take,
  shard?: Shard,
  memory?: Memory,
): HandedOn {
  const { compiled, part, platform } = decide(input, shard);
  if (part === undefined) return compiled;
  // There is nothing to prove or to write, but there may be more to find.
  if (hasErrors(compiled.findings)) return withPart(compiled, compileTenantsAtOnce(part, progress));
  const { proof, ...tenants } = compileTenants(part, platform, progress, take, memory);
  return { ...withPart(compiled, tenants), ...(proof && { proof }) };
}

/** Everything up to the tenants: the fleet, and what stands once for each cluster and account. */
function decide(
  { file, spec, locate, incomplete, sources, findings: problems }: Input,
  shard?: Shard,
): { readonly compiled: Compiled; readonly platform: readonly DistFile[]; readonly part?: Part } {
  const none = { sources, counts: { clusters: 0, services: 0, objects: 0 } };
  if (spec === undefined) return { compiled: { ...none, findings: problems }, platform: [] };
  const resolved = resolveFleet(spec, locate, incomplete);
  const findings = [...problems, ...resolved.findings];
  if (hasErrors(findings)) return { compiled: { ...none, findings }, platform: [] };
  const { fleet } = resolved;
  const source = path.basename(file);
  const platform = compilePlatform({ fleet, source });
  const own = withServicesOf(fleet, shard);
  const counts = {
    clusters: fleet.clusters.length,
    services: new Set(own.tenants.map(({ service }) => service)).size,
    objects: 0,
  };
  const sizes = [limitFindings, quotaFindings, sizeFindings].flatMap((check) => check(fleet, locate));
  const compiled = withPart({ sources, counts, findings: [...findings, ...sizes] }, platform);
  return { compiled, platform: platform.files, part: { fleet: own, source } };
}

function withPart(
  { findings, counts, sources }: Compiled,
  part: Pick<Compiled, 'findings'> & { readonly objects: number },
): Compiled {
  return {
    sources,
    findings: [...findings, ...part.findings],
    counts: { ...counts, objects: counts.objects + part.objects },
  };
}

/**
 * Runs the command line of this process. A run that never comes to an end is no success: Node's own code says so.
 *
 * @param records what earlier runs of this program have kept, where it is known to be the same program
 */
export async function main(records?: Records): Promise<void> {
  watchOutput();
  process.exitCode = 13;
  process.exitCode = await runCli(process.argv.slice(2), {
    read: (file, memory) => loadInput(file, memory?.input),
    compile: compileInParts,
    compileAlone,
    ...(records && { records }),
  });
}

/** Whether this file was started, and not imported. A command of npm is a link to it. */
const isStarted = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isStarted) void main();
