import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DistError } from '../../src/dist/index.ts';
import { onChanges } from '../support/changes.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { brokenFiles, makeStates, type States } from '../support/dist-states.ts';
import { readTree } from '../support/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
let states: States;
beforeAll(() => {
  states = makeStates(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Carries out the change of input with calls of the file system failing, and returns what was thrown and what is left. */
function writeWith(fails: (number: number) => boolean): { problem: unknown; left: Record<string, string> } {
  const dist = path.join(mkdtempSync(path.join(folder, 'failed-')), 'dist');
  cpSync(path.join(states.template, 'dist'), dist, { recursive: true });
  const plan = planDist(dist, states.newFiles);
  const stop = onChanges(dist, ({ number }) => {
    if (fails(number)) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
  });
  let problem: unknown;
  try {
    writeDist(plan);
  } catch (thrown) {
    problem = thrown;
  } finally {
    stop();
  }
  return { problem, left: readTree(dist) };
}

/** The files of dist. Where nothing can be removed any more, folders that were made stay, empty, and staging too. */
const filesOf = (tree: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(tree).filter(([name]) => !name.endsWith('/') && !name.startsWith('.eso-abac-staging-')),
  );

describe('a file system that fails', () => {
  it('once, at any call, leaves dist as it was or as it should be, and nothing between', () => {
    let failed = 0;
    for (let at = 1; at <= states.changes; at++) {
      const { problem, left } = writeWith((number) => number === at);
      if (problem === undefined) expect(brokenFiles({ ...states, before: states.after }, left)).toEqual([]);
      else expect(left, `call ${at}`).toEqual(states.before);
      if (problem !== undefined) failed++;
    }
    // Making folders and staging, writing, moving and removing: only what comes after them may fail unnoticed.
    expect(failed).toBeGreaterThan(states.changes / 2);
  });

  it('for good, from any call on, leaves every file whole, and dist as it was unless it says otherwise', () => {
    const outcomes = new Set<string>();
    for (let from = 1; from <= states.changes; from++) {
      const { problem, left } = writeWith((number) => number >= from);
      expect(brokenFiles(states, left), `call ${from}`).toEqual([]);
      const saidSo = problem === undefined || problem instanceof DistError;
      if (!saidSo) expect(filesOf(left), `call ${from}`).toEqual(filesOf(states.before));
      outcomes.add(problem === undefined ? 'done' : saidSo ? 'said' : 'as it was');
    }
    expect([...outcomes].sort()).toEqual(['as it was', 'done', 'said']);
  });
});
