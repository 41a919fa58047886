import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/iam/limits.ts';
import { compileFiles } from '../support/run-compile.ts';
import { awsOf, input, type Policy } from './fleets.ts';

/** What the size of documents is reported as. */
function sizesOf(yaml: string) {
  const { findings } = compileFiles({ 'services.yaml': yaml });
  return findings
    .filter(({ rule }) => rule === 'policy-size')
    .map(({ severity, message, location }) => `${location?.start.line} ${severity}: ${message}`);
}

const keys = (count: number) =>
  input(
    `  kms:\n    keys:\n${Array.from({ length: count }, (_, index) => `      - arn:aws:kms:us-west-2:111111111111:key/${String(index).padStart(36, '0')}\n`).join('')}`,
  );

const clusters = (count: number) => {
  const block = Array.from(
    { length: count },
    (_, index) => `  c${String(index).padStart(3, '0')}: { region: us-west-2, podIdentity: true }\n`,
  );
  return input('  controllerRole: eso-{cluster.name}\n', `clusters:\n${block.join('')}`);
};

describe('a document that AWS would refuse', () => {
  it('is measured without white space', () => {
    const policy = awsOf(input()).get('111111111111/roles/eso-controller/policy.json') as unknown as Policy;
    expect(sizeOf(policy as unknown as Parameters<typeof sizeOf>[0])).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"AssumeAccessRole","Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":["arn:aws:iam::111111111111:role/eso-secrets-access"]}]}'
        .length,
    );
  });

  it('is an error at the keys that make an access policy too large', () => {
    expect(sizesOf(keys(30))).toEqual([]);
    expect(sizesOf(keys(80))).toEqual([
      '5 warning: the policy of role "eso-secrets-access" would have 6834 characters',
    ]);
    expect(sizesOf(keys(130))).toEqual([
      '5 error: the policy of role "eso-secrets-access" would have 10734 characters',
    ]);
  });

  it('is an error at the clusters whose roles make a trust policy too large', () => {
    expect(sizesOf(clusters(30))).toEqual([]);
    expect(sizesOf(clusters(60))).toEqual([
      '5 warning: the trust policy of role "eso-secrets-access" would have 2883 characters',
    ]);
    expect(sizesOf(clusters(200))).toEqual([
      '5 error: the trust policy of role "eso-secrets-access" would have 8763 characters',
    ]);
  });

  it('is an error at the administrators that make the guard too large', () => {
    const administrators = (count: number) =>
      input(
        `  administrators: [${Array.from({ length: count }, (_, index) => `role-${index}`.padEnd(60, 'x'))}]\n`,
      );
    expect(sizesOf(administrators(20))).toEqual([]);
    expect(sizesOf(administrators(30))).toEqual([
      '4 error: the tag guard of account 111111111111 would have 6310 characters',
    ]);
  });

  it('is an error at the cluster whose session policy is too large', () => {
    const chain = (count: number) =>
      input(
        '  controllerRole: eso\n  roleChain: ["hop-{cluster.name}"]\n',
        `clusters:\n${Array.from({ length: count }, (_, index) => `  ${'c'.repeat(50)}${index}: { region: us-west-2, podIdentity: true }\n`).join('')}`,
      );
    expect(sizesOf(chain(15))).toEqual([]);
    const found = sizesOf(chain(22)).filter((text) => text.includes('session policy'));
    expect(found).toHaveLength(22);
    expect(found[0]).toMatch(
      /^7 error: the session policy of the operator in cluster "c+0" would have \d+ characters$/,
    );
  });
});
