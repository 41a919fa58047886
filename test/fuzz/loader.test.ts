import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../main.ts';
import type { CompiledFiles } from '../../src/cli/compiled.ts';
import { runs } from '../support/run-compile.ts';
import { expectReported } from './answer.ts';
import { damaged, garbage, hostile } from './hostile-text.ts';

/** The inputs of this repository: whole ones, and the cases of test/ok, which have each key of the format. */
const seeds = [
  'services.yaml',
  'examples/aws-blog/services.yaml',
  'examples/platform/services.yaml',
  ...readdirSync('examples/platform/services').map((name) => `examples/platform/services/${name}`),
  ...readdirSync('test/ok').flatMap((name) => (name.endsWith('.yaml') ? [`test/ok/${name}`] : [])),
].map((file) => readFileSync(file));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles bytes as services.yaml. Whatever they are: findings with a place, or files, and a report of bounded size. */
function expectAnswer(bytes: Uint8Array | string): CompiledFiles {
  const file = path.join(folder, 'services.yaml');
  writeFileSync(file, bytes);
  const compiled = compile(file);
  expectReported(compiled.findings, compiled.sources);
  return compiled;
}

describe('the loader answers whatever it is given', () => {
  test('an input that was cut off, or of which bytes or words were changed', () => {
    fc.assert(
      fc.property(damaged(seeds), (bytes) => {
        expectAnswer(bytes);
      }),
      runs(400),
    );
  });

  test('random bytes, and random signs of YAML', () => {
    fc.assert(
      fc.property(garbage, (bytes) => {
        expectAnswer(bytes);
      }),
      runs(400),
    );
  });

  test.each(Object.entries(hostile))('a text that is made to take long: %s', (_, { text, accepted }) => {
    const compiled = expectAnswer(text());
    const isRefused = compiled.findings.some(({ severity }) => severity === 'error');
    expect(isRefused).toBe(!accepted);
  });

  test('a file larger than is read', () => {
    const { findings } = expectAnswer('a'.repeat(16 * 1024 * 1024 + 1));
    expect(findings.map(({ rule }) => rule)).toEqual(['input-limit']);
  });

  test('an input that was cut off is refused, or it yields exactly the services that are left', () => {
    const names = (compiled: CompiledFiles) => compiled.files.map((file) => file.path);
    const whole = names(expectAnswer(seeds[0] ?? ''));
    fc.assert(
      fc.property(fc.nat(seeds[0]?.length ?? 0), (length) => {
        const cut = expectAnswer((seeds[0] ?? new Uint8Array()).subarray(0, length));
        const services = String(seeds[0]?.subarray(0, length)).match(/- name: /g)?.length ?? 0;
        const refused = cut.findings.some(({ severity }) => severity === 'error');
        if (!refused) expect(names(cut).filter((name) => name.includes('/services/'))).toHaveLength(services);
        else expect(names(cut)).toEqual([]);
        expect(whole).toEqual(expect.arrayContaining(refused ? [] : names(cut)));
      }),
      runs(100),
    );
  });
});
