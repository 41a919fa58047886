// How fast this project is, against Helm and a plain cdk8s app that make the same objects. See README.md here.
//
//   npm run bench               every size, several runs, some seven minutes
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
import { findKubeconform, writeSchemasOf } from './kubeconform.mjs';
import { inTurns, measure } from './measure.mjs';
import { ratioTable, timeTable } from './tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const objectsOfService = 4;
/** More would take the plain cdk8s app hours: its time is quadratic. */
const mostForCdk8s = 4000;
/** Their objects are compared one by one; those of larger fleets are counted. */
const mostCompared = 100;

/** `large`: of these sizes there is one run of this project alone. */
const full = { sizes: [100, 1000, 4000, 10_000], runs: 3, large: [50_000, 100_000] };
const quick = { sizes: [100, 1000], runs: 1, large: [] };
/** Of the plain cdk8s app with most services: one takes a minute. */
const runsOfSlowest = 1;
/** In each run of a watch. */
const editsInWatch = 7;
/** An input file has no more services than this; more are included. */
const mostInFile = 10_000;

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

function compareAll({ sizes, runs, large }) {
  const helm = installHelm();
  // The first run after a change of the sources puts them together, which is no part of what is measured.
  own(['-f', writeInput(2), '-o', folder('own', 2, 'first')]);
  const results = new Map(sizes.map((size) => [size, compareAt(size, helm, runs)]));
  const most = sizes.at(-1);
  Object.assign(results.get(most), inTurns(programsOnDist(most, runs)));
  for (const size of large) results.set(size, inTurns({ 'eso-abac': ownProgram(size, 1) }));
  results.set(2, inTurns(synthPrograms(Math.max(runs, 1))));
  console.log(`Node ${process.version}, ${availableParallelism()} cores\n`);
  console.log(timeTable(results));
  console.log(ratioTable(results, most));
}

// A new folder for each run, removed at the end only: some file systems are slow for a while where files were removed.
function folder(tool, size, run) {
  return path.join(work, `${size}-${tool}-${run}`);
}

/** What `npm run synth` and `npm run check` run. */
function own(args) {
  return measure([process.execPath, 'scripts/start/run.cjs', ...args], { cwd: root });
}

function ownProgram(size, runs) {
  const input = writeInput(size);
  return { runs, run: (run) => own(['-f', input, '-o', folder('own', size, run)]) };
}

/** What is done again and again with a dist that is there: those that the runs before have written. */
function programsOnDist(size, runs) {
  // Of the same name, which stands in the header of each file.
  const edited = path.join(work, 'edited', `${size}.yaml`);
  mkdirSync(path.dirname(edited));
  writeFileSync(edited, fleet(size).replace('service-7/database', 'service-7/other'));
  const dist = (run) => folder('own', size, run);
  const services = (run) => path.join(dist(run), 'clusters/us-west-2/services');
  const programs = {
    'one service edited': { runs, run: (run) => own(['-f', edited, '-o', dist(run)]) },
    'one edited, --watch': { runs, run: (run) => watched(edited, dist(run)) },
    check: { runs, run: (run) => own(['check', '-f', edited, '-o', dist(run)]) },
    // Under another name nothing is known of it, as in CI.
    'check in CI': { runs, run: (run) => own(['check', '-f', edited, '-o', `${dist(run)}/.`]) },
    validate: { runs, run: (run) => own(['validate', services(run)]) },
  };
  const kubeconform = findKubeconform();
  if (kubeconform === undefined) return programs;
  const options = ['-strict', '-n', String(availableParallelism()), '-skip', 'v1/Namespace'];
  const location = ['-schema-location', writeSchemasOf(path.join(root, 'crds'), path.join(work, 'schemas'))];
  const run = (run) => measure([kubeconform, ...options, ...location, services(run)], { cwd: root });
  return { ...programs, kubeconform: { runs, run } };
}

/** One edit in a watch, of several: the first ones take longer. */
function watched(input, dist) {
  const command = ['bench/watch.mjs', input, dist, String(editsInWatch)];
  return JSON.parse(execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8' }));
}

function compareAt(size, helm, runs) {
  console.error(`${size} services …`);
  const input = writeInput(size);
  const rendered = path.join(work, `${size}-helm.yaml`);
  const programs = {
    'eso-abac': ownProgram(size, runs),
    'helm template': {
      runs,
      run: () => measure([helm, 'template', 'fleet', 'bench/chart', '-f', input], { cwd: root }),
    },
    ...(size <= mostForCdk8s && {
      'plain cdk8s': {
        runs: size === mostForCdk8s ? runsOfSlowest : runs,
        run: (run) =>
          measure(
            [process.execPath, '--import', 'tsx', 'bench/plain-cdk8s.ts', input, folder('cdk8s', size, run)],
            { cwd: root },
          ),
      },
    }),
  };
  const measured = inTurns(programs);
  measure([helm, 'template', 'fleet', 'bench/chart', '-f', input], { cwd: root, output: rendered });
  // What the cluster has besides, once for all services, is not what the others make.
  const written = path.join(folder('own', size, 0), 'clusters/us-west-2/services');
  const others = size <= mostForCdk8s ? [rendered, folder('cdk8s', size, 0)] : [rendered];
  for (const other of others) assertSame(written, other, size);
  return measured;
}

function writeInput(size) {
  const input = path.join(work, `${size}.yaml`);
  if (size <= mostInFile) writeFileSync(input, fleet(size));
  else writeFleetInParts(input, size);
  return input;
}

function writeFleetInParts(input, size) {
  const parts = path.join(work, String(size));
  mkdirSync(parts);
  for (let from = 0; from < size; from += mostInFile) {
    const text = fleet(Math.min(mostInFile, size - from), from);
    writeFileSync(path.join(parts, `${from}.yaml`), text.slice(text.indexOf('services:')));
  }
  writeFileSync(input, `${fleet(0).replace('services:\n', '')}include: [${size}/*.yaml]\n`);
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
  const dist = (run) => folder('own', 2, run);
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
    'node -e 0': { runs, run: () => measure([process.execPath, '-e', '0'], { cwd: root }) },
    'eso-abac': { runs, run: (run) => own(['-f', 'services.yaml', '-o', dist(run)]) },
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
