import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../main.ts';
import { command, servicesYaml } from '../support/command.ts';
import { inFolder, readTree, runProgram, writeFiles } from '../support/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = path.join(root, 'examples/platform');

/** What an input yields in this process. */
function yieldOf(file: string): Record<string, string> {
  return Object.fromEntries(compile(file).files.map(({ path: name, text }) => [name, text]));
}

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(readTree(folder)).filter(([name]) => !name.endsWith('/')));
}

/** What the command needs of this repository, at another path. */
function copyRepository(to: string): void {
  const names = ['main.ts', 'src', 'imports', 'crds', 'scripts', 'package.json', 'tsconfig.json'];
  for (const name of [...names, 'cdk8s.yaml', 'services.yaml']) {
    cpSync(path.join(root, name), path.join(to, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(to, 'node_modules'));
}

describe.concurrent('the same input yields the same bytes', () => {
  it('from another working directory, in another language, time zone and with other flags of node', () =>
    inFolder(async (folder) => {
      const env = {
        LC_ALL: 'tr_TR.UTF-8',
        LANG: 'tr_TR.UTF-8',
        TZ: 'Pacific/Kiritimati',
        NODE_OPTIONS: '--max-old-space-size=1000 --stack-trace-limit=3',
      };
      // Turkish has another lower case for I, and an order of its own.
      const text = servicesYaml(['init', 'zoo', 'iota']).replace('init/db', 'INIT/API_ID, x_Z, x.a, X-I');
      const file = path.join(folder, 'there/services.yaml');
      writeFiles(folder, { 'there/services.yaml': text });
      const args = ['-f', file, '-o', 'deep/in/here'];
      expect(await command(folder, args, { env })).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(path.join(folder, 'deep/in/here'))).toEqual(yieldOf(file));
    }));

  it('with the input at another path, and cdk8s told not to sort', () =>
    inFolder(async (folder) => {
      const place = path.join(folder, 'ein Pfad, mit "allem" & ü');
      cpSync(example, place, { recursive: true, filter: (source) => path.basename(source) !== 'dist' });
      const env = { CDK8S_DISABLE_SORT: '1' };
      expect(await command(place, [], { env })).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(path.join(place, 'dist'))).toEqual(yieldOf(path.join(example, 'services.yaml')));
    }));

  it('through npx cdk8s synth, through npm run synth, and with this repository at another path', () =>
    inFolder(async (folder) => {
      copyRepository(folder);
      const run = (program: string, ...args: string[]) => runProgram(program, args, { cwd: folder });
      // A look for a newer cdk8s-cli would need the network.
      const withCdk8s = await run('npx', 'cdk8s', 'synth', '--no-check-upgrade', '--output', 'a');
      const withNpm = await run('npm', 'run', 'synth', '--', '-o', 'b');
      expect([withCdk8s.code, withNpm.code], withCdk8s.stderr + withNpm.stderr).toEqual([0, 0]);
      await command(root, ['-o', path.join(folder, 'c')]);
      const [a, b, c] = ['a', 'b', 'c'].map((name) => readTree(path.join(folder, name)));
      expect(Object.keys(b ?? {})).toContain('clusters/us-west-2/services/service1.yaml');
      expect(a).toEqual(b);
      expect(c).toEqual(b);
    }));
});
