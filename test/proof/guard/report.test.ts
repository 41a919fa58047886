import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/documents.ts';
import { inFolder, writeFiles } from '../../support/run.ts';

const input = (cluster: string) => `
version: 1
aws: { account: "123456789012" }
clusters: { old: ${cluster} }
services: [{ name: payments, clusters: [old], secrets: [payments_api_key] }]
`;
const guarded = input('{ region: us-west-2 }');
const open = input('{ region: us-west-2, kubernetes: "1.28", guard: false }');
const policy = 'dist/clusters/old/platform/admission-secretstores.yaml';

/** Compiles an input in a folder of its own, and goes on there. */
function withDist(text: string, use: () => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    writeFiles(folder, { 'services.yaml': text });
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await runInProcess([])).code).toBe(0);
      await use();
    } finally {
      process.chdir(before);
    }
  });
}

function change(from: string, to: string): void {
  writeFileSync(policy, readFileSync(policy, 'utf8').replace(from, to));
}

describe('the admission policies in the reports', () => {
  it('attacks are counted by what stops them, and listed where that is asked for', () =>
    withDist(guarded, async () => {
      const { stdout } = await runInProcess(['prove']);
      const page = await runInProcess(['prove', '--format', 'markdown']);
      const rows = page.stdout.match(/^\| .* \| `old` \|$/gm) ?? [];
      const byStores = rows.filter((row) => row.includes('| `eso-abac-secretstores` |'));
      expect(stdout).toContain(
        `stopped: ${rows.length} attacks on the API server; --format markdown lists them\n  - ${byStores.length} by eso-abac-secretstores\n`,
      );
      // Whoever reads it should see the end of it.
      expect(stdout.split('\n').length).toBeLessThan(25);
      expect(page.stdout).toContain(
        '| a SecretStore with the tag of another service | `eso-abac-secretstores` | `old` |',
      );
      const json = JSON.parse((await runInProcess(['prove', '--format', 'json'])).stdout);
      expect(json.attacks).toContainEqual({
        attack: 'a SecretStore with the tag of another service',
        stoppedBy: ['eso-abac-secretstores'],
        clusters: ['old'],
      });
    }));

  it('a cluster without guard is an open hole in each', () =>
    withDist(open, async () => {
      const hole = 'cluster "old" has no guard';
      const granted = 'may create a SecretStore or label a namespace in cluster "old": it has no guard';
      const text = await runInProcess(['prove']);
      expect([text.code, text.stderr]).toEqual([0, expect.stringContaining(`warning: ${hole}`)]);
      expect(text.stdout).toContain(granted);
      expect(text.stdout).not.toContain('stopped:');
      const json = JSON.parse((await runInProcess(['prove', '--format', 'json'])).stdout);
      expect(json.findings).toMatchObject([{ rule: 'guard-off', severity: 'warning' }]);
      expect(json.assumptions).toContainEqual(expect.stringContaining(granted));
      const page = await runInProcess(['prove', '--format', 'markdown']);
      expect(page.stdout).toContain('has no guard');
      expect(page.stdout).toContain('it has no guard');
    }));

  it('a cluster that has lost its policies is no such cluster', () =>
    withDist(open, async () => {
      const namespace = 'dist/clusters/old/platform/namespace.yaml';
      writeFileSync(namespace, readFileSync(namespace, 'utf8').replace(/ *eso-abac\/guard.*\n/, ''));
      const { code, stderr } = await runInProcess(['prove']);
      expect(code).toBe(1);
      expect(stderr).toContain('cluster "old" has no admission policies');
    }));

  it.each([
    ['- Deny', '- Audit', 'allowed, expected: denied', 'CREATE of SecretStore'],
    ["'SecretsManager'", "'ParameterStore'", 'denied, expected: allowed', 'CREATE of SecretStore'],
  ])('%s turned into %s is replayed until it is mended', (from, to, outcome, step) =>
    withDist(guarded, async () => {
      change(from, to);
      const found = await runInProcess(['prove', '--format', 'json']);
      expect(found.code).toBe(1);
      writeFileSync('found.json', found.stdout);
      const wrong = await runInProcess(['prove', '--replay', 'found.json']);
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toContain(outcome);
      expect(wrong.stdout).toContain(step);
      change(to, from);
      expect((await runInProcess(['prove', '--replay', 'found.json'])).code).toBe(0);
    }),
  );
});
