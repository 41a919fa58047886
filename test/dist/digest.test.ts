import fs, { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DistFile, distDigest, presentDigest } from '../../src/dist/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { systemError, withFileSystem } from '../support/file-system.ts';
import { inFolder, within, writeFiles } from '../support/run.ts';
import { runs } from '../support/run-compile.ts';

const files: readonly DistFile[] = [
  { path: 'operator/a/helm-values.yaml', text: 'a: ü€😀\n' },
  { path: 'clusters/a/services/b.yaml', text: 'a: 1\n' },
  { path: 'clusters/a/services/a.yaml', text: '' },
  { path: 'eso-abac-shard.json', text: '{}\n' },
];

const filesDigest = (list: readonly DistFile[]) =>
  distDigest(new Map(list.map(({ path, text }) => [path, sha256(text)])));

/** Calls `use` where `dist` holds the files. */
function inDist<Result>(use: () => Result): Promise<Result> {
  return inFolder((folder) =>
    within(folder, () => {
      writeFiles('dist', Object.fromEntries(files.map(({ path: file, text }) => [file, text])));
      return use();
    }),
  );
}

const anyFiles = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('a', 'ab', 'b', 'a\0'),
    text: fc.constantFrom('', 'a', 'b', 'ab', '\0', '1'),
  }),
  { selector: ({ path: file }) => file },
);

const inOrder = (list: readonly DistFile[]) =>
  JSON.stringify([...list].sort((a, b) => (a.path < b.path ? -1 : 1)));

describe('the digest of a dist', () => {
  it('is the same for what is to be written and for what is there, in whichever order and wherever', () =>
    inDist(() => {
      expect(filesDigest(files)).toMatch(/^[0-9a-f]{64}$/);
      expect(filesDigest([...files].reverse())).toBe(filesDigest(files));
      expect(presentDigest('dist')).toBe(filesDigest(files));
      renameSync('dist', 'other');
      writeFiles('other', { 'notes.txt': 'of somebody', 'notes/clusters/a.yaml': '' });
      expect(presentDigest('other/')).toBe(filesDigest(files));
    }));

  it('is the same for the same paths and texts alone', () => {
    fc.assert(
      fc.property(anyFiles, anyFiles, (one, other) => {
        expect(filesDigest(one) === filesDigest(other)).toBe(inOrder(one) === inOrder(other));
      }),
      runs(500),
    );
  });

  it.each<[string, () => void]>([
    ['a byte of a file', () => writeFiles('dist', { 'clusters/a/services/b.yaml': 'a: 2\n' })],
    ['a new file', () => writeFiles('dist', { 'aws/a.json': '' })],
    ['a file that went', () => rmSync('dist/clusters/a/services/a.yaml')],
    ['another name', () => renameSync('dist/operator/a', 'dist/operator/b')],
  ])('differs by %s', (_, change) =>
    inDist(() => {
      change();
      expect(presentDigest('dist')).toMatch(/^[0-9a-f]{64}$/);
      expect(presentDigest('dist')).not.toBe(filesDigest(files));
    }),
  );

  it.each<[string, () => void]>([
    ['that is not there', () => rmSync('dist', { recursive: true })],
    [
      'that is a link',
      () => {
        renameSync('dist', 'other');
        symlinkSync('other', 'dist');
      },
    ],
    ['that holds a link', () => symlinkSync('b.yaml', 'dist/clusters/a/services/c.yaml')],
    [
      'of which a file is a folder',
      () => {
        rmSync('dist/eso-abac-shard.json');
        mkdirSync('dist/eso-abac-shard.json');
      },
    ],
  ])('is not taken of a folder %s', (_, change) =>
    inDist(() => {
      change();
      expect(presentDigest('dist')).toBeUndefined();
    }),
  );

  it('is not taken where a file cannot be read', () =>
    inDist(() => {
      const { readFileSync } = fs;
      const denied = ((...args: Parameters<typeof readFileSync>) => {
        if (String(args[0]).endsWith('b.yaml')) throw systemError('EACCES');
        return readFileSync(...args);
      }) as typeof readFileSync;
      expect(withFileSystem({ readFileSync: denied }, () => presentDigest('dist'))).toBeUndefined();
    }));
});
