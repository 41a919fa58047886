// How fast this project is, against Helm and a plain cdk8s app that make the same objects. See README.md here.
//
//   npm run bench               every size, several runs
//   npm run bench -- --quick    small sizes, one run, within a minute
//   npm run bench -- --stages   where the time goes at 10,000 services
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { countObjects, differences, objectsIn } from './compare.mjs';
import { fleet } from './fleet.mjs';
import { installHelm } from './helm.mjs';
import { inTurns, measure } from './measure.mjs';
import { ratioTable, timeTable } from './tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const objectsOfService = 4;
/** More would take the plain cdk8s app hours: its time is quadratic. */
const mostForCdk8s = 4000;
/** Their objects are compared one by one; those of larger fleets are counted. */
const mostCompared = 100;

const full = { sizes: [100, 1000, 4000, 10_000], runs: 3 };
const quick = { sizes: [100, 1000], runs: 1 };
/** Of the plain cdk8s app with most services: one takes minutes. */
const runsOfSlowest = 1;

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('The benchmark needs Linux on x64: the helm binary that it compares with is made for that.');
  process.exit(2);
}
const work = mkdtempSync(path.join(tmpdir(), 'eso-abac-bench-'));
try {
  if (process.argv.includes('--stages')) stages(10_000);
  else compareAll(process.argv.includes('--quick') ? quick : full);
} finally {
  rmSync(work, { recursive: true });
}

function compareAll({ sizes, runs }) {
  const helm = installHelm();
  const results = new Map(sizes.map((size) => [size, compareAt(size, helm, runs)]));
  const synth = inTurns(synthPrograms(runs));
  console.log(`Node ${process.version}, ${availableParallelism()} cores\n`);
  console.log(timeTable(results, synth));
  console.log(ratioTable(results, synth));
}

function compareAt(size, helm, runs) {
  console.error(`${size} services …`);
  const input = writeInput(size);
  const rendered = path.join(work, `${size}-helm.yaml`);
  // A new folder for each run, removed at the end only: some file systems are slow for a while where files were removed.
  const folder = (tool, run) => path.join(work, `${size}-${tool}-${run}`);
  const programs = {
    'eso-abac': {
      runs,
      run: (run) =>
        measure([process.execPath, 'lib/main.js', '-f', input, '-o', folder('own', run)], { cwd: root }),
    },
    'helm template': {
      runs,
      run: () => measure([helm, 'template', 'fleet', 'bench/chart', '-f', input], { cwd: root }),
    },
    ...(size <= mostForCdk8s && {
      'plain cdk8s': {
        runs: size === mostForCdk8s ? runsOfSlowest : runs,
        run: (run) =>
          measure(
            [process.execPath, '--import', 'tsx', 'bench/plain-cdk8s.ts', input, folder('cdk8s', run)],
            { cwd: root },
          ),
      },
    }),
  };
  const measured = inTurns(programs);
  measure([helm, 'template', 'fleet', 'bench/chart', '-f', input], { cwd: root, output: rendered });
  // What the cluster has besides, once for all services, is not what the others make.
  const own = path.join(folder('own', 0), 'clusters/us-west-2/services');
  const others = size <= mostForCdk8s ? [rendered, folder('cdk8s', 0)] : [rendered];
  for (const other of others) assertSame(own, other, size);
  return measured;
}

function writeInput(size) {
  const input = path.join(work, `${size}.yaml`);
  writeFileSync(input, fleet(size));
  return input;
}

/** A comparison of different outputs would say nothing. */
function assertSame(own, other, size) {
  const counts = [own, other].map(countObjects);
  if (counts.some((count) => count !== size * objectsOfService)) {
    throw new Error(
      `${size * objectsOfService} objects were to be made, and there are ${counts.join(' and ')}`,
    );
  }
  if (size > mostCompared) return;
  const different = differences(objectsIn(own), objectsIn(other));
  if (different.length > 0) throw new Error(`the objects are not the same: ${different.join(', ')}`);
}

/** Both commands of this repository for its own services.yaml, in a copy: `cdk8s synth` empties its output folder. */
function synthPrograms(runs) {
  const copy = path.join(work, 'copy');
  mkdirSync(copy);
  for (const name of [
    'package.json',
    'tsconfig.json',
    'cdk8s.yaml',
    'services.yaml',
    'main.ts',
    'src',
    'imports',
    'crds',
    'scripts',
  ]) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return {
    'npm run synth': { runs, run: () => measure(['npm', 'run', 'synth'], { cwd: copy }) },
    'npx cdk8s synth': {
      runs,
      run: () => measure(['npx', 'cdk8s', 'synth', '--no-check-upgrade'], { cwd: copy }),
    },
  };
}

function stages(size) {
  const folder = path.join(work, 'dist');
  const command = ['--import', 'tsx', 'bench/stages.ts', writeInput(size), folder];
  execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
}
