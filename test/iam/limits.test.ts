import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/iam/limits.ts';
import { compileFiles } from '../support/run-compile.ts';
import { awsOf, input, type Policy } from './fleets.ts';

/** What the size of documents is reported as. */
function sizesOf(yaml: string) {
  const { findings } = compileFiles({ 'services.yaml': yaml });
  return findings
    .filter(({ rule }) => rule === 'policy-size')
    .map(({ severity, message, allowed, location }) => {
      const { line, column } = location?.start ?? {};
      return `${line}:${column} ${severity}: ${message}, allowed: ${allowed}`;
    });
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
      '5:5 warning: the policy of role "eso-secrets-access" would have 6834 characters, allowed: at most 6144 characters, as a managed policy; inline it fits',
    ]);
    expect(sizesOf(keys(130))).toEqual([
      '5:5 error: the policy of role "eso-secrets-access" would have 10734 characters, allowed: at most 10240 characters in the inline policies of a role',
    ]);
  });

  it('is an error at the clusters whose roles make a trust policy too large', () => {
    expect(sizesOf(clusters(30))).toEqual([]);
    expect(sizesOf(clusters(60))).toEqual([
      '5:1 warning: the trust policy of role "eso-secrets-access" would have 2883 characters, allowed: at most 2048 characters, unless you raise the quota "Role trust policy length"',
    ]);
    expect(sizesOf(clusters(200))).toEqual([
      '5:1 error: the trust policy of role "eso-secrets-access" would have 8763 characters, allowed: at most 8192 characters in a trust policy, by quota',
    ]);
  });

  it('is an error at the tags that make both too large', () => {
    const tags = (count: number) =>
      Array.from({ length: count }, (_, index) => `    ${'t'.repeat(100)}${index}: x\n`).join('');
    const found = (count: number) => sizesOf(input('', `abac:\n  tags:\n${tags(count)}`));
    expect(found(3)).toEqual([]);
    expect(found(40)).toEqual([
      '5:3 error: the policy of role "eso-secrets-access" would have 15861 characters, allowed: at most 10240 characters in the inline policies of a role',
      '5:3 error: the trust policy of role "eso-secrets-access" would have 9568 characters, allowed: at most 8192 characters in a trust policy, by quota',
    ]);
  });

  it('is an error at the administrators that make the guard too large', () => {
    // An account without secrets has no guard.
    const administrators = (count: number) =>
      input(
        `  administrators: [${Array.from({ length: count }, (_, index) => `role-${index}`.padEnd(60, 'x'))}]\n  controllerRole: arn:aws:iam::222222222222:role/eso\n`,
      );
    expect(sizesOf(administrators(20))).toEqual([]);
    expect(sizesOf(administrators(30))).toEqual([
      '4:3 error: the tag guard of account 111111111111 would have 6310 characters, allowed: at most 5120 characters in a service control policy',
    ]);
  });

  it('is an error at the tags that make the guard too large', () => {
    const rest = `abac:\n  tags:\n${Array.from({ length: 45 }, (_, index) => `    ${'t'.repeat(110)}${index}: x\n`).join('')}`;
    expect(sizesOf(input('  administrators: [a]\n', rest)).filter((text) => text.includes('guard'))).toEqual([
      '6:3 error: the tag guard of account 111111111111 would have 5903 characters, allowed: at most 5120 characters in a service control policy',
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
    const withAnother = `${chain(22)}`.replace(
      'clusters:\n',
      'clusters:\n  zz: { region: us-west-2, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/A }\n',
    );
    expect(sizesOf(withAnother).filter((text) => text.includes('session policy'))).toHaveLength(22);
    expect(found[0]).toMatch(
      /^7:77 error: the session policy of the operator in cluster "c+0" would have \d+ characters, allowed: at most 2048 characters in a session policy$/,
    );
  });
});
