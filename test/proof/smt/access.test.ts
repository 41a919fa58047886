import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { opinionsOnAccess } from './opinions.ts';
import { accessPolicies, rightAccessPolicy, tagKeySets } from './random-access.ts';
import { type Solver, startSolver } from './solver.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

it('says the same of a tag that is there without a value', async () => {
  const condition = {
    StringEquals: {
      'secretsmanager:ResourceTag/environment': '$'.concat('{aws:PrincipalTag/environment}'),
    },
    Null: { 'aws:PrincipalTag/environment': 'true' },
  };
  const statement = {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: condition,
  };
  const document = { Version: '2012-10-17', Statement: [statement] };
  const role = { arn, documents: [document], tagKeys: ['ekssecret', 'environment'] };
  const { ours, solver: theirs, unconfirmed } = await opinionsOnAccess(role, solver);
  expect([ours, theirs, unconfirmed]).toEqual([['foreign', 'nothing'], ['foreign', 'nothing'], []]);
});

const arn = 'arn:aws:iam::123456789012:role/reader';
const policyCount = process.env.CI === 'true' ? 1000 : 20;

for (const tagKeys of tagKeySets) {
  it(`says the same as the proof of random policies about ${tagKeys.join(' and ')}`, async () => {
    const random = fc.sample(accessPolicies, { numRuns: policyCount, seed: tagKeys.length });
    const documents = [rightAccessPolicy(tagKeys), ...random];
    const verdicts = new Map<string, number>();
    const differences: string[] = [];
    for (const document of documents) {
      const role = { arn, documents: [document], tagKeys };
      const { ours, solver: theirs, unconfirmed } = await opinionsOnAccess(role, solver);
      const verdict = ours.join(' ');
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      if (verdict === theirs.join(' ') && unconfirmed.length === 0) continue;
      differences.push(JSON.stringify({ document, ours, theirs, unconfirmed }));
    }
    expect(differences).toEqual([]);
    // Right policies, wrong ones, and useless ones: without each of them the agreement would say little.
    expect([...verdicts.keys()]).toEqual(expect.arrayContaining(['', 'foreign', 'nothing']));
  }, 600_000);
}
