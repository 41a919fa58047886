import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Spec } from '../../../src/input/schema.ts';
import { fleets as fixed } from '../../proof/fleets.ts';
import { asYaml } from '../../support/run-compile.ts';
import type { Kind, Parts } from '../kind.ts';
import { mutated, ways } from '../mutate.ts';
import { wrongWith } from '../oracle/judge.ts';
import { remembered } from '../remembered.ts';
import { inputFile } from './file.ts';
import { errorsIn } from './fleets.ts';
import { anySpec } from './specs.ts';

/** A text of services.yaml, and what is done to its files: how, and by which dice, one after the other. */
interface Mutation {
  readonly input: string;
  readonly steps: readonly { readonly way: (typeof ways)[number]; readonly seed: number }[];
}

const step = fc.record({ way: fc.constantFrom(...ways), seed: fc.nat(0xffffffff) });
const made: fc.Arbitrary<Mutation> = fc.record({
  input: fc.oneof(
    fc.constantFrom(...Object.values(fixed)),
    anySpec.map((spec: Spec) => asYaml(spec)),
  ),
  // One that alone would be found can make another one harmless, or worse.
  steps: fc.oneof(
    { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
  ),
});

/** When files of dist are changed, the proof fails, or the oracle finds nothing wrong with them either. */
export function mutations({ compile, prove }: Parts): Kind<Mutation> {
  // Half of the inputs are of a few.
  const compiled = remembered(10, (input) => {
    const { files, findings } = compile(inputFile(input));
    assert.deepEqual(errorsIn(findings), []);
    return files.map(({ path, text }) => ({ path, text }));
  });
  const changed = ({ input, steps }: Mutation) => {
    const before = compiled(input);
    return { before, ...mutated(before, steps) };
  };
  return {
    name: 'mutations',
    all: 100_000,
    patience: 300,
    made,
    check: (mutation) => {
      const { before, after, done } = changed(mutation);
      const findings = prove(after);
      for (const { message } of findings) assert(message !== '');
      if (errorsIn(findings).length > 0) return;
      assert.deepEqual(wrongWith(before, after).slice(0, 5), [], `proven, after: ${done.join('; ')}`);
    },
    show: (mutation) => {
      const { before, after, done } = changed(mutation);
      const others = after.filter(({ path, text }) => before.find((one) => one.path === path)?.text !== text);
      return {
        'services.yaml': mutation.input,
        'done.txt': `${done.join('\n')}\n`,
        ...Object.fromEntries(others.map(({ path, text }) => [`dist/${path}`, text])),
      };
    },
  };
}
