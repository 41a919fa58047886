import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { servicesYaml, shell } from '../support/command.ts';
import { runInProcess, sectionsOf } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';

interface Job {
  readonly extends?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[] };
}

const jobs = parse(readFileSync('ci/gitlab.yml', 'utf8')) as Readonly<Record<string, Job>>;
const shown = sectionsOf(readFileSync('docs/ci.md', 'utf8')).flatMap(({ files }) => files);

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

describe('ci/gitlab.yml', () => {
  it('checks, proves and shows what a merge request changes; a stale dist fails', { timeout: 240_000 }, () =>
    inFolder(async (folder) => {
      const run = async (name: string, env: Readonly<Record<string, string>> = {}) => {
        const job = jobs[name];
        const variables = { ...jobs[job?.extends ?? '']?.variables, ESO_ABAC: 'eso-abac', ...env };
        return shell(`set -eo pipefail\n${job?.script.join('\n')}`, folder, variables);
      };
      git(folder, 'init', '-q', '-b', 'main');
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      await shell('eso-abac --quiet', folder);
      git(folder, 'add', '-A');
      git(folder, 'commit', '-qm', 'first');
      expect(await run('eso-abac check')).toMatchObject({ code: 0 });
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments', 'orders']) });
      expect(await run('eso-abac check')).toMatchObject({ code: 1 });
      const base = git(folder, 'rev-parse', 'HEAD');
      const diff = await run('eso-abac diff', { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
      expect(diff).toMatchObject({ code: 0 });
      expect(diff.stdout).toContain('orders is new');
      const [artifact = ''] = jobs['eso-abac diff']?.artifacts?.paths ?? [];
      expect(readFileSync(path.join(folder, artifact), 'utf8')).toContain('`orders`');
    }),
  );
});

describe('.pre-commit-hooks.yaml', () => {
  it('starts a command that there is, without the names of files, as docs/ci.md shows it', async () => {
    const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'));
    expect(hook.entry).toMatch(/^npx --no-install eso-abac /);
    expect((await runInProcess([...hook.entry.split(' ').slice(3), '--help'])).code).toBe(0);
    const text = shown.find(({ name }) => name === '.pre-commit-config.yaml')?.text ?? '';
    const [local] = parse(text).repos[0].hooks;
    const { description: _, ...rest } = hook;
    expect(local).toEqual(rest);
  });
});

describe('docs/ci.md', () => {
  it('shows the workflow that init writes', () =>
    inFolder(async (folder) => {
      await runInProcess(['init', folder, '--quiet']);
      const [workflow] = shown;
      expect(readFileSync(path.join(folder, workflow?.name ?? ''), 'utf8')).toBe(workflow?.text);
    }));

  it('names each input of the action with its default', () => {
    const page = readFileSync('docs/ci.md', 'utf8');
    const { inputs } = parse(readFileSync('action.yml', 'utf8'));
    for (const name of Object.keys(inputs)) expect(page).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
  });
});
