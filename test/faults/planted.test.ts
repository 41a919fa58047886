import { execFileSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, servicesYaml } from '../support/command.ts';
import { type RunResult, runInProcess } from '../support/documents.ts';
import { inFolder, readTree, runMain, within, writeFiles } from '../support/run.ts';

const file = 'clusters/us-west-2/services/payments.yaml';
const outside = {
  'precious.yaml': 'kind: Secret\n',
  'services/payments.yaml': 'mine\n',
  root_key: 'AWS_SECRET\n',
};

let template = '';
beforeAll(async () => {
  template = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  writeFiles(template, { 'services.yaml': servicesYaml(['payments']) });
  writeFiles(
    template,
    Object.fromEntries(Object.entries(outside).map(([name, text]) => [`outside/${name}`, text])),
  );
  expect((await runMain([], { cwd: template })).code).toBe(0);
  writeFiles(template, { 'services.yaml': servicesYaml(['payments', 'orders']) });
});
afterAll(() => rmSync(template, { recursive: true }));

/** A folder with an old dist, and beside it files that are not to be touched. */
function inProject(use: (cwd: string, dist: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    cpSync(template, folder, { recursive: true });
    await use(folder, path.join(folder, 'dist'));
  });
}

function replace(place: string, put: (place: string) => void): void {
  rmSync(place, { recursive: true, force: true });
  put(place);
}

const linkTo = (target: string) => (place: string) => replace(place, () => symlinkSync(target, place));
const pipe = (place: string) => replace(place, () => execFileSync('mkfifo', [place]));
const folder = (place: string) => replace(place, () => mkdirSync(place));

/** What somebody could put into dist, and where. */
const planted: Readonly<Record<string, readonly [where: string, put: (place: string) => void]>> = {
  'a link in the place of a file': [file, linkTo('../../../../outside/precious.yaml')],
  'a link to nothing in the place of a new file': [
    'clusters/us-west-2/services/orders.yaml',
    linkTo('../../../../outside/new.yaml'),
  ],
  'a link in the place of the folder of services': [
    'clusters/us-west-2/services',
    linkTo('../../../outside/services'),
  ],
  'a link in the place of a cluster': ['clusters/us-west-2', linkTo('../../outside')],
  'a link in the place of all clusters': ['clusters', linkTo('../outside')],
  'a link to the root': ['aws', linkTo('/')],
  'a pipe in the place of a file': [file, pipe],
  'a pipe beside the files': ['clusters/us-west-2/services/pipe.yaml', pipe],
  'a folder in the place of a file': [file, folder],
  'a link to a device': ['aws/zero.json', linkTo('/dev/zero')],
};

describe.concurrent('in dist', () => {
  it.each(Object.entries(planted))('%s is named; nothing there or elsewhere changes', (_, [where, put]) =>
    inProject(async (cwd, dist) => {
      put(path.join(dist, where));
      const before = readTree(cwd);
      const { code, stdout, stderr } = await command(cwd, []);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`dist/${where} was not written by eso-abac`);
      expect(readTree(cwd)).toEqual(before);
    }),
  );

  it.each<readonly [what: string, where: string, put: (place: Buffer) => void]>([
    ['file', 'clusters/us-west-2/services/?.yaml', (place) => writeFileSync(place, 'kind: Secret\n')],
    ['folder', 'clusters/?', (place) => mkdirSync(place)],
  ])('a %s whose name is no UTF-8 is named too', (_, where, put) =>
    inProject(async (cwd, dist) => {
      await command(cwd, []);
      put(Buffer.from(path.join(dist, where.replace('?', '\u00ff')), 'latin1'));
      for (const args of [[], ['check']]) {
        const { code, stdout, stderr } = await command(cwd, args);
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toContain(`dist/${where.replace('?', '\ufffd')} was not written by eso-abac`);
      }
    }),
  );

  it('a second name of a file elsewhere is replaced, and that file stays', () =>
    inProject(async (cwd, dist) => {
      const text = readFileSync(path.join(dist, file), 'utf8').replaceAll('payments/db', 'payments/old');
      writeFileSync(path.join(cwd, 'outside/generated.yaml'), text);
      replace(path.join(dist, file), (place) => linkSync(path.join(cwd, 'outside/generated.yaml'), place));
      expect(await command(cwd, [])).toMatchObject({ code: 0, stderr: '' });
      expect(readTree(path.join(cwd, 'outside'))).toMatchObject({ ...outside, 'generated.yaml': text });
      expect((await command(cwd, ['check'])).code).toBe(0);
    }));

  it('a link in the place of a staging folder is removed, and what it leads to stays', () =>
    inProject(async (cwd, dist) => {
      symlinkSync('../outside', path.join(dist, '.eso-abac-staging-1073741824-1-abcdef'));
      expect(await command(cwd, [])).toMatchObject({ code: 0, stderr: '' });
      expect(Object.keys(readTree(dist)).filter((name) => name.startsWith('.'))).toEqual([]);
      expect(readTree(path.join(cwd, 'outside'))).toMatchObject(outside);
    }));

  it('itself is no link', () =>
    inProject(async (cwd, dist) => {
      renameSync(dist, path.join(cwd, 'outside/dist'));
      symlinkSync('outside/dist', dist);
      const before = readTree(cwd);
      for (const args of [[], ['check', '-o', 'dist/']]) {
        const { code, stderr } = await command(cwd, args);
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(/^error: dist\/? is a link \[dist-foreign\]\n/),
        });
      }
      expect(readTree(cwd)).toEqual(before);
    }));
});

/** Runs the command within this process, which takes a tenth of the time. */
function inside(cwd: string, args: readonly string[]): Promise<RunResult> {
  return within(cwd, () => runInProcess(args));
}

describe('what reads a dist of somebody', () => {
  it.each([
    ['a link', linkTo('../../../../outside/root_key')],
    ['a pipe', pipe],
    ['a link to a device', linkTo('/dev/zero')],
  ])('does not follow %s, waits for nothing, and says so', (_, put) =>
    inProject(async (cwd, dist) => {
      put(path.join(dist, file));
      for (const args of [['prove'], ['report', '--format', 'json'], ['explain', 'payments']]) {
        const { code, stdout, stderr } = await inside(cwd, args);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toBe(
          `error: dist/${file} is a link, a pipe or the like, and is not read; put a file in its place\n`,
        );
      }
      const { stdout } = await inside(cwd, ['diff', '--base-dist', 'dist', '--format', 'json']);
      expect(stdout).not.toContain('AWS_SECRET');
      expect(JSON.parse(stdout).notes).toContain(`${file} is a link or another repository, and is not read`);
    }),
  );

  it('reads a file that is called like the folder of a run, but for that folder itself', () =>
    inProject(async (cwd) => {
      const name = '.eso-abac-staging-1-1-aaaaaa.yaml';
      writeFiles(cwd, { [`dist/${name}`]: 'kind: Odd\n' });
      expect((await inside(cwd, ['prove'])).code).toBe(0);
      writeFiles(cwd, { [`dist/${path.posix.dirname(file)}/${name}`]: 'kind: Odd\n' });
      const { code, stderr } = await inside(cwd, ['prove']);
      expect(code).toBe(1);
      expect(stderr).toContain('an object that the proof knows nothing about: Odd of undefined');
    }));

  it('validates no file elsewhere, and says so', () =>
    inProject(async (cwd) => {
      mkdirSync(path.join(cwd, 'in/deep'), { recursive: true });
      writeFiles(cwd, { 'in/deep/a.yaml': 'kind: Namespace\napiVersion: v1\nmetadata: { name: a }\n' });
      symlinkSync('deep/a.yaml', path.join(cwd, 'in/b.yaml'));
      expect((await inside(cwd, ['validate', 'in/deep'])).code).toBe(0);
      symlinkSync('../outside/root_key', path.join(cwd, 'in/key.yaml'));
      for (const args of [['in'], ['--crds', 'in', 'in/deep']]) {
        const { code, stdout, stderr } = await inside(cwd, ['validate', ...args]);
        expect({ code, stdout, stderr }).toEqual({
          code: 2,
          stdout: '',
          stderr: 'error: in/key.yaml is a link that leads out of in; it is not read\n',
        });
      }
      replace(path.join(cwd, 'in/key.yaml'), pipe);
      expect((await inside(cwd, ['validate', 'in'])).stderr).toBe('error: in/key.yaml is not a file\n');
    }));
});

describe('a folder that takes no other', () => {
  it.each([
    [['init', '/proc/x/y']],
    [['init', '/proc']],
    [['-o', '/proc/x/dist']],
    [['-o', '/dev/null/dist']],
  ])('is refused at once: %j', (args) =>
    inProject(async (cwd) => {
      const { code, stdout, stderr } = await inside(cwd, args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: \/(?:proc|dev)\S* cannot be (?:read|written).*\n$/);
    }),
  );
});
