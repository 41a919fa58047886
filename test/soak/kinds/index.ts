import { compile } from '../../../main.ts';
import { loadInput } from '../../../src/input/load.ts';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { CrossChecks, createValidator, ownCrds, readManifests } from '../../../src/validate/index.ts';
import type { AnyKind, Parts } from '../kind.ts';
import { fleets } from './fleets.ts';
import { inputs } from './inputs.ts';
import { manifests } from './manifests.ts';
import { mutations } from './mutations.ts';

const validator = createValidator(ownCrds);

/** The parts as commands put them together. */
export const realParts: Parts = {
  load: loadInput,
  validate: (file, text) => {
    const read = readManifests(file, text);
    const together = new CrossChecks();
    const findings = read.manifests.flatMap((manifest) => {
      together.add(manifest);
      return validator.check(manifest);
    });
    return [...read.findings, ...findings, ...together.findings()];
  },
  compile,
  prove: (files) => proveDist(files).findings,
};

/** Every kind of case, for some parts. */
export function kindsOf(parts: Parts): AnyKind[] {
  return [inputs(parts), manifests(parts), fleets(parts), mutations(parts)];
}

/** What `npm run soak` runs. */
export const kinds: readonly AnyKind[] = kindsOf(realParts);
