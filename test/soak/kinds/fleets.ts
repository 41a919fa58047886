import { strict as assert } from 'node:assert';
import type { Finding } from '../../../src/findings/finding.ts';
import type { Spec } from '../../../src/input/schema.ts';
import type { Source } from '../../../src/proof/files/model.ts';
import { reordered } from '../../support/reordered.ts';
import { asYaml } from '../../support/run-compile.ts';
import type { Kind, Parts } from '../kind.ts';
import { wrongWith } from '../oracle/judge.ts';
import { remembered } from '../remembered.ts';
import { inputFile } from './file.ts';
import { anySpec } from './specs.ts';

/** The errors among findings, in a line each. */
export function errorsIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, location }) => `${location?.file ?? ''}: ${message} [${rule}]`);
}

/**
 * Any valid input yields valid objects that are proven, by the oracle as well; the same bytes again, and in whatever
 * order the input says it.
 */
export function fleets({ compile, prove, validate }: Parts): Kind<{ spec: Spec; changed: Spec }> {
  const compiled = (spec: Spec) => {
    const { files, findings } = compile(inputFile(asYaml(spec)));
    assert.deepEqual(errorsIn(findings), []);
    return files;
  };
  /** The first file that is not the same in both; in which order they come says nothing. */
  const differing = (files: readonly Source[], others: readonly Source[]) => {
    const texts = new Map(others.map(({ path, text }) => [path, text]));
    const odd = files.find(({ path, text }) => texts.get(path) !== text);
    return odd?.path ?? (files.length === others.length ? undefined : 'the number of files');
  };
  // The platform's files are much alike.
  const errorsOf = remembered(500, (text) => errorsIn(validate('', text)));
  return {
    name: 'fleets',
    all: 100_000,
    patience: 300,
    made: reordered(anySpec),
    check: ({ spec, changed }) => {
      const files = compiled(spec);
      const odd = differing(files, compiled(changed));
      if (odd !== undefined) {
        assert.equal(differing(files, compiled(spec)), undefined, 'the same input yields other files');
        assert.fail(`another order yields other files: ${odd}`);
      }
      const manifests = files.filter(({ path }) => path.startsWith('clusters/'));
      assert.deepEqual(
        manifests.flatMap(({ path, text }) => errorsOf(text).map((error) => path + error)),
        [],
      );
      assert.deepEqual(errorsIn(prove(files)), [], 'what is written is not proven');
      assert.deepEqual(wrongWith(files, files), [], 'what is written and proven is wrong');
    },
    show: ({ spec, changed }) => ({ 'services.yaml': asYaml(spec), 'reordered.yaml': asYaml(changed) }),
  };
}
