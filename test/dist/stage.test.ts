import fs, { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitDist, DistError, discardDist } from '../../src/dist/index.ts';
import { DistStaging } from '../../src/dist/stage.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { planDist, stageDist } from '../support/dist.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';
import { asTree, inDist, old, wanted } from './plans.ts';

describe('a plan that is prepared', () => {
  it('has its texts in a staging folder, and dist as it was', () =>
    inDist(old, (dist) => {
      const before = readTree(dist);
      const plan = planDist(dist, wanted);
      const staged = stageDist(plan);
      const { folder, removals, unchanged, folders, obstacles } = plan;
      expect(staged).toEqual({
        ...{ folder, removals, unchanged, folders, obstacles, made: [] },
        staging: expect.stringContaining(path.join(dist, '.eso-abac-staging-')),
        writes: [
          { path: 'clusters/a/services/new.yaml', isNew: true },
          { path: 'clusters/a/services/stale.yaml', isNew: false },
          { path: 'eso-abac-shard.json', isNew: true },
          { path: 'gitops/a/one.yaml', isNew: true },
          { path: 'gitops/b/two.yaml', isNew: true },
        ],
      });
      const prepared = readTree(staged.staging ?? '');
      const expected = Object.entries(asTree(wanted)).filter(([name]) => !name.endsWith('kept.yaml'));
      expect(prepared).toMatchObject(
        Object.fromEntries(expected.map(([name, text]) => [`new/${name}`, text])),
      );
      expect(discardDist(staged)).toBe(true);
      expect(readTree(dist)).toEqual(before);
    }));

  it('is not where something stands in the way, not even the folders for it', () =>
    inFolder((folder) => {
      symlinkSync('nowhere', path.join(folder, 'link'));
      const dist = path.join(folder, 'link');
      const plan = planDist(dist, wanted);
      const staged = stageDist(plan);
      expect(staged).toMatchObject({ made: [], obstacles: plan.obstacles });
      expect(staged).not.toHaveProperty('staging');
      commitDist(staged);
      expect(readTree(folder)).toEqual({ link: 'not a file' });
    }));

  it('is taken back where something turns out to stand in the way', () =>
    inDist(old, (dist) => {
      const before = readTree(dist);
      const staging = new DistStaging(dist);
      staging.add([{ path: 'clusters/a/services/new.yaml', text: 'a: 1\n', before: undefined }]);
      expect(Object.keys(readTree(dist)).length).toBeGreaterThan(Object.keys(before).length);
      const obstacles: readonly Finding[] = [
        { rule: 'dist-foreign', severity: 'error', message: 'clusters/b is not a folder' },
      ];
      const staged = staging.end({ ...planDist(dist, wanted), obstacles });
      expect(staged).toMatchObject({ made: [], writes: [], obstacles });
      expect(staged).not.toHaveProperty('staging');
      expect(readTree(dist)).toEqual(before);
    }));

  it('is taken back already where its folder is gone', () =>
    inDist(old, (dist) => {
      const staged = stageDist(planDist(dist, wanted));
      fs.rmSync(staged.staging ?? '', { recursive: true });
      expect(discardDist(staged)).toBe(true);
    }));

  it('can be taken back, with the folders that were made for it unless something came into them', () =>
    inFolder((folder) => {
      const dist = path.join(folder, 'a/b/dist');
      const staged = stageDist(planDist(dist, wanted));
      expect(staged.made).toEqual(['a', 'a/b', 'a/b/dist'].map((name) => path.join(folder, name)));
      expect(discardDist(staged)).toBe(true);
      expect(readTree(folder)).toEqual({});
      const other = stageDist(planDist(dist, wanted));
      writeFiles(folder, { 'a/notes.txt': '' });
      expect(discardDist(other)).toBe(true);
      expect(readTree(folder)).toEqual({ 'a/': '', 'a/notes.txt': '' });
    }));

  it('is not carried out when a file came, went or was replaced since', () =>
    inDist(old, (dist) => {
      const changes: readonly (() => void)[] = [
        () => writeFiles(dist, { 'clusters/b/services/three.yaml': 'theirs\n' }),
        () => fs.rmSync(path.join(dist, 'clusters/b/services/three.yaml')),
        () => {
          writeFiles(dist, { 'clusters/a/services/.new': 'theirs\n' });
          fs.renameSync(
            path.join(dist, 'clusters/a/services/.new'),
            path.join(dist, 'clusters/a/services/kept.yaml'),
          );
        },
        () => mkdirSync(path.join(dist, 'operator')),
        () => fs.rmdirSync(path.join(dist, 'operator')),
      ];
      for (const change of changes) {
        const staged = stageDist({ ...planDist(dist, wanted), obstacles: [] });
        change();
        const tree = Object.keys(readTree(dist)).filter((name) => !name.startsWith('.eso'));
        expect(() => commitDist(staged)).toThrow(
          new DistError(
            `${dist} was changed by something else meanwhile, and was left as that made it; run eso-abac again`,
          ),
        );
        expect(Object.keys(readTree(dist))).toEqual(tree);
      }
    }));

  it('is not while another run is at work', () =>
    inDist(old, (dist) => {
      const began = fs.readFileSync('/proc/1/stat', 'latin1').split(') ').at(-1)?.split(' ')[19];
      mkdirSync(path.join(dist, `.eso-abac-staging-1-${began}-abcdef`));
      const before = readTree(dist);
      expect(() => stageDist(planDist(dist, wanted))).toThrow(
        new DistError(`another run (process 1) is writing ${dist}; run eso-abac again when it has ended`),
      );
      expect(readTree(dist)).toEqual(before);
    }));
});
