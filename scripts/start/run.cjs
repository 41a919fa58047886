// Starts eso-abac from the sources of this repository:
//
//   node scripts/start/run.cjs [argument...]
//
// The sources and the packages that they import run as one file, the bundle, which loads in a fraction of the time.
// CommonJS starts before the loader of ES modules has.
const { setFlagsFromString } = require('node:v8');
const { setEnvironmentData } = require('node:worker_threads');
const { keepCode, loadBundle, readBundle, recordsOf } = require('./bundle.cjs');

// src/cli/index.ts sets them as well, and V8 takes nothing that it has compiled under other flags.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString('--no-turbo-inlining');
void run();

async function run() {
  const bundle = readBundle() ?? (await buildBundle());
  // A thread runs the same bundle, whatever has become of the files meanwhile.
  setEnvironmentData('bundle', bundle);
  const { script, entries } = loadBundle(bundle);
  await entries.main(recordsOf(bundle));
  if (process.exitCode === 0 && isUsual(process.argv.slice(2))) keepCode(bundle, script);
}

async function buildBundle() {
  const { buildBundle } = await import('./build.mjs');
  return buildBundle();
}

/** Whether a run has called what most runs call. */
function isUsual([command, ...flags]) {
  return ['synth', 'check'].includes(command) && !flags.some((flag) => ['-h', '--help'].includes(flag));
}
