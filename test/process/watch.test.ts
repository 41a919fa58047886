import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command, servicesYaml, wrongServicesYaml } from '../support/command.ts';
import { ended, inFolder, readTree, startMain, writeFiles } from '../support/run.ts';
import { watching } from '../support/watching.ts';

/** So many services that a thread proves them, in many parts. */
const many = Array.from({ length: 1100 }, (_, index) => `s${index}`);

const manifest = (name: string) => `clusters/us-west-2/services/${name}.yaml`;

it.concurrent(
  'an edit is written; a broken one is reported and leaves dist as it was; then it goes on',
  {
    timeout: 240_000,
  },
  () =>
    watching({ 'services.yaml': servicesYaml(['payments']) }, async ({ folder, dist, until }) => {
      const services = path.join(folder, 'services.yaml');
      writeFileSync(services, servicesYaml(['payments', 'orders']));
      expect(await until(/proven .*\n/)).toMatch(/^dist +\d+ files written, 0 removed/);
      const before = dist();
      expect(before).toHaveProperty([manifest('orders')]);

      writeFileSync(services, wrongServicesYaml);
      expect(await until(/errors?\n$/)).toContain('[unknown-key]');
      expect(dist()).toEqual(before);

      rmSync(services);
      expect(await until(/error: .*\n/)).toContain('services.yaml cannot be read: it does not exist');
      expect(dist()).toEqual(before);

      // It is not said again.
      writeFiles(folder, { 'notes.txt': 'not ours' });
      await new Promise((resolve) => setTimeout(resolve, 1000));

      writeFileSync(services, servicesYaml(['payments']));
      expect(await until(/proven .*\n/)).toMatch(/^dist +0 files written, \d+ removed/);
      expect(dist()).not.toHaveProperty([manifest('orders')]);
    }),
);

it.concurrent('included files are seen: a new one, one in a new folder, and one that an editor renames into place', {
  timeout: 240_000,
}, () => {
  const main = 'version: 1\naws: { account: "123456789012" }\ninclude: [teams/*/*.yaml]\n';
  const included = (name: string) =>
    `services:\n  - { name: ${name}, regions: [us-west-2], secrets: [${name}/db] }\n`;
  const files = { 'services.yaml': main, 'teams/a/one.yaml': included('one') };
  return watching(files, async ({ folder, dist, until }) => {
    const at = (name: string) => path.join(folder, 'teams', name);
    writeFileSync(at('a/two.yaml'), included('two'));
    await until(/proven .*\n/);
    expect(dist()).toHaveProperty([manifest('two')]);

    mkdirSync(at('b'));
    writeFileSync(at('b/three.yaml'), included('three'));
    await until(/proven .*\n/);
    expect(dist()).toHaveProperty([manifest('three')]);

    for (const name of ['four', 'five']) {
      writeFileSync(at('b/.three.yaml.swp'), included(name));
      renameSync(at('b/.three.yaml.swp'), at('b/three.yaml'));
      await until(/proven .*\n/);
      expect(dist()).toHaveProperty([manifest(name)]);
    }

    rmSync(at('b'), { recursive: true });
    await until(/proven .*\n/);
    mkdirSync(at('b'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeFileSync(at('b/six.yaml'), included('six'));
    await until(/proven .*\n/);
    expect(
      Object.keys(dist())
        .filter((name) => name.startsWith('clusters/us-west-2/services/'))
        .sort(),
    ).toEqual(['clusters/us-west-2/services/', ...['one', 'six', 'two'].map(manifest)]);
  });
});

it.concurrent(
  'many writes at once are one run, and what changes nothing is not talked about',
  {
    timeout: 240_000,
  },
  () =>
    watching({ 'services.yaml': servicesYaml(['payments']) }, async ({ folder, printed, until }) => {
      const services = path.join(folder, 'services.yaml');
      for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c']]) writeFileSync(services, servicesYaml(names));
      await until(/proven .*\n/);
      appendFileSync(services, '# a comment\n');
      writeFiles(folder, { 'notes.txt': 'not ours' });
      // Long enough for a run of its own.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      writeFileSync(services, servicesYaml(['a', 'b', 'c', 'd']));
      await until(/proven .*\n/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(printed().match(/^dist /gm)).toHaveLength(3);
    }),
);

it.concurrent(
  'what is saved in steps is written once, and nothing of the steps before',
  {
    timeout: 240_000,
  },
  () =>
    watching({ 'services.yaml': servicesYaml(many) }, async ({ folder, printed, until }) => {
      const steps = [many.slice(0, 900), many.slice(0, 700), [...many, 'last']];
      for (const names of steps) {
        writeFileSync(path.join(folder, 'services.yaml'), servicesYaml(names));
        await new Promise((resolve) => setTimeout(resolve, 70));
      }
      expect(await until(/proven .*\n/)).toMatch(/^dist +\d+ files written, 0 removed/);
      expect(printed().match(/^dist /gm)).toHaveLength(2);
    }),
);

it.concurrent(
  'what is written beside the input all the time keeps no edit from being seen',
  {
    timeout: 240_000,
  },
  () =>
    watching({ 'services.yaml': servicesYaml(['payments']) }, async ({ folder, dist, until }) => {
      const log = setInterval(() => appendFileSync(path.join(folder, 'other.log'), 'a line\n'), 10);
      try {
        writeFileSync(path.join(folder, 'services.yaml'), servicesYaml(['payments', 'orders']));
        expect(await until(/proven .*\n/)).toMatch(/^dist +\d+ files written, 0 removed/);
        expect(dist()).toHaveProperty([manifest('orders')]);
      } finally {
        clearInterval(log);
      }
    }),
);

it.concurrent(
  'a folder above dist that was removed is made again, once',
  {
    timeout: 240_000,
  },
  () =>
    watching(
      { 'services.yaml': servicesYaml(['payments']) },
      async ({ folder, printed, until }) => {
        rmSync(path.join(folder, 'out'), { recursive: true });
        writeFileSync(path.join(folder, 'services.yaml'), servicesYaml(['payments', 'orders']));
        expect(await until(/proven .*\n/)).toMatch(/dist +\d+ files written, 0 removed/);
        expect(readTree(path.join(folder, 'out/dist'))).toHaveProperty([manifest('orders')]);
        expect(printed().match(/dist /g)).toHaveLength(2);
      },
      ['-o', 'out/dist'],
    ),
);

it.concurrent('a first run that cannot read the input ends it', () =>
  inFolder(async (folder) => {
    const result = await ended(startMain(['--watch', '-f', 'none.yaml'], { cwd: folder }));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: none\.yaml cannot be read: it does not exist; /);
  }));

it.concurrent(
  'with --shard an edit is written into the folder of the shard',
  {
    timeout: 240_000,
  },
  () =>
    watching(
      { 'services.yaml': servicesYaml(['payments', 'orders', 'search']) },
      async ({ folder, dist, until }) => {
        // The second of three has payments alone.
        const [payments, orders] = [manifest('payments'), manifest('orders')];
        expect(dist()).toHaveProperty([payments]);
        const edited = servicesYaml(['payments', 'orders']).replace('payments/db', 'payments/other');
        writeFileSync(path.join(folder, 'services.yaml'), edited);
        await until(/proven .*\n/);
        expect(dist()[payments]).toContain('payments/other');
        expect(dist()).not.toHaveProperty([orders]);
        expect(dist()['eso-abac-shard.json']).toContain('"index": 2');
      },
      ['--shard', '2/3'],
    ),
);

const threadDies = fileURLToPath(new URL('../support/thread-dies.cjs', import.meta.url));

it.concurrent(
  'of a large fleet, what was edited is written, and what somebody did to dist is put right',
  {
    timeout: 240_000,
  },
  () =>
    watching({ 'services.yaml': servicesYaml(many) }, async ({ folder, dist, until }) => {
      const services = path.join(folder, 'services.yaml');
      appendFileSync(path.join(folder, 'dist', manifest('s500')), '# by hand\n');
      rmSync(path.join(folder, 'dist', manifest('s600')));
      writeFileSync(services, servicesYaml(many).replace('s30/db', 's30/other'));
      expect(await until(/proven .*\n/)).toMatch(/^dist +4 files written, 0 removed/);

      writeFileSync(services, servicesYaml(['a', ...many.slice(1)]).replace('s30/db', 's30/more'));
      expect(await until(/proven .*\n/)).toMatch(/^dist +4 files written, 2 removed/);
      expect(await command(folder, ['-o', 'fresh'])).toMatchObject({ code: 0 });
      expect(dist()).toEqual(readTree(path.join(folder, 'fresh')));
    }),
);

it.concurrent(
  'a thread that dies is said to have, and the next edit has another one',
  {
    timeout: 240_000,
  },
  () =>
    watching(
      { 'services.yaml': servicesYaml(many) },
      async ({ folder, dist, until }) => {
        const edit = (to: string) =>
          writeFileSync(path.join(folder, 'services.yaml'), servicesYaml(many).replace('s30/db', to));
        for (const round of [1, 2]) {
          const before = dist();
          edit(`s30/lost-${round}`);
          expect(await until(/proven.*\n/)).toBe('error: nothing was proven: a thread failed: not again\n');
          expect(dist()).toEqual(before);
          edit(`s30/found-${round}`);
          expect(await until(/proven.*\n/)).toMatch(/^dist +2 files written, 0 removed/);
          expect(dist()[manifest('s30')]).toContain(`s30/found-${round}`);
        }
      },
      [],
      (args, options) =>
        startMain(args, {
          ...options,
          env: { THREAD_DIES: 'when it is to prove again' },
          node: ['-r', threadDies],
        }),
    ),
);
