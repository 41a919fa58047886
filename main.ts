#!/usr/bin/env node
import path from 'node:path';
import { runCli } from './src/cli/index.ts';
import { type Compiled, nothing } from './src/cli/compiled.ts';
import { type DistFile, withHeader } from './src/dist/index.ts';
import { resolveFleet } from './src/fleet/resolve.ts';
import { loadInput } from './src/input/load.ts';
import { tenantObjects } from './src/manifests/service-chart.ts';
import { tenantFile } from './src/manifests/tenant-file.ts';

/**
 * The path of the data: services.yaml → input → fleet → objects → validation → files. One tenant at a time, so that
 * time and memory grow with the number of services and nothing else.
 *
 * @param file path of services.yaml
 * @returns the files of dist, and every finding on the way; with an error among them there are no files
 */
function compile(file: string): Compiled {
  const input = loadInput(file);
  if (input.spec === undefined) return nothing(input.findings, input.sources);

  const { fleet, findings: fleetFindings } = resolveFleet(input.spec, input.locate);
  return nothing([...input.findings, ...fleetFindings], input.sources);
}

process.exitCode = await runCli(process.argv.slice(2), compile);
