import fc from 'fast-check';

/** Tags that decide in random policies: one, or two. */
export const tagKeySets: readonly (readonly string[])[] = [['ekssecret'], ['ekssecret', 'environment']];

/** `${…}`, which a text of this language cannot hold without looking like a mistake. */
const variable = (inner: string) => '$'.concat(`{${inner}}`);

const plain = fc.constantFrom('*', '?*', 's*', 's?c', variable('*'), 'svc', 'Svc', 'prod', '');

/** The proof judges variables only where they are the whole text of StringEquals or StringNotEquals. */
const whole = fc.constantFrom(
  variable('aws:PrincipalTag/ekssecret'),
  variable('aws:principaltag/EKSSecret'),
  variable("aws:PrincipalTag/ekssecret, 'none'"),
  variable('aws:PrincipalTag/environment'),
  variable("aws:PrincipalTag/other, 'svc'"),
  variable('aws:PrincipalTag/other'),
  'svc',
  's*',
);

/** Mostly what a right policy says, so that not every random one is wrong at first sight. */
const rightTag = fc
  .constantFrom('ekssecret', 'environment')
  .map((key): [string, string, string] => [
    'StringEquals',
    `secretsmanager:ResourceTag/${key}`,
    variable(`aws:PrincipalTag/${key}`),
  ]);

const keys = fc.constantFrom(
  'secretsmanager:ResourceTag/ekssecret',
  'secretsmanager:ResourceTag/ekssecret',
  'secretsmanager:resourcetag/EKSSECRET',
  'aws:ResourceTag/ekssecret',
  'secretsmanager:ResourceTag/environment',
  'secretsmanager:ResourceTag/owner',
  'aws:PrincipalTag/ekssecret',
  'aws:PrincipalTag/environment',
  'aws:PrincipalTag/other',
);

const equality = fc.tuple(
  fc.constantFrom('StringEquals', 'StringNotEquals', 'StringEqualsIfExists', 'StringNotEqualsIfExists'),
  keys,
  whole,
);

const likeness = fc.tuple(
  fc.constantFrom(
    'StringLike',
    'StringNotLike',
    'StringLikeIfExists',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'ForAllValues:StringLike',
    'ForAnyValue:StringLike',
    'ForAllValues:StringEquals',
  ),
  keys,
  plain,
);

const presence = fc.tuple(fc.constant('Null'), keys, fc.constantFrom('true', 'false'));

const place = fc.constantFrom<[string, string, string]>(
  ['StringEquals', 'aws:RequestedRegion', 'us-west-2'],
  ['StringNotEquals', 'aws:RequestedRegion', 'us-west-2'],
  ['StringEquals', 'aws:ResourceAccount', '123456789012'],
  ['Bool', 'aws:SecureTransport', 'true'],
  ['Bool', 'aws:SecureTransport', 'false'],
  ['BoolIfExists', 'aws:SecureTransport', 'true'],
);

const condition: fc.Arbitrary<[string, string, string]> = fc.oneof(
  { arbitrary: rightTag, weight: 6 },
  { arbitrary: equality, weight: 3 },
  { arbitrary: likeness, weight: 2 },
  { arbitrary: presence, weight: 2 },
  { arbitrary: place, weight: 1 },
);

/** Conditions of one statement. Of two for the same operator and key, the values are alternatives. */
const conditions = fc.array(condition, { minLength: 0, maxLength: 3 }).map((list) => {
  const block: Record<string, Record<string, string[]>> = {};
  for (const [operator, key, value] of list) {
    const byKey = block[operator] ?? {};
    block[operator] = byKey;
    const same = Object.keys(byKey).find((other) => other.toLowerCase() === key.toLowerCase()) ?? key;
    byKey[same] = [...new Set([...(byKey[same] ?? []), value])];
  }
  return block;
});

const everywhere = 'arn:aws:secretsmanager:*:123456789012:secret:*';
const resources = fc.constantFrom(
  { Resource: everywhere },
  { Resource: everywhere },
  { Resource: '*' },
  { Resource: 'arn:aws:secretsmanager:us-west-2:123456789012:secret:*' },
  {
    Resource: [
      'arn:aws:secretsmanager:us-west-2:123456789012:secret:*',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:*',
    ],
  },
  { Resource: 'arn:aws:secretsmanager:*:123456789012:secret:prod/a?b*' },
  { Resource: 'arn:aws:secretsmanager:us-west-2:210987654321:secret:*' },
  { NotResource: 'arn:aws:secretsmanager:us-west-2:123456789012:secret:*' },
);

const actions = fc.constantFrom(
  { Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'] },
  { Action: 'secretsmanager:GetSecretValue' },
  { Action: 'SecretsManager:getsecretvalue' },
  { Action: 'secretsmanager:Get*' },
  { Action: 'secretsmanager:*' },
  { Action: 'secretsmanager:DescribeSecret' },
  { NotAction: 'secretsmanager:PutSecretValue' },
);

const statement = fc
  .tuple(fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'), actions, resources, conditions)
  .map(([effect, action, resource, block]) => ({
    Effect: effect,
    ...action,
    ...resource,
    ...(Object.keys(block).length > 0 && { Condition: block }),
  }));

/** Identity policies about secrets, right ones and wrong ones. */
export const accessPolicies = fc
  .array(statement, { minLength: 1, maxLength: 2 })
  .map((statements) => ({ Version: '2012-10-17', Statement: statements }));

/** The policy that all others are compared with: all tags in one condition block. */
export function rightAccessPolicy(tagKeys: readonly string[]): object {
  const sameTags = tagKeys.map((key) => [
    `secretsmanager:ResourceTag/${key}`,
    variable(`aws:PrincipalTag/${key}`),
  ]);
  const present = tagKeys.map((key) => [`aws:PrincipalTag/${key}`, 'false']);
  const Condition = { StringEquals: Object.fromEntries(sameTags), Null: Object.fromEntries(present) };
  const Action = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: everywhere, Condition }] };
}
