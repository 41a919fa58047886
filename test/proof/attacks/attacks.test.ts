import { describe, expect, it } from 'vitest';
import type { Counterexample } from '../../../src/proof/counterexample.ts';
import type { Tag } from '../../../src/proof/iam/model.ts';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { replay } from '../../../src/proof/prove/replay.ts';
import { counterexampleOf } from '../said.ts';
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

/** A counterexample with its tags by their keys. */
function byKey(counterexample: Counterexample): object {
  if (counterexample.question === 'admission') return counterexample;
  const record = (tags: readonly Tag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const sessionTags = record(counterexample.sessionTags);
  if (counterexample.question === 'assume') return { ...counterexample, sessionTags };
  const { resource } = counterexample;
  return { ...counterexample, sessionTags, resource: { ...resource, tags: record(resource.tags) } };
}

describe.each(groups)('$title', ({ attacks }) => {
  it.each(attacks)('$name', ({ tree, change, finds }) => {
    const after = changed(treeOf(tree), change);
    const sources = sourcesOf(after);
    const { findings } = proveDist(sources);
    const { rule, file, at, says, shows, also = [] } = finds;
    for (const { severity, message, allowed = '', location } of findings) {
      expect(severity).toBe('error');
      expect(allowed, message).toMatch(/\S/);
      expect(location, message).toBeDefined();
    }
    const told = findings.map((finding) => {
      const counterexample = counterexampleOf(finding);
      return {
        rule: finding.rule,
        file: finding.location?.file,
        at: linesAt(after, finding),
        says: finding.message,
        ...(counterexample && { shows: byKey(counterexample) }),
      };
    });
    const right = { rule, file, at: expect.stringContaining(at), says: expect.stringContaining(says) };
    expect(told).toContainEqual(expect.objectContaining(right));
    const found = told.find(
      (one) => one.rule === rule && one.file === file && one.at.includes(at) && one.says.includes(says),
    );
    if (shows !== undefined) expect(found?.shows).toMatchObject(shows);
    expect(told.filter((one) => one.rule !== rule && !also.includes(one.rule))).toEqual([]);
    for (const counterexample of findings.flatMap((finding) => counterexampleOf(finding) ?? [])) {
      const { outcome } = replay(sources, counterexample);
      expect(outcome, JSON.stringify(counterexample)).not.toBe(counterexample.expected);
    }
  });
});
