import { describe, expect, it } from 'vitest';
import type { Failure, ReadCase } from '../../src/proof/counterexample.ts';
import type { Tag } from '../../src/proof/iam/model.ts';
import { ours } from '../../src/proof/questions/failures.ts';
import { askAboutKeys } from '../../src/proof/questions/keys.ts';
import { exampleArn } from '../../src/proof/questions/resources.ts';
import { askAboutSecrets, ownsIt, policiesFor } from '../../src/proof/questions/secrets.ts';
import { sessionWith } from '../../src/proof/questions/sessions.ts';
import { policyOf, roleWith } from './role-documents.ts';
import { document, own, reads, roleOf, tagOf, variable, when, words } from './told.ts';

const account = '123456789012';

/** Each failure: the session, the action if it is not the first, the resource, what else is said, and who decides. */
function told(failures: readonly Failure[]): string[] {
  return failures.map(({ kind, counterexample, decision }) => {
    const { sessionTags, action, resource, context, expected } = counterexample as ReadCase;
    const [, , , region, , ...rest] = resource.arn.split(':');
    const name = rest.join(':').replace(/^(?:secret:|key\/)/, '');
    const more = Object.entries(context).filter(
      ([key, value]) => value !== null && key !== 'kms:calleraccount',
    );
    return [
      `${kind}, ${expected}: ${words(sessionTags)}`,
      action.replace(/^secretsmanager:/, ''),
      `${name} in ${region} with ${words(resource.tags)}`,
      ...more.map(([key, value]) => `${key} ${value}`),
      [decision.reason, ...ours(decision).map(({ sid = '' }) => sid)].join(' '),
    ].join('; ');
  });
}

const orAll = '$'.concat("{aws:PrincipalTag/team, 'all'}");
const under = (name: string) => `arn:aws:secretsmanager:*:${account}:secret:${name}/*`;
const onVpc = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };
const beside = (parts: object) => ({
  Sid: 'Beside',
  Effect: 'Allow',
  Action: reads[1],
  Resource: '*',
  ...parts,
});
const ofNone = { 'ForAllValues:StringEquals': { 'aws:ResourceTag/team': variable } };
const ofAnotherPlace = {
  ...ofNone,
  StringNotEquals: { 'aws:ResourceTag/env': tagOf('env'), 'aws:PrincipalTag/team': tagOf('env') },
  StringLike: { 'aws:PrincipalTag/env': '?*' },
  Null: { 'aws:ResourceTag/team': 'false', 'aws:PrincipalTag/team': 'false' },
};
const example = 'example-a1B2c3 in us-west-2';
type Case = readonly [what: string, statements: readonly object[], cases: number, ...failures: string[]];
const named = (cases: readonly Case[]) =>
  cases.map(([what, statements, count, ...expected]) => ({ what, statements, count, expected }));

describe('secrets', () => {
  const cases: readonly Case[] = [
    ['of its own', [own], 4],
    [
      'of everybody',
      [{ ...own, Condition: {} }],
      4,
      `foreign, denied: team=payments; GetSecretValue; ${example} with team=shipping; allowed Read`,
    ],
    [
      'of everybody, from one network',
      [own, beside({ Condition: onVpc })],
      24,
      `foreign, denied: team=payments; DescribeSecret; ${example} with team=shipping; aws:sourcevpc vpc-1; allowed Beside`,
    ],
    [
      'of a name',
      [own, beside({ Resource: 'arn:aws:secretsmanager:*:*:secret:open/*' })],
      16,
      'foreign, denied: team=payments; DescribeSecret; open/ in x with team=shipping; allowed Beside',
    ],
    [
      'of one region',
      [own, beside({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })],
      16,
      'foreign, denied: team=payments; DescribeSecret; x in eu-west-1 with team=shipping; allowed Beside',
    ],
    [
      'of regions that begin alike',
      [own, beside({ Condition: { StringLike: { 'aws:RequestedRegion': 'eu-*' } } })],
      16,
      'foreign, denied: team=payments; DescribeSecret; x in eu- with team=shipping; allowed Beside',
    ],
    // No ARN of a secret is like one of these.
    ...[
      'arn:aws:secretsmanager::123456789012:secret:*',
      'arn:aws:secretsmanager:::123456789012:secret:*',
      'arn:aws:secretsmanager:us-west-2::123456789012:secret:*',
      'arn:aws:secretsmanager:us-west-2:123456789012:secret::*',
      'arn:aws:secretsmanager:us-west-2:123456789012:secret:x:password::',
    ].map((Resource): Case => [`of nobody, at ${Resource}`, [own, beside({ Resource })], 8]),
    [
      'of its own, but for a Deny',
      [own, beside({ Effect: 'Deny' })],
      8,
      `owner, allowed: team=payments; DescribeSecret; ${example} with team=payments; explicit-deny Beside`,
    ],
    ['of its own, but for a Deny for one network', [own, beside({ Effect: 'Deny', Condition: onVpc })], 24],
    [
      'of its own, but for a Deny for a further tag',
      [own, beside({ Effect: 'Deny', Condition: { StringEquals: { 'aws:ResourceTag/x': 'y' } } })],
      48,
    ],
    [
      'of all but its own',
      [when('StringNotEquals', variable)],
      4,
      `foreign, denied: team=payments; GetSecretValue; ${example} with team=shipping; allowed Read`,
      `nothing, allowed: team=payments; GetSecretValue; ${example} with team=payments; implicit-deny`,
    ],
    [
      'of its own, but for services of some names',
      [
        own,
        beside({
          Effect: 'Deny',
          Action: reads,
          Condition: { StringLike: { 'aws:PrincipalTag/team': ['*a*', '*e*'] } },
        }),
      ],
      6,
      'owner, allowed: team=payments; GetSecretValue; example-a1B2c3 in us-west-2 with team=payments; explicit-deny Beside',
    ],
    [
      'of the name that stands for none, for whoever has it in another tag',
      [
        {
          ...own,
          Condition: {
            StringEquals: { 'aws:ResourceTag/team': orAll, 'secretsmanager:ResourceTag/team': tagOf('env') },
          },
        },
      ],
      23,
      'foreign, denied: env=all; GetSecretValue; example-a1B2c3 in us-west-2 with team=all,env=shipping; allowed Read',
    ],
    [
      'of the name that stands for none, for whoever has an empty one',
      [
        {
          ...own,
          Condition: {
            StringEquals: { 'aws:ResourceTag/team': orAll },
            StringLike: { 'aws:PrincipalTag/env': '?*' },
            Null: { 'aws:PrincipalTag/team': 'false' },
          },
        },
        beside({
          Effect: 'Deny',
          Action: reads,
          Condition: { StringEquals: { 'aws:ResourceTag/team': tagOf('env') } },
        }),
      ],
      29,
      'foreign, denied: team=,env=payments; GetSecretValue; example-a1B2c3 in us-west-2 with team=all,env=shipping; unknown Read',
    ],
    [
      'under the name that stands for none',
      [
        own,
        beside({ Action: reads, Resource: [under(orAll), under('x')] }),
        beside({ Sid: 'Deny', Effect: 'Deny', Action: reads, Resource: [under(variable), under('x')] }),
      ],
      18,
      'owner, allowed: team=payments; GetSecretValue; x/ in z with team=payments; explicit-deny Deny',
      'foreign, denied: ; GetSecretValue; all/ in y with team=shipping; allowed Beside',
      'foreign, denied: team=; GetSecretValue; example-a1B2c3 in us-west-2 with team=shipping; unknown Beside Deny',
    ],
    [
      'without a value',
      [when('StringEquals', '')],
      5,
      `foreign, denied: team=payments; GetSecretValue; ${example} with team=; unknown Read`,
      `nothing, allowed: team=payments; GetSecretValue; ${example} with team=payments; implicit-deny`,
    ],
    [
      'of names that do not begin so',
      [own, beside({ Condition: { StringNotLike: { 'aws:ResourceTag/team': 's*' } } })],
      12,
      `foreign, denied: team=payments; DescribeSecret; ${example} with team=x; allowed Beside`,
    ],
    [
      'of its own and of no value, which ForAllValues takes for none',
      [{ ...own, Condition: { ...ofNone, Null: { 'aws:ResourceTag/team': 'false' } } }],
      5,
      `foreign, denied: team=payments; GetSecretValue; ${example} with team=; unknown Read`,
    ],
    [
      'of no value, with another tag than its own',
      [{ ...own, Condition: ofAnotherPlace }],
      19,
      `foreign, denied: team=payments,env=orders; GetSecretValue; ${example} with team=,env=shipping; unknown Read`,
    ],
  ];
  it.each(named(cases))('$what', ({ statements, count, expected }) => {
    const { cases: found, failures } = askAboutSecrets({ role: roleOf(...statements), tagKeys: ['team'] });
    expect(told(failures)).toEqual(expected);
    expect(found).toBe(count);
  });
});

describe('keys', () => {
  const key = `arn:aws:kms:us-west-2:${account}:key/1234abcd`;
  const decrypts = (Condition: object, Resource: unknown = '*', parts: object = {}) => [
    { Sid: 'Key', Effect: 'Allow', Action: 'kms:Decrypt', Resource, Condition, ...parts },
  ];
  const service = 'secretsmanager.us-west-2.amazonaws.com';
  const via = { 'kms:ViaService': service };
  const foreign = `foreignKey, denied: team=payments; kms:Decrypt; example-a1B2c3 in us-west-2 with team=shipping; kms:viaservice ${service}; allowed Key`;
  const secret = `arn:aws:secretsmanager:*:${account}:secret:x*`;
  const cases: readonly Case[] = [
    ['none', [own], 12],
    ['named, through Secrets Manager', decrypts({ StringEquals: via }, key), 48],
    [
      'named, through Secrets Manager anywhere',
      decrypts({ StringLike: { 'kms:ViaService': 'secretsmanager.*' } }, key),
      36,
    ],
    [
      'for secrets of a name',
      decrypts({ StringEquals: via, StringLike: { 'kms:EncryptionContext:SecretARN': secret } }, key),
      144,
    ],
    [
      'for callers of the account',
      decrypts({ StringEquals: { ...via, 'kms:CallerAccount': account } }, key),
      48,
    ],
    [
      'with the tags of the session',
      decrypts({ StringEquals: { ...via, 'aws:ResourceTag/team': variable } }),
      16,
    ],
    [
      'directly',
      decrypts({}, key),
      36,
      'direct, denied: team=payments; kms:Decrypt; 1234abcd in us-west-2 with team=shipping; allowed Key',
    ],
    [
      'through any service',
      decrypts({ StringLike: { 'kms:ViaService': '*' } }, key),
      36,
      'direct, denied: team=payments; kms:Decrypt; 1234abcd in us-west-2 with team=shipping; kms:viaservice ec2.us-west-2.amazonaws.com; allowed Key',
    ],
    [
      'with the tags of the session or with an empty one',
      decrypts({ StringEquals: via, ...ofNone, Null: { 'aws:ResourceTag/team': 'false' } }),
      20,
      foreign.replace('team=shipping', 'team=').replace('allowed Key', 'unknown Key'),
    ],
    ['of everybody', decrypts({ StringEquals: via }), 16, foreign],
    [
      'of everybody but some',
      decrypts({ StringEquals: via }, undefined, { Resource: undefined, NotResource: key }),
      32,
      foreign,
    ],
    [
      'of everybody by a wildcard',
      decrypts({ StringEquals: via }, `arn:aws:kms:*:${account}:key/*`),
      32,
      foreign,
    ],
    [
      'of everybody in another account',
      decrypts({ StringEquals: via }, 'arn:aws:kms:us-west-2:222222222222:key/*'),
      32,
      foreign.replace('example-a1B2c3', 'x'),
    ],
    [
      'of everybody in some accounts',
      decrypts({ StringEquals: { ...via, 'aws:ResourceAccount': '222222222222' } }, '*'),
      32,
      foreign.replace('example-a1B2c3 in us-west-2', 'x in x'),
    ],
    [
      'of everybody beside a secret that is named',
      [
        ...decrypts({ StringEquals: via }),
        { ...own, Resource: `arn:aws:secretsmanager:us-west-2:${account}:secret:x` },
      ],
      16,
      foreign,
    ],
    [
      'of everybody, but some of other tags',
      [
        ...decrypts({ StringEquals: via }),
        ...decrypts({}, undefined, { Sid: 'Others', Effect: 'Deny', Resource: undefined, NotResource: key }),
        ...decrypts({ StringEquals: { 'aws:ResourceTag/team': 'search' } }, key, {
          Sid: 'Search',
          Effect: 'Deny',
        }),
      ],
      48,
      foreign.replace('example-a1B2c3', '1234abcd'),
    ],
    [
      'by the names of aliases, which none has',
      decrypts({ StringEquals: via }, `arn:aws:kms:*:${account}:alias/*`),
      16,
    ],
    [
      'that a Deny names',
      [
        ...decrypts({ StringEquals: via }),
        ...decrypts({}, undefined, { Sid: 'Deny', Effect: 'Deny', Resource: undefined, NotResource: key }),
      ],
      32,
      foreign.replace('example-a1B2c3', '1234abcd'),
    ],
  ];
  it.each(named(cases))('$what', ({ statements, count, expected }) => {
    const { cases: found, failures } = askAboutKeys({ role: roleOf(...statements), tagKeys: ['team'] });
    expect(told(failures)).toEqual(expected);
    expect(found).toBe(count);
  });
});

it.each([
  ['aws', 'us-west-2'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('examples of partition %s are in a region of it', (partition, region) => {
  const role = roleWith({ arn: `arn:${partition}:iam::${account}:role/access` });
  const arn = exampleArn(role, 'kms', 'key/');
  expect(arn).toBe(`arn:${partition}:kms:${region}:${account}:key/example-a1B2c3`);
});

it('who is refused what has an empty tag is not refused its own', () => {
  const both = { StringEquals: { 'aws:ResourceTag/team': variable, 'aws:ResourceTag/env': tagOf('env') } };
  const denied = (value: string) =>
    beside({ Effect: 'Deny', Condition: { StringEquals: { 'aws:ResourceTag/env': value } } });
  const ask = (value: string) =>
    told(
      askAboutSecrets({ role: roleOf({ ...own, Condition: both }, denied(value)), tagKeys: ['team', 'env'] })
        .failures,
    );
  expect(ask('')).toEqual([]);
  expect(ask('prod')).toEqual([
    `owner, allowed: team=payments,env=prod; DescribeSecret; ${example} with team=payments,env=prod; explicit-deny Beside`,
  ]);
});

it('whoever has every tag with the value of the secret owns it', () => {
  const keys = ['team', 'env'];
  const of = (...values: string[]) => keys.map((one, index) => ({ key: one, value: values[index] ?? '' }));
  const owns = (session: Tag[], tags: Tag[]) =>
    ownsIt(sessionWith(roleWith({}), session), { arn: '', tags }, keys);
  expect(owns(of('a', 'b'), of('a', 'b'))).toBe(true);
  expect(owns(of('a', 'b'), of('a', 'c'))).toBe(false);
  expect(owns(of('a', 'b').slice(1), of('a', 'b').slice(1))).toBe(false);
});

it('all of the policies of a role bind its sessions', () => {
  const policy = policyOf(document(own), 'identity');
  const [boundary, scp] = [policyOf(document(own), 'boundary'), policyOf(document(own), 'scp')];
  const role = roleWith({ identity: [policy], boundary, scps: [[scp], [scp, scp]] });
  expect(policiesFor(role)).toEqual([policy, boundary, scp, scp, scp]);
  expect(policiesFor(roleWith({ identity: [policy] }))).toEqual([policy]);
});
