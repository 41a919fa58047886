import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reading } from '../../src/proof/files/model.ts';
import { objectsIn } from '../../src/proof/files/tenants.ts';
import { toYaml } from '../../src/yaml/write.ts';
import { treeOf } from '../proof/attacks/tree.ts';
import { anyText, yamlTraps } from '../support/arbitrary-text.ts';
import { Dice } from '../support/dice.ts';
import { changed } from './changed.ts';
import { readByKubernetes } from './library.ts';

describe('what eso-abac writes is what Kubernetes reads', () => {
  it.each([
    ['texts that are easily taken for something else', yamlTraps],
    ['any text', fc.sample(anyText, { numRuns: 3000, seed: 1 })],
  ])('for %s', (_, texts) => {
    const objects = texts.map((text) => ({
      [text === '__proto__' ? 'x' : text]: text,
      list: [text, { text }],
    }));
    const answers = readByKubernetes(objects.map(toYaml));
    expect(answers).toEqual(objects.map((object) => ({ documents: [object] })));
  });
});

const small = [
  'a: b\n',
  'a:\n  - b\n  - c\n',
  'a: |\n  x\n  y\nb: c\n',
  'a: >-\n  b c\n  d\n\ne: f\n',
  'a: \'b\'\nc: "d"\n',
  'a: {b: c, d: [e, f]}\n',
  '---\na: b\n---\nc: d\n',
  '# x\na: b # c\n',
  'a:\n  b:\n    c: d\n  e: 1\n',
];

const isObject = (document: unknown) =>
  typeof document === 'object' && document !== null && !Array.isArray(document);

it('what the proof takes for objects, Kubernetes reads as the same', () => {
  const files = [...treeOf('twoServices')].flatMap(([file, text]) =>
    /^clusters\/.*yaml$/.test(file) ? [text] : [],
  );
  const dice = new Dice(1);
  const texts = Array.from({ length: 12_000 }, () =>
    changed(dice.pick(dice.roll(4) === 0 ? files : small), dice),
  );
  const read = texts.flatMap((text) => {
    const reading = new Reading();
    const documents = objectsIn({ path: 'clusters/a/services/b.yaml', text }, reading);
    return documents === undefined || reading.findings.length > 0 ? [] : [{ text, documents }];
  });
  const answers = readByKubernetes(read.map(({ text }) => text));
  const differing = read.flatMap(({ text, documents }, index) => {
    const answer = answers[index];
    // What is no mapping at all, the proof reads as an object that it does not know, and Kubernetes refuses.
    if (answer?.refused === undefined && !answer?.documents.every(isObject)) return [];
    try {
      expect(answer).toEqual({ documents });
      return [];
    } catch {
      return [{ text, documents, answer }];
    }
  });
  expect(differing).toEqual([]);
  expect(read.length).toBeGreaterThan(3000);
});
