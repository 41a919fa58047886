import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runConsole, runInProcess, sectionsOf, withConsole } from '../support/documents.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const file = 'docs/shards.md';
const page = readFileSync(file, 'utf8');
const sections = sectionsOf(page);
const shown = new Map(
  sections.flatMap(({ files }) => files).map(({ name, text }) => [path.basename(name), text]),
);
const input = shown.get('services.yaml') ?? '';
const shards = [1, 2, 3, 4];
const matrixShard = /\$\{\{ matrix\.shard \}\}/g;

it('docs/shards.md shows what the commands print', async () => {
  const example = sections.find(({ heading }) => heading === 'An example');
  if (example === undefined) throw new Error('the section is gone');
  const output = await runConsole(example);
  if (process.env.UPDATE === '1') writeFileSync(file, withConsole(page, example.heading, output));
  else expect(output).toBe(example.console);
  expect(output).toContain('merged  2 shards');
  expect(output).toMatch(/^dist +up to date/m);
});

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** Runs what a job's script does with eso-abac: bash makes words of it, which takes no process of ours. */
async function runScript(
  folder: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const commands = script.match(/(?<=^npx --no-install eso-abac ).*$/gm) ?? [];
  expect(commands.length).toBe(1);
  const before = process.cwd();
  process.chdir(folder);
  try {
    for (const command of commands) {
      const words = execFileSync('bash', ['--norc', '-c', `printf '%s\\n' ${command}`], {
        encoding: 'utf8',
        env,
      });
      expect(await runInProcess(words.trim().split('\n'))).toMatchObject({ code: 0, stderr: '' });
    }
  } finally {
    process.chdir(before);
  }
}

function runsOf(steps: readonly Step[], shard = 0): string {
  const script = steps.flatMap(({ run }) => run ?? []).join('\n');
  return script
    .replace(matrixShard, `${shard}`)
    .replace(/\$\{\{ strategy\.job-total \}\}/g, `${shards.length}`);
}

const artifact = (steps: readonly Step[], action: string) =>
  steps.find(({ uses }) => uses?.startsWith(`actions/${action}-artifact@`))?.with ?? {};

describe('the jobs that docs/shards.md shows make the dist that one job makes', () => {
  let expected: Readonly<Record<string, string>>;
  beforeAll(() =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': input });
      await runScript(folder, 'npx --no-install eso-abac -q');
      expected = readTree(path.join(folder, 'dist'));
      expect(Object.keys(expected)).toContain('clusters/us-west-2/services/payments.yaml');
    }),
  );

  it('of GitHub Actions', () =>
    inFolder(async (folder) => {
      const { shard, merge } = parse(shown.get('eso-abac-dist.yml') ?? '').jobs;
      expect([shard.strategy.matrix.shard, merge.needs]).toEqual([shards, 'shard']);
      const { path: to = '', pattern } = artifact(merge.steps, 'download');
      for (const index of shards) {
        const runner = path.join(folder, `runner-${index}`);
        writeFiles(runner, { 'services.yaml': input });
        await runScript(runner, runsOf(shard.steps, index));
        const { name = '', path: from = '' } = artifact(shard.steps, 'upload');
        const named = name.replace(matrixShard, `${index}`);
        expect(named).toMatch(new RegExp(`^${pattern?.replace('*', '.*')}$`));
        cpSync(path.join(runner, from), path.join(folder, to, named), { recursive: true });
      }
      await runScript(folder, runsOf(merge.steps));
      expect(readTree(path.join(folder, artifact(merge.steps, 'upload').path ?? ''))).toEqual(expected);
    }));

  it('of GitHub Actions, and check and prove a committed one', () =>
    inFolder(async (folder) => {
      const { check, prove } = parse(shown.get('eso-abac-shards.yml') ?? '').jobs;
      expect(check.strategy.matrix.shard).toEqual(shards);
      writeFiles(folder, { 'services.yaml': input });
      await runScript(folder, 'npx --no-install eso-abac -q');
      for (const index of shards) await runScript(folder, runsOf(check.steps, index));
      await runScript(folder, runsOf(prove.steps));
      expect(readTree(path.join(folder, 'dist'))).toEqual(expected);
    }));

  it('of GitLab CI', () =>
    inFolder(async (folder) => {
      const { 'eso-abac shard': shard, 'eso-abac merge': merge } = parse(shown.get('.gitlab-ci.yml') ?? '');
      expect([shard.parallel, shard.artifacts.paths, merge.needs]).toEqual([
        4,
        ['shards'],
        ['eso-abac shard'],
      ]);
      writeFiles(folder, { 'services.yaml': input });
      for (const index of shards) {
        const env = { CI_NODE_INDEX: `${index}`, CI_NODE_TOTAL: `${shards.length}` };
        await runScript(folder, shard.script.join('\n'), env);
      }
      await runScript(folder, merge.script.join('\n'));
      expect(readTree(path.join(folder, merge.artifacts.paths[0]))).toEqual(expected);
    }));

  it('of Argo Workflows', () =>
    inFolder(async (folder) => {
      const { templates } = parse(shown.get('eso-abac-workflow.yaml') ?? '').spec;
      const [, shard, merge] = templates;
      writeFiles(folder, { 'services.yaml': input });
      // What a container has in /tmp is for the artifact repository.
      const here = (text: string, index = 0) =>
        text
          .replaceAll('/tmp/', `${folder}/`)
          .replaceAll('{{inputs.parameters.index}}', `${index}`)
          .replaceAll('{{workflow.parameters.shards}}', `${shards.length}`);
      const [made] = shard.outputs.artifacts;
      const [, all] = merge.inputs.artifacts;
      expect(made.s3.key).toBe(`${all.s3.key}/{{inputs.parameters.index}}`);
      for (const index of shards) {
        await runScript(folder, here(shard.container.args[0], index));
        cpSync(here(made.path), path.join(here(all.path), `${index}`), { recursive: true });
      }
      await runScript(folder, here(merge.container.args[0]));
      expect(readTree(here(merge.outputs.artifacts[0].path))).toEqual(expected);
    }));
});
