import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { opinionsOnAccess } from './opinions.ts';
import { type Solver, startSolver } from './solver.ts';
import type { TrustRole } from './trust.ts';
import { opinionsOnTrust } from './trust-opinions.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

/** One tag, one account, one controller. */
const small: Omit<TrustRole, 'trust'> = {
  arn: 'arn:aws:iam::123456789012:role/eso-secrets-access',
  tagKeys: ['ekssecret'],
  callers: new Map([['arn:aws:iam::123456789012:role/eso-controller', new Map()]]),
};

/** The account of one environment in examples/platform, and its controllers. */
function platform(
  account: string,
  environment: string,
  controllers: readonly string[],
): Omit<TrustRole, 'trust'> {
  const claims = new Map([['environment', new Set([environment])]]);
  return {
    arn: `arn:aws:iam::${account}:role/platform/eso-secrets-access`,
    tagKeys: ['ekssecret', 'environment'],
    callers: new Map(controllers.map((name) => [`arn:aws:iam::${account}:role/${name}`, claims])),
    externalIds: ['platform-secrets'],
  };
}

/** What the inputs say, repeated here so that nothing is taken from the proof. */
const roles = [
  { dist: 'dist', question: small },
  { dist: 'examples/aws-blog/dist', question: small },
  {
    dist: 'examples/platform/dist',
    question: platform('111122223333', 'prod', ['platform/eso-controller']),
  },
  {
    dist: 'examples/platform/dist',
    question: platform('444455556666', 'staging', ['platform/eso-controller', 'eso-controller-staging-euw1']),
  },
];

it.each(roles)('has nothing against $question.arn of $dist', async ({ dist, question }) => {
  const folder = `${dist}/aws/${question.arn.split(':')[4]}/roles/eso-secrets-access`;
  const [policy, trust] = ['policy', 'trust'].map((kind) =>
    JSON.parse(readFileSync(`${folder}/${kind}.json`, 'utf8')),
  );
  const nothing = { ours: [], solver: [], unconfirmed: [] };
  expect(await opinionsOnAccess({ ...question, documents: [policy] }, solver)).toEqual(nothing);
  expect(await opinionsOnTrust({ ...question, trust }, solver)).toEqual(nothing);
});
