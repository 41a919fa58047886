import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, fleets } from '../proof/fleets.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';

const dist = Object.fromEntries(
  filesOf(fleets.small ?? '').map(({ path: file, text }) => [`dist/${file}`, text]),
);

/** Runs report on a dist. */
function run(format: string, files: Readonly<Record<string, string>> = dist) {
  return inFolder((folder) => {
    writeFiles(folder, files);
    return runInProcess(['report', '--format', format, '-o', path.join(folder, 'dist')]);
  });
}

describe('eso-abac report', () => {
  it.each([
    ['html', /^<!doctype html>\n[\s\S]*<\/html>\n$/],
    [
      'markdown',
      /^# Who can read which secret\n[\s\S]*\| `payments` \| `us-west-2` \| `payments-ns` \| `payments_api_key` \| as meant \|\n$/,
    ],
    ['json', /^\{\n {2}"command": "report",\n[\s\S]*\}\n$/],
    ['csv', /^service,cluster,[^\n]*\n(?:[^\n]*\n){2}$/],
  ])('prints %s', async (format, shape) => {
    const { stdout } = await run(format);
    expect(stdout).toMatch(shape);
  });

  it('exits with 1 when something is found, and prints the report all the same', async () => {
    const file = 'dist/aws/123456789012/secrets/us-west-2/orders.json';
    const changed = (dist[file] ?? '').replace('"Value": "orders"', '"Value": "payments"');
    const { stdout, stderr, code } = await run('csv', { ...dist, [file]: changed });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^not proven: \d+ findings?, which the report lists\n$/);
    expect(stdout).toMatch(/\npayments,us-west-2,payments-ns,aws-secretsmanager,orders_db,.*,orders,,no\n/);
  });

  it('exits with 2 when there is nothing to report', async () => {
    const nothing = await run('html', { 'dist/README.md': 'hello' });
    expect([nothing.code, nothing.stdout]).toEqual([2, '']);
    const missing = await run('html', { 'other/file': '' });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^error: .*dist cannot be read: /);
  });
});
