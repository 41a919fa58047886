import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BaseError, readRevision } from '../../src/diff/base/git.ts';
import { inFolder, writeFiles } from '../support/run.ts';

/** Runs git in a folder, as somebody without any configuration. */
function git(cwd: string, ...args: readonly string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

function commit(folder: string, files: Readonly<Record<string, string>>, ...init: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main', ...init);
  writeFiles(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
}

/** Every file below a folder, .git included, with its size and the moment of its last change. */
function stats(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .sort();
}

const files = {
  'dist/aws/a.json': '{}\n',
  'dist/clusters/x/ü.yaml': 'ä: "ö"\n',
  'services.yaml': 'version: 1\n',
};
const expected = [
  { path: 'aws/a.json', text: '{}\n' },
  { path: 'clusters/x/ü.yaml', text: 'ä: "ö"\n' },
];

describe('dist at a revision', () => {
  it.each([[[]], [['--object-format=sha256']]])(
    'is read whole, whatever stands in the work tree (%s)',
    (init) =>
      inFolder((folder) => {
        commit(folder, files, ...init);
        writeFiles(folder, { 'dist/aws/a.json': 'changed', 'dist/new.txt': 'new' });
        git(folder, 'add', 'dist/new.txt');
        const before = { status: git(folder, 'status', '--porcelain'), stats: stats(folder) };
        const { files: read, commit: id } = readRevision(path.join(folder, 'dist'), 'HEAD');
        expect(read).toEqual(expected);
        expect(`${id}\n`).toBe(git(folder, 'rev-parse', 'HEAD'));
        expect(stats(folder)).toEqual(before.stats);
        expect(git(folder, 'status', '--porcelain')).toBe(before.status);
      }),
  );

  it('may be any folder of the repository, and need not be in the work tree', () =>
    inFolder((folder) => {
      const deep = Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`a b/[c]*/${name}`, text]),
      );
      commit(folder, { ...deep, 'a b/[c]x/dist/aws/a.json': 'other' });
      git(folder, 'branch', 'topic');
      git(folder, 'rm', '-rq', '.');
      expect(readRevision(path.join(folder, 'a b/[c]*/dist'), 'topic').files).toEqual(expected);
      expect(readRevision(path.join(folder, 'a b/[c]*'), 'topic').files).toHaveLength(3);
      mkdirSync(path.join(folder, 'else'));
      expect(readRevision(path.join(folder, 'else/../a b/[c]*/dist'), 'HEAD').files).toEqual(expected);
      expect(readRevision(folder, 'HEAD').files).toHaveLength(4);
    }));

  it('need not be in that revision, and a file of its name is no folder', () =>
    inFolder((folder) => {
      commit(folder, files);
      expect(readRevision(path.join(folder, 'other'), 'HEAD').files).toBeUndefined();
      expect(readRevision(path.join(folder, 'services.yaml/dist'), 'HEAD').files).toBeUndefined();
      expect(readRevision(path.join(folder, 'dist/aws/a.json/x'), 'HEAD').files).toBeUndefined();
    }));

  it('holds large, empty and binary files as they are, and names links without following them', () =>
    inFolder((folder) => {
      const large = 'x\n'.repeat(3_000_000);
      commit(folder, { 'dist/large': large, 'dist/empty': '', 'dist/lines': 'a\0b\r\nc', secret: 'outside' });
      symlinkSync('../secret', path.join(folder, 'dist/link'));
      git(folder, 'add', '-A');
      git(folder, 'commit', '-q', '-m', 'link');
      const { files: read, others } = readRevision(path.join(folder, 'dist'), 'HEAD');
      expect(read).toEqual([
        { path: 'empty', text: '' },
        { path: 'large', text: large },
        { path: 'lines', text: 'a\0b\r\nc' },
      ]);
      expect(others).toEqual(['link']);
    }));

  it('is read from a work tree of its own, and from where GIT_DIR says', () =>
    inFolder((folder) => {
      commit(path.join(folder, 'one'), files);
      git(path.join(folder, 'one'), 'worktree', 'add', '-q', '../two', '-b', 'two');
      expect(readRevision(path.join(folder, 'two/dist'), 'main').files).toEqual(expected);
    }));
});

/** The message with which a revision is refused. */
function refusal(folder: string, revision: string): string {
  try {
    readRevision(folder, revision);
  } catch (problem) {
    if (problem instanceof BaseError) return problem.message;
    throw problem;
  }
  throw new Error('it was read');
}

describe('a revision that cannot be read', () => {
  it.each([
    '--help',
    '-p',
    '--output=owned',
    'HEAD --',
    'HEAD;touch owned',
    '$(touch owned)',
    'HEAD:dist',
    'HEAD^{tree}',
    '',
    ':/first\nHEAD',
  ])('is refused in a sentence and runs nothing: %j', (revision) =>
    inFolder((folder) => {
      commit(folder, files);
      const before = stats(folder);
      expect(refusal(path.join(folder, 'dist'), revision)).toMatch(/^there is no revision /);
      expect(stats(folder)).toEqual(before);
    }),
  );

  it('is explained where there is no repository, no commit, or not the whole of it', () =>
    inFolder((folder) => {
      expect(refusal(folder, 'HEAD')).toMatch(
        /cannot be read through git: not a git repository.*--base-dist/,
      );
      commit(path.join(folder, 'full'), files);
      writeFileSync(path.join(folder, 'full/more'), 'more');
      git(path.join(folder, 'full'), 'add', '-A');
      git(path.join(folder, 'full'), 'commit', '-q', '-m', 'second');
      git(folder, 'clone', '-q', '--depth', '1', `file://${path.join(folder, 'full')}`, 'shallow');
      expect(readRevision(path.join(folder, 'shallow/dist'), 'HEAD').files).toEqual(expected);
      expect(refusal(path.join(folder, 'shallow'), 'HEAD~1')).toMatch(
        /shallow.*git fetch --unshallow.*fetch-depth: 0/,
      );
      git(folder, 'init', '-q', 'empty');
      expect(refusal(path.join(folder, 'empty'), 'HEAD')).toMatch(/^there is no commit yet/);
    }));
});
