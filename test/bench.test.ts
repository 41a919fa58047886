import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inFolder, runMain, runProgram, writeFiles } from './support/run.ts';

const tsx = import.meta.resolve('tsx');
const bench = fileURLToPath(new URL('../bench/', import.meta.url));
const script = (name: string, args: readonly string[], cwd: string) =>
  runProgram(process.execPath, ['--import', tsx, path.join(bench, name), ...args], { cwd });

describe('the benchmark', () => {
  it('compares with a plain cdk8s app that makes the same objects', async () => {
    await inFolder(async (cwd) => {
      writeFiles(cwd, { 'services.yaml': (await script('fleet.mjs', ['3'], cwd)).stdout });
      expect(await runMain(['--quiet', '-o', 'own'], { cwd })).toMatchObject({ code: 0, stderr: '' });
      expect(await script('plain-cdk8s.ts', ['services.yaml', 'plain'], cwd)).toMatchObject({ code: 0 });
      expect(await script('compare.mjs', ['own/clusters/us-west-2/services', 'plain'], cwd)).toMatchObject({
        code: 0,
        stderr: '',
      });
    });
  });

  it('notices an object that differs', async () => {
    await inFolder(async (cwd) => {
      writeFiles(cwd, { 'services.yaml': (await script('fleet.mjs', ['1'], cwd)).stdout });
      await script('plain-cdk8s.ts', ['services.yaml', 'one'], cwd);
      const text = readFileSync(path.join(cwd, 'one/service-0.k8s.yaml'), 'utf8');
      writeFiles(cwd, { 'two/service-0.yaml': text.replace('Retain', 'Delete') });
      expect(await script('compare.mjs', ['one', 'two'], cwd)).toMatchObject({
        code: 1,
        stderr: 'not the same: external-secrets.io/v1 ExternalSecret service-0-ns/service-0-api-key\n',
      });
    });
  });
});
