import { describe, expect, it } from 'vitest';
import { readFiles } from '../../src/proof/files/clusters.ts';
import type { Source } from '../../src/proof/files/model.ts';
import { fileKind } from '../../src/proof/files/paths.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { changed } from './attacks/change.ts';
import { groups } from './attacks/index.ts';
import { treeNames, treeOf } from './attacks/tree.ts';

const kindOf = ({ path }: Source) => fileKind(path)?.kind;
const isRead = (source: Source) => kindOf(source) === 'tenant' || kindOf(source) === 'secrets';

/** What threads read that have every other file each, and what one reads that has nothing to do. */
function inParts(sources: readonly Source[]) {
  const platform = sources.filter((source) => kindOf(source) === 'platform');
  const own = sources.filter(isRead);
  const parts = [own.filter((_, index) => index % 2 === 0), own.filter((_, index) => index % 2 === 1), []];
  return parts.map((part) => structuredClone(readFiles([...part, ...platform])));
}

/** An attack of each group on the files of services and secrets, and one on a platform. */
const attacks = groups.flatMap(({ attacks: all }) => [
  ...all.filter(({ finds }) => isRead({ path: finds.file, text: '' })).slice(0, 4),
  ...all.filter(({ finds }) => kindOf({ path: finds.file, text: '' }) === 'platform').slice(0, 1),
]);

describe('what threads have read is as good as the files', () => {
  it.each(treeNames)('%s', (name) => {
    const sources = [...treeOf(name)].map(([path, text]) => ({ path, text }));
    expect(proveDist(sources, inParts(sources))).toEqual(proveDist(sources));
  });

  it.each(attacks)('$name', ({ tree, change }) => {
    const sources = [...changed(treeOf(tree), change)].map(([path, text]) => ({ path, text }));
    const proof = proveDist(sources, inParts(sources));
    expect(proof.findings.length).toBeGreaterThan(0);
    expect(proof).toEqual(proveDist(sources));
  });
});
