import { appendFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../main.ts';
import { command, servicesYaml } from '../support/command.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { ended, inFolder, readTree, startMain, writeFiles } from '../support/run.ts';

const jumpingClock = ['--import', fileURLToPath(new URL('../support/jumping-clock.mjs', import.meta.url))];

/** Gives every file and folder a time. */
function setTimes(folder: string, time: Date): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    utimesSync(path.join(folder, name), time, time);
}

it.concurrent.each([
  ['the past', new Date('1990-01-01')],
  ['the future', new Date('2100-01-01')],
])('a clock that jumps, and files from %s, change nothing', (_, time) =>
  inFolder(async (folder) => {
    const odd = path.join(folder, 'odd');
    const files = (names: readonly string[]) => {
      writeFiles(odd, { 'services.yaml': servicesYaml(names) });
      return compile(path.join(odd, 'services.yaml')).files;
    };
    writeDist(planDist(path.join(odd, 'dist'), files(['orders', 'payments'])));
    writeDist(planDist(path.join(folder, 'usual'), files(['payments', 'billing'])));
    setTimes(odd, time);
    const run = await command(odd, [], { node: jumpingClock });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^dist +\d+ files written, 2 removed/);
    expect(readTree(path.join(odd, 'dist'))).toEqual(readTree(path.join(folder, 'usual')));
    setTimes(odd, time);
    expect((await command(odd, ['check'], { node: jumpingClock })).code).toBe(0);
  }),
);

it.concurrent('--watch sees what changes whatever the clock says, and stays calm when nothing does', () =>
  inFolder(async (folder) => {
    const team = (name: string) =>
      `services:\n  - { name: ${name}, regions: [us-west-2], secrets: [${name}/db] }\n`;
    const main = 'version: 1\naws: { account: "123456789012" }\ninclude: [teams/*.yaml]\n';
    writeFiles(folder, { 'services.yaml': main, 'teams/one.yaml': team('one') });
    setTimes(folder, new Date('2100-01-01'));
    const watch = startMain(['--watch'], { cwd: folder, node: jumpingClock });
    const end = ended(watch);
    let printed = '';
    watch.stdout?.on('data', (text: string) => {
      printed += text;
    });
    const written = async (count: number) => {
      while ((printed.match(/^dist /gm) ?? []).length < count && watch.exitCode === null)
        await setTimeout(20);
    };
    try {
      await written(1);
      writeFileSync(path.join(folder, 'teams/two.yaml'), team('two'));
      utimesSync(path.join(folder, 'teams/two.yaml'), 0, 0);
      await written(2);
      appendFileSync(path.join(folder, 'services.yaml'), '# nothing else\n');
      await setTimeout(1000);
      watch.kill('SIGINT');
      expect(await end).toMatchObject({ code: 0, stderr: 'watching services.yaml; Ctrl-C ends it\n' });
      expect(printed.match(/^dist /gm)).toHaveLength(2);
      expect(Object.keys(readTree(folder))).toContain('dist/clusters/us-west-2/services/two.yaml');
    } finally {
      watch.kill('SIGKILL');
    }
  }));
