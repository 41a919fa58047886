import fs, { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commitDist,
  DistError,
  type DistFile,
  discardDist,
  isStaging,
  planDist,
  stageDist,
  withHeader,
  writeDist,
} from '../../src/dist/index.ts';

import { type Change, onChanges } from '../support/changes.ts';
import { systemError } from '../support/file-system.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const generated = (text: string) => withHeader(text, 'services.yaml');
const file = (name: string, text = 'a: 1\n'): DistFile => ({ path: name, text: generated(text) });
const asTree = (files: readonly DistFile[]) =>
  Object.fromEntries(files.map(({ path: name, text }) => [name, text]));

const old = [
  ...[file('clusters/a/services/kept.yaml'), file('clusters/a/services/stale.yaml')],
  ...[file('clusters/b/services/one.yaml'), file('clusters/b/services/two.yaml')],
];
const wanted = [
  ...[file('clusters/a/services/kept.yaml'), file('clusters/a/services/stale.yaml', 'a: 2\n')],
  ...[file('clusters/a/services/new.yaml'), file('gitops/a/one.yaml'), file('gitops/b/two.yaml')],
  { path: 'eso-abac-shard.json', text: '{}\n' },
];

/** Calls `use` with the path of a dist, whose folder need not be there, and of the folder around it. */
function inDist(files: readonly DistFile[], use: (dist: string, folder: string) => void): Promise<void> {
  return inFolder((folder) => {
    const dist = path.join(folder, 'dist');
    writeFiles(dist, asTree(files));
    use(dist, folder);
  });
}

/** Calls `use` while something happens ahead of each change in a folder; says what was thrown. */
function during(folder: string, before: (change: Change) => void, use: () => unknown): unknown {
  const stop = onChanges(folder, before);
  try {
    use();
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    stop();
  }
}

const full = systemError('ENOSPC');

/** Fails calls of a function of the file system. */
const failing = (name: Change['name'], which: (first: string) => boolean) => (change: Change) => {
  if (change.name === name && which(String(change.args[0]))) throw full;
};

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
