import { execFileSync } from 'node:child_process';
import fs, { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxFileBytes, readText, reason } from '../../src/input/files.ts';
import { systemError, withFileSystem } from '../support/file-system.ts';
import { inFolder, within, writeFiles } from '../support/run.ts';

const unreadable = (file: string, why: string) => ({
  failure: { rule: 'include', message: `${file} cannot be read: ${why}`, allowed: 'a readable file' },
});

/** Calls `use` in a folder that holds files. */
function among<Result>(files: readonly string[], use: (folder: string) => Result): Promise<Result> {
  return inFolder((folder) =>
    within(folder, () => {
      writeFiles(folder, Object.fromEntries(files.map((file) => [file, ''])));
      return use(folder);
    }),
  );
}

describe('a file is read', () => {
  it('as UTF-8, without its byte order mark', () =>
    among([], () => {
      writeFileSync('a.yaml', '\ufeffname: "ü€😀"\r\n\t');
      expect(readText('a.yaml')).toEqual({ text: 'name: "ü€😀"\r\n\t' });
      writeFileSync('a.yaml', '');
      expect(readText('a.yaml')).toEqual({ text: '' });
    }));

  it('whole, however little of it comes at once', () =>
    among([], () => {
      writeFileSync('a.yaml', 'name: "ü€😀"\n');
      const { readSync } = fs;
      const slow = ((descriptor: number, buffer: Uint8Array, offset: number, length: number) =>
        readSync(descriptor, buffer, offset, Math.min(length, 1), null)) as typeof readSync;
      expect(withFileSystem({ readSync: slow }, () => readText('a.yaml'))).toEqual({
        text: 'name: "ü€😀"\n',
      });
    }));

  it('and closed again, whatever comes of it', () =>
    among(['a.yaml'], () => {
      const opened = () => readdirSync('/proc/self/fd').length;
      const before = opened();
      for (const file of ['a.yaml', '/proc/self/status', 'none.yaml']) readText(file);
      expect(opened()).toBe(before);
    }));

  it('up to a size, beyond which nobody reads it', () =>
    among(['a.yaml'], () => {
      const at = (end: number) => ({
        file: 'a.yaml',
        start: { line: 1, column: 1 },
        end: { line: 1, column: end },
      });
      truncateSync('a.yaml', maxFileBytes);
      expect(readText('a.yaml')).toMatchObject({ failure: { rule: 'input-encoding', location: at(2) } });
      truncateSync('a.yaml', maxFileBytes + 1);
      const unopened = () => {
        throw new Error('it is read');
      };
      expect(withFileSystem({ readSync: unopened }, () => readText('a.yaml'))).toEqual({
        failure: {
          rule: 'input-limit',
          message: 'the file has 16777217 bytes',
          allowed: 'at most 16777216 bytes in one file; "include" splits it',
          location: at(2),
        },
      });
    }));

  it.each<[string, Buffer, string, number, number]>([
    ['bytes that are not UTF-8', Buffer.from('a: ü\nb: \xe9\n', 'latin1'), 'bytes that are not UTF-8', 1, 4],
    ['half a character', Buffer.from('a: 1\nb: €').subarray(0, -1), 'bytes that are not UTF-8', 2, 4],
    ['U+FFFD itself', Buffer.from('a: 1\n\nb: \ufffd'), 'bytes that are not UTF-8', 3, 4],
    ['a control character', Buffer.from('a: 1\nbc\u001b[0m'), 'a control character', 2, 3],
    ['NUL', Buffer.from('\0'), 'a control character', 1, 1],
    ['a control character of C1', Buffer.from('\u0085'), 'a control character', 1, 1],
  ])('unless it holds %s, and says where', (_, bytes, what, line, column) =>
    among([], () => {
      writeFileSync('a.yaml', bytes);
      expect(readText('a.yaml')).toEqual({
        failure: {
          rule: 'input-encoding',
          message: `the file holds ${what}`,
          allowed: 'UTF-8 text',
          location: { file: 'a.yaml', start: { line, column }, end: { line, column: column + 1 } },
        },
      });
    }),
  );

  it('unless it is none; then it is not even opened', () =>
    among(['folder/file'], () => {
      const opened = () => {
        throw new Error('it is opened');
      };
      for (const place of ['/dev/null', 'folder'])
        expect(withFileSystem({ openSync: opened }, () => readText(place))).toEqual(
          unreadable(place, 'it is not a file'),
        );
      expect(readText('none.yaml')).toEqual(unreadable('none.yaml', 'it does not exist'));
      expect(readText('folder/file/x')).toEqual(
        unreadable('folder/file/x', 'a part of its path is not a folder'),
      );
    }));

  it('unless a pipe takes its place, and then nobody waits for who writes to that', () =>
    among(['a.yaml'], () => {
      const { openSync } = fs;
      const swap = ((file: string, flags: number) => {
        rmSync(file);
        execFileSync('mkfifo', [file]);
        return openSync(file, flags);
      }) as typeof openSync;
      expect(withFileSystem({ openSync: swap }, () => readText('a.yaml'))).toEqual(
        unreadable('a.yaml', 'it is not a file'),
      );
    }));

  it('unless it holds more or less than the system says, as what lies below /proc does', () => {
    expect(readText('/proc/self/status')).toEqual(
      unreadable('/proc/self/status', 'it was changed while it was read'),
    );
  });

  it.each(['mtimeNs', 'ctimeNs'] as const)('unless it changed meanwhile, by its %s alone', (time) =>
    among(['a.yaml'], () => {
      const { fstatSync } = fs;
      let asked = 0n;
      const later = ((descriptor: number) => {
        const stats = fstatSync(descriptor, { bigint: true });
        stats[time] += asked++;
        return stats;
      }) as typeof fstatSync;
      expect(withFileSystem({ fstatSync: later }, () => readText('a.yaml'))).toEqual(
        unreadable('a.yaml', 'it was changed while it was read'),
      );
    }),
  );
});

describe('why the file system refuses', () => {
  it.each([
    ['ENOENT', 'it does not exist'],
    ['EACCES', 'permission is denied'],
    ['EPERM', 'the operation is not permitted'],
    ['EISDIR', 'it is a folder'],
    ['ENOTDIR', 'a part of its path is not a folder'],
    ['ENOSPC', 'the disk is full'],
    ['EEXIST', 'there is a file of that name'],
    ['ENOTEMPTY', 'the folder is not empty'],
    ['EROFS', 'the file system is read-only'],
    ['EFBIG', 'it would be larger than the limit on files'],
    ['EDQUOT', 'the disk quota is used up'],
    ['ELOOP', 'its links go round in a circle'],
    ['ENAMETOOLONG', 'its name is too long'],
    ['EIO', 'EIO'],
  ])('is said in plain words: %s', (code, words) => {
    expect(reason(systemError(code))).toBe(words);
  });

  it('is what else was thrown says', () => {
    expect(reason(new Error('a message'))).toBe('a message');
    expect(reason('a text')).toBe('a text');
  });
});
