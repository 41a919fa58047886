import { describe, expect, it } from 'vitest';
import { assumeRole } from '../../../src/proof/iam/assume.ts';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import type { Assumption, Caller, Session, Tag } from '../../../src/proof/iam/model.ts';
import { policiesOf } from '../../../src/proof/iam/requests.ts';
import { resourceRequest } from '../../../src/proof/questions/requests.ts';
import { account, otherAccount, policyOf, roleOf, sessionOf } from './support.ts';

const everything = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' });
const provider = `arn:aws:iam::${account}:oidc-provider/oidc.example.com/id/A`;
const clusterArn = `arn:aws:eks:us-west-2:${account}:cluster/prod`;
const controller = roleOf('controller', { identity: [everything] });
const withTags = (transitive: readonly Tag[]): Caller => ({
  type: 'session',
  session: sessionOf(controller, { transitive }),
});

const callers = {
  session: withTags([]),
  chained: withTags([{ key: 'Star', value: '1' }]),
  token: { type: 'webIdentity', provider, subject: 'system:serviceaccount:eso:eso', audience: 'x' },
  pod: { type: 'podIdentity', clusterArn },
} as const satisfies Readonly<Record<string, Caller>>;

type Outcome = 'session' | 'refused' | 'unknown';
type Case = readonly [caller: keyof typeof callers, asks: object, condition: object, Outcome];

const plain: Assumption = { sessionName: 'eso', tags: [], transitiveTagKeys: [] };
const tagged = { tags: [{ key: 'team', value: 'a' }] };
const transitive = { ...tagged, transitiveTagKeys: ['team'] };
const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } });
const anyOf = (key: string, value: string) => ({ 'ForAnyValue:StringEquals': { [key]: value } });
const absent = (key: string) => ({ Null: { [key]: 'true' } });

/** A role with a tag, that trusts whoever calls under one condition. */
function assume(of: keyof typeof callers, asks: Partial<Assumption>, Condition: object) {
  const trust = policyOf('trust', {
    Effect: 'Allow',
    Principal: { AWS: account, Federated: provider, Service: 'pods.eks.amazonaws.com' },
    Action: 'sts:*',
    Condition,
  });
  const role = roleOf('access', { trust, tags: [{ key: 'Owner', value: 'platform' }] });
  return assumeRole(callers[of], { ...plain, ...asks }, role);
}

function outcome(...question: Parameters<typeof assume>): Outcome {
  const assumed = assume(...question);
  if (assumed.session !== undefined) return 'session';
  return 'decision' in assumed && assumed.decision?.reason === 'unknown' ? 'unknown' : 'refused';
}

const groups: Readonly<Record<string, readonly Case[]>> = {
  'the account of the role, and no region': [
    ['session', {}, equals('aws:ResourceAccount', account), 'session'],
    ['session', {}, equals('aws:ResourceAccount', otherAccount), 'refused'],
    ['token', {}, equals('aws:ResourceAccount', account), 'session'],
    ['token', {}, equals('aws:ResourceAccount', otherAccount), 'refused'],
    ['pod', {}, equals('aws:ResourceAccount', account), 'session'],
    ['session', {}, equals('aws:RequestedRegion', 'us-west-2'), 'unknown'],
    ['token', {}, equals('aws:RequestedRegion', 'us-west-2'), 'unknown'],
    ['pod', {}, absent('aws:RequestedRegion'), 'unknown'],
  ],
  "the role's own tags": [
    ['session', {}, equals('aws:ResourceTag/owner', 'platform'), 'session'],
    ['session', {}, equals('iam:ResourceTag/owner', 'platform'), 'session'],
    ['session', {}, equals('aws:ResourceTag/owner', 'payments'), 'refused'],
    ['token', {}, equals('iam:ResourceTag/Owner', 'platform'), 'session'],
    ['token', {}, absent('iam:ResourceTag/Owner'), 'refused'],
  ],
  'the name of the session, which sts:TagSession is not known to have': [
    ['session', {}, equals('sts:RoleSessionName', 'eso'), 'session'],
    ['session', {}, equals('sts:RoleSessionName', 'other'), 'refused'],
    ['session', tagged, equals('sts:RoleSessionName', 'eso'), 'unknown'],
  ],
  'the external id, when there is one': [
    ['session', {}, absent('sts:ExternalId'), 'session'],
    ['session', tagged, absent('sts:ExternalId'), 'session'],
    ['session', { externalId: 'id' }, absent('sts:ExternalId'), 'refused'],
  ],
  'which tags are passed on': [
    ['session', transitive, anyOf('sts:TransitiveTagKeys', 'team'), 'session'],
    ['session', tagged, anyOf('sts:TransitiveTagKeys', 'team'), 'refused'],
    ['session', tagged, absent('sts:TransitiveTagKeys'), 'session'],
    ['session', transitive, absent('sts:TransitiveTagKeys'), 'refused'],
  ],
  'tags from the session before, of which AWS does not say whether they count': [
    ['chained', {}, equals('aws:RequestTag/STAR', '1'), 'unknown'],
    ['chained', {}, absent('sts:TransitiveTagKeys'), 'unknown'],
    ['chained', {}, absent('aws:TagKeys'), 'unknown'],
    ['chained', {}, absent('aws:RequestTag/team'), 'session'],
    ['session', {}, absent('aws:RequestTag/star'), 'session'],
  ],
  'who called: a token names its provider, a cluster itself and the service': [
    ['token', {}, { ArnEquals: { 'aws:FederatedProvider': provider } }, 'session'],
    ['token', {}, { ArnEquals: { 'aws:FederatedProvider': `${provider}2` } }, 'refused'],
    ['token', {}, equals('aws:PrincipalAccount', account), 'unknown'],
    ['token', {}, absent('aws:PrincipalIsAWSService'), 'session'],
    ['pod', {}, equals('aws:PrincipalServiceName', 'pods.eks.amazonaws.com'), 'session'],
    ['pod', {}, equals('aws:PrincipalServiceName', 'ec2.amazonaws.com'), 'refused'],
    ['pod', {}, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }, 'session'],
    ['pod', {}, { Bool: { 'aws:PrincipalIsAWSService': 'false' } }, 'refused'],
    ['pod', {}, equals('aws:PrincipalType', 'AssumedRole'), 'unknown'],
    ['session', {}, { Bool: { 'aws:PrincipalIsAWSService': 'false' } }, 'session'],
    ['session', {}, equals('aws:PrincipalType', 'AssumedRole'), 'session'],
    ['session', {}, equals('aws:PrincipalType', 'User'), 'refused'],
    ['session', {}, equals('aws:PrincipalAccount', account), 'session'],
    ['session', {}, equals('aws:PrincipalAccount', otherAccount), 'refused'],
    ['session', {}, { ArnEquals: { 'aws:FederatedProvider': provider } }, 'unknown'],
  ],
};

describe.each(Object.entries(groups))('a trust policy sees %s', (_, cases) => {
  it.each(cases)('%s with %j, asked for %j: %s', (of, asks, condition, expected) => {
    expect(outcome(of, asks, condition)).toBe(expected);
  });
});

describe('parameters that STS refuses ("AssumeRole", STS API Reference)', () => {
  const names = ['a', 'a'.repeat(65), 'a bc', 'ab c', 'ä-b', 'bc/a', ''];
  it.each(names)('the session name "%s"', (sessionName) => {
    expect(assume('session', { sessionName }, {})).toMatchObject({
      refused: 'parameters',
      why: `STS refuses the session name "${sessionName}"`,
    });
  });

  const ids = ['a', 'a'.repeat(1225), 'a bc', 'ab c', 'ä-b', 'ab*'];
  it.each(ids)('the external id "%s"', (externalId) => {
    expect(assume('session', { externalId }, {})).toMatchObject({
      refused: 'parameters',
      why: `STS refuses the external id "${externalId}"`,
    });
  });

  it.each([
    ['ab', 'ab'],
    ['a'.repeat(64), 'a'.repeat(1224)],
    ['_0+=,.@-', '_0+=,.@:/-'],
  ])('and not %s with %s', (sessionName, externalId) => {
    expect(outcome('session', { sessionName, externalId }, {})).toBe('session');
  });
});

describe('the session', () => {
  const trust = policyOf('trust', { Effect: 'Allow', Principal: '*', Action: 'sts:*' });
  const arn = `arn:aws-cn:iam::${account}:role/platform/eso/reader`;

  function get(asks: Partial<Assumption>): Session {
    const role = { ...roleOf('reader', { trust, identity: [everything] }), arn };
    const { session } = assumeRole(callers.session, { ...plain, ...asks }, role);
    if (session === undefined) throw new Error('no session');
    return session;
  }

  it('has the name of its role without the path, in the partition of the role', () => {
    expect(get({}).principal).toEqual({
      type: 'session',
      role: arn,
      session: `arn:aws-cn:sts::${account}:assumed-role/reader/eso`,
      account,
    });
  });

  it('is bound by the policies that it was asked for with', () => {
    const nothing = policyOf('session', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
    const secret = { arn: `arn:aws-cn:secretsmanager:cn-north-1:${account}:secret:a-AbCdEf`, tags: [] };
    const reads = (session: Session) =>
      evaluate(resourceRequest(session, 'secretsmanager:GetSecretValue', secret, {}), policiesOf(session));
    expect(reads(get({})).reason).toBe('allowed');
    expect(reads(get({ policies: [nothing] }))).toEqual({
      allowed: false,
      reason: 'implicit-deny',
      by: [],
      missing: 'session',
    });
    expect(get({})).not.toHaveProperty('policies');
  });
});
