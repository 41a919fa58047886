// Starts eso-abac from the sources of this repository:
//
//   node scripts/start/run.mjs [argument...]
//
// The sources and the packages that they import run as one file, the bundle, which loads in a fraction of the time.
import { setFlagsFromString } from 'node:v8';
import { setEnvironmentData } from 'node:worker_threads';
import { keepCode, loadBundle, readBundle } from './bundle.mjs';

// src/cli/index.ts sets it as well, and V8 takes nothing that it has compiled under other flags.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
const bundle = readBundle() ?? (await buildBundle());
// A thread runs the same bundle, whatever has become of the files meanwhile.
setEnvironmentData('bundle', bundle);
const { script, entries } = loadBundle(bundle);
await entries.main();
if (process.exitCode === 0 && isUsual(process.argv.slice(2))) keepCode(bundle, script);

async function buildBundle() {
  const { buildBundle } = await import('./build.mjs');
  return buildBundle();
}

/** Whether a run has called what most runs call. */
function isUsual([command, ...flags]) {
  return ['synth', 'check'].includes(command) && !flags.some((flag) => ['-h', '--help'].includes(flag));
}
