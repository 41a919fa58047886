import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/cli/compiled.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import type { Shard } from '../../src/shards/shard.ts';
import { fleets } from '../proof/fleets.ts';
import { validSpec } from '../support/arbitrary.ts';
import { asFiles, compileFiles, runs } from '../support/run-compile.ts';

type Files = Parameters<typeof compileFiles>[0];

function shardsOf(count: number): Shard[] {
  return Array.from({ length: count }, (_, before) => ({ index: before + 1, count }));
}

/** Shards prove rows of the matrix of tenants and secrets, each of them once: together they prove all of it. */
function expectRows(files: Files, count: number): void {
  const whole = proveDist(compileFiles(files).files);
  const proofs = shardsOf(count).map((shard) => proveDist(compileFiles(files, shard).files));
  for (const { findings, counts: own } of proofs) {
    expect(findings.filter(({ rule }) => rule !== 'guard-off')).toEqual([]);
    expect(own.secrets).toBe(whole.counts.secrets);
  }
  const sum = (key: 'tenants' | 'pairs' | 'allowed' | 'denied') =>
    proofs.reduce((all, { counts: own }) => all + own[key], 0);
  const { tenants, pairs, allowed, denied } = whole.counts;
  expect({
    tenants: sum('tenants'),
    pairs: sum('pairs'),
    allowed: sum('allowed'),
    denied: sum('denied'),
  }).toEqual({ tenants, pairs, allowed, denied });
}

describe('shards prove what the whole does, each its own services against all secrets', () => {
  it.each(Object.entries(fleets))('%s', (_, text) => {
    expectRows({ 'services.yaml': text }, 3);
  });

  it('whatever the fleet', () => {
    fc.assert(
      fc.property(validSpec, fc.integer({ min: 2, max: 3 }), (spec, count) => {
        fc.pre(!hasErrors(compileFiles(asFiles(spec)).findings));
        expectRows(asFiles(spec), count);
      }),
      runs(3),
    );
  });
});
