import { describe, expect, it } from 'vitest';
import { uncovered } from '../../src/proof/questions/fragment.ts';
import { policyOf } from './role-documents.ts';
import { document, reads, role } from './told.ts';

const statements = {
  identity: { Effect: 'Allow', Action: reads, Resource: '*' },
  trust: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `${role}/eso` } },
};

/** Why comparisons of a key are not covered. */
function why(kind: keyof typeof statements, key: string, values: string | readonly string[]): string[] {
  const policy = policyOf(
    document({ ...statements[kind], Condition: { StringEquals: { [key]: values } } }),
    kind,
  );
  return uncovered([policy]).map((one) => one.why);
}

const variable = (name: string) => '$'.concat(`{${name}}`);

describe('a comparison with a variable', () => {
  it.each([
    ['identity', 'aws:ResourceTag/team', 'aws:PrincipalTag/team'],
    ['identity', 'secretsmanager:ResourceTag/team', 'aws:PrincipalTag/Team'],
    ['identity', 'aws:PrincipalTag/team', 'aws:PrincipalTag/env'],
    ['trust', 'aws:RequestTag/team', 'aws:PrincipalTag/team'],
    ['trust', 'aws:RequestTag/team', "aws:RequestTag/env, 'none'"],
    ['trust', 'aws:PrincipalTag/team', 'aws:PrincipalTag/env'],
  ] as const)('is covered in the policy of kind %s: %s with %s', (kind, key, name) => {
    expect(why(kind, key, variable(name))).toEqual([]);
  });

  it.each([
    ['identity', 'aws:ResourceTag/team', 'aws:RequestedRegion'],
    ['identity', 'aws:ResourceTag/team', 'aws:SourceVpc'],
    ['identity', 'aws:ResourceTag/team', 'aws:ResourceAccount'],
    ['identity', 'aws:ResourceTag/team', 'aws:ResourceTag/env'],
    ['identity', 'aws:PrincipalTag/team', 'aws:RequestedRegion'],
    ['identity', 'aws:PrincipalTag/team', 'aws:PrincipalAccount'],
    ['identity', 'aws:PrincipalAccount', 'aws:PrincipalTag/team'],
    ['identity', 'aws:SourceVpc', "aws:PrincipalTag/team, 'all'"],
    ['identity', 'aws:RequestTag/team', 'aws:RequestTag/env'],
    ['trust', 'sts:ExternalId', 'aws:RequestTag/team'],
    ['trust', 'sts:ExternalId', 'aws:PrincipalTag/team'],
    ['trust', 'sts:RoleSessionName', 'aws:RequestTag/team'],
    ['trust', 'aws:RequestTag/team', 'sts:RoleSessionName'],
    ['trust', 'aws:PrincipalTag/team', 'aws:RequestTag/team'],
    ['trust', 'iam:ResourceTag/team', 'aws:PrincipalTag/team'],
    ['trust', 'aws:ResourceTag/team', 'aws:PrincipalTag/team'],
  ] as const)('is not covered in the policy of kind %s: %s with %s', (kind, key, name) => {
    const message = `"${key}" is compared with "${variable(name)}", and the proof covers tags alone that are compared so`;
    expect(why(kind, key, ['plain', variable(name)])).toEqual([message]);
  });
});
