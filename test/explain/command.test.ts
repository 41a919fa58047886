import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleets } from '../proof/fleets.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';
import { compileValid } from '../support/run-compile.ts';

const input = fleets.small ?? '';
const dist = Object.fromEntries(
  compileValid({ 'services.yaml': input }).files.map(({ path: file, text }) => [`dist/${file}`, text]),
);

/** Runs explain on a dist with its input, or on one that was changed. */
function run(
  args: string,
  change: (files: Record<string, string>) => Record<string, string> = (files) => files,
) {
  return inFolder((folder) => {
    writeFiles(folder, change({ 'services.yaml': input, ...dist }));
    const own = ['-f', path.join(folder, 'services.yaml'), '-o', path.join(folder, 'dist')];
    return runInProcess(['explain', ...args.split(' ').filter(Boolean), ...own]);
  });
}

describe('eso-abac explain', () => {
  it('exits with 0 when all is as meant, allowed or denied', async () => {
    for (const args of [
      'payments',
      'payments payments_api_key',
      'payments orders_db',
      '--secret orders_db',
    ]) {
      const { code, stderr } = await run(args);
      expect([args, code, stderr]).toEqual([args, 0, '']);
    }
  });

  it('exits with 1 when it is not', async () => {
    const without = (files: Record<string, string>) => {
      const file = 'dist/aws/123456789012/secrets/us-west-2/orders.json';
      return { ...files, [file]: (files[file] ?? '').replace('"Value": "orders"', '"Value": "payments"') };
    };
    for (const args of [
      'orders',
      'orders orders_db',
      'payments',
      'payments orders_db',
      '--secret orders_db',
    ]) {
      const { code } = await run(args, without);
      expect([args, code]).toEqual([args, 1]);
    }
  });

  it('exits with 2 for what dist does not have, and for wrong usage', async () => {
    const cases = {
      payment: 'error: dist has no service "payment"; did you mean "payments"?\n',
      'payments order_db': 'error: dist has no secret "order_db"; did you mean "orders_db"?\n',
      '--secret orders_db --cluster us-west-1':
        'error: dist has no cluster "us-west-1"; did you mean "us-west-2"?\n',
      'payments orders_db --secret orders_db':
        'error: the secret is given twice, as an argument and with --secret\n',
      '': 'error: name a service, a service and a secret, or a secret with --secret\n',
    };
    for (const [args, message] of Object.entries(cases)) {
      const { code, stderr } = await run(args);
      expect([args, code, stderr]).toEqual([args, 2, message]);
    }
  });

  it('says when the input that -f names cannot be read', async () => {
    const { code, stderr } = await run('payments', ({ 'services.yaml': _, ...files }) => files);
    expect(code).toBe(2);
    expect(stderr).toContain('services.yaml cannot be read');
  });

  it('is data with --format json', async () => {
    const { stdout } = await run('payments orders_db --format json');
    const { command, explanations } = JSON.parse(stdout) as {
      command: string;
      explanations: { input: { what: string; location: { start: object } }[] }[];
    };
    expect(command).toBe('explain');
    expect(explanations[0]?.input.map(({ what, location }) => [what, location.start])).toEqual([
      ['service payments', { line: 5, column: 13 }],
      ["orders_db is orders's", { line: 6, column: 53 }],
    ]);
  });
});
