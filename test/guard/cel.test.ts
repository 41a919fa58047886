import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined, list, quote } from '../../src/guard/cel.ts';
import { runs } from '../support/run-compile.ts';

const environment = new Environment();
const evaluated = (expression: string) => environment.evaluate(expression);

/** Texts with many of what CEL gives a meaning in a text. A line never breaks in what the input lets in. */
const text = fc.string({ unit: fc.constantFrom('\\', "'", '"', 'n', 'x', '{', ' ', 'ä') });

it('a text in CEL is the text, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      for (const one of texts) expect(evaluated(quote(one))).toBe(one);
      expect(evaluated(list(texts))).toEqual(texts);
      expect(evaluated(joined(list(texts)))).toBe(texts.length === 0 ? 'nothing' : texts.join(', '));
    }),
    runs(100),
  );
});
