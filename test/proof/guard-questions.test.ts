import { describe, expect, it } from 'vitest';
import { administratorsIn, askAboutGuard } from '../../src/proof/questions/guard.ts';
import { policyOf } from './role-documents.ts';
import { document } from './told.ts';

const account = '123456789012';
const admin = `arn:aws:iam::${account}:role/admin`;
const spared = { ArnNotEquals: { 'aws:PrincipalArn': admin } };
const ofKeys = { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': ['ekssecret', 'env'] } };
const secrets = `arn:aws:secretsmanager:*:${account}:secret:*`;

const denies = (Sid: string, Action: readonly string[], Condition: object, Resource = secrets) => ({
  Sid,
  Effect: 'Deny',
  Action,
  Resource,
  Condition: { ...spared, ...Condition },
});
const tagging = ['CreateSecret', 'TagResource', 'UntagResource'].map((one) => `secretsmanager:${one}`);
const tags = (Condition: object, Action = tagging) => denies('Tags', Action, { ...ofKeys, ...Condition });
const policies = (Condition: object) =>
  denies('Policies', ['secretsmanager:PutResourcePolicy'], {
    Null: { 'secretsmanager:ResourceTag/ekssecret': 'false' },
    ...Condition,
  });
const keys = [
  denies('Keys', ['kms:TagResource', 'kms:UntagResource'], ofKeys, `arn:aws:kms:*:${account}:key/*`),
  denies('NewKeys', ['kms:CreateKey'], ofKeys, '*'),
];

function ask(statements: readonly object[], kmsByTag = false, tagKeys = ['ekssecret', 'env']) {
  const guard = policyOf(document(...statements), 'scp');
  return askAboutGuard({ guard, account, partition: 'aws', tagKeys, kmsByTag });
}

/** Who may do what with which tags in spite of a guard. */
function unguarded(statements: readonly object[], kmsByTag = false): string[] {
  return ask(statements, kmsByTag).unguarded.map(({ principal, action, tagKeys }) => {
    const [, , , , of, who] = principal.split(':');
    return [of === account ? who : principal, action, ...tagKeys].join(' ');
  });
}

const each = (who: string, ...sets: string[]) =>
  ['TagResource', 'UntagResource', 'CreateSecret'].map((one, index) =>
    [who, `secretsmanager:${one}`, sets[index] ?? sets[0] ?? 'ekssecret'].join(' '),
  );
const onSecrets = (who: string) => `${who} secretsmanager:PutResourcePolicy`;
const same = '$'.concat('{aws:PrincipalTag/team}');

describe('a guard that spares', () => {
  const cases: readonly (readonly [what: string, statements: readonly object[], ...unguarded: string[]])[] = [
    ['the administrators alone', [tags({}), policies({})]],
    ['everybody', [{ ...tags({}), Effect: 'Allow' }], ...each('role/another'), onSecrets('role/another')],
    ['whoever removes tags', [tags({}, tagging.slice(0, 2)), policies({})], each('role/another')[1] ?? ''],
    ['whoever gives policies', [tags({})], onSecrets('role/another')],
    [
      'administrators whose names begin alike',
      [tags({ ArnNotEquals: {}, ArnNotLike: { 'aws:PrincipalArn': `${admin}*` } }), policies({})],
      ...each('role/adminx'),
    ],
    [
      'users',
      [tags({ StringNotEquals: { 'aws:PrincipalType': 'User' } }), policies({})],
      ...each('user/another'),
    ],
    [
      'sessions of users',
      [
        tags({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:sts::*:federated-user/*' } }),
        policies({ StringNotEquals: { 'aws:PrincipalType': 'FederatedUser' } }),
      ],
      ...each('federated-user/another'),
      onSecrets('federated-user/another'),
    ],
    [
      'root users',
      [
        tags({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } }),
        policies({ StringEquals: { 'aws:PrincipalType': ['AssumedRole', 'FederatedUser', 'User'] } }),
      ],
      ...each('root'),
      onSecrets('root'),
    ],
    [
      'whoever is of a team',
      [tags({ StringNotEquals: { 'aws:PrincipalTag/team': 'platform' } }), policies({})],
      ...each('role/another'),
    ],
    [
      'whoever has a tag, with policies',
      [tags({}), policies({ StringNotEquals: { 'aws:PrincipalTag/team': 'platform' } })],
      onSecrets('role/another'),
    ],
    [
      'a value of a tag',
      [tags({ StringNotEquals: { 'aws:RequestTag/ekssecret': 'payments' } }), policies({})],
      ...each('role/another').filter((one) => !one.includes('Untag')),
    ],
    [
      'the value of their own',
      [tags({ StringNotEquals: { 'aws:RequestTag/ekssecret': same } }), policies({})],
      ...each('role/another').filter((one) => !one.includes('Untag')),
    ],
    [
      'requests with a further tag',
      [tags({ StringNotEquals: { 'aws:RequestTag/ticket': 'yes' } }), policies({})],
      ...each('role/another', 'ekssecret ticket').filter((one) => !one.includes('Untag')),
    ],
    [
      'requests with a further key',
      [
        {
          ...tags({}),
          Condition: { ...tags({}).Condition, 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'ticket' } },
        },
        policies({}),
      ],
      ...each('role/another', 'ekssecret ticket'),
    ],
    [
      'secrets with a tag',
      [tags({ StringNotEquals: { 'aws:ResourceTag/open': 'yes' } }), policies({})],
      ...each('role/another').slice(0, 2),
    ],
    [
      'secrets without a tag',
      [tags({ Null: { 'secretsmanager:ResourceTag/closed': 'false' } }), policies({})],
      ...each('role/another'),
    ],
    [
      'secrets without the tag itself, which anybody may then give to them',
      [tags({ Null: { 'aws:ResourceTag/ekssecret': 'false' } }), policies({})],
      ...each('role/another'),
    ],
    [
      'a value of a tag, whatever it says of others',
      [
        tags({ StringNotEquals: { 'aws:RequestTag/ekssecret': 'search' } }),
        policies({}),
        denies('Open', tagging, { StringEquals: { 'aws:ResourceTag/open': 'yes' } }),
      ],
      ...each('role/another').filter((one) => !one.includes('Untag')),
    ],
    [
      'the policies of secrets without a further tag',
      [tags({}), policies({ StringLike: { 'aws:ResourceTag/closed': '*' } })],
      onSecrets('role/another'),
    ],
    [
      'the policies of secrets of one service',
      [tags({}), policies({ StringNotEquals: { 'aws:ResourceTag/ekssecret': 'search' } })],
      onSecrets('role/another'),
    ],
    [
      'the policies of secrets with a further tag',
      [tags({}), policies({ StringNotEquals: { 'secretsmanager:ResourceTag/open': 'yes' } })],
      onSecrets('role/another'),
    ],
    [
      'keys in upper case',
      [
        {
          ...tags({}),
          Condition: { ...spared, 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['ekssecret', 'env'] } },
        },
        policies({}),
      ],
      ...each('role/another', 'EKSSECRET'),
    ],
    [
      'a second tag',
      [
        {
          ...tags({}),
          Condition: {
            ...spared,
            'ForAllValues:StringEqualsIgnoreCase': { 'aws:TagKeys': ['ekssecret', 'env'] },
          },
        },
        policies({}),
      ],
      ...each('role/another', 'ekssecret another-tag'),
    ],
    [
      'requests from a network',
      [tags({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }), policies({})],
      ...each('role/another'),
    ],
    [
      'other regions',
      [{ ...tags({}), Resource: `arn:aws:secretsmanager:us-west-2:${account}:secret:*` }, policies({})],
      ...each('role/another'),
    ],
  ];
  it.each(cases.map(([what, statements, ...expected]) => ({ what, statements, expected })))(
    '$what',
    ({ statements, expected }) => {
      expect(unguarded(statements)).toEqual(expected);
    },
  );
});

it('keys are guarded where they are chosen by their tags', () => {
  const onKeys = ['kms:TagResource', 'kms:UntagResource', 'kms:CreateKey'];
  const all = [tags({}), policies({})];
  expect(unguarded(all)).toEqual([]);
  expect(unguarded([...all, ...keys], true)).toEqual([]);
  expect(unguarded(all, true)).toEqual(onKeys.map((one) => `role/another ${one} ekssecret`));
  const newKeys = (Condition: object, Resource: string) =>
    unguarded([...all, ...keys.slice(0, 1), denies('New', ['kms:CreateKey'], Condition, Resource)], true);
  expect(newKeys(ofKeys, '*')).toEqual([]);
  const open = ['role/another kms:CreateKey ekssecret'];
  expect(newKeys(ofKeys, `arn:aws:kms:*:${account}:*`)).toEqual(open);
  expect(newKeys({ ...ofKeys, StringEquals: { 'aws:RequestedRegion': 'us-west-2' } }, '*')).toEqual(open);
});

it('a key is written in every way that a guard tells from others', () => {
  const keysBut = (...known: string[]) => {
    const spellings = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': known } };
    const { unguarded } = ask([denies('Tags', tagging, spellings), policies({})], false, ['Team']);
    return unguarded[0]?.tagKeys;
  };
  expect(keysBut('Team')).toEqual(['TEAM']);
  expect(keysBut('Team', 'TEAM')).toEqual(['TEAm']);
  expect(keysBut('Team', 'TEAM', 'team')).toEqual(['TEAm']);
});

describe('tags that lift a guard together', () => {
  const but = (Sid: string, Condition: object) => denies(Sid, tagging, { ...ofKeys, ...Condition });
  const onlyWith = (key: string) => ({ 'ForAllValues:StringNotEqualsIgnoreCase': { 'aws:TagKeys': key } });
  const tagKeysOf = (...statements: object[]) => {
    const { unguarded } = ask([...statements, policies({})]);
    return unguarded.map(({ action, tagKeys }) => `${action.split(':')[1]} ${tagKeys.join()}`);
  };
  it('both of those that decide', () => {
    const found = tagKeysOf(but('One', onlyWith('ekssecret')), but('Two', onlyWith('env')));
    expect(found).toEqual(
      ['TagResource', 'UntagResource', 'CreateSecret'].map((one) => `${one} ekssecret,env`),
    );
  });
  it('two others', () => {
    const unless = (key: string) => ({ StringNotEquals: { [`aws:RequestTag/${key}`]: 'yes' } });
    const found = tagKeysOf(but('One', unless('a')), but('Two', unless('b')));
    expect(found).toEqual(['TagResource', 'CreateSecret'].map((one) => `${one} ekssecret,a,b`));
  });
  it('one key in two spellings', () => {
    const unless = (key: string) => ({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': key } });
    const found = tagKeysOf(but('One', unless('Env')), but('Two', unless('eNV')));
    expect(found[0]).toBe('TagResource Env,eNV');
  });
});

it('whoever is let through is allowed it, as far as the guard is concerned', () => {
  const { unguarded } = ask([tags({})]);
  expect(unguarded.map(({ decision }) => decision.reason)).toEqual(['allowed']);
});

it('asks for each caller and change, with a tag alone and beside another', () => {
  // Roles but for the administrator, users and their sessions, in this account and in others.
  const callers = 3 - 1 + 2 + 2 + 2;
  const sets = 2;
  expect(ask([tags({}), policies({})]).cases).toBe(callers * (3 * sets + 1));
  expect(ask([tags({}), policies({}), ...keys], true).cases).toBe(callers * (3 * sets + 1 + 3 * sets));
});

it('administrators are those that a guard names without a wildcard', () => {
  const guard = policyOf(
    document(
      denies('One', tagging, { ArnNotEquals: { 'aws:PrincipalArn': [admin, `${admin}/*`] } }),
      denies('Two', tagging, {
        ArnNotEquals: {},
        StringNotEquals: { 'aws:PrincipalArn': [`${admin}2`, 'none'] },
      }),
      denies('Three', tagging, { ArnNotEquals: {}, ArnEquals: { 'aws:PrincipalArn': `${admin}3` } }),
      denies('Four', tagging, { ArnNotEquals: {}, StringNotEquals: { 'aws:PrincipalAccount': account } }),
      denies('Five', tagging, { ArnNotEquals: {}, StringNotEquals: { 'aws:SourceArn': `${admin}4` } }),
    ),
    'scp',
  );
  expect([...administratorsIn(guard)]).toEqual([admin, `${admin}2`]);
});
