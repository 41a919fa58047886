import { describe, expect, it } from 'vitest';
import { document, own, reads, role, type Told, told, variable, when } from './told.ts';

const secret = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:example-a1B2c3';
const key = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const service = 'secretsmanager.us-west-2.amazonaws.com';
const more = (statement: object) =>
  document(own, { Sid: 'More', Effect: 'Allow', Resource: '*', ...statement });
const session = 'a session with team=payments';
const accessActions = [...reads, 'kms:Decrypt', 'kms:DescribeKey'].join(', ');
const equalTags = 'all tags of session and secret equal, in one Condition block of each Allow statement';
const wholeText = 'StringEquals of two tags, with a variable that is the whole text';
const viaService = 'kms:ViaService secretsmanager.<region>.amazonaws.com';
const via = (...services: string[]) => ({ StringEquals: { 'kms:ViaService': services } });

const policies: readonly (readonly [what: string, policy: unknown, ...told: Told[]])[] = [
  ['right', document(own)],
  [
    'a Deny for the owner',
    document(own, { Sid: 'More', Effect: 'Deny', Action: reads[0], Resource: '*' }),
    [
      'proof-denied',
      `${session} is denied ${reads[0]} on ${secret} with team=payments`,
      'no Deny that applies to a secret with the same tags',
      'More',
    ],
  ],
  [
    'nothing to read',
    document({ Effect: 'Allow', Action: 'kms:DescribeKey', Resource: '*' }),
    [
      'proof-denied',
      `no session can read any secret, such as ${secret} with team=payments by ${session}`,
      'GetSecretValue, DescribeSecret and ListSecretVersionIds where all tags are equal',
      undefined,
    ],
  ],
  [
    'a key without ViaService',
    more({ Action: 'kms:Decrypt', Resource: key }),
    ['proof-access', `${session} can use ${key} for kms:Decrypt directly`, viaService, 'More'],
  ],
  [
    'a key through another service',
    more({ Action: 'kms:Decrypt', Resource: key, Condition: via(service, 's3.us-west-2.amazonaws.com') }),
    [
      'proof-access',
      `${session} can use ${key} for kms:Decrypt through s3.us-west-2.amazonaws.com`,
      viaService,
      'More',
    ],
  ],
  [
    'every key',
    more({ Action: 'kms:Decrypt', Condition: via(service) }),
    [
      'proof-access',
      `${session} can use any key, such as arn:aws:kms:us-west-2:123456789012:key/example-a1B2c3 with team=shipping`,
      'the ARNs of keys, or the same tags on key and session',
      'More',
    ],
  ],
  [
    'no condition',
    document({ ...own, Condition: {} }),
    ['proof-access', `${session} is allowed ${reads[0]} on ${secret} with team=shipping`, equalTags, 'Read'],
  ],
  [
    'a wildcard of which AWS does not say how far it reaches',
    more({ Action: reads, Resource: 'arn:aws:secretsmanager:us-west-2:123456789012:s*x' }),
    [
      'proof-access',
      `${session} is allowed ${reads[0]} on arn:aws:secretsmanager:us-west-2:123456789012:secret:x with team=shipping, or AWS does not document that it cannot`,
      equalTags,
      'More',
    ],
  ],
  [
    'further actions',
    more({ Action: ['s3:*', 'kms:DescribeKey'] }),
    ['wide-permission', 'the role may do "s3:*"', accessActions, undefined],
  ],
  [
    'all actions but some',
    more({ Action: undefined, NotAction: 'secretsmanager:*', Resource: 'arn:aws:s3:::x' }),
    ['wide-permission', 'the role may do "anything but secretsmanager:*"', accessActions, undefined],
  ],
  [
    'a pattern',
    document(when('StringLike', variable)),
    [
      'policy-unknown',
      `"${variable}" is compared as a pattern: what a "*" in the variable's value does then is not documented`,
      wholeText,
      undefined,
    ],
  ],
  [
    'case that does not count',
    document(when('StringEqualsIgnoreCase', variable)),
    [
      'policy-unknown',
      `"${variable}" is compared without case, and tag values differ by case`,
      wholeText,
      undefined,
    ],
    ['proof-access', `${session} is allowed ${reads[0]} on ${secret} with team=PAYMENTS`, equalTags, 'Read'],
  ],
  [
    'a role of the name of the tag',
    more({ Action: reads[0], Condition: { ArnEquals: { 'aws:PrincipalArn': `${role}/${variable}` } } }),
    [
      'policy-unknown',
      `"${role}/${variable}" is compared as a pattern: what a "*" in the variable's value does then is not documented`,
      wholeText,
      undefined,
    ],
  ],
  [
    'a variable in the resource',
    document({ ...own, Resource: `arn:aws:secretsmanager:*:*:secret:${variable}/*` }),
    [
      'policy-unknown',
      `the variable in the resource "arn:aws:secretsmanager:*:*:secret:${variable}/*" is not covered by the proof`,
      wholeText,
      undefined,
    ],
  ],
];

describe('the policy of an access role', () => {
  it.each(policies)('%s', (_, policy, ...expected) => {
    expect(told({ policy })).toEqual(expected);
  });

  it('a tag with a text around it is no tag of the secret', () => {
    const [first] = told({ policy: document(when('StringEquals', `${variable}x`)) });
    expect(first).toEqual([
      'policy-unknown',
      `"${variable}x" is more than a variable, which the proof does not cover`,
      wholeText,
      undefined,
    ]);
  });

  it('that has too many patterns is not proven', () => {
    const wide = (letter: string) => `arn:aws:secretsmanager:*:*:secret:*${letter}${'?'.repeat(18)}`;
    const policy = document({ ...own, Resource: [wide('a'), wide('b')] });
    expect(told({ policy })).toEqual([
      [
        'policy-unknown',
        'the policy distinguishes more cases than can be looked at one by one',
        'fewer tags and patterns',
        undefined,
      ],
    ]);
  });
});
