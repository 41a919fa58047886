import { expect, it } from 'vitest';
import type { Cluster, OperatorRole } from '../../src/proof/files/model.ts';
import { providerFindings } from '../../src/proof/prove/provider-findings.ts';
import { account, byToken, clusterOf, distOf, distRole, provider, roleArn, trust } from './small-dist.ts';

const without = clusterOf('without', []);
const by = (kind: OperatorRole['kind'], makesRole = false): OperatorRole =>
  clusterOf('one', [], { kind, makesRole }).operator ?? expect.fail();
const byPods = trust({ Service: 'pods.eks.amazonaws.com' });
const both = trust(
  { Federated: [provider('ONE'), provider('TWO')] },
  { Action: 'sts:AssumeRoleWithWebIdentity' },
);

/** One that lets pods in too. */
const mixed = trust(
  { Federated: provider('ONE'), Service: 'pods.eks.amazonaws.com' },
  { Action: 'sts:AssumeRoleWithWebIdentity' },
);

interface Case {
  readonly what: string;
  readonly trusts: NonNullable<Parameters<typeof distRole>[2]>;
  /** Of other roles, one each. */
  readonly others?: Case['trusts'][number][];
  readonly operators?: readonly OperatorRole[];
  readonly guessed?: readonly Cluster[];
  readonly found?: string;
}

const tooMany = (providers: number, clusters: number) =>
  `proof-trust: the trust policy names ${providers} identity providers, but ${clusters} clusters with providers use the role`;
const tooFew = (providers: number, clusters: number) =>
  `proof-denied: the trust policy names ${providers} identity providers, but the operators of ${clusters} clusters ask for the role`;

const ofTwo = `proof-trust: the trust policy names an identity provider that the one of ${roleArn('other-0')} names, too`;

const cases: readonly Case[] = [
  { what: 'none, of nobody', trusts: [byPods] },
  { what: 'one, of one', trusts: [byToken()], operators: [by('irsa')] },
  { what: 'one, of a cluster that is guessed', trusts: [byToken()], guessed: [without] },
  { what: 'one of each', trusts: [byToken(), byToken('TWO')], operators: [by('irsa')], guessed: [without] },
  { what: 'one, of nobody', trusts: [byToken()], found: tooMany(1, 0) },
  {
    what: 'one, of pods alone',
    trusts: [byPods, byToken()],
    operators: [by('podIdentity')],
    found: tooMany(1, 0),
  },
  { what: 'two, of one', trusts: [byToken(), byToken('TWO')], operators: [by('irsa')], found: tooMany(2, 1) },
  { what: 'two in one statement, of one', trusts: [both], operators: [by('irsa')], found: tooMany(2, 1) },
  { what: 'two in one statement, of two', trusts: [both], operators: [by('irsa'), by('irsa')] },
  { what: 'one twice, of one', trusts: [byToken(), byToken()], operators: [by('irsa')] },
  {
    what: 'one twice, of two that may be one',
    trusts: [byToken(), byToken()],
    operators: [by('irsa'), by('irsa')],
  },
  { what: 'one twice beside pods, of two', trusts: [mixed, mixed], operators: [by('irsa'), by('irsa')] },
  { what: 'one, of two', trusts: [byToken()], operators: [by('irsa'), by('irsa')], found: tooFew(1, 2) },
  {
    what: 'one beside pods, of two',
    trusts: [byPods, byToken()],
    operators: [by('irsa'), by('irsa')],
    found: tooFew(1, 2),
  },
  {
    what: 'one, of two of which a file makes one',
    trusts: [byToken()],
    operators: [by('irsa', true), by('irsa')],
  },
  {
    what: 'one of each of two roles',
    trusts: [byToken()],
    others: [byPods, byToken('TWO')],
    operators: [by('irsa')],
  },
  {
    what: 'one of two roles',
    trusts: [byToken()],
    others: [byToken()],
    operators: [by('irsa')],
    found: ofTwo,
  },
  {
    what: 'one of two roles, registered in another account for one of them',
    trusts: [byToken()],
    others: [
      trust(
        { Federated: provider('ONE').replace(account, '222222222222') },
        { Action: 'sts:AssumeRoleWithWebIdentity' },
      ),
    ],
    operators: [by('irsa')],
    found: ofTwo,
  },
  { what: 'none, of one', trusts: [byPods], operators: [by('irsa')], found: tooFew(0, 1) },
  { what: 'none, of one that a file makes', trusts: [byPods], operators: [by('irsa', true)] },
];

it.each(cases)('$what', ({ trusts, others = [], operators = [], guessed = [], found }) => {
  const role = roleArn('eso');
  const one = distRole(role, [], trusts);
  const of =
    <Found>(all: readonly Found[]) =>
    (arn: string) =>
      arn === role ? [...all] : [];
  const use = { operatorsOf: of(operators), guessedClustersOf: of(guessed) };
  const roles = [one, ...others.map((trust, index) => distRole(roleArn(`other-${index}`), [], [trust]))];
  const findings = providerFindings(one, use, distOf({ roles }));
  expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual(found ? [found] : []);
  for (const { severity, allowed, location } of findings)
    expect([severity, allowed, location]).toEqual([
      'error',
      'one provider for each cluster',
      one.role.trust.location,
    ]);
});
