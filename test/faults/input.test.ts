import { execFileSync } from 'node:child_process';
import fs, { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../main.ts';
import { command, servicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const main = 'version: 1\naws: { account: "123456789012" }\ninclude: [team.yaml]\n';
const team = 'services:\n  - { name: orders, regions: [us-west-2], secrets: [orders/db] }\n';

/** Calls `before` ahead of each call of a function of the file system whose first argument names the file. */
function onCall(name: 'openSync' | 'readSync', before: (number: number, file: string) => void): () => void {
  const { openSync, readSync } = fs;
  const opened = new Map<number, string>();
  let number = 0;
  fs.openSync = (...args: Parameters<typeof openSync>) => {
    if (name === 'openSync') before(++number, String(args[0]));
    const descriptor = openSync(...args);
    opened.set(descriptor, String(args[0]));
    return descriptor;
  };
  fs.readSync = (...args: unknown[]) => {
    if (name === 'readSync') before(++number, opened.get(Number(args[0])) ?? '');
    return Reflect.apply(readSync, fs, args);
  };
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { openSync, readSync });
    syncBuiltinESMExports();
  };
}

/** Compiles an input to which something is done when one of its files is opened or read. */
function compileWhile(
  name: 'openSync' | 'readSync',
  file: string,
  happens: (place: string, number: number) => void,
  files: Readonly<Record<string, string>> = { 'services.yaml': main, 'team.yaml': team },
) {
  return inFolder((folder) => {
    writeFiles(folder, files);
    const place = path.join(folder, file);
    let calls = 0;
    const stop = onCall(name, (_, which) => {
      if (which === place) happens(place, ++calls);
    });
    try {
      const compiled = compile(path.join(folder, 'services.yaml'));
      return { ...compiled, calls, tree: readTree(folder) };
    } finally {
      stop();
    }
  });
}

const changed = 'cannot be read: it was changed while it was read';

describe('an input that changes in the midst of a run', () => {
  it.each(['services.yaml', 'team.yaml'])('is read once: %s', async (file) => {
    const { calls, findings, files } = await compileWhile('openSync', file, () => undefined);
    expect({ calls, findings }).toEqual({ calls: 1, findings: [] });
    expect(files.length).toBeGreaterThan(0);
  });

  it.each<[string, (place: string) => void]>([
    ['cut off', (place) => truncateSync(place, 20)],
    ['emptied', (place) => truncateSync(place)],
    [
      'written anew',
      (place) =>
        writeFileSync(place, `${team}  - { name: late, regions: [us-west-2], secrets: [late/db] }\n`),
    ],
    ['written anew with as many bytes', (place) => writeFileSync(place, team.replaceAll('orders', 'others'))],
  ])('is not taken for what it says in part when it is %s', async (_, happens) => {
    const once = (place: string, number: number) => {
      if (number === 1) happens(place);
    };
    const included = await compileWhile('readSync', 'team.yaml', once);
    expect(included.files).toEqual([]);
    expect(included.findings.map(({ rule, message }) => ({ rule, message }))).toEqual([
      { rule: 'include', message: expect.stringContaining(changed) },
    ]);
    const alone = { 'services.yaml': servicesYaml(['orders', 'payments']) };
    const whole = await compileWhile('readSync', 'services.yaml', once, alone);
    expect(whole.findings.map(({ message }) => message)).toEqual([expect.stringContaining(changed)]);
  });

  it('is what was opened, whatever takes its place then', async () => {
    const swap = (place: string, number: number) => {
      if (number > 1) return;
      renameSync(place, `${place}.old`);
      writeFileSync(place, team.replaceAll('orders', 'others'));
    };
    const { findings, files } = await compileWhile('readSync', 'team.yaml', swap);
    expect(findings.every(({ message }) => message.includes(changed))).toBe(true);
    expect(files.filter(({ path: file }) => file.includes('others'))).toEqual([]);
  });

  it('is not waited for when a pipe takes its place', async () => {
    const swap = (place: string) => {
      rmSync(place);
      execFileSync('mkfifo', [place]);
    };
    const { findings } = await compileWhile('openSync', 'team.yaml', swap);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('team.yaml cannot be read: it is not a file'),
    ]);
  });
});

describe.concurrent('an input that is no file', () => {
  it.each<[string, (place: string) => unknown, string]>([
    ['a pipe', (place) => execFileSync('mkfifo', [place]), 'cannot be read: it is not a file'],
    ['a link to a device', (place) => symlinkSync('/dev/zero', place), 'cannot be read: it is not a file'],
    ['a link to nothing', (place) => symlinkSync('none.yaml', place), 'cannot be read: it does not exist'],
  ])('is not waited for: %s', (_, put, why) =>
    inFolder(async (folder) => {
      put(path.join(folder, 'services.yaml'));
      const { code, stdout, stderr } = await command(folder, []);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`error: services.yaml ${why}`);

      renameSync(path.join(folder, 'services.yaml'), path.join(folder, 'team.yaml'));
      writeFiles(folder, { 'services.yaml': main });
      const included = await command(folder, []);
      expect(included).toMatchObject({ code: 1, stdout: '' });
      expect(included.stderr).toContain('services.yaml:3:11: error: "team.yaml" ');
      expect(included.stderr).toContain('[include]');
    }),
  );
});
