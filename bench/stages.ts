// Where the time goes, and what is allocated: each stage of main.ts on a whole fleet, one stage after the other.
//
//   node --import tsx bench/stages.ts services.yaml folder
import { type HeapProfiler, Session } from 'node:inspector';
import { commitDist, DistPlanner, DistStaging, withHeader } from '../src/dist/index.ts';
import { resolveFleet } from '../src/fleet/resolve.ts';
import { secretFiles } from '../src/iam/files.ts';
import { loadInput } from '../src/input/load.ts';
import { tenantObjects } from '../src/manifests/service-chart.ts';
import { tenantFile } from '../src/manifests/tenant-file.ts';
import { compilePlatform } from '../src/parts/part.ts';
import { proveDist } from '../src/proof/prove/prove.ts';
import { CrossChecks, createValidator, generatedCrds } from '../src/validate/index.ts';

const [, , input = '', folder = ''] = process.argv;
const took = new Map<string, { milliseconds: number; bytes: number }>();

const session = new Session();
session.connect();

function stage<Result>(name: string, work: () => Result): Result {
  session.post('HeapProfiler.startSampling', {
    samplingInterval: 2 ** 18,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  const start = performance.now();
  const result = work();
  const milliseconds = performance.now() - start;
  // In the same thread the answer comes before `post` returns.
  session.post('HeapProfiler.stopSampling', (_, { profile }) => {
    took.set(name, { milliseconds, bytes: allocated(profile.head) });
  });
  return result;
}

/** Estimated from samples; what was freed in the meantime counts. */
function allocated({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + allocated(child), selfSize);
}

const { spec, locate } = stage('load services.yaml', () => loadInput(input));
if (spec === undefined) throw new Error(`${input} is not valid`);
const { fleet } = stage('resolve every name and tag', () => resolveFleet(spec, locate));
const tenants = stage('generate objects through constructs', () =>
  fleet.tenants.map((tenant) => ({ tenant, objects: tenantObjects(tenant, fleet.release) })),
);
const manifests = stage('emit YAML', () =>
  tenants.map(({ tenant, objects }) => {
    const { path, text } = tenantFile(tenant, objects);
    return { path, text: withHeader(text, 'services.yaml') };
  }),
);
stage('validate every object', () => {
  const validator = createValidator(generatedCrds);
  const crossChecks = new CrossChecks();
  const manifest = (object: Record<string, unknown>) => ({ object, file: 'dist' });
  const objects = tenants.flatMap(({ objects }) => objects.map(manifest));
  for (const object of objects) crossChecks.add(object);
  const findings = [...objects.flatMap((object) => validator.check(object)), ...crossChecks.findings()];
  if (findings.length > 0) throw new Error(`${findings[0]?.message}`);
});
const platform = stage('guard and roles', () => compilePlatform({ fleet, source: 'services.yaml' }));
const aws = stage('emit the secrets of AWS', () => secretFiles(fleet));
stage('prove', () => {
  const { findings } = proveDist([...manifests, ...platform.files, ...aws]);
  if (findings.length > 0) throw new Error(`${findings[0]?.message}`);
});
stage('write what changed', () => {
  const planner = new DistPlanner(folder);
  const staging = new DistStaging(folder);
  staging.add(planner.add([...manifests, ...platform.files, ...aws]));
  commitDist(staging.end(planner.end()));
});

console.log(
  `${tenants.length} services, ${manifests.length + platform.files.length + aws.length} files, Node ${process.version}\n`,
);
console.log(stageTable(took));

/** Markdown. */
function stageTable(stages: typeof took): string {
  const all = [...stages.values()];
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  const total = { milliseconds: sum((one) => one.milliseconds), bytes: sum((one) => one.bytes) };
  const rows = [...stages, ['all', total] as const].map(([name, { milliseconds, bytes }]) => {
    const share = (100 * milliseconds) / total.milliseconds;
    return `| ${name} | ${(milliseconds / 1000).toFixed(2)} s | ${share.toFixed(0)} % | ${(bytes / 1e6).toFixed(0)} MB |`;
  });
  return ['| stage | time | share | allocated |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
