import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commitDist,
  DistError,
  discardDist,
  type PreparedDist,
  planDist,
  preparationError,
  prepareDist,
  prepareOnThread,
} from '../../src/dist/index.ts';
import { onChanges } from '../support/changes.ts';
import { systemError } from '../support/file-system.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    path: `aws/111111111111/secrets/us-west-2/s${index}.json`,
    text: `{ "${index}": 1 }\n`,
  }));

function failureOf(prepared: PreparedDist) {
  if (!('failure' in prepared)) throw new Error('it was prepared');
  // It comes from a thread as a copy.
  return structuredClone(prepared.failure);
}

/** Prepares files while each change fails. */
function prepareFailing(dist: string, problem: unknown) {
  const stop = onChanges(dist, () => {
    throw problem;
  });
  try {
    return failureOf(prepareDist(dist, many(1)));
  } finally {
    stop();
  }
}

describe('a dist is prepared', () => {
  it('by writing what differs beside it', () =>
    inFolder((folder) => {
      const prepared = prepareDist(folder, many(2));
      if (!('staged' in prepared)) throw new Error(prepared.failure.message);
      expect(prepared.staged).toMatchObject({ folder, unchanged: 0, obstacles: [] });
      commitDist(prepared.staged);
      expect(planDist(folder, many(2))).toMatchObject({ writes: [], unchanged: 2 });
    }));

  it('or not, when it cannot be read: the error comes back as it was', () =>
    inFolder((folder) => {
      writeFiles(folder, { file: '' });
      const failure = failureOf(prepareDist(path.join(folder, 'file'), many(1)));
      const details = { code: 'ENOTDIR', path: path.join(folder, 'file/aws') };
      expect(failure).toEqual({
        doing: 'read',
        isDistError: false,
        message: expect.stringMatching(/^ENOTDIR: not a directory, lstat /),
        details,
      });
      const error = preparationError(failure);
      expect(error).not.toBeInstanceOf(DistError);
      expect(error).toMatchObject({ message: failure.message, ...details });
    }));

  it('or not, when it cannot be written: with both paths that the system names', () =>
    inFolder((folder) => {
      const problem = Object.assign(systemError('EXDEV'), { path: 'a', dest: 'b', syscall: 'rename' });
      expect(prepareFailing(folder, problem)).toEqual({
        doing: 'write',
        isDistError: false,
        message: problem.message,
        details: { code: 'EXDEV', path: 'a', dest: 'b' },
      });
      for (const other of ['a text', new Error('a text')])
        expect(prepareFailing(folder, other)).toStrictEqual({
          doing: 'write',
          isDistError: false,
          message: 'a text',
          details: {},
        });
    }));

  it('or not, while another run is at work', () =>
    inFolder((folder) => {
      const failure = prepareFailing(folder, new DistError('another run'));
      expect(failure).toEqual({ doing: 'write', isDistError: true, message: 'another run', details: {} });
      const error = preparationError(failure);
      expect(error).toBeInstanceOf(DistError);
      expect(error.message).toBe('another run');
    }));
});

describe('a thread', () => {
  it('prepares 2000 files, and no fewer', () =>
    inFolder(async (folder) => {
      const files = many(2000);
      expect(prepareOnThread(folder, files.slice(1))).toBeUndefined();
      const prepared = await prepareOnThread(folder, files);
      if (prepared === undefined || !('staged' in prepared)) throw new Error('it was not prepared');
      const { staging: one, ...staged } = prepared.staged;
      const texts = readTree(one ?? '');
      discardDist(prepared.staged);
      expect(readTree(folder)).toEqual({});
      const here = prepareDist(folder, files);
      if (!('staged' in here)) throw new Error(here.failure.message);
      const { staging: other, ...expected } = here.staged;
      expect(staged).toEqual(expected);
      expect(readTree(other ?? '')).toEqual(texts);
    }));

  it('has ended when its work is done', () =>
    inFolder(async (folder) => {
      const threads = () => readdirSync('/proc/self/task').length;
      await prepareOnThread(folder, many(2000));
      await expect.poll(threads).toBeGreaterThan(0);
      const before = threads();
      for (let times = 0; times < 3; times++) await prepareOnThread(folder, many(2000));
      await expect.poll(threads).toBeLessThanOrEqual(before);
    }));

  it('gives back why it could not', () =>
    inFolder(async (folder) => {
      mkdirSync(path.join(folder, 'aws'));
      writeFiles(folder, { file: '' });
      const prepared = await prepareOnThread(path.join(folder, 'file'), many(2000));
      expect(prepared).toMatchObject({ failure: { doing: 'read', details: { code: 'ENOTDIR' } } });
    }));
});
