import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml, wrongServicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

function git(cwd: string, ...args: readonly string[]): string {
  const names = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...names, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });
}

/** A repository with dist of one service committed, and a second one in services.yaml. */
async function repository(folder: string): Promise<void> {
  git(folder, 'init', '-q', '-b', 'main');
  writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
  await command(folder, ['synth', '--quiet']);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  writeFiles(folder, { 'services.yaml': servicesYaml(['payments', 'orders']) });
}

describe.concurrent('eso-abac diff', () => {
  it('compares with what is committed, and changes nothing', () =>
    inFolder(async (folder) => {
      await repository(folder);
      const before = readTree(folder);
      const { code, stdout, stderr } = await command(folder, ['diff']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('1 grant, 2 files, compared with HEAD\n');
      expect(stdout).toContain('  orders is new in us-west-2 and can read orders/db\n');
      const comment = await command(folder, [
        'diff',
        '--base',
        'main',
        '--format',
        'markdown',
        '--exit-code',
      ]);
      expect(comment).toMatchObject({ code: 1, stderr: '' });
      expect(comment.stdout).toMatch(/^<!-- eso-abac diff -->\n### 1 grant, 2 files\n/);
      const json = await command(folder, ['diff', '--base', 'main~0', '--format', 'json']);
      expect(JSON.parse(json.stdout)).toMatchObject({ base: { name: 'main~0' }, differs: true, dangers: 0 });
      expect(readTree(folder)).toEqual(before);
    }));

  it('works from a folder of the repository, and says when there was no dist', () =>
    inFolder(async (folder) => {
      await repository(folder);
      mkdirSync(path.join(folder, 'below'));
      const below = path.join(folder, 'below');
      const there = await command(below, ['diff', '-f', '../services.yaml', '-o', '../dist']);
      expect(there.stdout).toContain('1 grant, 2 files, compared with HEAD\n');
      const none = await command(below, ['diff', '-f', '../services.yaml', '-o', 'elsewhere']);
      expect(none.stdout).toContain('note: there is no dist at HEAD: everything is new\n');
    }));

  it('says that nothing changes, with 0 whatever the flags', () =>
    inFolder(async (folder) => {
      await repository(folder);
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      const same = await command(folder, ['diff', '--exit-code']);
      expect(same).toMatchObject({ code: 0, stdout: 'nothing changes, compared with HEAD\n', stderr: '' });
      const quiet = await command(folder, ['diff', '--exit-code', '--quiet', '--base-dist', 'dist']);
      expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }));

  it('prints what is wrong with the input as synth does, and exits with 1', () =>
    inFolder(async (folder) => {
      await repository(folder);
      writeFiles(folder, { 'services.yaml': wrongServicesYaml });
      const synth = await command(folder, ['synth']);
      for (const format of ['text', 'markdown']) {
        const result = await command(folder, ['diff', '--format', format]);
        expect(result).toEqual({ ...synth, stdout: '' });
        expect(result.code).toBe(1);
      }
      const json = await command(folder, ['diff', '--format', 'json']);
      expect(json.code).toBe(1);
      expect(JSON.parse(json.stdout).findings).toHaveLength(2);
    }));

  it('exits with 2 when there is nothing to compare with', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      const cases: readonly (readonly [readonly string[], RegExp])[] = [
        [[], /^error: .*not a git repository.*--base-dist compares with a folder instead\n$/],
        [['--base-dist', 'nowhere'], /^error: nowhere is no folder\n$/],
        [['--base', 'HEAD', '--base-dist', 'x'], /^error: --base and --base-dist name two bases/],
      ];
      for (const [args, message] of cases) {
        const { code, stdout, stderr } = await command(folder, ['diff', ...args]);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(message);
      }
      await repository(folder);
      const unknown = await command(folder, ['diff', '--base', 'origin/main']);
      expect(unknown).toMatchObject({ code: 2, stdout: '' });
      expect(unknown.stderr).toMatch(/^error: there is no revision "origin\/main"; .*git fetch/);
      const option = await command(folder, ['diff', '--base', '--output=x']);
      expect(option.code).toBe(2);
    }));
});
