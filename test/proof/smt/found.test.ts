import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opinionsOnAccess } from './opinions.ts';
import { trustQuestions } from './random-trust.ts';
import { type Solver, startSolver } from './solver.ts';
import { opinionsOnTrust } from './trust-opinions.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

interface Found {
  readonly access: readonly {
    readonly what: string;
    readonly tagKeys: readonly string[];
    readonly document: object;
  }[];
  readonly trust: readonly { readonly what: string; readonly tags: number; readonly document: object }[];
}

/** Random policies on which the two once differed. */
const found: Found = JSON.parse(readFileSync(new URL('found.json', import.meta.url), 'utf8'));

describe('agrees with the proof since it once did not', () => {
  it.each(found.access)('access: $what', async ({ tagKeys, document }) => {
    const role = { arn: 'arn:aws:iam::123456789012:role/reader', documents: [document], tagKeys };
    const { ours, solver: theirs, unconfirmed } = await opinionsOnAccess(role, solver);
    expect(ours).toEqual(theirs);
    expect(unconfirmed).toEqual([]);
  });

  it.each(found.trust)('trust: $what', async ({ tags, document }) => {
    const question = trustQuestions.find(({ tagKeys }) => tagKeys.length === tags);
    if (question === undefined) throw new Error(`no question about ${tags} tags`);
    const {
      ours,
      solver: theirs,
      unconfirmed,
    } = await opinionsOnTrust({ ...question, trust: document }, solver);
    expect(ours).toEqual(theirs);
    expect(unconfirmed).toEqual([]);
  });
});
