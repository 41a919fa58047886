import fc from 'fast-check';
import { expect, test } from 'vitest';
import { looksRandom } from '../../src/input/secrets.ts';
import { runs } from '../support/run-compile.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const alphabet = `${letters}${letters.toUpperCase()}0123456789`;

const kindOf = (character: string) => [/[a-z]/, /[A-Z]/, /[0-9]/].findIndex((kind) => kind.test(character));

/** Generated characters: of many kinds in turn, and not the same few again and again. */
const generated = fc
  .string({ unit: fc.constantFrom(...alphabet), minLength: 20, maxLength: 60 })
  .filter((text) => {
    const kinds = [...text].map(kindOf);
    const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
    return changes / text.length >= 0.35 && new Set(text).size >= 10;
  });

/** Names and sentences. A name of words has no capital within, and no number but at its end. */
const words = fc
  .array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 8 })
  .chain((some) => fc.constantFrom(some.join('-'), some.join('/'), some.join('_'), some.join(' ')));

test('generated characters are found wherever they stand, where anything separates them from what is around them', () => {
  const separator = fc.constantFrom(' ', '.', ':', '/', '-', '_', ', ');
  fc.assert(
    fc.property(words, separator, generated, separator, words, (before, one, random, other, after) => {
      const text = `${before}${one}${random}${other}${after}`;
      expect(looksRandom(text), text).toBe(true);
    }),
    runs(3000),
  );
});

test('words are no generated characters, however many there are, with a number behind them or without', () => {
  fc.assert(
    fc.property(words, fc.nat(), (some, number) => {
      expect(looksRandom(some)).toBe(false);
      expect(looksRandom(`${some}${number}`)).toBe(false);
    }),
    runs(3000),
  );
});
