import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { changed, type JsonObject, statement } from './attacks/change.ts';
import { filesOf, fleets } from './fleets.ts';

const tree = new Map(filesOf(fleets.pinned ?? '').map(({ path, text }) => [path, text]));
const role = 'arn:aws:iam::123456789012:role/eso-controller-prod-eu';
const trust = 'aws/123456789012/roles/eso-controller-prod-eu/trust.json';
const pods = (account: string, region: string, cluster: string) =>
  `EKS Pod Identity for arn:aws:eks:${region}:${account}:cluster/${cluster}`;

/** What is said of the trust policy of a role of pods, under other conditions. */
function said(Condition: JsonObject): string[] {
  const files = changed(tree, statement(trust, 'AssumeByPodIdentity', { Condition }));
  const { findings } = proveDist([...files].map(([path, text]) => ({ path, text })));
  return findings
    .filter(({ location }) => location?.file === trust)
    .map(({ rule, message }) => `${rule}: ${message}`);
}

const sourceArn = (arn: string) => ({ 'aws:SourceArn': arn });

const cases: readonly {
  readonly what: string;
  readonly condition: JsonObject;
  readonly found: readonly string[];
}[] = [
  { what: 'its own', condition: {}, found: [] },
  {
    what: 'every cluster',
    condition: { StringEquals: null, ArnEquals: null },
    found: [`proof-trust: ${pods('123456789012', 'us-west-2', 'another')} can assume ${role} with no tags`],
  },
  {
    what: 'every cluster of the account',
    condition: { ArnEquals: null },
    found: [`proof-trust: ${pods('123456789012', 'us-west-2', 'another')} can assume ${role} with no tags`],
  },
  {
    what: 'clusters of its name in every region',
    condition: { ArnEquals: null, ArnLike: sourceArn('arn:aws:eks:*:123456789012:cluster/prod-eu') },
    found: [
      expect.stringMatching(
        /^proof-trust: EKS Pod Identity for arn:aws:eks:[^:]+:123456789012:cluster\/prod-eu can assume/,
      ),
    ],
  },
  {
    what: 'another cluster',
    condition: { ArnEquals: sourceArn('arn:aws:eks:eu-west-1:123456789012:cluster/other') },
    found: [
      expect.stringContaining(`${pods('123456789012', 'eu-west-1', 'other')} can assume ${role}`),
      `proof-denied: nobody can assume ${role}, ${pods('123456789012', 'eu-west-1', 'prod-eu')} with no tags neither`,
    ],
  },
  {
    what: 'another account',
    condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
    found: [
      `proof-denied: nobody can assume ${role}, ${pods('123456789012', 'eu-west-1', 'prod-eu')} with no tags neither`,
    ],
  },
];

it.each(cases)('a role of pods that trusts $what', ({ condition, found }) => {
  expect(said(condition)).toEqual(found);
});
