import { describe, expect, it } from 'vitest';
import type { FineTrials } from '../../../src/proof/guard/judge.ts';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { servicesYaml } from '../../support/command.ts';
import { compileFiles } from '../../support/run-compile.ts';
import { changed } from '../attacks/change.ts';
import { groups } from '../attacks/index.ts';
import { type Tree, treeNames, treeOf } from '../attacks/tree.ts';

const sourcesOf = (tree: Tree) => [...tree].map(([path, text]) => ({ path, text }));
const resultsOf = (trials: FineTrials) => [...trials.values()].map(({ results }) => results);

const known = new Map<Tree, FineTrials>();

/** What a proof of a right dist leaves to the next one. */
function trialsOf(tree: Tree): FineTrials {
  const trials: FineTrials = known.get(tree) ?? new Map();
  if (!known.has(tree)) expect(proveDist(sourcesOf(tree), undefined, trials).findings).toEqual([]);
  known.set(tree, trials);
  return new Map(trials);
}

describe('a proof that knows the trials of the one before', () => {
  it.each(treeNames)('says the same of %s, and tries nothing again', (name) => {
    const trials = trialsOf(treeOf(name));
    const before = resultsOf(trials);
    expect(before.length).toBeGreaterThan(0);
    const sources = sourcesOf(treeOf(name));
    expect(proveDist(sources, undefined, trials)).toEqual(proveDist(sources));
    const after = resultsOf(trials);
    expect(after.map((results, index) => results === before[index])).toEqual(before.map(() => true));
  });

  const attacks = groups.flatMap((group) => group.attacks).filter((_, index) => index % 5 === 0);

  it.each(attacks)('sees $name', ({ tree, change }) => {
    const trials = trialsOf(treeOf(tree));
    const sources = sourcesOf(changed(treeOf(tree), change));
    expect(proveDist(sources, undefined, trials)).toEqual(proveDist(sources));
  });

  it.each([
    ['an identity that holds a text of the policies comes', servicesYaml(['a', 'b', 'true-c'])],
    ['the tag is another', servicesYaml(['a', 'b'], { tagKey: 'team' })],
  ])('tries again where %s', (_, yaml) => {
    const filesOf = (text: string) => compileFiles({ 'services.yaml': text }).files;
    const trials: FineTrials = new Map();
    const before = proveDist(filesOf(servicesYaml(['a', 'b'])), undefined, trials);
    const [first] = resultsOf(trials);
    const after = proveDist(filesOf(yaml), undefined, trials);
    expect(after).toEqual(proveDist(filesOf(yaml)));
    expect(resultsOf(trials)).not.toContain(first);
    expect([before.findings, after.findings]).toEqual([[], []]);
  });

  it('forgets what that did not have', () => {
    const trials = trialsOf(treeOf('twoServices'));
    const before = [...trials.keys()];
    proveDist(sourcesOf(treeOf('chain')), undefined, trials);
    expect(trials.size).toBeGreaterThan(0);
    expect([...trials.keys()].filter((key) => before.includes(key))).toEqual([]);
  });
});
