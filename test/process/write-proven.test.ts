import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../main.ts';
import { UsageError } from '../../src/cli/command.ts';
import { writeProven } from '../../src/cli/write-proven.ts';
import { type DistFile, planDist, writeDist } from '../../src/dist/index.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { ThreadError } from '../../src/threads/worker.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
const files = names.map((name) => ({
  path: `aws/111111111111/secrets/us-west-2/other-${name}.json`,
  text: `{ "${name}": 1 }\n`,
}));

/** Few services, each with a secret, whose files are proven while others are staged; those say nothing. */
async function compiled(folder: string) {
  const services = names
    .slice(0, 3)
    .map((name) => `  - { name: ${name}, regions: [us-west-2], secrets: [${name}/db] }\n`);
  writeFiles(folder, {
    'services.yaml': `version: 1\naws: { account: "111111111111" }\nservices:\n${services.join('')}`,
  });
  return proving(compile(path.join(folder, 'services.yaml')).files);
}

/** What a thread does, done when it is waited for. */
function proving(proven: readonly DistFile[]) {
  return { files: proven, prove: () => Promise.resolve(proveDist(proven)) };
}

describe('files that are staged while they are proven', () => {
  test('are written as few are, and only those that differ', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const [one, other] = [path.join(folder, 'one'), path.join(folder, 'other')];
      const all = [...proven.files, ...files];
      const first = await writeProven(proven, all, one);
      expect(first.numbers).toEqual({ written: all.length, removed: 0, unchanged: 0 });
      writeDist(planDist(other, all));
      expect(readTree(one)).toEqual(readTree(other));
      const fewer = all
        .slice(0, -1)
        .map((file, index) => (index === 0 ? { ...file, text: `${file.text}# more\n` } : file));
      const second = await writeProven(proven, fewer, one);
      expect(second.numbers).toEqual({ written: 1, removed: 1, unchanged: fewer.length - 1 });
      writeDist(planDist(other, fewer));
      expect(readTree(one)).toEqual(readTree(other));
    }));

  test('that are not proven are taken back', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const stolen = proven.files.map(({ path: file, text }) => ({
        path: file,
        text: file.endsWith('services/s0.yaml') ? text.replace('value: s0', 'value: s1') : text,
      }));
      const dist = path.join(folder, 'a/b/dist');
      const { findings, numbers } = await writeProven(proving(stolen), [...stolen, ...files], dist);
      expect(findings.length).toBeGreaterThan(0);
      expect(numbers.written).toBe(0);
      expect(existsSync(path.join(folder, 'a'))).toBe(false);
    }));

  test('are not written where something else stands in the way', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const dist = path.join(folder, 'dist');
      writeFiles(dist, { 'clusters/theirs.yaml': 'a: b\n' });
      const before = readTree(dist);
      const { findings } = await writeProven(proven, [...proven.files, ...files], dist);
      expect(findings.map(({ rule }) => rule)).toEqual(['dist-foreign']);
      expect(readTree(dist)).toEqual(before);
    }));

  test('whose folder cannot be made are an error in one line', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      writeFiles(folder, { file: '' });
      const dist = path.join(folder, 'file/dist');
      const writing = writeProven(proven, [...proven.files, ...files], dist);
      await expect(writing).rejects.toThrow(UsageError);
      await expect(writing).rejects.toThrow(`${dist} cannot be read: a part of its path is not a folder`);
    }));

  test('are taken back when the thread that proves them dies', () =>
    inFolder(async (folder) => {
      const { files: all } = await compiled(folder);
      const dist = path.join(folder, 'a/b/dist');
      const prove = () => Promise.reject(new ThreadError('a thread failed: so'));
      await expect(writeProven({ files: all, prove }, all, dist)).rejects.toThrow(
        'nothing was proven: a thread failed: so',
      );
      expect(existsSync(path.join(folder, 'a'))).toBe(false);
    }));

  test('are proven here where the thread has found errors, whose places only the texts show', () =>
    inFolder(async (folder) => {
      const { files: all } = await compiled(folder);
      const prove = () => Promise.resolve(undefined);
      const { numbers } = await writeProven({ files: all, prove }, all, path.join(folder, 'dist'));
      expect(numbers.written).toBe(all.length);
    }));
});
