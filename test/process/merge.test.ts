import { appendFileSync, cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { type Ended, inFolder, runProgram } from '../support/run.ts';

const example = fileURLToPath(new URL('../../examples/platform/', import.meta.url));
const identity = ['-c', 'user.name=team', '-c', 'user.email=team@example.com', '-c', 'commit.gpgsign=false'];

it('two branches that each add a service merge without a conflict, and check is content afterwards', () =>
  inFolder(async (cwd) => {
    const git = async (...args: string[]): Promise<Ended> => {
      const result = await runProgram('git', [...identity, ...args], { cwd });
      expect(result.code, `git ${args.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0);
      return result;
    };
    const commitWith = async (branch: string, file: string, service: string) => {
      await git('checkout', '-q', '-b', branch, 'main');
      const regions = '[us-west-2, eu-west-1]';
      const text = `  - { name: ${service}, regions: ${regions}, secrets: [${service}/db] }\n`;
      appendFileSync(path.join(cwd, 'services', file), text);
      expect(await command(cwd, ['-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
      await git('add', '--all');
      await git('commit', '-q', '-m', `Add ${service}`);
    };
    cpSync(example, cwd, { recursive: true });
    await git('init', '-q', '-b', 'main');
    await git('add', '--all');
    await git('commit', '-q', '-m', 'The platform');
    await commitWith('payments-team', 'payments.yaml', 'gift-cards');
    await commitWith('risk-team', 'risk.yaml', 'velocity-checks');

    await git('merge', '-q', '--no-edit', 'payments-team');
    const { stdout } = await git('diff', '--name-only', 'main', 'HEAD', '--', 'dist/clusters');
    const names = stdout
      .trim()
      .split('\n')
      .map((file) => path.basename(file, '.yaml'));
    expect([...new Set(names)].sort()).toEqual(['gift-cards', 'velocity-checks']);
    expect(await command(cwd, ['check'])).toMatchObject({ code: 0, stderr: '' });
  }));
