import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DistError, isStaging } from '../../src/dist/index.ts';
import type { Change } from '../support/changes.ts';
import { planDist, stageDist, writeDist } from '../support/dist.ts';
import { systemError } from '../support/file-system.ts';
import { inFolder, readTree } from '../support/run.ts';
import { asTree, during, failing, full, inDist, old, wanted } from './plans.ts';

/** Runs a plan for a folder as often as it makes changes, each time failing at another one. */
function failAtEach(folder: string, run: () => void, check: (thrown: unknown, change: Change) => void): void {
  for (let at = 1, isOver = false; !isOver; at++) {
    let failed: Change | undefined;
    const thrown = during(
      folder,
      (change) => {
        if (change.number !== at) return;
        failed = change;
        throw full;
      },
      run,
    );
    isOver = failed === undefined;
    if (failed !== undefined) check(thrown, failed);
  }
}

describe('a plan that fails', () => {
  it('leaves nothing where nothing was', () =>
    inFolder((folder) => {
      const dist = path.join(folder, 'a/dist');
      const failed: string[] = [];
      const run = () => writeDist(planDist(dist, wanted));
      failAtEach(folder, run, (thrown, { name }) => {
        failed.push(name);
        if (thrown === undefined) return;
        expect(thrown).toBe(full);
        expect(readTree(folder)).toEqual({});
      });
      expect(failed).toContain('renameSync');
      expect(failed).toContain('mkdtempSync');
      expect(readTree(dist)).toMatchObject(asTree(wanted));
    }));

  it('puts back what it has removed', () =>
    inDist(old, (dist) => {
      const before = readTree(dist);
      const fails = failing('renameSync', (first) => first.endsWith('clusters/b/services/two.yaml'));
      expect(during(dist, fails, () => writeDist(planDist(dist, wanted)))).toBe(full);
      expect(readTree(dist)).toEqual(before);
    }));

  it('says so when it could not be put back, with the first reason', () =>
    inDist(old, (dist) => {
      const plan = planDist(dist, wanted);
      let isOver = false;
      const fails = ({ name, args }: Change) => {
        if (name === 'renameSync' && String(args[0]).endsWith('clusters/b/services/two.yaml')) isOver = true;
        if (isOver && name === 'renameSync') throw full;
      };
      expect(during(dist, fails, () => writeDist(plan))).toEqual(
        new DistError(
          `${dist} is written in part and could not be put back: ENOSPC: as the system says; each file is whole, run eso-abac again to complete it`,
        ),
      );
      writeDist(planDist(dist, wanted));
      expect(readTree(dist)).toMatchObject(asTree(wanted));
    }));

  it('says so when what it prepared cannot be removed, whatever was thrown', () =>
    inDist(old, (dist) => {
      const plan = planDist(dist, wanted);
      const fails = ({ name }: Change) => {
        if (name === 'rmSync') throw full;
        if (name === 'writeFileSync') throw 'a text';
      };
      const thrown = during(dist, fails, () => stageDist(plan));
      expect(thrown).toBeInstanceOf(DistError);
      expect(String(thrown)).toContain('could not be put back: a text; each file is whole');
    }));

  it('keeps its reason when the folders that were made for it cannot be removed', () =>
    inFolder((folder) => {
      const dist = path.join(folder, 'a/dist');
      const fails = ({ name, args }: Change) => {
        if (name === 'writeFileSync') throw full;
        if (name === 'rmdirSync' && !isStaging(String(args[0]))) throw systemError('EBUSY');
      };
      expect(during(folder, fails, () => writeDist(planDist(dist, wanted)))).toBe(full);
      expect(readTree(folder)).toEqual({ 'a/': '', 'a/dist/': '' });
    }));

  it('is done all the same when only what is of no use any more cannot be removed', () =>
    inDist(old, (dist) => {
      const plan = planDist(dist, wanted);
      const fails = ({ name }: Change) => {
        if (name === 'rmdirSync' || name === 'rmSync') throw full;
      };
      expect(during(dist, fails, () => writeDist(plan))).toBeUndefined();
      expect(readTree(dist)).toMatchObject({ ...asTree(wanted), 'clusters/b/services/': '' });
    }));
});
