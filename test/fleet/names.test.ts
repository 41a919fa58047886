import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDnsLabel, isDnsSubdomain } from '../../src/dns-names.ts';
import { endsLikeArn, objectNameOf, parseSecretArn, secretKeyOf } from '../../src/fleet/names.ts';
import { isSecretKey } from '../../src/secret-key.ts';
import { runs } from '../support/run-compile.ts';

const long = (length: number) => 'a'.repeat(length);

/** Names of which Kubernetes takes the first list and refuses the second. */
const rules = [
  {
    rule: isDnsLabel,
    valid: ['a', '0', 'a-b', 'a--b', '0-0', long(63)],
    invalid: ['', '-', '-a', 'a-', 'A', 'a.b', 'a_b', 'a b', ' a', 'a\n', '\na', 'é', long(64)],
  },
  {
    rule: isDnsSubdomain,
    valid: ['a', 'a.b', '0.0-0', 'a-b.c-d.e', long(253)],
    invalid: ['', '.', '.a', 'a.', 'a..b', '-a.b', 'a-.b', 'a.-b', 'a.b-', 'A.b', 'a.B', 'a\n', long(254)],
  },
  {
    rule: isSecretKey,
    valid: ['a', 'A_b-c.0', '.a', '-', '_', 'a.', 'a..', long(253)],
    invalid: ['', '.', '..', '...', '..a', 'a b', 'a/b', '/a', 'a\n', 'é', long(254)],
  },
];

describe.each(rules)('$rule.name', ({ rule, valid, invalid }) => {
  it.each(valid)('takes %j', (name) => expect(rule(name)).toBe(true));
  it.each(invalid)('refuses %j', (name) => expect(rule(name)).toBe(false));
});

describe('names that are made from that of a secret', () => {
  it.each([
    ['payments_api_key', 'payments-api-key'],
    ['Payments/DB', 'payments-db'],
    ['--a--', 'a'],
    ['a--b', 'a--b'],
    ['--a--.--b--', 'a.b'],
    ['..a..b..', 'a.b'],
    ['_._', ''],
    ['@', ''],
  ])('%j becomes object %j', (secret, name) => expect(objectNameOf(secret)).toBe(name));

  it('any name becomes that of an object, but for its length, or nothing is left of it', () => {
    const names = fc.string({ unit: fc.constantFrom(...'aZ09.-_/@'), maxLength: 12 });
    fc.assert(
      fc.property(names, (secret) => {
        const name = objectNameOf(secret);
        expect(name === '' || isDnsSubdomain(name)).toBe(true);
        const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
        expect(letters(name)).toBe(letters(secret));
        expect(objectNameOf(name)).toBe(name);
      }),
      runs(3000),
    );
  });

  it.each([
    ['payments/db', 'payments-db'],
    ['A_b-c.0', 'A_b-c.0'],
    ['a@b+c=d/e', 'a-b-c-d-e'],
  ])('%j becomes key %j', (secret, key) => expect(secretKeyOf(secret)).toBe(key));
});

describe('an ARN of a secret', () => {
  const arn = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:';
  const parts = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012' };

  it.each([
    ['payments/db-AbCd12', 'payments/db'],
    ['payments/db', 'payments/db'],
    ['a-AbCd12-AbCd12', 'a-AbCd12'],
    ['a-AbCd1', 'a-AbCd1'],
    ['a-AbCd123', 'a-AbCd123'],
    ['a-AbCd12x', 'a-AbCd12x'],
    ['-AbCd12/b', '-AbCd12/b'],
  ])('of %j is of the secret %j', (resource, name) =>
    expect(parseSecretArn(arn + resource)).toEqual({ ...parts, name }),
  );

  it.each([
    arn,
    `x${arn}a`,
    `${arn.replace('123456789012', '12345678901')}a`,
    `${arn.replace('123456789012', '1234567890123')}a`,
    `${arn.replace('secretsmanager', 'ssm')}a`,
    `${arn.replace('aws-us-gov', 'gov')}a`,
    'payments/db',
  ])('is not %j', (text) => expect(parseSecretArn(text)).toBeUndefined());
});

it.each([
  [true, ['a-AbCd12', '-AbCd12', 'a--AbCd12', 'a-000000']],
  [false, ['', 'AbCd12', 'a-AbCd1', 'a-AbCd123', 'a-AbCd1-', 'a-AbCd12\n', 'a_AbCd12', 'a-AbCd1é']],
])('that a name ends like an ARN is %s', (ends, names) => {
  for (const name of names) expect(endsLikeArn(name), name).toBe(ends);
});
