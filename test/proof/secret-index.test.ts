import { expect, it } from 'vitest';
import { SecretIndex } from '../../src/proof/matrix/secret-index.ts';
import { account, roleArn, secretOf, storeOf } from './small-dist.ts';

const other = '999999999999';
const named = (name: string, parts: object = {}) => secretOf('a', {}, { name, ...parts });
const secrets = [
  named('db'),
  named('db', { region: 'eu-west-1' }),
  named('db', { account: other }),
  named('api-a1B2c3'),
  named('db'),
  named('db'),
];
const index = () => new SecretIndex(secrets);
const arn = (
  name: string,
  service = 'secretsmanager',
  region = 'us-west-2',
  of = account,
  partition = 'aws',
) => `arn:${partition}:${service}:${region}:${of}:${name}`;

it('of secrets with one name in one place the first is known', () => {
  const [first] = secrets;
  expect(secrets.map((one) => index().firstOf(one))).toEqual([
    ...[undefined, undefined, undefined, undefined],
    ...[first, first],
  ]);
});

it.each<readonly [what: string, key: string, name: string | undefined]>([
  ['a name', 'db', 'db'],
  ['a name that is not there', 'api', undefined],
  ['an ARN', arn('secret:db-x9Y8z7'), 'db'],
  ['an ARN without the characters that AWS appends', arn('secret:db'), 'db'],
  ['an ARN of a name that ends like one', arn('secret:api-a1B2c3'), 'api-a1B2c3'],
  ['the whole of such an ARN', arn('secret:api-a1B2c3-x9Y8z7'), 'api-a1B2c3'],
  ['an ARN with fewer characters appended', arn('secret:db-x9Y8z'), undefined],
  ['an ARN with other characters appended', arn('secret:db-x9Y8z_'), undefined],
  ['an ARN with more behind them', arn('secret:db-x9Y8z7/more'), undefined],
  ['an ARN of another region', arn('secret:db-x9Y8z7', 'secretsmanager', 'eu-west-1'), undefined],
  ['an ARN of another account', arn('secret:db-x9Y8z7', 'secretsmanager', 'us-west-2', other), undefined],
  [
    'an ARN of another partition',
    arn('secret:db-x9Y8z7', 'secretsmanager', 'us-west-2', account, 'aws-cn'),
    undefined,
  ],
  ['an ARN of another service', arn('secret:db', 'ssm'), undefined],
  ['an ARN of something else', arn('policy:db'), undefined],
])('a store finds by %s', (_, key, name) => {
  const found = index().find(storeOf({}), key);
  expect(found?.name).toBe(name);
  if (found !== undefined) expect([found.account, found.region]).toEqual([account, 'us-west-2']);
});

it('a store looks in its own region, and in the account of its role', () => {
  const find = (region: string, of: string) =>
    index().find(storeOf({}, { region, role: roleArn('access', of) }), 'db');
  expect(find('us-west-2', account)).toBe(secrets[5]);
  expect(find('eu-west-1', account)).toBe(secrets[1]);
  expect(find('us-west-2', other)).toBe(secrets[2]);
  expect(find('eu-west-1', other)).toBeUndefined();
  expect(find('us-west-2', '111111111111')).toBeUndefined();
  expect(index().find(storeOf({}, { role: 'access' }), 'db')).toBeUndefined();
  expect(
    index().find(
      storeOf({}, { role: roleArn('access', other) }),
      arn('secret:db', 'secretsmanager', 'us-west-2', other),
    ),
  ).toBe(secrets[2]);
});
