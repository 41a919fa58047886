import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shell } from '../support/command.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { brokenFiles, makeStates, type States, signalAt } from '../support/dist-states.ts';
import { inFolder, readTree, runMain } from '../support/run.ts';

/** How many moments of a run are tried; they are spread over all of its changes. */
const moments = Number(process.env.KILL_RUNS ?? 24);

/** One moment each by default: what they leave is what SIGKILL leaves, for none of them is handled. */
const polite = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

describe('a run that is ended in the midst of writing', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  let states: States;
  beforeAll(() => {
    states = makeStates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const runs = [
    ...Array.from({ length: moments }, (_, index) => ['SIGKILL', (index + 1) / moments] as const),
    ...polite.map((signal, index) => [signal, (index + 1) / (polite.length + 1)] as const),
  ];
  it.concurrent.each(runs)(
    'by %s at %d of its way leaves every file whole, and the next run completes them',
    async (signal, share) => {
      const at = Math.ceil(share * states.changes);
      const cwd = mkdtempSync(path.join(folder, 'killed-'));
      cpSync(states.template, cwd, { recursive: true });
      const dist = path.join(cwd, 'dist');
      const env = { SIGNAL_AT: `${signal} ${at} ${dist}` };
      const ended = await runMain([], { cwd, env, node: signalAt });
      expect(ended).toMatchObject({ signal, code: null, stdout: '', stderr: '' });
      expect(brokenFiles(states, readTree(dist))).toEqual([]);

      writeDist(planDist(dist, states.newFiles));
      expect(readTree(dist)).toEqual(states.after);
    },
  );
});

it.concurrent('a run whose reader has gone, or whose outputs are closed, writes dist and exits as ever', () =>
  inFolder(async (folder) => {
    const states = makeStates(folder);
    for (const line of ['eso-abac | true; exit $PIPESTATUS', 'eso-abac >&- 2>&-']) {
      const cwd = mkdtempSync(path.join(folder, 'closed-'));
      cpSync(states.template, cwd, { recursive: true });
      expect(await shell(line, cwd)).toMatchObject({ code: 0, stderr: '' });
      expect(readTree(path.join(cwd, 'dist'))).toEqual(states.after);
    }
  }));
