import { describe, expect, it } from 'vitest';
import { counterexampleOf } from '../../../src/proof/findings.ts';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { replay } from '../../../src/proof/prove/replay.ts';
import { changed } from './change.ts';
import { groups, harmless } from './index.ts';
import { type Tree, treeNames, treeOf } from './tree.ts';

function sourcesOf(tree: Tree) {
  return [...tree].map(([path, text]) => ({ path, text }));
}

/** The lines that a finding points at. */
function linesAt(tree: Tree, { location }: ReturnType<typeof proveDist>['findings'][number]): string {
  if (location === undefined) return '';
  const lines = (tree.get(location.file) ?? '').split('\n');
  return lines.slice(location.start.line - 1, location.end.line).join('\n');
}

describe('without an attack', () => {
  it.each(treeNames)('%s is proven', (name) => {
    const { findings, counts } = proveDist(sourcesOf(treeOf(name)));
    expect(findings).toEqual([]);
    expect(counts.allowed).toBeGreaterThan(0);
    expect(counts.denied + counts.allowed).toBe(counts.pairs);
  });

  it.each(harmless)('$name changes nothing of who reads what', ({ tree, change }) => {
    const before = treeOf(tree);
    const after = changed(before, change);
    expect([...after]).not.toEqual([...before]);
    expect(proveDist(sourcesOf(after)).findings).toEqual([]);
  });
});

describe.each(groups)('$title', ({ attacks }) => {
  it.each(attacks)('$name', ({ tree, change, finds }) => {
    const after = changed(treeOf(tree), change);
    const { findings } = proveDist(sourcesOf(after));
    const { rule, file, at, says, shows, also = [] } = finds;
    const told = findings.map((one) => ({
      rule: one.rule,
      file: one.location?.file,
      at: linesAt(after, one),
      says: one.message,
      case: counterexampleOf(one),
    }));
    const right = {
      rule,
      file,
      at: expect.stringContaining(at),
      says: expect.stringContaining(says),
      ...(shows && { case: expect.objectContaining({}) }),
    };
    expect(told).toContainEqual(expect.objectContaining(right));
    expect(told.map((one) => one.rule).filter((one) => one !== rule && !also.includes(one))).toEqual([]);
    const cases = told.filter((one) => one.rule === rule && one.at.includes(at) && one.says.includes(says));
    if (shows !== undefined) expect(cases[0]?.case).toMatchObject(shows);
    for (const finding of findings) {
      const counterexample = counterexampleOf(finding);
      if (counterexample === undefined) continue;
      expect(replay(sourcesOf(after), counterexample).outcome, finding.message).not.toBe(
        counterexample.expected,
      );
    }
  });
});
