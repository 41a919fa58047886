import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';
import { compile } from '../../main.ts';
import { attempt, inCopy, kept } from '../support/copy.ts';
import { type Ended, readTree, stackTrace, writeFiles } from '../support/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function start(copy: string, ...args: string[]): Promise<Ended> {
  const result = await attempt(copy, ...args);
  expect(result.stdout + result.stderr).not.toMatch(stackTrace);
  return result;
}

async function help(copy: string): Promise<string> {
  const { code, stdout } = await start(copy, '--help');
  expect(code).toBe(0);
  return stdout;
}

function edit(file: string, change: (content: string) => string): void {
  const before = readFileSync(file, 'latin1');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after, 'latin1');
}

/** A change of what `--help` says that leaves a file as long as it is. */
const inOtherWords = (text: string) => text.replaceAll('services.yaml into', 'SERVICES.YAML INTO');

it('the bundle is made once, and again when one byte of a source or of a package differs', () =>
  inCopy(async (copy) => {
    const first = await help(copy);
    // What is in its place shows whether a run makes a bundle.
    const esbuild = path.join(copy, 'node_modules/esbuild');
    rmSync(esbuild);
    expect(await help(copy)).toBe(first);
    const source = path.join(copy, 'src/cli/index.ts');
    edit(source, inOtherWords);
    expect(await attempt(copy, '--help')).toMatchObject({ code: 1, stdout: '' });
    rmSync(source);
    expect(await attempt(copy, '--help')).toMatchObject({ code: 1, stdout: '' });

    symlinkSync(path.join(root, 'node_modules/esbuild'), esbuild);
    cpSync(path.join(root, 'src/cli/index.ts'), source);
    edit(source, inOtherWords);
    expect(await help(copy)).toBe(inOtherWords(first));

    const commander = path.join(copy, 'node_modules/commander');
    rmSync(commander);
    cpSync(path.join(root, 'node_modules/commander'), commander, { recursive: true });
    const shouting = (text: string) => text.replace('Usage:', 'USAGE:');
    edit(path.join(commander, 'lib/help.js'), shouting);
    expect(await help(copy)).toBe(shouting(inOtherWords(first)));
  }));

it('a file that was changed is seen to be, whatever its size and times say', () =>
  inCopy(async (copy) => {
    await help(copy);
    const { readBundle } = await import(pathToFileURL(path.join(copy, 'scripts/start/bundle.cjs')).href);
    const seen = () => readdirSync(path.join(copy, kept)).filter((name) => name.startsWith('seen-'));
    // What has just changed may change once more and look the same.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    utimesSync(path.join(copy, 'package.json'), new Date(), new Date());
    expect(readBundle()).toBeDefined();
    expect(seen()).toEqual([]);
    clock.mockReturnValue(Date.now() + 60 * 60 * 1000);
    expect(readBundle()).toBeDefined();
    clock.mockRestore();
    expect(seen().length).toBe(1);

    const source = path.join(copy, 'src/cli/index.ts');
    const { atime, mtime } = statSync(source);
    edit(source, inOtherWords);
    utimesSync(source, atime, mtime);
    expect(readBundle()).toBeUndefined();
    edit(source, (text) => text.replaceAll('SERVICES.YAML INTO', 'services.yaml into'));
    expect(readBundle()).toBeDefined();

    const [name = ''] = seen();
    writeFileSync(path.join(copy, kept, name), 'null');
    expect(readBundle()).toBeDefined();
  }));

it('a damaged bundle does not run', () =>
  inCopy(async (copy) => {
    const first = await help(copy);
    const bundle = path.join(copy, kept, 'bundle');
    const whole = readFileSync(bundle);
    const { readBundle } = await import(pathToFileURL(path.join(copy, 'scripts/start/bundle.cjs')).href);
    expect(readBundle()).toBeDefined();
    const damages: ((content: string) => string)[] = [
      () => '',
      () => 'null\n',
      (content) => content.slice(0, 1000),
      (content) => content.slice(0, -1),
      (content) => content.slice(content.indexOf('\n')),
      (content) => content.replace(/\["src\/cli\/index\.ts",\d+\],/, ''),
      inOtherWords,
    ];
    for (const damage of damages) {
      writeFileSync(bundle, whole);
      edit(bundle, damage);
      expect(readBundle()).toBeUndefined();
    }
    expect(await help(copy)).toBe(first);
    expect(readFileSync(bundle).equals(whole)).toBe(true);
  }));

it('what V8 has compiled is taken when it is whole and of the same bundle', () =>
  inCopy(async (copy) => {
    await start(copy, 'synth', '-q');
    const [name = ''] = readdirSync(path.join(copy, kept)).filter((name) => name.startsWith('code-'));
    const compiled = path.join(copy, kept, name);
    const whole = readFileSync(compiled);
    // A run that V8 takes it in does not write it again.
    const { ino } = statSync(compiled);
    await start(copy, 'synth', '-q');
    expect(statSync(compiled).ino).toBe(ino);
    const { readBundle } = await import(pathToFileURL(path.join(copy, 'scripts/start/bundle.cjs')).href);
    expect(readBundle().code.length).toBeGreaterThan(100_000);
    edit(compiled, (content) => `${content.slice(0, -1)}?`);
    expect(readBundle()).toMatchObject({ code: undefined });

    // V8 alone would take it: the source is as long as it was.
    edit(path.join(copy, 'src/cli/index.ts'), inOtherWords);
    writeFileSync(compiled, whole);
    expect(inOtherWords(await help(copy))).toBe(await help(copy));
    expect(readBundle()).toMatchObject({ code: undefined });
    expect(await start(copy, 'check', '-q')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readBundle().code.length).toBeGreaterThan(100_000);
  }));

it('without a place to keep a bundle, it runs all the same', () =>
  inCopy(async (copy) => {
    writeFiles(copy, { 'node_modules/.cache': 'in the way' });
    expect(await start(copy, 'synth', '-q')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  }));

it('of several runs at once each has a whole bundle, and one is kept', () =>
  inCopy(async (copy) => {
    const runs = await Promise.all(Array.from({ length: 3 }, () => help(copy)));
    expect(new Set(runs).size).toBe(1);
    const names = readdirSync(path.join(copy, kept)).filter((name) => !name.startsWith('seen-'));
    expect(names).toEqual(['bundle']);
    rmSync(path.join(copy, 'node_modules/esbuild'));
    expect(await help(copy)).toBe(runs[0]);
  }));

it('threads run from the bundle', () =>
  inCopy(async (copy) => {
    // So many that a thread proves them.
    const services = Array.from(
      { length: 1010 },
      (_, index) => `  - { name: s${index}, regions: [us-west-2], secrets: [s${index}/db] }\n`,
    );
    const input = `version: 1\naws: { account: "123456789012" }\nservices:\n${services.join('')}`;
    writeFiles(copy, { 'large.yaml': input });
    expect(await start(copy, 'synth', '-q', '-f', 'large.yaml')).toMatchObject({ code: 0, stdout: '' });
    const { files } = compile(path.join(copy, 'large.yaml'));
    expect(files.length).toBeGreaterThan(2000);
    const dist = path.join(copy, 'dist');
    const different = files.filter(
      ({ path: name, text }) => readFileSync(path.join(dist, name), 'utf8') !== text,
    );
    expect(different).toEqual([]);
    expect(Object.keys(readTree(dist)).filter((name) => !name.endsWith('/')).length).toBe(files.length);
  }));

it('each thread that the sources start has a file beside the bundle', () => {
  const sources = Object.values(readTree(path.join(root, 'src')));
  const threads = sources.flatMap((text) => [...text.matchAll(/startWorker\(new URL\('\.\/(.+?)'/g)]);
  expect(threads.length).toBeGreaterThan(0);
  const started = readdirSync(path.join(root, 'scripts/start'));
  for (const [, name] of threads) expect(started).toContain(`${name}.js`);
});
