import fs, { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitDist } from '../../src/dist/index.ts';
import type { Change } from '../support/changes.ts';
import { planDist, stageDist, writeDist } from '../support/dist.ts';
import { inFolder, readTree } from '../support/run.ts';
import { asTree, during, failing, file, full, generated, inDist, old, wanted } from './plans.ts';

describe('a plan that is carried out', () => {
  it('makes dist what was wanted, without the folders that have nothing left', () =>
    inDist(old, (dist) => {
      writeDist(planDist(dist, wanted));
      const tree = readTree(dist);
      const files = Object.fromEntries(Object.entries(tree).filter(([name]) => !name.endsWith('/')));
      expect(files).toEqual(asTree(wanted));
      expect(Object.keys(tree).filter((name) => name.endsWith('/'))).toEqual([
        'clusters/',
        'clusters/a/',
        'clusters/a/services/',
        'gitops/',
        'gitops/a/',
        'gitops/b/',
      ]);
      const again = planDist(dist, wanted);
      expect(again).toMatchObject({ writes: [], removals: [], unchanged: wanted.length });
    }));

  it('leaves a folder that something else is in, and dist itself', () =>
    inDist(old, (dist) => {
      const plan = planDist(dist, []);
      mkdirSync(path.join(dist, 'notes'));
      writeDist({ ...plan, removals: plan.removals.filter((name) => !name.endsWith('two.yaml')) });
      expect(Object.keys(readTree(dist))).toEqual([
        'clusters/',
        'clusters/b/',
        'clusters/b/services/',
        'clusters/b/services/two.yaml',
        'notes/',
      ]);
      writeDist(planDist(dist, []));
      expect(readTree(dist)).toEqual({ 'notes/': '' });
    }));

  it('removes each folder that has nothing left, wherever others of them stay or are gone', () => {
    const files = ['a/one.yaml', 'a/two.yaml', 'b/one.yaml', 'c/one.yaml'].map((name) =>
      file(`clusters/${name}`),
    );
    return inDist(files, (dist) => {
      const plan = planDist(dist, []);
      mkdirSync(path.join(dist, 'clusters/b/notes'));
      const { folders } = planDist(dist, []);
      writeDist({ ...plan, folders });
      expect(readTree(dist)).toEqual({ 'clusters/': '', 'clusters/b/': '', 'clusters/b/notes/': '' });
    });
  });

  it('leaves dist, be it empty', () =>
    inDist(old, (dist) => {
      writeDist(planDist(dist, []));
      expect(readdirSync(dist)).toEqual([]);
    }));

  it('makes dist, and the folders above it', () =>
    inFolder((folder) => {
      const dist = path.join(folder, 'a/b/dist');
      writeDist(planDist(dist, wanted));
      expect(readTree(dist)).toMatchObject(asTree(wanted));
      expect(readdirSync(dist)).toEqual(['clusters', 'eso-abac-shard.json', 'gitops']);
    }));

  it('makes nothing when there is nothing to do, and clears up what killed runs have left', () =>
    inDist(old, (dist, folder) => {
      writeDist(planDist(path.join(folder, 'none'), []));
      expect(existsSync(path.join(folder, 'none'))).toBe(false);
      mkdirSync(path.join(dist, '.eso-abac-staging-1073741824-1-abcdef'));
      const plan = planDist(dist, old);
      const changes: string[] = [];
      during(
        dist,
        ({ name }) => changes.push(name),
        () => writeDist(plan),
      );
      expect(changes).toEqual(['rmSync']);
      expect(readdirSync(dist)).toEqual(['clusters']);
    }));

  it('is not looked at again when there is nothing to do', () =>
    inDist(old, (dist) => {
      const staged = stageDist(planDist(dist, old));
      mkdirSync(path.join(dist, 'gitops'));
      expect(() => commitDist(staged)).not.toThrow();
    }));

  it('moves a folder that was not there in one step, and every other file in one of its own', () =>
    inDist(old, (dist) => {
      const moved: unknown[] = [];
      during(
        dist,
        ({ name, args }) => {
          if (name === 'renameSync') moved.push(path.relative(dist, String(args[1])));
        },
        () => writeDist(planDist(dist, wanted)),
      );
      expect(moved.slice(0, 4)).toEqual([
        'clusters/a/services/new.yaml',
        'clusters/a/services/stale.yaml',
        'eso-abac-shard.json',
        'gitops',
      ]);
      expect(moved.slice(4)).toEqual([
        expect.stringMatching(/^\.eso-abac-staging-.*\/removed-0$/),
        expect.stringMatching(/^\.eso-abac-staging-.*\/removed-1$/),
      ]);
    }));

  it('replaces a file by another, so that a second name of the one elsewhere keeps what it has', () =>
    inDist(old, (dist, folder) => {
      const [place, other] = [
        path.join(dist, 'clusters/a/services/stale.yaml'),
        path.join(folder, 'other.yaml'),
      ];
      fs.linkSync(place, other);
      const { ino } = statSync(place);
      writeDist(planDist(dist, wanted));
      expect(fs.readFileSync(other, 'utf8')).toBe(generated('a: 1\n'));
      expect(statSync(other).ino).toBe(ino);
      expect(statSync(place).ino).not.toBe(ino);
    }));

  it('can be carried out where a file cannot have a second name, and taken back there', () =>
    inDist(old, (dist) => {
      const noLinks = failing('linkSync', () => true);
      const before = readTree(dist);
      const plan = planDist(dist, wanted);
      const alsoFull = (change: Change) => {
        noLinks(change);
        failing('renameSync', (first) => first.includes('clusters/b'))(change);
      };
      expect(during(dist, alsoFull, () => writeDist(plan))).toBe(full);
      expect(readTree(dist)).toEqual(before);
      expect(during(dist, noLinks, () => writeDist(planDist(dist, wanted)))).toBeUndefined();
      expect(readTree(dist)).toMatchObject(asTree(wanted));
    }));
});
