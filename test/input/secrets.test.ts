import { describe, expect, it } from 'vitest';
import { maxFindings } from '../../src/findings/limits.ts';
import { looksRandom, withoutSecrets } from '../../src/input/secrets.ts';
import { readYaml } from '../../src/input/yaml.ts';

const keyId = 'AKIAIOSFODNN7EXAMPLE';
const gitHub = `ghp_${'a'.repeat(36)}`;
const google = `AIza${'a'.repeat(35)}`;

/** What is left of a text, and what each finding says was at which place. */
function cleaned(text: string) {
  const { yaml, findings, isPainted } = withoutSecrets(readYaml('a.yaml', text));
  const found = findings.map(({ message, location }) => {
    const what = /^this looks like (.*); it is not shown, and it should be replaced where it is valid$/.exec(
      message,
    );
    return [what?.[1], location?.start.line, location?.start.column, location?.end.column];
  });
  return { text: yaml.text, found, findings, isPainted };
}

/** A text in which what stands between « and » is to be painted over; without the marks, and painted. */
function marked(text: string): readonly [plain: string, painted: string] {
  const painted = text.replace(/«([^»]*)»/g, (_, secret: string) => secret.replace(/[^\n\r]/g, '█'));
  return [text.replace(/[«»]/g, ''), painted];
}

/** Identifiers that look generated and are no secrets, behind others. */
const publicValues = [
  'aws: { a: [1], externalId: x9Kq2LmZ7vR4tB8nW3pQ6yH1, kms: { keys: [a, x9Kq2LmZ7vR4tB8nW3pQ6yH1] } }',
  'clusters: { a: { oidcProvider: host/id/x9Kq2LmZ7vR4tB8nW3pQ6yH1 } }',
  'services: [{ name: a, secrets: [b] }, { name: c }]',
  'gitops: { path: a, revision: x9Kq2LmZ7vR4tB8nW3pQ6yH1 }',
].join('\n');

const body = 'MIIEowIBAAKCAQEA\n# MIIEowIBAAKCAQEB';

describe('what looks like a secret is painted over', () => {
  it.each<[string, string]>([
    ['an AWS access key id', `# «${keyId}»\n`],
    ['a GitHub token', `a: x «${gitHub}» y\n`],
    ['a GitHub token', `a: «github_pat_${'a'.repeat(22)}»\n`],
    ['a Slack token', 'a: «xoxb-1234567890»\n'],
    ['a Stripe key', '- «sk_live_0123456789abcdef»\n'],
    ['a Google API key', `a: «${google}»\n`],
    ['a JSON web token', 'a: «eyJaaaaaaaa.eyJaaaaaaaa.aaaa»\n'],
    ['a password in a URL', 'a: postgres://user:«hunter2»@host\n'],
    ['a user or token in a URL', 'a: https://«hunter2»@host\n'],
    ['a token in a URL', 'a: https://host/path?a=b&access_token=«hunter2»&c=d\n'],
    [
      'a private key',
      `# «-----BEGIN RSA PRIVATE KEY-----\n# ${body}\n# -----END RSA PRIVATE KEY-----»\na: 1\n`,
    ],
    ['a private key', `a: 1\n# «-----BEGIN PRIVATE KEY-----\n# ${body}\n# -----END PRIVATE KEY-----»`],
    ['a private key', `# «-----BEGIN PRIVATE KEY-----\n# ${body}\na: 1\n»`],
    ["a secret's value", 'password: «hunter2»\n'],
    ["a secret's value", 'a:\n  DB-Pass_Word: "«hunter2»"\n'.replace('"«hunter2»"', '«"hunter2"»')],
    ["a secret's value", 'a: [x, «x9Kq2LmZ7vR4tB8nW3pQ6yH1»]\n'],
    ["a secret's value", '«x9Kq2LmZ7vR4tB8nW3pQ6yH1»: a\n'],
    ["a secret's value", 'a: «aZ0zA9aZBCDEFGHIJKLM»\n'],
    ["a secret's value", 'a: { x: { revision: «x9Kq2LmZ7vR4tB8nW3pQ6yH1» } }\n'],
    ["a secret's value", 'aws: { kms: { alias: [a, «x9Kq2LmZ7vR4tB8nW3pQ6yH1»] } }\n'],
    ["a secret's value", 'services: [a, { b: [], api_key: [«hunter2»] }]\n'],
    ["a secret's value", 'keys: { a: { token: «1234» } }\n'],
    ["a secret's value", 'token: |\n  a\n'.replace('|\n  a\n', '«|\n  a\n»')],
  ])('%s: %j', (what, text) => {
    const [plain, painted] = marked(text);
    const { text: left, found } = cleaned(plain);
    expect(left).toBe(painted);
    expect(found).toHaveLength(1);
    expect(found[0]?.[0]).toBe(what);
    const before = text.slice(0, text.indexOf('«'));
    expect(found[0]?.slice(1, 3)).toEqual([
      before.split('\n').length,
      before.length - before.lastIndexOf('\n'),
    ]);
  });

  it.each([
    ['a name like a key id within a word', `a: X${keyId}\n`],
    ['a key id that is too long', `a: ${keyId}A\n`],
    ['a placeholder for a password', 'a: postgres://user:{password}@host\n'],
    ['the value of a key that names properties', 'keys: { password: DB_PASSWORD }\ntags: { token: a }\n'],
    [
      'the same where its name is not spelt right, and in a list',
      'key: { password: a }\ntemplate: [{ token: a }]\n',
    ],
    ['what AWS and Git hand out', `${publicValues}\n`],
    ['an empty value, and none', 'password: ""\ntoken:\nvalue: ~\n'],
    ['a name of AWS', 'a: arn:aws:secretsmanager:us-west-2:123456789012:secret:payments/db-Ab3dEf\n'],
    ['a UUID', 'a: 0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d\n'],
    ['words', 'a: paymentsDatabasePasswordReadOnly01\n'],
  ])('but not %s: %j', (_, text) => {
    expect(cleaned(text)).toMatchObject({ text, found: [] });
  });

  it('up to the end of the last of several that overlap, which are one and known by the first that is known', () => {
    const [plain, painted] = marked(
      `# https://host/?token=«x-----BEGIN PRIVATE KEY-----\n# ${body}\n# -----END PRIVATE KEY-----»\n`,
    );
    const { text, found } = cleaned(plain);
    expect(text).toBe(painted);
    expect(found).toEqual([['a token in a URL', 1, 23, expect.any(Number)]]);
    expect(cleaned(`password: a ${keyId} b\n`)).toMatchObject({
      text: `password: ${'█'.repeat(keyId.length + 4)}\n`,
      found: [['an AWS access key id', 1, 13, 13 + keyId.length]],
    });
  });

  it('and so is one that begins where another ends, with a finding of its own', () => {
    const first = `AIza${'a'.repeat(34)}-`;
    expect(cleaned(`# ${first}xoxb-1234567890\n`)).toMatchObject({
      text: `# ${'█'.repeat(first.length + 15)}\n`,
      found: [
        ['a Google API key', 1, 3, 3 + first.length],
        ['a Slack token', 1, 3 + first.length, 18 + first.length],
      ],
    });
  });

  it('each of them, though no more are listed than anybody reads', () => {
    const { text, findings } = cleaned(`- ${keyId}\n`.repeat(maxFindings + 1));
    expect(text).toBe(`- ${'█'.repeat(keyId.length)}\n`.repeat(maxFindings + 1));
    expect(findings).toHaveLength(maxFindings);
  });

  it('with a finding that says what to do, and where', () => {
    expect(cleaned(`a: ${keyId}\n`).findings).toEqual([
      {
        rule: 'secret-value',
        severity: 'error',
        message:
          'this looks like an AWS access key id; it is not shown, and it should be replaced where it is valid',
        allowed: 'names of secrets only; their values stay in AWS Secrets Manager',
        location: { file: 'a.yaml', start: { line: 1, column: 4 }, end: { line: 1, column: 24 } },
      },
    ]);
  });

  it('even where another value of the same key is the one that counts', () => {
    expect(cleaned('a: { password: hunter2 }\na: 1\n')).toMatchObject({
      text: 'a: { password: ███████ }\na: 1\n',
      found: [["a secret's value", 1, 16, 23]],
    });
  });

  it('even in a file that is not YAML', () => {
    const { text, found } = cleaned('a: [\npassword: hunter2\n');
    expect(text).not.toContain('hunter2');
    expect(found).toHaveLength(1);
  });
});

/** Stretches of lower case, upper case and digits in turn, of these lengths, in which few characters come again. */
function stretches(...lengths: readonly number[]): string {
  const kinds = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];
  let at = 0;
  const one = (length: number, kind = '') => Array.from({ length }, () => kind[at++ % kind.length]).join('');
  return lengths.map((length, index) => one(length, kinds[index % 3])).join('');
}

const threes = (count: number, last: number) => stretches(...Array.from({ length: count }, () => 3), last);

describe('a text looks random, or does not,', () => {
  const random = stretches(3, 3, 3, 3, 2, 2, 2, 2);

  it.each<[string, string, boolean]>([
    ['of 20 characters that change 7 times', random, true],
    ['of 20 that change 6 times', stretches(3, 3, 3, 3, 3, 3, 2), false],
    ['of 19', stretches(2, 3, 3, 3, 2, 2, 2, 2), false],
    ['of 40 that change 12 times, as the secret keys of AWS do', threes(12, 4), true],
    ['of 40 that change 11 times', threes(11, 7), false],
    ['of 41 that change 13 times', threes(13, 2), false],
    ['of the first and last letters and digits', 'aZ0zA9aZBCDEFGHIJKLM', true],
    ['of a secret key of AWS', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', true],
    ['of 10 different characters', 'aB1cD2eF3g'.repeat(2), true],
    ['of 9', 'aB1cD2eF3'.repeat(3), false],
    [
      'in parts that are one together',
      `${random.slice(0, 7)}/${random.slice(7, 15)}-${random.slice(15)}`,
      true,
    ],
    ['in parts of a text', `${random.slice(0, 10)} ${random.slice(10)}`, false],
    ['in one part of several', `payments/database_${random}-the-one-of-orders`, true],
    ['within a sentence', `the password (${random}) of payments`, true],
    ['of 20 with 16 letters and digits', 'aB1-cD2-eF3-gH4-iJ5-k', false],
    ['in words', 'payments/database_password-of-all-the-orders', false],
    ['with signs of no kind', 'ä-Ö'.repeat(20), false],
    ['in a UUID', '0a1B2c3D-4e5F-6a7B-8c9D-0e1F2a3B4c5D', false],
    ['in two of them', '0a1B2c3D-4e5F-6a7B-8c9D-0e1F2a3B4c5D/'.repeat(2), false],
    [
      'at the end of the ARN of a secret',
      'arn:aws:secretsmanager:us-west-2:1:secret:OrdersDbProd12-Ab3dEf',
      false,
    ],
    ['in an ARN', `arn:aws:secretsmanager:us-west-2:1:secret:${random}-Ab3dEf`, true],
    ['at the end of no ARN', `${stretches(2, 2, 2, 2, 2, 2, 2)}-Ab3dEf`, true],
    ['at the end of an ARN that has more behind it', `arn:a:${stretches(2, 2, 2, 2, 2, 2, 2)}-Ab3dEfg`, true],
  ])('%s: %j', (_, text, expected) => {
    expect(looksRandom(text)).toBe(expected);
  });
});

it('a place is known to be painted from its first character to its last, on each of its lines', () => {
  const text = `a: ${keyId}\n# -----BEGIN PRIVATE KEY-----\n# a\n# -----END PRIVATE KEY-----\nb: [${gitHub}, ${google}]\n`;
  const { text: painted, isPainted } = cleaned(text);
  const lines = painted.split('\n');
  let places = 0;
  for (const [index, line] of lines.entries()) {
    for (let at = 0; at < line.length; at++) {
      const isKey = index >= 1 && index <= 3 && (index > 1 || at >= 2);
      expect(isPainted({ line: index + 1, column: at + 1 }), `${index + 1}:${at + 1}`).toBe(
        isKey || line[at] === '█',
      );
      places++;
    }
  }
  expect(places).toBeGreaterThan(100);
  expect(isPainted({ line: 9, column: 1 })).toBe(false);
  expect(cleaned('a: 1\n').isPainted({ line: 1, column: 1 })).toBe(false);
});
