import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell, shellCommand } from '../support/command.ts';
import { makeStates, type States } from '../support/dist-states.ts';
import { readTree } from '../support/run.ts';

/** Mounts are private to a process here, and need no rights but where the kernel or a container forbids it. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
if (!mayMount) console.info('No mounts here: left out is dist on a file system that is full or read-only.');

/** Root is not bound by permissions, unless it gives up what makes it so. */
const dropRights = process.getuid?.() === 0 ? 'setpriv --bounding-set=-all --inh-caps=-all' : '';

/**
 * Runs $SYNTH with dist on a file system of its own, and copies dist to the folder `left`.
 *
 * @param options mount options; what they hold of `$` is from the environment
 * @param then a command that runs once dist has its files
 */
const mounted = (options: string, then = 'true') => `unshare -rm bash -c '
  mount -t tmpfs -o ${options} tmpfs dist && cp -r dist-before/. dist && ${then} || exit 99
  bash -c "$SYNTH"; code=$?
  cp -r dist/. left
  exit $code'`;

const inPlace = (run: string) =>
  `cp -r dist-before/. dist; ${run}; code=$?; chmod -R u+w dist; cp -r dist/. left; exit $code`;

/** Disks by what is the matter with them: a script, and the reason that is to be given. */
const disks: Readonly<Record<string, readonly [script: string, why: string]>> = {
  'limits the size of files': [
    inPlace('(ulimit -f 1; bash -c "$SYNTH")'),
    'it would be larger than the limit on files',
  ],
  'is protected by permissions': [
    inPlace(`chmod -R a-w dist; ${dropRights} bash -c "$SYNTH"`),
    'permission is denied',
  ],
  ...(mayMount && {
    'is full': [mounted('size=$ROOM'), 'the disk is full'],
    'has no room for more names': [mounted('nr_inodes=$NAMES'), 'the disk is full'],
    'is read-only': [mounted('size=10m', 'mount -o remount,ro dist'), 'the file system is read-only'],
  }),
};

describe.concurrent('a disk that', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  let states: States;
  beforeAll(() => {
    states = makeStates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(disks))('%s: one line says so, and dist is as it was', async (_, [script, why]) => {
    const cwd = mkdtempSync(path.join(folder, 'disk-'));
    cpSync(states.template, cwd, { recursive: true });
    cpSync(path.join(cwd, 'dist'), path.join(cwd, 'dist-before'), { recursive: true });
    rmSync(path.join(cwd, 'dist'), { recursive: true });
    for (const name of ['dist', 'left']) mkdirSync(path.join(cwd, name));

    const names = Object.entries(states.before);
    const pages = names.reduce((sum, [, text]) => sum + Math.ceil(text.length / 4096), 0);
    const { code, stdout, stderr } = await shell(script, cwd, {
      SYNTH: shellCommand,
      // Enough for what is there, and to begin.
      ROOM: String((pages + 2) * 4096),
      NAMES: String(names.length + 4),
      // Else tsx would write its own files under the limit on their size.
      TSX_DISABLE_CACHE: '1',
    });
    const line = `error: dist cannot be written and was left as it was: ${why}\n`;
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: line });
    expect(readTree(path.join(cwd, 'left'))).toEqual(states.before);
  });
});
