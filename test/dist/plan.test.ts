import fs, { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DistFile, planFindings, presentFiles, withHeader } from '../../src/dist/index.ts';
import { planDist } from '../support/dist.ts';
import { systemError, withFileSystem } from '../support/file-system.ts';
import { inFolder, readTree, within, writeFiles } from '../support/run.ts';

const generated = (text: string) => withHeader(text, 'services.yaml');

/** Calls `use` in a folder in which `dist` holds files. */
function inDist<Result>(files: Readonly<Record<string, string>>, use: () => Result): Promise<Result> {
  return inFolder((folder) =>
    within(folder, () => {
      writeFiles('dist', files);
      return use();
    }),
  );
}

const foreign = (file: string) => ({
  rule: 'dist-foreign',
  severity: 'error',
  message: `dist/${file} was not written by eso-abac`,
  allowed:
    'only generated files under dist/aws, dist/clusters, dist/gitops, dist/operator; move it elsewhere',
});

const before = {
  'aws/123456789012/cloudformation.json': '{}\n',
  'clusters/a/edited.yaml': `${generated('a: 1\n')}# by hand\n`,
  'clusters/a/same.yaml': generated('a: 1\n'),
  'clusters/a/stale.yaml': generated('a: 1\n'),
  'clusters/b/gone-and-edited.yaml': `${generated('a: 1\n')}# by hand\n`,
  'clusters/b/gone.yaml': generated('a: 1\n'),
  'eso-abac-shard.json': '{}\n',
  'notes.txt': 'theirs\n',
  'notes/clusters/a.yaml': 'theirs\n',
  'operator/a.yaml': generated('a: 1\n'),
};

const wanted: readonly DistFile[] = [
  { path: 'clusters/a/stale.yaml', text: generated('a: 2\n') },
  { path: 'clusters/a/same.yaml', text: generated('a: 1\n') },
  { path: 'gitops/new.yaml', text: generated('a: 1\n') },
  { path: 'clusters/a/edited.yaml', text: generated('a: 1\n') },
  { path: 'aws/123456789012/cloudformation.json', text: '[]\n' },
];

describe('a plan', () => {
  it('has what is to be written and what is there instead, and what is to go, each in order', () =>
    inDist(before, () => {
      const left = readTree('dist');
      const plan = planDist('dist', wanted);
      expect(plan).toEqual({
        folder: 'dist',
        writes: [
          { path: 'aws/123456789012/cloudformation.json', text: '[]\n', before: '{}\n' },
          {
            path: 'clusters/a/edited.yaml',
            text: generated('a: 1\n'),
            before: before['clusters/a/edited.yaml'],
          },
          { path: 'clusters/a/stale.yaml', text: generated('a: 2\n'), before: generated('a: 1\n') },
          { path: 'gitops/new.yaml', text: generated('a: 1\n'), before: undefined },
        ],
        removals: [
          'clusters/b/gone-and-edited.yaml',
          'clusters/b/gone.yaml',
          'eso-abac-shard.json',
          'operator/a.yaml',
        ],
        unchanged: 1,
        folders: expect.any(Map),
        obstacles: [],
      });
      expect([...plan.folders.keys()]).toEqual([
        'aws',
        'aws/123456789012',
        'clusters',
        'clusters/a',
        'clusters/b',
        'operator',
      ]);
      expect(readTree('dist')).toEqual(left);
    }));

  it('says of each file in plain words how it differs', () =>
    inDist(before, () => {
      const run = 'what the input yields; run eso-abac';
      const finding = (rule: string, message: string, allowed: string) => ({
        rule,
        severity: 'error',
        message,
        allowed,
      });
      const surplus = (file: string) =>
        finding(
          'dist-surplus',
          `dist/${file} is not in the input any more`,
          'only what the input yields; run eso-abac',
        );
      writeFiles('dist', { 'clusters/theirs.yaml': 'a: 1\n' });
      const plan = planDist('dist', wanted);
      const mixed = [...plan.writes.slice(2), ...plan.writes.slice(0, 2)];
      expect(planFindings(plan, mixed)).toEqual([
        foreign('clusters/theirs.yaml'),
        finding(
          'dist-stale',
          'dist/aws/123456789012/cloudformation.json is not what the input yields now',
          run,
        ),
        finding(
          'dist-edited',
          'dist/clusters/a/edited.yaml was changed by hand',
          'a change of the input; run eso-abac',
        ),
        finding('dist-stale', 'dist/clusters/a/stale.yaml is not what the input yields now', run),
        finding('dist-missing', 'dist/gitops/new.yaml is missing', run),
        ...[
          'clusters/b/gone-and-edited.yaml',
          'clusters/b/gone.yaml',
          'eso-abac-shard.json',
          'operator/a.yaml',
        ].map(surplus),
      ]);
    }));

  it('for a folder that is not there has every file, and nothing to remove', () =>
    inFolder((folder) => {
      const plan = planDist(path.join(folder, 'none'), wanted);
      expect(plan.writes.map((write) => write.before)).toEqual(wanted.map(() => undefined));
      expect(plan).toMatchObject({ removals: [], unchanged: 0, obstacles: [], folders: new Map() });
    }));

  it('is stopped by what somebody else wrote in the place of a file or under our folders', () =>
    inDist({ 'clusters/a/same.yaml': 'a: 1\n', 'clusters/b/theirs.yaml': 'a: 1\n' }, () => {
      mkdirSync('dist/gitops/new.yaml', { recursive: true });
      symlinkSync('a', 'dist/clusters/link');
      symlinkSync('../elsewhere', 'dist/operator');
      symlinkSync('notes.txt', 'dist/eso-abac-shard.json');
      const plan = planDist('dist', wanted);
      expect(plan.obstacles).toEqual(
        [
          'clusters/link',
          'operator',
          'eso-abac-shard.json',
          'clusters/a/same.yaml',
          'gitops/new.yaml',
          'clusters/b/theirs.yaml',
        ].map(foreign),
      );
      expect(plan.writes.map(({ path: file }) => file)).toEqual([
        'aws/123456789012/cloudformation.json',
        'clusters/a/edited.yaml',
        'clusters/a/stale.yaml',
      ]);
      expect(plan.removals).toEqual([]);
    }));

  it('is stopped by a file whose name is no UTF-8', () =>
    inDist(before, () => {
      fs.writeFileSync(Buffer.from('dist/clusters/a/\u00ff.yaml', 'latin1'), generated('a: 1\n'));
      expect(planDist('dist', wanted).obstacles).toEqual([foreign('clusters/a/\ufffd.yaml')]);
    }));

  it('looks at some of the files alone when it is told to, and at each that is wanted', () =>
    inDist(before, () => {
      symlinkSync('a', 'dist/clusters/link');
      symlinkSync('a', 'dist/aws/link');
      writeFiles('dist', { 'clusters/theirs.yaml': '', 'aws/theirs.json': '' });
      const plan = planDist('dist', wanted, (file) => file.startsWith('clusters/'));
      expect(plan.removals).toEqual(['clusters/b/gone-and-edited.yaml', 'clusters/b/gone.yaml']);
      expect(plan.obstacles).toEqual(['clusters/link', 'clusters/theirs.yaml'].map(foreign));
      expect(plan.writes).toHaveLength(4);
    }));

  it.each(['dist', 'dist/', './dist'])('is stopped by a link in the place of the folder: %s', (name) =>
    inFolder((folder) =>
      within(folder, () => {
        mkdirSync('elsewhere');
        symlinkSync('elsewhere', 'dist');
        expect(planDist(name, []).obstacles).toEqual([
          {
            rule: 'dist-foreign',
            severity: 'error',
            message: `${name} is a link`,
            allowed: 'a folder; -o may name the one that the link leads to',
          },
        ]);
      }),
    ),
  );

  it('is that of the files which are left when one goes meanwhile', () =>
    inDist(before, () => {
      const going = ['dist/clusters/a/stale.yaml', 'dist/clusters/b/gone.yaml'];
      const read = ((file, options) => {
        if (going.includes(String(file))) rmSync(String(file));
        return readFileSyncOriginal(file, options);
      }) as typeof readFileSync;
      const plan = withFileSystem({ readFileSync: read }, () => planDist('dist', wanted));
      expect(plan.writes).toContainEqual({
        path: 'clusters/a/stale.yaml',
        text: generated('a: 2\n'),
        before: undefined,
      });
      expect(plan.removals).toEqual([
        'clusters/b/gone-and-edited.yaml',
        'eso-abac-shard.json',
        'operator/a.yaml',
      ]);
      expect(plan.obstacles).toEqual([]);
    }));

  it.each([systemError('EACCES'), new Error('a fault')])(
    'is none when a file cannot be read: %s',
    (problem) =>
      inDist(before, () => {
        const read = () => {
          throw problem;
        };
        expect(() => withFileSystem({ readFileSync: read }, () => planDist('dist', wanted))).toThrow(problem);
      }),
  );
});
const readFileSyncOriginal = fs.readFileSync;

describe('what is there', () => {
  it('is every file under our folders, what is no file, and each folder; a link is never followed', () =>
    inDist({ ...before, 'elsewhere/a.yaml': '' }, () => {
      symlinkSync('../elsewhere', 'dist/clusters/link');
      rmSync('dist/operator', { recursive: true });
      symlinkSync('elsewhere', 'dist/operator');
      const present = presentFiles('dist');
      expect([...present.files].sort()).toEqual(
        Object.keys(before).filter((name) => /^(?:aws|clusters|eso)/.test(name)),
      );
      expect(present.others).toEqual(['clusters/link', 'operator']);
      expect([...present.folders.keys()]).toEqual([
        'aws',
        'aws/123456789012',
        'clusters',
        'clusters/a',
        'clusters/b',
      ]);
    }));

  it.each<[string, () => void, readonly string[]]>([
    ['nothing', () => readFileSync('dist/clusters/a/same.yaml'), []],
    ['a new file', () => writeFiles('dist', { 'clusters/a/new.yaml': '' }), ['clusters/a']],
    ['a file that went', () => rmSync('dist/clusters/b/gone.yaml'), ['clusters/b']],
    ['a new folder', () => mkdirSync('dist/clusters/c'), ['clusters', 'clusters/c']],
    ['a folder that was replaced', replaceFolder, ['clusters', 'clusters/b']],
    ['what is outside', () => writeFiles('dist', { 'notes/more.txt': '', 'more.txt': '' }), []],
  ])('changes the stamps of its folders: %s', (_, change, folders) =>
    inDist(before, () => {
      const [first] = [presentFiles('dist').folders];
      change();
      const second = presentFiles('dist').folders;
      const differs = [...second.keys()].filter((name) => first.get(name) !== second.get(name));
      expect(differs).toEqual(folders);
    }),
  );
});

/** By one with the same entries, which were made before. */
function replaceFolder(): void {
  fs.cpSync('dist/clusters/b', 'other', { recursive: true, preserveTimestamps: true });
  fs.renameSync('dist/clusters/b', 'old');
  fs.renameSync('other', 'dist/clusters/b');
  expect(readdirSync('dist/clusters/b')).toEqual(readdirSync('old'));
}
