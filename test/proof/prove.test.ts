import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInProcess } from '../support/documents.ts';
import { inFolder, readTree, within, writeFiles } from '../support/run.ts';
import { filesOf, fleets } from './fleets.ts';

const policy = 'dist/aws/123456789012/roles/eso-secrets-access/policy.json';

/** Runs in a folder whose dist is that of a small fleet, with its access policy changed. */
function withDist(change: (text: string) => string, use: (folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const files = filesOf(fleets.small ?? '').map(({ path: file, text }) => [`dist/${file}`, text] as const);
    writeFiles(folder, Object.fromEntries(files));
    const file = path.join(folder, policy);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    await within(folder, () => use(folder));
  });
}

const anyone = (text: string) => text.replace('StringEquals', 'StringNotEquals');

describe('prove', () => {
  it('says what was proven and what is taken for granted', () =>
    withDist(
      (text) => text,
      async (folder) => {
        const before = readTree(folder);
        const { code, stdout, stderr } = await runInProcess(['prove']);
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout).toMatch(/^proven: 2 tenants, 2 secrets, 4 pairs \(2 allowed, 2 denied\)\n/);
        expect(stdout).toContain('whoever may tag a secret in account 123456789012 decides who reads it');
        expect(readTree(folder)).toEqual(before);
      },
    ));

  it('fails with counterexamples, which can be replayed until they are mended', () =>
    withDist(anyone, async () => {
      const found = await runInProcess(['prove', '--format', 'json']);
      expect(found.code).toBe(1);
      const { proven, findings } = JSON.parse(found.stdout);
      expect(proven).toBe(false);
      const rules = new Set(findings.map(({ rule }: { rule: string }) => rule));
      expect([...rules].sort()).toEqual(['proof-access', 'proof-denied', 'proof-document']);
      writeFileSync('found.json', found.stdout);
      const wrong = await runInProcess(['prove', '--replay', 'found.json']);
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toContain('allowed, expected: denied');
      expect(wrong.stdout).toContain('denied, expected: allowed');
      writeFileSync(policy, readFileSync(policy, 'utf8').replace('StringNotEquals', 'StringEquals'));
      const mended = await runInProcess(['prove', '--replay', 'found.json']);
      expect(mended.code).toBe(0);
      expect(mended.stdout).toContain('denied, expected: denied');
    }));

  it('writes a page of Markdown', () =>
    withDist(anyone, async () => {
      const { code, stdout } = await runInProcess(['prove', '--format', 'markdown']);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^# Who can read which secret\n\nNot proven: \d+ findings\.\n/);
      expect(stdout).toContain('```json');
      expect(stdout).toContain('## Taken for granted');
    }));

  it.each([
    [['--tag-key', 'ekssecret'], '--tag-key and --tags go with --policy'],
    [['--policy', policy], 'need --tag-key'],
    [['--replay', policy], 'holds no counterexample'],
    [['-o', 'nowhere'], 'nowhere cannot be read'],
  ])('%j is wrong usage', (args, message) =>
    withDist(
      (text) => text,
      async () => {
        const { code, stderr } = await runInProcess(['prove', ...args]);
        expect(code).toBe(2);
        expect(stderr).toContain(message);
      },
    ),
  );
});
