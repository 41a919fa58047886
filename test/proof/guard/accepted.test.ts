import { expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { binding, guardOf, namespace, platformOf, policy } from './platform.ts';

/** What is said of a policy, by what the API server would not take, each with the line that it is said of. */
function refused(spec: Mapping) {
  const objects = [policy(spec), binding(), namespace()];
  const lines = platformOf(objects).text.split('\n');
  const begin = 'the API server refuses the policy: ';
  return guardOf(...objects).findings.flatMap(({ rule, message, allowed, location }) =>
    message.startsWith(begin)
      ? [[rule, lines[(location?.start.line ?? 0) - 1]?.trim(), message.slice(begin.length), allowed]]
      : [],
  );
}

const variable = (name: string, expression = 'true') => ({ name, expression });
const seeing = (...names: readonly string[]) => ({
  expression: names.map((name) => `variables.${name}`).join(' && '),
});

type Row = readonly [what: string, spec: Mapping, ...found: (readonly unknown[])[]];

/** Of a name that is none, or stands twice. */
const noName = (name: string, written = name) => [
  'proof-guard',
  `- name: ${written}`,
  `"${name}" is no name, or stands here twice`,
  'each name once',
];
const unseen = (at: string, what: string, seen: string) => [
  'proof-guard',
  at,
  `it does not see ${what}`,
  seen,
];
const noText = (at: string, why: string) => [
  'proof-guard',
  `messageExpression: ${at}`,
  `it may not know the expression: ${why}`,
  'CEL, to a text',
];

const rows: readonly Row[] = [
  ['names of variables', { variables: ['a', '_a', 'A1_b'].map((name) => variable(name)) }],
  ['a variable twice', { variables: ['a', 'b', 'a'].map((name) => variable(name)) }, noName('a')],
  ...['', '1a', 'a-b', 'a b', 'a/b'].map(
    (name): Row => [
      `"${name}" for a variable`,
      { variables: [variable(name)] },
      noName(name, name === '' ? "''" : name),
    ],
  ),
  [
    'names of conditions',
    { matchConditions: ['a', '1', 'a-b.c_d', 'a.b-c/D9', '0/0'].map((name) => variable(name)) },
  ],
  ['a condition twice', { matchConditions: ['a', 'a'].map((name) => variable(name)) }, noName('a')],
  ...['', '-a', 'a-', 'a b', '/a', 'a/', 'A/a', 'a/b/c'].map(
    (name): Row => [
      `"${name}" for a condition`,
      { matchConditions: [variable(name)] },
      noName(name, /^-|^$/.test(name) ? `'${name}'` : name),
    ],
  ),
  [
    'a condition and a variable of one name',
    { matchConditions: [variable('a')], variables: [variable('a')] },
  ],
  [
    'a variable in a condition',
    { matchConditions: [{ name: 'one', ...seeing('a') }], variables: [variable('a')] },
    unseen('- name: one', 'variables.a', 'none'),
  ],
  ['a variable above', { variables: [variable('a'), variable('b', 'variables.a')] }],
  [
    'a variable below',
    { variables: [variable('c'), variable('b', 'variables.a'), variable('a')] },
    unseen('- name: b', 'variables.a', 'c'),
  ],
  [
    'a variable in itself',
    { variables: [variable('a', 'has(variables.a.b)')] },
    unseen('- name: a', 'variables.a.b', 'none'),
  ],
  [
    'all variables at once',
    { variables: [variable('a')], validations: [{ expression: 'variables == null' }] },
    unseen('- expression: variables == null', 'variables', 'a'),
  ],
  [
    'variables in a validation',
    { variables: [variable('a'), variable('b')], validations: [seeing('a', 'b')] },
  ],
  [
    'one more in a validation',
    { variables: [variable('a'), variable('b')], validations: [seeing('a'), seeing('b', 'c')] },
    unseen('- expression: variables.b && variables.c', 'variables.c', 'a, b'),
  ],
  [
    'a message that asks the authorizer',
    {
      validations: [
        {
          expression: 'true',
          messageExpression: "authorizer.group('a').resource('b').check('c').allowed() ? 'a' : 'b'",
        },
      ],
    },
    unseen("- expression: 'true'", 'authorizer', 'the request'),
  ],
  ['who asks', { validations: [{ expression: 'has(request.userInfo)' }] }],
  ['something else of that name', { validations: [{ expression: 'object.variables.a == 1' }] }],
  ['nothing', { validations: [] }, ['proof-guard', 'spec:', 'it validates nothing', 'validations']],
  ...['object.a', "has(object.a) ? object.a : 'b' == ''", 'object.?a.orValue(true)'].map(
    (expression): Row => [
      `${expression}, which may be anything`,
      { validations: [{ expression }] },
      ['proof-guard', expect.stringContaining('expression: '), 'the expression comes to dyn', 'bool'],
    ],
  ),
  [
    'a variable in a message',
    {
      variables: [variable('a', "'a'")],
      validations: [{ expression: 'true', messageExpression: 'variables.a' }],
    },
  ],
  [
    'one more in a message',
    { validations: [{ expression: 'true', messageExpression: 'variables.b' }] },
    unseen("- expression: 'true'", 'variables.b', 'none'),
  ],
  [
    'a message that is none',
    { validations: [{ expression: 'true' }, { expression: 'true', messageExpression: "'a' +" }] },
    noText(`'''a'' +'`, 'Unexpected token: EOF'),
  ],
  [
    'a message of something that is not there',
    { validations: [{ expression: 'true', messageExpression: 'a' }] },
    noText('a', 'Unknown variable: a'),
  ],
  [
    'a condition in a validation',
    { matchConditions: [variable('a')], validations: [seeing('a')] },
    unseen('- expression: variables.a', 'variables.a', 'none'),
  ],
  [
    'all variables behind another validation',
    { validations: [{ expression: 'true' }, { expression: 'variables == null' }] },
    unseen('- expression: variables == null', 'variables', 'none'),
  ],
  ['no message', { validations: [{ expression: 'true', message: 'no' }] }],
];

it.each(rows.map(([what, spec, ...expected]) => ({ what, spec, expected })))(
  '$what',
  ({ spec, expected }) => {
    expect(refused(spec)).toEqual(expected);
  },
);
