import { type ChildProcess, spawn } from 'node:child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { clearStaging, isStaging, makeStaging } from '../../src/dist/staging.ts';
import { onChanges } from '../support/changes.ts';
import { systemError, withFileSystem } from '../support/file-system.ts';
import { inFolder, readTree } from '../support/run.ts';

/** When a process began, as Linux tells it: the 22nd field, of which the second may hold spaces. */
function beganAt(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19] ?? '';
}

/** Runs a process that sleeps, by a name of its own. */
async function beside<Result>(
  folder: string,
  name: string,
  use: (child: ChildProcess) => Result,
): Promise<Result> {
  const program = path.join(folder, name);
  symlinkSync('/bin/sleep', program);
  const child = spawn(program, ['60']);
  try {
    while (!readFileSync(`/proc/${child.pid}/stat`, 'latin1').includes(`(${name})`)) await setTimeout(5);
    return use(child);
  } finally {
    child.kill('SIGKILL');
  }
}

function withStaging(folder: string, ...names: readonly string[]): string {
  const dist = path.join(folder, 'dist');
  for (const name of names) mkdirSync(path.join(dist, `.eso-abac-staging-${name}`), { recursive: true });
  return dist;
}

/** A system without /proc, such as macOS. */
const withoutProc = {
  readFileSync: ((file, options) => {
    if (String(file).startsWith('/proc/')) throw systemError('ENOENT');
    return originalRead(file, options);
  }) as typeof readFileSync,
};
const originalRead = fs.readFileSync;

describe('a staging folder', () => {
  it('is of this process and of the moment at which it began, and of nobody else', () =>
    inFolder((folder) => {
      const [one, other] = [makeStaging(folder), makeStaging(folder)];
      const pattern = new RegExp(`^\\.eso-abac-staging-${process.pid}-${beganAt(process.pid)}-\\w{6}$`);
      for (const made of [one, other]) {
        expect(path.dirname(made)).toBe(folder);
        expect(path.basename(made)).toMatch(pattern);
        expect(statSync(made).isDirectory()).toBe(true);
      }
      expect(one).not.toBe(other);
    }));

  it('is of an unknown moment where the system tells none', () =>
    inFolder((folder) => {
      const made = withFileSystem(withoutProc, () => makeStaging(folder));
      expect(path.basename(made)).toMatch(new RegExp(`^\\.eso-abac-staging-${process.pid}-unknown-\\w{6}$`));
    }));

  it('is known by its path, and so is what is in it', () => {
    expect(isStaging('dist/.eso-abac-staging-1-2-abcdef')).toBe(true);
    expect(isStaging('/a/dist/.eso-abac-staging-1-2-abcdef/new/clusters/a.yaml')).toBe(true);
    expect(isStaging('dist/clusters/a/services/eso-abac-staging.yaml')).toBe(false);
  });
});

describe('what killed runs have left', () => {
  it('is removed with all that is in it; what else is there stays, and what this run has made', () =>
    inFolder((folder) => {
      const dist = withStaging(folder, '1073741824-1-abcdef/new/clusters', '1073741824-1-ghijkl');
      mkdirSync(path.join(dist, 'eso-abac-staging-1073741824-1-abcdef'));
      mkdirSync(path.join(dist, 'clusters'));
      const own = makeStaging(dist);
      expect(clearStaging(dist, own)).toBeUndefined();
      expect(readdirSync(dist).sort()).toEqual([
        path.basename(own),
        'clusters',
        'eso-abac-staging-1073741824-1-abcdef',
      ]);
      expect(clearStaging(dist)).toBeUndefined();
      expect(existsSync(own)).toBe(false);
    }));

  it('is nothing where there is no folder', () => {
    expect(clearStaging('/nowhere/at/all')).toBeUndefined();
  });

  it('stays where it cannot be removed, and is in nobody’s way', () =>
    inFolder((folder) => {
      const dist = withStaging(folder, '1073741824-1-abcdef');
      const before = readTree(dist);
      const stop = onChanges(dist, () => {
        throw systemError('EACCES');
      });
      try {
        expect(clearStaging(dist)).toBeUndefined();
      } finally {
        stop();
      }
      expect(readTree(dist)).toEqual(before);
    }));

  it.each(['sleep', 'a) Z 1 (b'])('is not what a run that is at work has made: %s', (name) =>
    inFolder((folder) =>
      beside(folder, name, ({ pid }) => {
        const dist = withStaging(folder, `${pid}-${beganAt(pid)}-abcdef`, '1073741824-1-abcdef');
        expect(clearStaging(dist)).toBe(pid);
        expect(readdirSync(dist)).toEqual([`.eso-abac-staging-${pid}-${beganAt(pid)}-abcdef`]);
        withStaging(folder, `${pid}-1-abcdef`);
        expect(clearStaging(dist)).toBe(pid);
        expect(readdirSync(dist)).toHaveLength(1);
      }),
    ),
  );

  it('is what a process of the same id has made before this one', () =>
    inFolder((folder) => {
      const dist = withStaging(folder, `${process.pid}-${beganAt(process.pid)}-abcdef`);
      expect(clearStaging(dist)).toBeUndefined();
      expect(readdirSync(dist)).toEqual([]);
    }));

  it('is what no process of that id has made, and what one has that was killed and that nobody asked for since', () =>
    inFolder(async (folder) => {
      // Its first child ends when it has become a program that never asks for that.
      const parent = spawn('bash', ['-c', 'sleep 0.1 & echo $!; exec sleep 60']);
      try {
        const zombie = await new Promise<number>((resolve) => {
          parent.stdout.once('data', (text) => resolve(Number(text)));
        });
        while (!readFileSync(`/proc/${zombie}/stat`, 'latin1').includes(') Z ')) await setTimeout(5);
        const began = beganAt(parent.pid);
        const names = [
          `${zombie}-${beganAt(zombie)}`,
          `0-${began}`,
          `NaN-${began}`,
          `-1-${began}`,
          `${began}`,
        ];
        const dist = withStaging(folder, ...names.map((name) => `${name}-abcdef`));
        expect(clearStaging(dist)).toBeUndefined();
        expect(readdirSync(dist)).toEqual([]);
      } finally {
        parent.kill('SIGKILL');
      }
    }));

  it('is told by the process id alone where the system tells no more', () =>
    inFolder((folder) =>
      beside(folder, 'sleep', ({ pid }) => {
        const dist = withStaging(folder, `${pid}-unknown-abcdef`, '1073741824-1-abcdef');
        expect(withFileSystem(withoutProc, () => clearStaging(dist))).toBe(pid);
        expect(readdirSync(dist)).toEqual([`.eso-abac-staging-${pid}-unknown-abcdef`]);
      }),
    ));

  it.each([
    ['EPERM', 1],
    ['ESRCH', undefined],
  ])('is not what a process of another user has made, which may not be signalled: %s', (code, atWork) =>
    inFolder((folder) => {
      const dist = withStaging(folder, `1-${beganAt(1)}-abcdef`);
      const { kill } = process;
      process.kill = () => {
        throw systemError(code);
      };
      try {
        expect(clearStaging(dist)).toBe(atWork);
      } finally {
        process.kill = kill;
      }
    }),
  );
});
