// Where the time goes: each stage of main.ts on a whole fleet, one stage after the other.
//
//   node --import tsx bench/stages.ts services.yaml folder
import { planDist, withHeader, writeDist } from '../src/dist/index.ts';
import { resolveFleet } from '../src/fleet/resolve.ts';
import { secretFiles } from '../src/iam/files.ts';
import { loadInput } from '../src/input/load.ts';
import { tenantObjects } from '../src/manifests/service-chart.ts';
import { tenantFile } from '../src/manifests/tenant-file.ts';
import { compilePlatform } from '../src/parts/part.ts';
import { proveDist } from '../src/proof/prove/prove.ts';
import { CrossChecks, createValidator, generatedCrds } from '../src/validate/index.ts';

const [, , input = '', folder = ''] = process.argv;
const took = new Map<string, number>();

function stage<Result>(name: string, work: () => Result): Result {
  const start = performance.now();
  const result = work();
  took.set(name, performance.now() - start);
  return result;
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
stage('write what changed', () => writeDist(planDist(folder, [...manifests, ...platform.files, ...aws])));

console.log(
  `${tenants.length} services, ${manifests.length + platform.files.length + aws.length} files, Node ${process.version}\n`,
);
console.log(stageTable(took));

/** Markdown. */
function stageTable(stages: ReadonlyMap<string, number>): string {
  const total = [...stages.values()].reduce((sum, milliseconds) => sum + milliseconds, 0);
  const rows = [...stages, ['all', total] as const].map(
    ([name, milliseconds]) =>
      `| ${name} | ${(milliseconds / 1000).toFixed(2)} s | ${((100 * milliseconds) / total).toFixed(0)} % |`,
  );
  return ['| stage | time | share |', '| --- | --- | --- |', ...rows].join('\n');
}
