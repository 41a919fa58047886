import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilesByKind } from '../../../src/proof/files/by-kind.ts';
import { Reading, type Source } from '../../../src/proof/files/model.ts';
import { readPlainYaml } from '../../../src/proof/files/plain-yaml.ts';
import { readGuard } from '../../../src/proof/guard/read.ts';
import { Samples } from '../../../src/proof/guard/samples.ts';
import { runs } from '../../support/run-compile.ts';
import { treeNames, treeOf } from '../attacks/tree.ts';

const trees = treeNames.map((name) => {
  const sources = [...treeOf(name)].map(([path, text]): Source => ({ path, text }));
  const files = new FilesByKind(sources, new Reading());
  const cluster = files.of('tenant')[0]?.is.cluster ?? '';
  const ofCluster = (kind: 'tenant' | 'platform') =>
    files.of(kind).filter(({ is }) => is.cluster === cluster);
  const guard = readGuard(cluster, ofCluster('platform'), new Reading());
  return { name, guard, texts: ofCluster('tenant').map(({ text }) => text) };
});

/** Words that policies compare with, as a whole or in part, names, and what is neither. */
const words =
  `a b c ledger orders datadog payments true None SecretStore ClusterSecretStore eso-abac eso-abac-x external-secrets
  shared.eso-abac/a shared.eso-abac/b shared.eso-abac/ledger kubernetes.io/metadata.name Prune=false x=y a=a=b Owner
  labels annotations data`.split(/\s+/);

interface Edit {
  readonly at: number;
  readonly word: string;
  readonly how: 'value' | 'key' | 'everywhere' | 'drop' | 'double';
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  word: fc.constantFrom(...words),
  how: fc.constantFrom('value', 'value', 'key', 'everywhere', 'drop', 'double'),
});

/** A file with one line that is another, or with one text that is another wherever it stands. */
function edited(text: string, { at, word, how }: Edit): string {
  const lines = text.split('\n');
  const index = at % lines.length;
  const [, before = '', key = '', value = ''] = /^([ -]*)([^ :]+): (.+)$/.exec(lines[index] ?? '') ?? [];
  if (how === 'drop') lines.splice(index, 1);
  else if (how === 'double') lines.splice(index, 0, lines[index] ?? '');
  else if (value === '') return text;
  else if (how === 'everywhere') return text.replaceAll(value, word);
  else lines[index] = how === 'key' ? `${before}${word}: ${value}` : `${before}${key}: ${word}`;
  return lines.join('\n');
}

/** Each file with some edits; several have the same ones. */
const fleet = fc.record({
  tree: fc.constantFrom(...trees),
  edits: fc.array(fc.array(edit, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
});

describe('files that follow an outline are those whose objects come to the same', () => {
  test('for files that differ in some lines', () => {
    const { numRuns, seed } = runs(150);
    const counts = { known: 0, added: 0 };
    const property = fc.property(fleet, ({ tree: { guard, texts }, edits }) => {
      const [short, long] = [new Samples(guard), new Samples(guard)];
      const all = [[], ...edits].flatMap((some) => texts.map((text) => some.reduce(edited, text)));
      for (const [index, text] of all.entries()) {
        const documents = readPlainYaml(text, 64);
        if (documents === undefined) continue;
        const objects = documents.map(({ object }) => object);
        const isKnown = short.knows(documents);
        if (!isKnown) short.add(`${index}.yaml`, objects, documents);
        counts[isKnown ? 'known' : 'added']++;
        const alone = new Samples(guard);
        alone.add(`${index}.yaml`, objects);
        for (const sample of alone.all()) long.take(sample);
      }
      expect(short.all()).toEqual(long.all());
    });
    fc.assert(property, { numRuns, seed });
    expect(counts.known).toBeGreaterThan(numRuns);
    expect(counts.added).toBeGreaterThan(numRuns);
  });

  test.each(trees)('the services of $name are known once they were added', ({ guard, texts }) => {
    const samples = new Samples(guard);
    for (const again of [false, true]) {
      for (const text of texts) {
        const documents = readPlainYaml(text, 64);
        if (documents === undefined) throw new Error('the file is not plain');
        if (again) expect(samples.knows(documents)).toBe(true);
        else
          samples.add(
            'a.yaml',
            documents.map(({ object }) => object),
            documents,
          );
      }
    }
  });
});
