import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rightTrustPolicy, trustPolicies, trustQuestions } from './random-trust.ts';
import { type Solver, startSolver } from './solver.ts';
import { opinionsOnTrust } from './trust-opinions.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

const policyCount = process.env.CI === 'true' ? 100 : 4;

for (const question of trustQuestions) {
  it(`says the same as the proof of random trust policies about ${question.tagKeys.join(' and ')}`, async () => {
    const random = fc.sample(trustPolicies(question), { numRuns: policyCount, seed: 11 });
    const documents = [rightTrustPolicy(question), ...random];
    const verdicts = new Set<string>();
    const differences: string[] = [];
    for (const document of documents) {
      const opinions = await opinionsOnTrust({ ...question, trust: document }, solver);
      const { ours, solver: theirs, unconfirmed } = opinions;
      verdicts.add(ours.join(' '));
      if (ours.join(' ') === theirs.join(' ') && unconfirmed.length === 0) continue;
      differences.push(JSON.stringify({ document, ours, theirs, unconfirmed }));
    }
    expect(differences).toEqual([]);
    // A right policy and wrong ones: without each of them the agreement would say little.
    expect(verdicts.size).toBeGreaterThan(2);
    expect([...verdicts]).toContain('');
  }, 600_000);
}
