import fc from 'fast-check';
import { expectReported } from '../../fuzz/answer.ts';
import { damaged as damagedText, garbage, hostile } from '../../fuzz/hostile-text.ts';
import { damaged } from '../../proof/damage.ts';
import { filesOf, fleets } from '../../proof/fleets.ts';
import { Dice } from '../../support/dice.ts';
import type { Kind, Parts } from '../kind.ts';

/** The manifests of fleets that differ in what they have, and the CRDs that they are held against. */
const emitted = Object.values(fleets).flatMap((input) =>
  filesOf(input).filter(({ path }) => path.startsWith('clusters/') && path.endsWith('.yaml')),
);
const texts = emitted.map(({ text }) => Buffer.from(text));

const numbers = fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 3 });

/** A file of dist with nodes removed, doubled, renamed, exchanged or altered, one after the other. */
const changed = fc.tuple(fc.constantFrom(...emitted), numbers).map(([file, seeds]) => {
  let files = [file];
  for (const seed of seeds) files = damaged(files, new Dice(seed)).sources;
  return files[0]?.text ?? '';
});

/** Any data at all, some of it in the place of a part of an object. */
const anyData = fc
  .tuple(
    fc.constantFrom(
      'SecretStore',
      'ExternalSecret',
      'Namespace',
      'ValidatingAdmissionPolicy',
      'List',
      'ClusterRole',
    ),
    fc.constantFrom(
      'external-secrets.io/v1',
      'external-secrets.io/v1beta1',
      'v1',
      'rbac.authorization.k8s.io/v1',
    ),
    fc.jsonValue({ maxDepth: 5 }),
    fc.constantFrom('spec', 'metadata', 'items', 'rules', 'kind', 'apiVersion'),
  )
  .map(([kind, apiVersion, value, key]) =>
    JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, [key]: value }),
  );

const made: fc.Arbitrary<string> = fc.oneof(
  { weight: 400, arbitrary: changed },
  { weight: 300, arbitrary: damagedText(texts).map(asText) },
  { weight: 100, arbitrary: garbage.map(asText) },
  { weight: 200, arbitrary: anyData },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(hostile)).map(({ text }) => text()) },
);

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Whatever a manifest holds, the validator says what is wrong with it and where. */
export function manifests({ validate }: Parts): Kind<string> {
  const file = 'manifest.yaml';
  return {
    name: 'manifests',
    all: 1_000_000,
    patience: 60,
    made,
    check: (text) => {
      // Each document of a text may have findings of its own.
      expectReported(validate(file, text), new Map([[file, text]]), text.length);
    },
    show: (text) => ({ [file]: text }),
  };
}
