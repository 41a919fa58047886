import { execFileSync as run } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolders } from '../../src/dist/index.ts';
import { onChanges } from '../support/changes.ts';
import { systemError } from '../support/file-system.ts';
import { inFolder, readTree, within, writeFiles } from '../support/run.ts';

/** Makes a folder while something happens ahead of each change, and says what was made and what was thrown. */
function make(folder: string, place: string, before: (made: string) => void = () => undefined) {
  const made: string[] = [];
  const stop = onChanges(folder, ({ args }) => before(path.relative(folder, String(args[0]))));
  try {
    makeFolders(path.join(folder, place), (name) => made.push(path.relative(folder, name)));
    return { made };
  } catch (thrown) {
    return { made, thrown };
  } finally {
    stop();
  }
}

describe('a folder is made', () => {
  it('with those above it that are missing, the outermost first, and no other', () =>
    inFolder((folder) => {
      writeFiles(folder, { 'a/file': '' });
      expect(make(folder, 'a/b/c/d')).toEqual({ made: ['a/b', 'a/b/c', 'a/b/c/d'] });
      expect(make(folder, 'a/b/c/d')).toEqual({ made: [] });
      expect(readTree(folder)).toEqual({ 'a/': '', 'a/file': '', 'a/b/': '', 'a/b/c/': '', 'a/b/c/d/': '' });
    }));

  it('below the working directory when its path is relative, and with nobody told where nobody asks', () =>
    inFolder((folder) =>
      within(folder, () => {
        makeFolders('a/b');
        expect(readTree(folder)).toEqual({ 'a/': '', 'a/b/': '' });
      }),
    ));

  it('unless the file system refuses; what was made above it is told', () =>
    inFolder((folder) => {
      const refused = systemError('ENOSPC');
      const full = (name: string) => {
        if (name === 'a/b') throw refused;
      };
      expect(make(folder, 'a/b/c', full)).toEqual({ made: ['a'], thrown: refused });
      expect(readTree(folder)).toEqual({ 'a/': '' });
    }));

  it('as another run may make it at the same moment, whose it is then', () =>
    inFolder((folder) => {
      const other = (name: string) => {
        if (name === 'a/b') run('mkdir', [path.join(folder, name)]);
      };
      expect(make(folder, 'a/b/c', other)).toEqual({ made: ['a', 'a/b/c'] });
      const file = (name: string) => run('touch', [path.join(folder, name)]);
      expect(make(folder, 'x', file)).toEqual({
        made: [],
        thrown: expect.objectContaining({ code: 'EEXIST' }),
      });
    }));
});
