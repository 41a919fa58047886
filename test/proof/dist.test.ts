import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/input/schema.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { validSpec } from '../support/arbitrary.ts';
import { asFiles, compileFiles, runs } from '../support/run-compile.ts';
import { filesOf, fleets } from './fleets.ts';

const said = (findings: ReturnType<typeof proveDist>['findings']) =>
  findings.map(
    ({ rule, message, location }) => `${location?.file}:${location?.start.line}: ${message} [${rule}]`,
  );

const tagKeysOf = ({ abac }: Spec) => [abac?.tagKey ?? 'ekssecret', ...Object.keys(abac?.tags ?? {})];

describe('what eso-abac writes', () => {
  it.each(Object.entries(fleets))('%s is proven', (_, input) => {
    const { findings, counts } = proveDist(filesOf(input));
    expect(said(findings)).toEqual([]);
    expect(counts.allowed).toBeGreaterThan(0);
    expect(counts.denied).toBe(counts.pairs - counts.allowed);
  });

  it('is proven for any input that compiles', () => {
    let proven = 0;
    fc.assert(
      fc.property(validSpec, (input) => {
        // A variable with a space at the end of its tag's key is not documented, and so is not judged.
        if (tagKeysOf(input).some((key) => key !== key.trim())) return;
        const { files, findings } = compileFiles(asFiles(input));
        if (findings.some(({ severity }) => severity === 'error')) return;
        expect(said(proveDist(files).findings)).toEqual([]);
        proven++;
      }),
      runs(15),
    );
    expect(proven).toBeGreaterThan(5);
  }, 300_000);
});
