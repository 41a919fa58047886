import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { command, servicesYaml } from '../support/command.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { brokenFiles, makeStates, signalAt } from '../support/dist-states.ts';
import { ended, inFolder, readTree, runMain, startMain, writeFiles } from '../support/run.ts';

const stagingIn = (dist: string) => readdirSync(dist).filter((name) => name.startsWith('.eso-abac-staging-'));

it.concurrent('of two runs at once the second one says so and changes nothing; the first one completes', () =>
  inFolder(async (folder) => {
    const states = makeStates(folder);
    const cwd = states.template;
    const dist = path.join(cwd, 'dist');
    const half = Math.ceil(states.changes / 2);
    const first = startMain([], { cwd, env: { SIGNAL_AT: `SIGSTOP ${half} ${dist}` }, node: signalAt });
    const firstEnded = ended(first);
    while (stagingIn(dist).length === 0 && first.exitCode === null) await setTimeout(20);
    // Whatever a clock says of it.
    for (const name of stagingIn(dist)) utimesSync(path.join(dist, name), 0, 0);

    const second = await command(cwd, []);
    const message = `another run (process ${first.pid}) is writing dist; run eso-abac again when it has ended`;
    expect(second).toEqual({ code: 2, signal: null, stdout: '', stderr: `error: ${message}\n` });
    expect(brokenFiles(states, readTree(dist))).toEqual([]);

    first.kill('SIGCONT');
    expect(await firstEnded).toMatchObject({ code: 0, stderr: '' });
    expect(readTree(dist)).toEqual(states.after);
  }));

it.concurrent('many runs at once leave whole files, and nothing of their own', () =>
  inFolder(async (folder) => {
    const states = makeStates(folder);
    const cwd = states.template;
    const dist = path.join(cwd, 'dist');
    const runs = await Promise.all(Array.from({ length: 4 }, () => runMain([], { cwd })));
    for (const { code, stderr } of runs) {
      if (code !== 0)
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error: .*\n$/) });
    }
    expect(brokenFiles(states, readTree(dist))).toEqual([]);
    expect(stagingIn(dist)).toEqual([]);
    expect((await command(cwd, [])).code).toBe(0);
    expect(readTree(dist)).toEqual(states.after);
  }));

it.concurrent('a staging folder of a process that is gone is removed, even when nothing is to be written', () =>
  inFolder(async (folder) => {
    const states = makeStates(folder);
    const cwd = path.join(folder, 'fresh');
    // No system gives out process ids this large.
    const left = path.join(cwd, 'dist/.eso-abac-staging-1073741824-abcdef');
    mkdirSync(left);
    writeFiles(left, { '0': 'half a fi' });
    writeFiles(cwd, { 'services.yaml': readTree(states.template)['services.yaml'] ?? '' });
    expect((await command(cwd, [])).stdout).toMatch(/^dist +0 files written, 0 removed, /);
    expect(existsSync(left)).toBe(false);
  }));

it.concurrent('a run that planned before another one wrote says so, and leaves what that one made', () =>
  inFolder(async (folder) => {
    const states = makeStates(folder);
    const cwd = states.template;
    const dist = path.join(cwd, 'dist');
    writeFiles(cwd, { 'other.yaml': servicesYaml(['kept', 'other']) });
    // Its first change comes when its plan is made.
    const env = { SIGNAL_AT: `SIGSTOP 1 ${dist}` };
    const first = startMain(['-f', 'other.yaml'], { cwd, env, node: signalAt });
    const firstEnded = ended(first);
    while (!isStopped(first.pid ?? 0) && first.exitCode === null) await setTimeout(20);

    expect((await command(cwd, [])).code).toBe(0);
    first.kill('SIGCONT');
    const why =
      'dist was changed by something else meanwhile, and was left as that made it; run eso-abac again';
    expect(await firstEnded).toMatchObject({ code: 2, stdout: '', stderr: `error: ${why}\n` });
    expect(readTree(dist)).toEqual(states.after);
    expect((await command(cwd, ['check'])).code).toBe(0);
  }));

it("a plan is not carried out once files came, went or were replaced; what else stands in dist is nobody's", () =>
  inFolder((folder) => {
    const states = makeStates(folder);
    const dist = path.join(states.template, 'dist');
    const stale = planDist(dist, states.newFiles);
    const unaffected = planDist(dist, states.newFiles);
    writeFiles(dist, { 'notes/more.txt': 'by hand' });
    writeDist(unaffected);
    expect(() => writeDist(stale)).toThrow('was changed by something else meanwhile');
    expect(readTree(dist)).toEqual({ ...states.after, 'notes/more.txt': 'by hand' });
  }));

/** The state of a process, as Linux tells it. */
function isStopped(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.startsWith('T ') ?? false;
}
