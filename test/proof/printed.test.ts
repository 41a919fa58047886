import { describe, expect, it } from 'vitest';
import { document, own, prove, reads, right, role, trusts, variable, when } from './told.ts';

const session = 'a session with team=payments';
const secret = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:example-a1B2c3';

describe('documents as the AWS command line prints them', () => {
  const encoded = (content: unknown) => encodeURIComponent(JSON.stringify(content));
  const places = ({ findings }: ReturnType<typeof prove>) =>
    findings.map(({ message, location }) => `${location?.start.column}: ${message}`);

  it('are found in each of their places', () => {
    for (const policy of [
      { PolicyDocument: document(when('StringLike', variable)) },
      { PolicyVersion: { VersionId: 'v1', Document: encoded(document(when('StringLike', variable))) } },
    ]) {
      expect(prove({ policy }).findings.map(({ rule }) => rule)).toEqual(['policy-unknown']);
    }
    for (const trust of [
      { AssumeRolePolicyDocument: trusts({}) },
      { Role: { AssumeRolePolicyDocument: trusts({}) } },
    ])
      expect(prove({ trust }).findings.map(({ rule }) => rule)).toEqual(['proof-trust', 'proof-trust']);
  });

  it('that are no documents are findings where the text stands', () => {
    expect(places(prove({ policy: { PolicyDocument: '%7B' } }))).toEqual([
      '19: not JSON: the text ends too early',
    ]);
    expect(places(prove({ policy: { PolicyDocument: '%zz' } }))).toEqual(['19: not JSON: unexpected "%zz"']);
    expect(places(prove({ policy: { PolicyDocument: encoded(document({ ...own, Effect: 'x' })) } }))).toEqual(
      ['19: "Effect" is "x"'],
    );
    expect(
      places(prove({ policy: { PolicyDocument: encoded(document({ ...own, Condition: {} })) } })),
    ).toEqual([`19: ${session} is allowed ${reads[0]} on ${secret} with team=shipping`]);
  });

  it('say which role it is, with its tags', () => {
    const Role = {
      Arn: 'arn:aws:iam::123456789012:role/team/reader',
      Tags: [
        { Key: 'Team', Value: 'x' },
        { Key: 'owner', Value: 'x' },
        { Key: 1, Value: 'x' },
        { Key: 'team' },
        { Value: 'x' },
      ],
      AssumeRolePolicyDocument: trusts({ ...right, StringLike: {} }),
    };
    expect(prove({ trust: { Role } }).findings.map(({ message }) => message)).toEqual([
      'the role itself has the tag "Team", which its sessions have without claiming it',
      `${role}/eso can assume ${Role.Arn} with team=""`,
    ]);
  });

  it('that name an account are about a role of it', () => {
    const Resource = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:*';
    const [finding] = prove({ policy: document({ ...own, Resource, Condition: {} }) }).findings;
    expect(finding?.message).toContain('on arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:');
    const [trust] = prove({ trust: trusts({}, { Principal: { AWS: '444455556666' } }) }).findings;
    expect(trust?.message).toMatch(/can assume arn:aws:iam::444455556666:role\/access-role /);
  });
});
