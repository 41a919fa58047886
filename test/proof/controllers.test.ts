import { describe, expect, it } from 'vitest';
import type { AssumeCase } from '../../src/proof/counterexample.ts';
import {
  askAboutController,
  type ControllerQuestion,
  otherServicesIn,
  providersOf,
} from '../../src/proof/questions/controllers.ts';
import { callerName } from '../../src/proof/questions/requests.ts';
import { policyOf, roleWith } from './role-documents.ts';
import { document } from './told.ts';

const address = 'oidc.eks.us-west-2.amazonaws.com/id/PROD';
const provider = `arn:aws:iam::123456789012:oidc-provider/${address}`;
const subject = 'system:serviceaccount:external-secrets:eso';
const cluster = 'arn:aws:eks:us-west-2:123456789012:cluster/prod';
const right = { [`${address}:sub`]: subject, [`${address}:aud`]: 'sts.amazonaws.com' };

const other = `${provider}2`;
const rightOfOther = {
  StringEquals: { [`${address}2:sub`]: subject, [`${address}2:aud`]: 'sts.amazonaws.com' },
};

const byWebIdentity = (Condition: object, Federated: unknown = provider) => ({
  Sid: 'Web',
  Effect: 'Allow',
  Principal: { Federated },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
});
const byPods = (Condition: object) => ({
  Sid: 'Pods',
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition,
});
const byRole = (Sid: string, Effect = 'Allow') => ({
  Sid,
  Effect,
  Principal: { AWS: 'arn:aws:iam::123456789012:role/ci' },
  Action: 'sts:AssumeRole',
});

const roleOf = (...statements: object[]) => roleWith({ trust: policyOf(document(...statements), 'trust') });

/** What an attempt says besides who makes it, as far as it is out of the ordinary. */
function passed({ sessionTags, transitiveTagKeys, externalId, sessionName, context }: AssumeCase): string[] {
  return [
    ...sessionTags.map(({ key, value }) => `${key}=${value}`),
    ...transitiveTagKeys.map((key) => `passes on ${key}`),
    ...(externalId === undefined ? [] : [`id ${externalId}`]),
    ...(sessionName === undefined ? [] : [`named ${sessionName}`]),
    ...Object.keys(context),
  ];
}

/** Each failure: who gets the role or should, and the statements that decide. */
function ask(statements: readonly object[], parts: Partial<ControllerQuestion>) {
  const question = { role: roleOf(...statements), subjects: [subject], podClusters: [], ...parts };
  return askAboutController(question).failures.map(({ kind, counterexample, decision }) => {
    if (counterexample.question !== 'assume') throw new Error('this is no question about a trust policy');
    const { caller, expected } = counterexample;
    const by = decision.by.map(({ sid }) => sid).join();
    return [`${kind}, ${expected}`, callerName(caller), by, ...passed(counterexample)];
  });
}

const token = (of: string, audience = 'sts.amazonaws.com') => `${of} (audience ${audience}) of ${provider}`;
const podsOf = (arn: string) => `EKS Pod Identity for ${arn}`;

describe('with an identity provider', () => {
  const cases: readonly (readonly [what: string, statements: readonly object[], ...failures: string[][]])[] =
    [
      ['the service account and the audience', [byWebIdentity({ StringEquals: right })]],
      [
        'the service account alone',
        [byWebIdentity({ StringEquals: { [`${address}:sub`]: subject } })],
        ['caller, denied', token(subject, 'another-audience'), 'Web'],
      ],
      [
        'the audience alone',
        [byWebIdentity({ StringEquals: { [`${address}:aud`]: 'sts.amazonaws.com' } })],
        ['caller, denied', token('system:serviceaccount:default:default'), 'Web'],
      ],
      [
        'every service account of the namespace',
        [
          byWebIdentity({
            StringEquals: { [`${address}:aud`]: 'sts.amazonaws.com' },
            StringLike: { [`${address}:sub`]: 'system:serviceaccount:external-secrets:*' },
          }),
        ],
        ['caller, denied', token('system:serviceaccount:external-secrets:'), 'Web'],
      ],
      [
        'the service account in any case',
        [byWebIdentity({ StringEqualsIgnoreCase: right })],
        ['caller, denied', token(subject, 'STS.AMAZONAWS.COM'), 'Web'],
      ],
      [
        'another service account',
        [byWebIdentity({ StringEquals: { ...right, [`${address}:sub`]: 'x' } })],
        ['caller, denied', token('x'), 'Web'],
        ['nobody, allowed', token(subject), ''],
      ],
      [
        'one of two identity providers',
        [
          byWebIdentity({ StringEquals: right }),
          { ...byWebIdentity(rightOfOther, other), Sid: 'Other' },
          { ...byWebIdentity({}, other), Sid: 'Shut', Effect: 'Deny' },
        ],
        ['nobody, allowed', token(subject).replace(provider, other), 'Shut'],
      ],
      [
        'two identity providers',
        [byWebIdentity({ StringEquals: right }), { ...byWebIdentity(rightOfOther, other), Sid: 'Other' }],
      ],
      ['nobody', [byRole('Deny', 'Deny')], ['nobody, allowed', token(subject).replace(provider, ''), '']],
      [
        'a role beside',
        [byWebIdentity({ StringEquals: right }), byRole('Role')],
        ['caller, denied', 'arn:aws:iam::123456789012:role/ci', 'Role'],
      ],
      [
        'a role beside that is denied',
        [byWebIdentity({ StringEquals: right }), byRole('Role'), byRole('Deny', 'Deny')],
      ],
      [
        'whatever goes another way',
        [byWebIdentity({ StringEquals: { ...right, 'aws:SourceVpce': 'vpce-1' } })],
      ],
      [
        'a role that goes another way',
        [
          byWebIdentity({ StringEquals: right }),
          { ...byRole('Role'), Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } },
        ],
        ['caller, denied', 'arn:aws:iam::123456789012:role/ci', 'Role', 'aws:sourcevpce'],
      ],
    ];
  it.each(cases.map(([what, statements, ...failures]) => ({ what, statements, failures })))(
    'a role that trusts $what',
    ({ statements, failures }) => {
      expect(ask(statements, {})).toEqual(failures);
    },
  );
});

describe('a role beside that has the role', () => {
  const ci = 'arn:aws:iam::123456789012:role/ci';
  it.each([
    ['under a name', { StringLike: { 'sts:RoleSessionName': 'x*' } }, ['named xy']],
    ['with an external id', { StringEquals: { 'sts:ExternalId': 'audit' } }, ['id audit']],
    ['with a tag', { StringEquals: { 'aws:RequestTag/team': 'search' } }, ['team=search']],
    [
      'with two tags that are the same',
      {
        StringEquals: {
          'aws:RequestTag/team': '$'.concat('{aws:RequestTag/env}'),
          'aws:RequestTag/env': 'a',
        },
      },
      ['team=a', 'env=a'],
    ],
    ['with any tag', { Null: { 'aws:TagKeys': 'false' } }, ['another-tag=payments']],
    [
      'with a tag that is passed on',
      { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } },
      ['team=payments', 'passes on team'],
    ],
  ])('%s', (_, Condition, by) => {
    const beside = { ...byRole('Beside'), Action: ['sts:AssumeRole', 'sts:TagSession'], Condition };
    const failures = ask([byWebIdentity({ StringEquals: right }), beside], {});
    expect(failures).toContainEqual(['caller, denied', ci, 'Beside', ...by]);
  });

  it('or a user, with an external id', () => {
    const user = 'arn:aws:iam::123456789012:user/ci';
    const Condition = { StringEquals: { 'sts:ExternalId': 'audit' } };
    const beside = { ...byRole('Beside'), Principal: { AWS: user }, Condition };
    const failures = ask([byWebIdentity({ StringEquals: right }), beside], {});
    expect(failures).toEqual([['caller, denied', user, 'Beside', 'id audit']]);
  });

  it('with a tag that it may not pass has no way', () => {
    const Condition = { StringEquals: { 'aws:RequestTag/team': 'search' } };
    expect(ask([byWebIdentity({ StringEquals: right }), { ...byRole('Beside'), Condition }], {})).toEqual([]);
  });

  it('as a token too, which has no external id', () => {
    const open = (Condition: object) => [
      { ...byWebIdentity({ ...Condition, StringLike: { [`${address}:sub`]: '*' } }), Sid: 'Open' },
    ];
    const stranger = token(subject, 'another-audience');
    const named = open({ StringEquals: { 'sts:RoleSessionName': 'evil' } });
    expect(ask(named, {})).toContainEqual(['caller, denied', stranger, 'Open', 'named evil']);
    const withId = open({ StringEquals: { 'sts:ExternalId': 'evil' } });
    expect(ask(withId, {}).map(([kind]) => kind)).toEqual(['nobody, allowed']);
  });
});

describe('with EKS Pod Identity', () => {
  const cases: readonly (readonly [what: string, condition: object, ...failures: string[][]])[] = [
    ['its cluster', { ArnEquals: { 'aws:SourceArn': cluster } }],
    [
      'every cluster of its account',
      { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      ['caller, denied', podsOf(cluster.replace('prod', 'another')), 'Pods'],
    ],
    [
      'clusters of another account',
      { StringEquals: { 'aws:SourceAccount': '222222222222' } },
      ['caller, denied', podsOf('arn:aws:eks:x:222222222222:cluster/x'), 'Pods'],
      ['nobody, allowed', podsOf(cluster), ''],
    ],
    [
      'clusters of accounts that look alike',
      { StringLike: { 'aws:SourceAccount': '2*2' } },
      ['caller, denied', podsOf('arn:aws:eks:x:2xxxxxxxxxx2:cluster/x'), 'Pods'],
      ['nobody, allowed', podsOf(cluster), ''],
    ],
    [
      'every cluster but one',
      { ArnNotEquals: { 'aws:SourceArn': cluster } },
      ['caller, denied', podsOf(cluster.replace('prod', 'another')), 'Pods'],
      ['nobody, allowed', podsOf(cluster), ''],
    ],
    [
      'clusters of one name elsewhere',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:eu-*:*:cluster/prod' } },
      ['caller, denied', podsOf('arn:aws:eks:eu-:xxxxxxxxxxxx:cluster/prod'), 'Pods'],
      ['nobody, allowed', podsOf(cluster), ''],
    ],
  ];
  it.each(cases.map(([what, condition, ...failures]) => ({ what, condition, failures })))(
    'a role that trusts $what',
    ({ condition, failures }) => {
      expect(ask([byPods(condition)], { subjects: [], podClusters: [cluster] })).toEqual(failures);
    },
  );
});

it('counts its cases: roles, users and what comes from outside', () => {
  const pods = [byPods({ ArnEquals: { 'aws:SourceArn': cluster } })];
  const count = (statements: readonly object[], parts: Partial<ControllerQuestion>) =>
    askAboutController({ role: roleOf(...statements), subjects: [subject], podClusters: [], ...parts }).cases;
  expect(count(pods, { subjects: [], podClusters: [cluster] })).toBe(4 + 3);
  expect(count([byWebIdentity({ StringEquals: right })], {})).toBe(4 + 4 + 2);
  expect(count([byWebIdentity({ StringEquals: right }), byRole('Role')], {})).toBe(5 + 4 + 2);
});

it('the providers and services that a trust policy lets in', () => {
  const services = ['ec2.amazonaws.com', 'pods.eks.amazonaws.com', 'lambda.amazonaws.com'];
  const role = roleOf(
    byWebIdentity({ StringEquals: right }, [provider, `${provider}2`]),
    { ...byWebIdentity({ StringEquals: right }), Sid: 'Again' },
    { ...byRole('Services'), Principal: { Service: services } },
    { ...byRole('Denied', 'Deny'), Principal: { Service: 'glue.amazonaws.com' } },
    byRole('Role'),
  );
  expect(providersOf(role)).toEqual([provider, `${provider}2`]);
  expect(otherServicesIn(role).map(({ statement, principal }) => [statement.sid, principal.value])).toEqual([
    ['Services', 'ec2.amazonaws.com'],
    ['Services', 'lambda.amazonaws.com'],
  ]);
});
