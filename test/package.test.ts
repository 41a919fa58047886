import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedPackages } from './supply/installed.ts';
import { type Ended, readTree, runProgram, writeFiles } from './support/run.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The example of README.md for a cdk8s app. */
function readmeExample(): string {
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(path.join(root, 'README.md'), 'utf8'))?.[1];
  if (example === undefined) throw new Error('README.md has no block of TypeScript');
  return example;
}

/** What the package holds as it stands in the repository. Who wants to add a file to the package adds it here. */
const asTheyAre = [
  'LICENSE',
  'README.md',
  'action.yml',
  'ci/comment.mjs',
  'ci/diff.sh',
  'ci/gitlab.yml',
  'crds/externalsecrets.external-secrets.io.yaml',
  'crds/gitops/applications.argoproj.io.yaml',
  'crds/gitops/applicationsets.argoproj.io.yaml',
  'crds/gitops/appprojects.argoproj.io.yaml',
  'crds/gitops/gitrepositories.source.toolkit.fluxcd.io.yaml',
  'crds/gitops/helmreleases.helm.toolkit.fluxcd.io.yaml',
  'crds/gitops/helmrepositories.source.toolkit.fluxcd.io.yaml',
  'crds/gitops/kustomizations.kustomize.toolkit.fluxcd.io.yaml',
  'crds/secretstores.external-secrets.io.yaml',
  'docs/aws.md',
  'docs/checks.md',
  'docs/ci.md',
  'docs/commands.md',
  'docs/decisions.md',
  'docs/diff.md',
  'docs/explain.md',
  'docs/gitops.md',
  'docs/guard.md',
  'docs/images/report-service.png',
  'docs/images/report.png',
  'docs/proof.md',
  'docs/report.md',
  'docs/robustness.md',
  'docs/scale.md',
  'docs/security.md',
  'docs/services.md',
  'docs/shards.md',
  'docs/supply-chain.md',
  'package.json',
  'schema/diff.schema.json',
  'schema/explain.schema.json',
  'schema/findings.schema.json',
  'schema/include.schema.json',
  'schema/report.schema.json',
  'schema/services.schema.json',
  'src/report/page/boxes.js',
  'src/report/page/chain.js',
  'src/report/page/decode.js',
  'src/report/page/details.js',
  'src/report/page/dom.js',
  'src/report/page/grid.js',
  'src/report/page/judged.js',
  'src/report/page/lists.js',
  'src/report/page/main.js',
  'src/report/page/overview.js',
  'src/report/page/page.css',
  'src/report/page/search.js',
];

/** What `npm pack` makes beside compiled code. */
const made = ['lib/sbom.cdx.json'];

/** What the compiler makes of the sources: JavaScript and types of each file. */
function compiled(): string[] {
  const below = (folder: string) =>
    Object.keys(readTree(path.join(root, folder))).map((name) => `${folder}/${name}`);
  return ['main.ts', ...below('imports'), ...below('src')]
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `lib/${name.slice(0, -'.ts'.length)}`)
    .flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
}

async function succeed(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const result = await runProgram(program, args, { cwd });
  expect(result.code, `${program} ${args.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

describe('the package', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  const [clone, project] = [path.join(folder, 'clone'), path.join(folder, 'project')];
  let packed: { filename: string; files: { path: string }[] } = { filename: '', files: [] };

  beforeAll(async () => {
    const without = ['node_modules', '.git', '.ci/tools', 'lib'].map((name) => path.join(root, name));
    cpSync(root, clone, { recursive: true, filter: (source) => !without.includes(source) });
    symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
    const { stdout } = await succeed('npm', ['pack', '--json', '--silent'], clone);
    // npm prints what the prepack script prints as well, ahead of its own report.
    [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [typeof packed];

    mkdirSync(project);
    const install = [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      path.join(clone, packed.filename),
    ];
    await succeed('npm', install, project);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('holds the files of the list above, the JavaScript and the types of each source file, and nothing else', () => {
    const names = packed.files.map((file) => file.path);
    expect(names.sort()).toEqual([...asTheyAre, ...made, ...compiled()].sort());
  });

  it('comes with a bill of materials, which names what is installed with it', async () => {
    const text = readFileSync(path.join(project, 'node_modules/eso-abac/lib/sbom.cdx.json'), 'utf8');
    expect(text).toBe((await succeed(process.execPath, ['scripts/sbom.mjs'], root)).stdout);
    const { components } = JSON.parse(text) as { components: { 'bom-ref': string }[] };
    const places = components.map((component) => component['bom-ref']);
    expect(places.sort()).toEqual(
      [...installedPackages(project).keys()].filter((place) => place !== 'node_modules/eso-abac').sort(),
    );
  });

  it('is a command that starts a repository, compiles it and checks it, without the tools of this one', async () => {
    for (const tool of ['tsx', 'typescript', 'vitest'])
      expect(existsSync(path.join(project, 'node_modules', tool)), tool).toBe(false);
    await succeed('npx', ['--no-install', 'eso-abac', 'init'], project);
    const synth = await succeed('npx', ['--no-install', 'eso-abac'], project);
    expect(synth.stdout).toMatch(
      /^dist +\d+ files written, 0 removed, 0 unchanged\ncompiled +1 service in 1 cluster\n/,
    );
    const check = await succeed('npm', ['run', '--silent', 'check'], project);
    expect(check.stdout).toMatch(/^dist +up to date: /);
    expect(Object.keys(readTree(path.join(project, 'dist')))).toContain(
      'clusters/us-west-2/services/service1.yaml',
    );
    const report = await succeed('npx', ['--no-install', 'eso-abac', 'report'], project);
    expect(report.stdout).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
    const schema = await succeed('npx', ['--no-install', 'eso-abac', 'schema'], project);
    const installed = path.join(project, 'node_modules/eso-abac/schema/services.schema.json');
    expect(schema.stdout).toBe(readFileSync(installed, 'utf8'));
  });

  it('is a library: the example of README.md has the right types, and runs', async () => {
    const compilerOptions = { module: 'NodeNext', strict: true, noEmit: true, types: [] };
    writeFiles(project, {
      'app.mts': readmeExample(),
      'app.mjs': readmeExample(),
      'wrong.mts': readmeExample().replace("region: 'us-west-2'", 'region: 1'),
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.mts'] }),
      'wrong.json': JSON.stringify({ extends: './tsconfig.json', files: ['wrong.mts'] }),
    });
    const tsc = path.join(root, 'node_modules/.bin/tsc');
    await succeed(tsc, ['-p', 'tsconfig.json'], project);
    const wrong = await runProgram(tsc, ['-p', 'wrong.json'], { cwd: project });
    expect(wrong.stdout).toMatch(
      /wrong\.mts.*error TS2322: Type 'number' is not assignable to type 'string'/,
    );

    await succeed(process.execPath, ['app.mjs'], project);
    const yaml = readFileSync(path.join(project, 'dist/payments.k8s.yaml'), 'utf8');
    expect(yaml).toContain('kind: SecretStore');
    expect(yaml).toContain('value: payments');
  });
});
