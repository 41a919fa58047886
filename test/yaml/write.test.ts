import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toYaml } from '../../src/yaml/write.ts';
import { anyText } from '../support/arbitrary-text.ts';
import { runs } from '../support/run-compile.ts';

/** Texts that look like names, also those that YAML takes for something else, and any others. */
const text = fc.oneof(
  fc.stringMatching(/^[a-fE]{0,3}[-_/.0-9]{0,3}[a-zA-Z0-9/._:-]{0,6}$/),
  fc.constantFrom('service-1', 'arn:aws:iam::1:role/x', 'e-1', 'ee-1', 'on', 'a/b ', 'a/b:', 'ab-#', 'ſa-b'),
  anyText,
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));

test('what is written in parts is what js-yaml writes of the whole', () => {
  let inParts = 0;
  fc.assert(
    fc.property(fc.dictionary(text, value, { minKeys: 1, maxKeys: 4 }), (object) => {
      fc.pre(!Object.hasOwn(object, 'zz'));
      if (!JSON.stringify(object).includes('\\n')) inParts += 1;
      // A text of several lines has js-yaml write the whole object.
      expect(toYaml({ ...object, zz: 'a\nb' })).toBe(`${toYaml(object)}zz: |-\n  a\n  b\n`);
    }),
    runs(2000),
  );
  expect(inParts).toBeGreaterThan(200);
});
