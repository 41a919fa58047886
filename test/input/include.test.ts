import fs, { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchFiles } from '../../src/input/files.ts';
import { withFileSystem } from '../support/file-system.ts';
import { inFolder, within, writeFiles } from '../support/run.ts';

/** Calls `use` in a folder that holds files. */
function among<Result>(files: readonly string[], use: (folder: string) => Result): Promise<Result> {
  return inFolder((folder) =>
    within(folder, () => {
      writeFiles(folder, Object.fromEntries(files.map((file) => [file, ''])));
      return use(folder);
    }),
  );
}

describe('a pattern of "include"', () => {
  const files = [
    ...['a.yaml', 'ab.yaml', 'b.yml', 'readme', '.hidden.yaml', 'z.yaml'],
    ...['team/a.yaml', 'team/deep/er/c.yaml', 'team/deep/readme', 'other/a.yaml', 'x./d.yaml'],
    ...['.team/a.yaml', 'node_modules/a.yaml', 'team/node_modules/a.yaml'],
  ];

  it.each<[string, readonly string[]]>([
    ['a.yaml', ['a.yaml']],
    ['./team//a.yaml', ['team/a.yaml']],
    ['?.yaml', ['a.yaml', 'z.yaml']],
    ['a?.yaml', ['ab.yaml']],
    ['a*.yaml', ['a.yaml', 'ab.yaml']],
    ['*a*a*l', ['a.yaml', 'ab.yaml']],
    ['*.y*ml', ['a.yaml', 'ab.yaml', 'b.yml', 'z.yaml']],
    ['readme*', ['readme']],
    ['*e', ['readme']],
    ['.*', ['.hidden.yaml']],
    ['.team/*', ['.team/a.yaml']],
    ['*./*', ['x./d.yaml']],
    ['*/a.yaml', ['other/a.yaml', 'team/a.yaml']],
    ['*/*/*', ['team/deep/readme']],
    ['team/**', ['team/a.yaml', 'team/deep/er/c.yaml', 'team/deep/readme']],
    ['**/a.yaml', ['a.yaml', 'other/a.yaml', 'team/a.yaml']],
    [
      '**/*.yaml',
      ['a.yaml', 'ab.yaml', 'other/a.yaml', 'team/a.yaml', 'team/deep/er/c.yaml', 'x./d.yaml', 'z.yaml'],
    ],
    ['**/deep/**/*.yaml', ['team/deep/er/c.yaml']],
    ['**/**/c.yaml', ['team/deep/er/c.yaml']],
    ['t*/**/?.yaml', ['team/a.yaml', 'team/deep/er/c.yaml']],
  ])('names files of the folder, in order: %s', (pattern, expected) =>
    among(files, () => {
      expect(matchFiles('.', pattern)).toMatchObject({ files: expected });
    }),
  );

  it.each([
    '*.json',
    'readme?',
    '?',
    'a',
    'A.yaml',
    'team',
    'readme/*',
    'a.yaml/a',
    'node_modules/*',
    '',
    '.',
  ])('that names none says so: %j', (pattern) =>
    among(files, () => {
      expect(matchFiles('.', pattern)).toEqual({
        folders: expect.any(Array),
        problem: `"${pattern}" matches no file`,
      });
    }),
  );

  it.each(['/etc/passwd', '../a.yaml', 'team/../a.yaml', '..', 'team\\a.yaml'])(
    'does not leave the folder: %s',
    (pattern) =>
      among(files, () => {
        expect(matchFiles('.', pattern)).toEqual({
          folders: [],
          problem: `"${pattern}" leads out of the folder of the main file`,
        });
      }),
  );

  it('tells in which folders it looked, each once', () =>
    among(files, () => {
      const folders = (pattern: string) => matchFiles('.', pattern).folders;
      expect(folders('team/*.yaml')).toEqual(['', 'team']);
      expect(folders('none/*.yaml')).toEqual(['']);
      expect(folders('**/*.json')).toEqual(['', 'other', 'team', 'team/deep', 'team/deep/er', 'x.']);
    }));

  it('looks into each folder once for each of its steps, however many ways lead there', () =>
    among([`${'d/'.repeat(12)}a.yaml`], () => {
      const { readdirSync } = fs;
      let looked = 0;
      const counting = ((...args: Parameters<typeof readdirSync>) => {
        looked++;
        return readdirSync(...args);
      }) as typeof readdirSync;
      const steps = 12;
      const found = withFileSystem({ readdirSync: counting }, () =>
        matchFiles('.', `${'**/'.repeat(steps - 1)}none.yaml`),
      );
      expect(found).toMatchObject({ problem: expect.stringContaining('matches no file') });
      expect(looked).toBeLessThanOrEqual(13 * steps);
    }));
});

describe('a link', () => {
  it('is followed within the folder, into no folder below itself', () =>
    among(['team/a.yaml'], () => {
      symlinkSync('.', 'self');
      symlinkSync('..', 'team/up');
      symlinkSync('team', 'alias');
      symlinkSync('nowhere', 'team/nothing.yaml');
      symlinkSync('a.yaml', 'team/b.yaml');
      expect(matchFiles('.', '**/*.yaml')).toMatchObject({
        files: ['alias/a.yaml', 'alias/b.yaml', 'team/a.yaml', 'team/b.yaml'],
      });
    }));

  it('is not when it leads out; the first one is named, in whichever order the system lists them', () =>
    among(['outside.yaml', 'in/a.yaml', 'in..side/a.yaml'], (folder) => {
      symlinkSync('../outside.yaml', 'in/x.yaml');
      symlinkSync(path.join(folder, 'outside.yaml'), 'in/y.yaml');
      mkdirSync('in/..b');
      writeFiles('in', { '..b/b.yaml': '' });
      const { readdirSync } = fs;
      const reversed = ((...args: Parameters<typeof readdirSync>) =>
        readdirSync(...args).reverse()) as typeof readdirSync;
      for (const listing of [readdirSync, reversed]) {
        expect(withFileSystem({ readdirSync: listing }, () => matchFiles('in', '*.yaml'))).toEqual({
          folders: [''],
          problem: '"x.yaml" is a link that leads out of the folder of the main file',
        });
      }
      expect(matchFiles('in', 'a.yaml')).toMatchObject({ files: ['a.yaml'] });
    }));
});
