import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../main.ts';
import { UsageError } from '../../src/cli/command.ts';
import { Comparison } from '../../src/cli/comparison.ts';
import { type Proven, proofOf, proveFiles } from '../../src/cli/proven.ts';
import { Writing } from '../../src/cli/write-proven.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { ThreadError } from '../../src/threads/worker.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
const files = names.map((name) => ({
  path: `aws/111111111111/secrets/us-west-2/other-${name}.json`,
  text: `{ "${name}": 1 }\n`,
}));

/** The files of few services, each with a secret, which are proven while others are staged; those say nothing. */
async function compiled(folder: string) {
  const services = names
    .slice(0, 3)
    .map((name) => `  - { name: ${name}, regions: [us-west-2], secrets: [${name}/db] }\n`);
  writeFiles(folder, {
    'services.yaml': `version: 1\naws: { account: "111111111111" }\nservices:\n${services.join('')}`,
  });
  return compile(path.join(folder, 'services.yaml')).files;
}

/** Has the files come in three parts, as of parts of a fleet, and makes a folder what they are. The first is kept. */
function write(all: readonly DistFile[], folder: string, proof: Promise<Proven>) {
  const writing = new Writing(folder, new Comparison(folder, { mostKept: 4 }));
  for (const part of [all.slice(0, 5), all.slice(5, -5), all.slice(-5)]) writing.add(part);
  return writing.commit(proof);
}

const proofFor = async (proven: readonly DistFile[], folder: string) => proveFiles(proven, folder);
const nothingFound = { clusters: 0, services: 0, objects: 0 };
const handedOn = { findings: [], sources: new Map(), counts: nothingFound };

describe('files that are staged while they are proven', () => {
  test('are written as few are, and only those that differ', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const [one, other] = [path.join(folder, 'one'), path.join(folder, 'other')];
      const all = [...proven, ...files];
      const first = await write(all, one, proofFor(proven, one));
      expect(first.numbers).toEqual({ written: all.length, removed: 0, unchanged: 0 });
      writeDist(planDist(other, all));
      expect(readTree(one)).toEqual(readTree(other));
      const fewer = all
        .slice(0, -1)
        .map((file, index) => (index === 0 ? { ...file, text: `${file.text}# more\n` } : file));
      const second = await write(fewer, one, proofFor(proven, one));
      expect(second.numbers).toEqual({ written: 1, removed: 1, unchanged: fewer.length - 1 });
      writeDist(planDist(other, fewer));
      expect(readTree(one)).toEqual(readTree(other));
    }));

  test('that are not proven are taken back', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const stolen = proven.map(({ path: file, text }) => ({
        path: file,
        text: file.endsWith('services/s0.yaml') ? text.replace('value: s0', 'value: s1') : text,
      }));
      const dist = path.join(folder, 'a/b/dist');
      const { findings, numbers } = await write([...stolen, ...files], dist, proofFor(stolen, dist));
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
      const { findings } = await write([...proven, ...files], dist, proofFor(proven, dist));
      expect(findings.map(({ rule }) => rule)).toEqual(['dist-foreign']);
      expect(readTree(dist)).toEqual(before);
    }));

  test('are taken back when something stands in the way of the last of them', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      const dist = path.join(folder, 'dist');
      const last = 'aws/111111111111/secrets/us-west-2/other-s19.json';
      writeFiles(dist, { [`${last}/theirs.json`]: '{}\n' });
      const before = readTree(dist);
      const { findings, numbers } = await write([...proven, ...files], dist, proofFor(proven, dist));
      expect(findings.map(({ message }) => message)).toEqual([
        `${dist}/${last} was not written by eso-abac`,
        `${dist}/${last}/theirs.json was not written by eso-abac`,
      ]);
      expect(numbers).toEqual({ written: 0, removed: 0, unchanged: 0 });
      expect(readTree(dist)).toEqual(before);
    }));

  test('may come all at once, however many they are', () =>
    inFolder((folder) => {
      const many = Array.from({ length: 200_000 }, (_, index) => ({ path: `clusters/a/${index}`, text: '' }));
      const dist = path.join(folder, 'dist');
      for (const mostKept of [0, many.length]) {
        const comparison = new Comparison(dist, { mostKept });
        const writes = [...comparison.add(many), ...comparison.end().writes];
        expect(writes.length).toBe(many.length);
        expect(comparison.count).toBe(many.length);
      }
    }));

  test('whose folder cannot be made are an error in one line', () =>
    inFolder(async (folder) => {
      const proven = await compiled(folder);
      writeFiles(folder, { file: '' });
      const dist = path.join(folder, 'file/dist');
      const writing = () => write([...proven, ...files], dist, proofFor(proven, dist));
      expect(writing).toThrow(UsageError);
      expect(writing).toThrow(`${dist} cannot be read: a part of its path is not a folder`);
    }));

  test('are taken back when the thread that proves them dies', () =>
    inFolder(async (folder) => {
      const all = await compiled(folder);
      const dist = path.join(folder, 'a/b/dist');
      const died = Promise.reject(new ThreadError('a thread failed: so'));
      const proof = proofOf({ ...handedOn, proof: died }, () => all, dist);
      await expect(write(all, dist, proof)).rejects.toThrow('nothing was proven: a thread failed: so');
      expect(existsSync(path.join(folder, 'a'))).toBe(false);
    }));

  test('are proven here where the thread has found errors, whose places only the texts show', () =>
    inFolder(async (folder) => {
      const all = await compiled(folder);
      const erroneous = Promise.resolve(undefined);
      const dist = path.join(folder, 'dist');
      const { numbers, proof } = await write(
        all,
        dist,
        proofOf({ ...handedOn, proof: erroneous }, () => all, dist),
      );
      expect(numbers.written).toBe(all.length);
      expect(proof).toEqual(proveFiles(all, dist).counts);
    }));
});
