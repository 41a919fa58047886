import { expect, it } from 'vitest';
import { valueTests } from '../../src/proof/cases/tests.ts';
import { CaseValues } from '../../src/proof/cases/values.ts';
import { callersOf } from '../../src/proof/questions/callers.ts';
import { policyOf, roleWith } from './role-documents.ts';
import { trusts } from './told.ts';

const home = '123456789012';
const away = '222222222222';
const beyond = '999999999999';
const anybody = { Principal: '*' };
const principal = (AWS: string) => ({ Principal: { AWS } });

/** Roles and users that a trust policy can tell apart, by what follows the partition, with their tags. */
function callers(conditions: object, parts: object, named: readonly string[] = []): string[] {
  const trust = policyOf(trusts(conditions, parts), 'trust');
  const role = roleWith({ arn: `arn:aws-cn:iam::${home}:role/access`, trust });
  return callersOf(role, named, valueTests([trust]), new CaseValues()).map((caller) => {
    const [, , type = '', , account, name = ''] = caller.arn.split(':');
    const tags = caller.tags?.map(({ key, value }) => ` ${key}=${value}`) ?? [];
    const session = caller.type === 'role' && caller.session ? ` as ${caller.session}` : '';
    expect([type, name.split('/')[0]]).toEqual(['iam', caller.type]);
    return `${account} ${name}${session}${tags.join()}`;
  });
}

const rolesAndUsers = (more: readonly string[], accounts = [home, beyond]) =>
  ['role', 'user'].flatMap((kind) => [
    ...accounts.map((account) => `${account} ${kind}/another`),
    ...more.map((one) => one.replace('/', `${kind}/`)),
  ]);

it.each([
  ['its own account', {}, principal(home), rolesAndUsers([])],
  ['another account', {}, principal(away), rolesAndUsers([`${away} /x`])],
  ['a service', {}, { Principal: { Service: 'pods.eks.amazonaws.com' } }, rolesAndUsers([])],
  [
    'a role',
    {},
    principal(`arn:aws-cn:iam::${home}:role/eso`),
    [...rolesAndUsers([]).slice(0, 2), `${home} role/eso`, ...rolesAndUsers([]).slice(2)],
  ],
  [
    'a user elsewhere',
    {},
    principal(`arn:aws-cn:iam::${away}:user/ann`),
    [...rolesAndUsers([`${away} /x`]), `${away} user/ann`],
  ],
  [
    'one session of a role elsewhere',
    {},
    principal(`arn:aws-cn:sts::${away}:assumed-role/eso/one`),
    [...rolesAndUsers([`${away} /x`]), `${away} role/eso as arn:aws-cn:sts::${away}:assumed-role/eso/one`],
  ],
  [
    'roles whose names begin alike',
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws-cn:iam::*:role/eso*' } },
    anybody,
    [
      ...rolesAndUsers([]).slice(0, 2),
      'xxxxxxxxxxxx role/eso',
      `${home} role/eso`,
      ...rolesAndUsers([]).slice(2),
    ],
  ],
  [
    'accounts whose numbers look alike',
    { StringLike: { 'aws:PrincipalAccount': '1*3' } },
    anybody,
    rolesAndUsers(['1xxxxxxxxxx3 /x']),
  ],
  [
    'an account, whatever its case',
    { StringEqualsIgnoreCase: { 'aws:PrincipalAccount': away } },
    anybody,
    rolesAndUsers([`${away} /x`]),
  ],
  [
    'tags',
    { StringEquals: { 'aws:PrincipalTag/Team': 'a', 'aws:PrincipalTag/env': 'b' } },
    principal(home),
    rolesAndUsers([]).flatMap((one) =>
      [' team=', ' team=a', ''].flatMap((team) =>
        [' env=', ' env=b', ''].map((env) => `${one}${[team, env].filter((tag) => tag !== '').join()}`),
      ),
    ),
  ],
  [
    'tags that are the same',
    { StringEquals: { 'aws:PrincipalTag/a': '$'.concat('{aws:PrincipalTag/b}'), 'aws:PrincipalTag/b': 'x' } },
    principal(home),
    rolesAndUsers([]).flatMap((one) =>
      [' a=', ' a=y', ' a=x', ''].flatMap((a) =>
        [' b=', ' b=y', ' b=x', ''].map((b) => `${one}${[a, b].filter((tag) => tag !== '').join()}`),
      ),
    ),
  ],
])('a trust policy for %s tells these callers apart', (_, conditions, parts, expected) => {
  expect(callers(conditions, parts)).toEqual(expected);
});

it('a caller of whom the question asks is looked at, whatever the policy says', () => {
  const named = [`arn:aws-cn:iam::${home}:role/eso`];
  expect(callers({}, principal(home), named)).toContain(`${home} role/eso`);
});
