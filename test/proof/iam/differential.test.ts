import { describe, expect, it } from 'vitest';
import type { Policies, Statement } from '../../../src/proof/iam/model.ts';
import { runs } from '../../support/run-compile.ts';
import { type Pair, Random, randomPair } from './random-pairs.ts';
import { shrink } from './shrink.ts';
import { decideOurs, decideTheirs, policiesOf } from './simulator.ts';

/** All of them in CI, where nobody waits; a share of them at home. */
const { numRuns, seed } = runs(process.env.CI === 'true' ? 205_000 : 6_000);

/**
 * Where the simulator and AWS's documentation differ. Each is a test of its own, with its source, in
 * conditions.test.ts and evaluate.test.ts.
 */
const knownDifferences: Readonly<Record<string, (pair: Pair, statements: readonly Statement[]) => boolean>> =
  {
    'a variable without value under a negated operator': ({ request: { context } }, statements) =>
      statements.some(({ conditions }) =>
        conditions.some(
          ({ operator, values }) =>
            operator.includes('Not') &&
            values.some(({ parts }) =>
              parts.some(
                (part) => part.type === 'variable' && !context.has(part.key) && part.fallback === undefined,
              ),
            ),
        ),
      ),
    'an empty value compared with itself': ({ request: { context } }, statements) =>
      statements.some(({ conditions }) =>
        conditions.some(
          ({ key, values }) =>
            context.get(key) === '' &&
            values.some(({ parts }) => parts.some((part) => part.type === 'variable' && part.key === key)),
        ),
      ),
    'an escaped character under an operator without wildcards': (_, statements) =>
      statements.some(({ conditions }) =>
        conditions.some(
          ({ operator, values }) =>
            /Equals/.test(operator) && values.some(({ source }) => /\$\{[*?$]\}/.test(source)),
        ),
      ),
  };

describe('the evaluator and @cloud-copilot/iam-simulate', () => {
  it(`decide ${numRuns} random pairs of policies and requests alike`, { timeout: 3_600_000 }, async () => {
    const random = new Random(seed);
    const counts = { allowed: 0, 'explicit-deny': 0, 'implicit-deny': 0, unknown: 0 };
    const explained: Record<string, number> = {};
    const unexplained: string[] = [];
    for (let i = 0; i < numRuns && unexplained.length < 5; i++) {
      const pair = randomPair(random);
      const ours = decideOurs(pair).reason;
      counts[ours] += 1;
      if (differs(pair, ours)) {
        const smallest = shrink(pair, (smaller) => differs(smaller));
        const reason = explanation(smallest);
        if (reason === undefined) unexplained.push(describePair(smallest));
        else explained[reason] = (explained[reason] ?? 0) + 1;
      }
      // The test runner takes a worker that does not answer for dead.
      if (i % 500 === 0) await new Promise(setImmediate);
    }
    console.log('random pairs:', counts, 'differences that AWS decides:', explained);
    expect(unexplained.join('\n')).toEqual('');
    const compared = counts.allowed + counts['explicit-deny'] + counts['implicit-deny'];
    expect(compared).toBeGreaterThan(numRuns * 0.98);
    expect(counts.allowed).toBeGreaterThan(numRuns * 0.25);
    expect(counts['explicit-deny']).toBeGreaterThan(numRuns * 0.1);
  });
});

/** Whether the two decide otherwise. Where AWS leaves open what applies, only whether the request is allowed counts. */
function differs(pair: Pair, ours = decideOurs(pair).reason): boolean {
  if (ours === 'unknown') return false;
  const theirs = decideTheirs(pair);
  return hasDoubt(pair) ? (ours === 'allowed') !== (theirs === 'allowed') : ours !== theirs;
}

/** Empty values, and `*` for principals from outside. */
function hasDoubt({ request: { context, principal } }: Pair): boolean {
  return 'account' in principal ? [...context.values()].includes('') : true;
}

function explanation(pair: Pair): string | undefined {
  const statements = statementsOf(policiesOf(pair));
  return Object.entries(knownDifferences).find(([, isIt]) => isIt(pair, statements))?.[0];
}

function statementsOf({ identity, boundary, resource, scps = [] }: Policies): Statement[] {
  const some = [boundary, resource].filter((policy) => policy !== undefined);
  return [...identity, ...some, ...scps.flat()].flatMap(({ statements }) => statements);
}

function describePair(pair: Pair): string {
  const { request, ...policies } = pair;
  const readable = { ...request, context: Object.fromEntries(request.context) };
  const { reason, missing } = decideOurs(pair);
  return `ours ${reason} ${missing ?? ''}, theirs ${decideTheirs(pair)}: ${JSON.stringify({ request: readable, ...policies })}`;
}
