import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDist, writeDist } from '../../src/dist/index.ts';
import { brokenFiles, makeStates, type States, signalAt } from '../support/dist-states.ts';
import { readTree, runMain } from '../support/run.ts';

/** How many moments of a run are tried; they are spread over all of its changes. */
const moments = Number(process.env.KILL_RUNS ?? 24);

describe('a run that is killed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  let states: States;
  beforeAll(() => {
    states = makeStates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.concurrent.each(Array.from({ length: moments }, (_, index) => index + 1))(
    `at moment %i of ${moments} leaves every file whole, and the next run completes them`,
    async (moment) => {
      const at = Math.ceil((moment * states.changes) / moments);
      const cwd = mkdtempSync(path.join(folder, 'killed-'));
      cpSync(states.template, cwd, { recursive: true });
      const dist = path.join(cwd, 'dist');
      const env = { SIGNAL_AT: `SIGKILL ${at} ${dist}` };
      expect((await runMain([], { cwd, env, node: signalAt })).signal).toBe('SIGKILL');
      expect(brokenFiles(states, readTree(dist))).toEqual([]);

      writeDist(planDist(dist, states.newFiles));
      expect(readTree(dist)).toEqual(states.after);
    },
  );
});
