import { describe, expect, it } from 'vitest';
import { valueTests } from '../../src/proof/cases/tests.ts';
import { CaseValues } from '../../src/proof/cases/values.ts';
import { policiesFor } from '../../src/proof/questions/secrets.ts';
import { tagPairs } from '../../src/proof/questions/tag-pairs.ts';
import { own, reads, roleOf, tagOf, variable, when, words } from './told.ts';

const account = '123456789012';

describe('the pairs of tags that a policy can tell apart', () => {
  const cases: readonly (readonly [
    what: string,
    statement: object,
    tagKeys: string[],
    ...pairs: string[],
  ])[] = [
    [
      'equal',
      own,
      ['team'],
      'team=payments > team=shipping',
      'team=payments > team=payments',
      ' > ',
      'team= > team=',
    ],
    [
      'in upper case',
      own,
      ['Team'],
      'Team=payments > Team=shipping',
      'Team=payments > Team=payments',
      ' > ',
      'Team= > Team=',
    ],
    [
      'a value of the secret',
      when('StringEquals', 'search'),
      ['team'],
      ...['team=payments > team=shipping', 'team=payments > team=search', 'team=payments > team=payments'],
      ...['team=search > team=search', ' > ', 'team= > team='],
    ],
    [
      'values that begin alike',
      when('StringLike', 'pay*'),
      ['team'],
      ...['team=payments > team=shipping', 'team=payments > team=pay', 'team=payments > team=payments'],
      ...['team=orders > team=orders', ' > ', 'team= > team='],
    ],
    [
      'a value of the session',
      {
        ...own,
        Condition: { StringEquals: { 'aws:ResourceTag/team': variable, 'aws:PrincipalTag/team': 'a' } },
      },
      ['team'],
      ...[
        'team=payments > team=shipping',
        'team=payments > team=payments',
        'team=a > team=a',
        ' > ',
        'team= > team=',
      ],
    ],
    [
      'a default',
      when('StringEquals', '$'.concat("{aws:PrincipalTag/team, 'all'}")),
      ['team'],
      ...['team=payments > team=shipping', 'team=payments > team=payments', ' > team=all', ' > '],
      ...['team= > team=all', 'team= > team='],
    ],
    [
      'a variable in the resource',
      { ...own, Resource: `arn:aws:secretsmanager:*:*:secret:${variable}/*` },
      ['team'],
      ...['team=payments > team=shipping', 'team=payments > team=payments', ' > team=shipping', ' > '],
      ...['team= > team=shipping', 'team= > team='],
    ],
    [
      'a value that may count as none',
      when('ForAllValues:StringEquals', variable),
      ['team'],
      ...['team=payments > team=shipping', 'team=payments > team=payments', 'team=payments > '],
      ...['team=payments > team=', ' > ', 'team= > team='],
    ],
    [
      'a further tag',
      { ...own, Condition: { StringEquals: { 'aws:ResourceTag/team': variable, 'aws:ResourceTag/x': 'y' } } },
      ['team'],
      ...[
        'team=payments,x=payments > team=shipping,x=shipping',
        'team=payments,x=payments > team=shipping,x=payments',
      ],
      ...['team=payments > team=shipping', 'team=payments,x= > team=shipping,x='],
      ...[
        'team=payments,x=payments > team=payments,x=shipping',
        'team=payments,x=payments > team=payments,x=y',
      ],
      ...['team=payments,x=payments > team=payments,x=payments', 'team=payments,x=y > team=payments,x=y'],
      ...['team=payments > team=payments', 'team=payments,x= > team=payments,x='],
      ...['x=payments > x=shipping', 'x=payments > x=payments', ' > ', 'x= > x='],
      ...[
        'team=,x=payments > team=,x=shipping',
        'team=,x=payments > team=,x=y',
        'team=,x=payments > team=,x=payments',
      ],
      ...['team=,x=y > team=,x=y', 'team= > team=', 'team=,x= > team=,x='],
    ],
    [
      'another tag of the session',
      when('StringEquals', tagOf('env')),
      ['team'],
      ...[
        'payments,env=payments > team=shipping,env=shipping',
        'payments,env=payments > team=shipping,env=payments',
      ],
      ...[
        'payments,env=payments > team=payments,env=shipping',
        'payments,env=payments > team=payments,env=payments',
      ],
      ...['payments,env=orders > team=orders,env=shipping', 'payments,env=orders > team=orders,env=orders'],
      ...[
        'payments,env=orders > team=payments,env=shipping',
        'payments,env=orders > team=payments,env=orders',
      ],
      ...['payments > team=shipping', 'payments > team=payments', 'payments,env= > team=shipping,env='],
      ...[
        'payments,env= > team=payments,env=',
        'payments,env= > team=,env=shipping',
        'payments,env= > team=,env=',
      ],
      ...['env=payments > env=shipping', 'env=payments > env=payments', ' > ', 'env= > env='],
      ...[',env=payments > team=,env=shipping', ',env=payments > team=,env=payments', ' > team='],
      ...[',env= > team=,env=shipping', ',env= > team=,env='],
    ],
  ];
  it.each(cases.map(([what, statement, tagKeys, ...pairs]) => ({ what, statement, tagKeys, pairs })))(
    '$what',
    ({ what, statement, tagKeys, pairs }) => {
      const role = roleOf(statement);
      const policies = policiesFor(role);
      const arn = `arn:aws:secretsmanager:us-west-2:${account}:secret:x`;
      const question = { role, policies, tests: valueTests(policies), tagKeys, action: reads[0] ?? '', arn };
      const found = tagPairs(question, new CaseValues());
      const said = found.map(({ session, resource }) => `${words(session)} > ${words(resource)}`);
      const short = what.startsWith('another');
      expect(short ? said.map((one) => one.replace(/^team=/, '')) : said).toEqual(pairs);
    },
  );
});
