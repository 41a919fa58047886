import { describe, expect, it } from 'vitest';
import { assumeRole } from '../../../src/proof/iam/assume.ts';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import type { Assumption, Caller, Policy, Role, Tag } from '../../../src/proof/iam/model.ts';
import { decryptRequest, policiesOf } from '../../../src/proof/iam/requests.ts';
import { podIdentityTags } from '../../../src/proof/iam/session-tags.ts';
import { resourceRequest } from '../../../src/proof/questions/requests.ts';
import { account, policyOf, roleOf, type StatementData, sessionOf } from './support.ts';

const anything = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' });

function trust(statement: StatementData = {}): Policy {
  return policyOf('trust', {
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    ...statement,
  });
}

function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function passing(
  tags: Readonly<Record<string, string>>,
  ...transitiveTagKeys: readonly string[]
): Assumption {
  return { sessionName: 'eso', tags: tagsOf(tags), transitiveTagKeys };
}

const controller: Caller = {
  type: 'session',
  session: sessionOf(roleOf('controller', { identity: [anything] })),
};

/** The session's tags as an object, or why there is no session. */
function result(assumption: Assumption, role: Role, caller: Caller = controller): object | string {
  const { session, ...refusal } = assumeRole(caller, assumption, role);
  if (session === undefined)
    return `${'refused' in refusal && refusal.refused}: ${'why' in refusal && refusal.why}`;
  return Object.fromEntries(session.tags.map(({ key, value }) => [key, value]));
}

describe('session tags ("Pass session tags in AWS STS", IAM User Guide)', () => {
  const role = roleOf('access', { trust: trust(), tags: tagsOf({ Team: 'role', stage: 'prod' }) });

  it('override tags of the role, whatever their case, and keep their own', () => {
    expect(result(passing({ team: 'a' }), role)).toEqual({ team: 'a', stage: 'prod' });
    expect(result(passing({}), role)).toEqual({ Team: 'role', stage: 'prod' });
  });

  it('need sts:TagSession on both sides', () => {
    const untagged = roleOf('access', { trust: trust({ Action: 'sts:AssumeRole' }) });
    expect(result(passing({}), untagged)).toEqual({});
    expect(result(passing({ team: 'a' }), untagged)).toBe(
      `sts:TagSession: sts:TagSession on ${role.arn} is not allowed by the role's trust policy`,
    );
    const identity = [policyOf('identity', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })];
    const caller: Caller = { type: 'session', session: sessionOf(roleOf('controller', { identity })) };
    expect(result(passing({ team: 'a' }), role, caller)).toBe(
      `sts:TagSession: sts:TagSession on ${role.arn} is not allowed by the caller's policies`,
    );
  });

  it.each<readonly [Record<string, string>, string]>([
    [{ team: 'a', Team: 'b' }, 'the session tag "Team" twice; case does not count'],
    [{ '': 'a' }, 'a session tag key of 0 characters, of 1 to 128'],
    [{ ['k'.repeat(129)]: 'a' }, 'a session tag key of 129 characters, of 1 to 128'],
    [{ team: 'v'.repeat(257) }, 'a value of the session tag "team" of more than 256 characters'],
    [{ 'AWS:team': 'a' }, 'the session tag key "AWS:team", which begins with the reserved "aws:"'],
    [{ 'te*m': 'a' }, 'the session tag key "te*m" with characters that tags cannot have'],
    [{ team: 'a*' }, 'the session tag "team" with characters that tags cannot have'],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])), 'more than 50 session tags'],
  ])('%j', (tags, why) => {
    expect(result(passing(tags), role)).toBe(`parameters: STS refuses ${why}`);
  });

  it('can be long, many, and of any letters', () => {
    const most = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v'.repeat(256)]));
    expect(result(passing(most), roleOf('access', { trust: trust() }))).toEqual(most);
    const odd = { ['é名 _.:/=+-@'.padEnd(128, 'k')]: 'Zü 0_.:/=+-@' };
    expect(result(passing(odd), roleOf('access', { trust: trust() }))).toEqual(odd);
  });
});

describe('chained roles ("Chaining roles with session tags", IAM User Guide)', () => {
  const second = roleOf('second', { trust: trust(), tags: tagsOf({ Sun: '2' }), identity: [anything] });
  const third = roleOf('third', { trust: trust(), tags: tagsOf({ Star: '3', Lightning: '3' }) });
  const first = assumeRole(controller, passing({ Star: '1', Heart: '1' }, 'Star', 'heart'), second);

  it('inherit transitive tags, through every further session', () => {
    expect(first.session?.transitive).toEqual(tagsOf({ Star: '1', Heart: '1' }));
    const caller: Caller = { type: 'session', session: first.session ?? sessionOf(second) };
    expect(result(passing({ Moon: '3' }), third, caller)).toEqual({
      Moon: '3',
      Star: '1',
      Heart: '1',
      Lightning: '3',
    });
  });

  it('fail for a tag that is inherited, whatever its case', () => {
    const caller: Caller = { type: 'session', session: first.session ?? sessionOf(second) };
    expect(result(passing({ HEART: '3' }), third, caller)).toBe(
      'parameters: STS refuses the session tag "Heart", which is inherited as a transitive tag',
    );
  });

  it('do not inherit other tags', () => {
    const { session } = assumeRole(controller, passing({ Star: '1' }), second);
    expect(result(passing({}), third, { type: 'session', session: session ?? sessionOf(second) })).toEqual({
      Star: '3',
      Lightning: '3',
    });
  });

  it('need sts:TagSession for what is inherited', () => {
    const closed = roleOf('third', { trust: trust({ Action: 'sts:AssumeRole' }) });
    const caller: Caller = { type: 'session', session: first.session ?? sessionOf(second) };
    expect(result(passing({}), closed, caller)).toMatch(/^sts:TagSession: /);
  });

  it('cannot be judged by aws:TagKeys when tags are inherited', () => {
    const limited = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Moon'] } };
    const role = roleOf('third', { trust: trust({ Condition: limited }) });
    const caller: Caller = { type: 'session', session: first.session ?? sessionOf(second) };
    expect(result(passing({ Moon: '1' }), role, caller)).toMatch(/^sts:AssumeRole: AWS does not document/);
    expect(result(passing({ Moon: '1' }), role)).toEqual({ Moon: '1' });
  });

  it('refuse a transitive key without a tag', () => {
    expect(result(passing({}, 'Star'), second)).toMatch(
      /the transitive tag key "Star" without a session tag/,
    );
  });
});

describe('conditions of a trust policy', () => {
  const Condition = {
    ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/controller` },
    StringLike: { 'aws:RequestTag/team': '?*' },
    StringEquals: { 'aws:RequestTag/stage': 'prod' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] },
    Null: { 'aws:TagKeys': 'false' },
  };
  const role = roleOf('access', { trust: trust({ Condition }) });
  const other: Caller = { type: 'session', session: sessionOf(roleOf('other', { identity: [anything] })) };

  it('see the caller, the tags and their keys', () => {
    expect(result(passing({ team: 'a', stage: 'prod' }), role)).toEqual({ team: 'a', stage: 'prod' });
    expect(result(passing({ team: 'a', stage: 'prod' }), role, other)).toMatch(/^sts:AssumeRole: /);
    expect(result(passing({ team: '', stage: 'prod' }), role)).toMatch(/^sts:AssumeRole: /);
    expect(result(passing({ team: 'a', stage: 'test' }), role)).toMatch(/^sts:AssumeRole: /);
    expect(result(passing({ team: 'a', stage: 'prod', more: '1' }), role)).toMatch(/^sts:AssumeRole: /);
    expect(result(passing({}), role)).toMatch(/^sts:AssumeRole: /);
  });

  it('see the external id in sts:AssumeRole; for sts:TagSession that is not documented', () => {
    const inCommon = trust({ Condition: { StringEquals: { 'sts:ExternalId': 'id-1' } } });
    const withId = { ...passing({}), externalId: 'id-1' };
    expect(result(withId, roleOf('access', { trust: inCommon }))).toEqual({});
    expect(result(passing({}), roleOf('access', { trust: inCommon }))).toMatch(/^sts:AssumeRole: /);
    const tagged = { ...withId, tags: tagsOf({ team: 'a' }) };
    expect(result(tagged, roleOf('access', { trust: inCommon }))).toMatch(
      /^sts:TagSession: AWS does not document/,
    );
    const denied = policyOf(
      'trust',
      { Effect: 'Allow', Principal: { AWS: account }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { StringNotEquals: { 'sts:ExternalId': 'id-1' } },
      },
    );
    expect(result(tagged, roleOf('access', { trust: denied }))).toEqual({ team: 'a' });
    expect(result(passing({ team: 'a' }), roleOf('access', { trust: denied }))).toMatch(
      /^sts:AssumeRole: .* is denied/,
    );
  });

  it('refuse names that STS does not take', () => {
    expect(result({ ...passing({}), sessionName: 'a b' }, role)).toMatch(/^parameters: .*session name/);
    expect(result({ ...passing({}), externalId: 'ä' }, role)).toMatch(/^parameters: .*external id/);
  });
});

describe('IRSA ("IAM roles for service accounts", EKS User Guide)', () => {
  const provider = `arn:aws:iam::${account}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE`;
  const key = 'oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE';
  const role = roleOf('controller', {
    trust: policyOf('trust', {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${key}:sub`]: 'system:serviceaccount:eso:eso',
          [`${key}:aud`]: 'sts.amazonaws.com',
        },
      },
    }),
  });
  const token = {
    type: 'webIdentity',
    provider,
    subject: 'system:serviceaccount:eso:eso',
    audience: 'sts.amazonaws.com',
  } as const;

  it('takes the service account of the token alone', () => {
    expect(result(passing({}), role, token)).toEqual({});
    expect(result(passing({}), role, { ...token, subject: 'system:serviceaccount:eso:other' })).toMatch(
      /^sts:Assume/,
    );
    expect(result(passing({}), role, { ...token, audience: 'x' })).toMatch(/^sts:Assume/);
    expect(result(passing({}), role, { ...token, provider: `${provider}2` })).toMatch(/^sts:Assume/);
    expect(result(passing({}), role)).toMatch(/^sts:AssumeRole: /);
  });
});

describe('EKS Pod Identity ("EKS Pod Identity role", "session tags", EKS User Guide)', () => {
  const clusterArn = `arn:aws:eks:us-west-2:${account}:cluster/prod`;
  const pod = {
    clusterArn,
    clusterName: 'prod',
    namespace: 'eso',
    serviceAccount: 'eso',
    name: 'eso-0',
    uid: '1',
  };
  const Principal = { Service: 'pods.eks.amazonaws.com' };
  const Condition = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnEquals: { 'aws:SourceArn': clusterArn },
  };
  const role = roleOf('controller', { trust: trust({ Principal, Condition }), identity: [anything] });

  it('is for the cluster', () => {
    expect(result(passing({}), role, { type: 'podIdentity', clusterArn })).toEqual({});
    expect(result(passing({}), role, { type: 'podIdentity', clusterArn: `${clusterArn}2` })).toMatch(
      /^sts:Assume/,
    );
  });

  it('passes six tags that are all transitive', () => {
    const assumption = { sessionName: 'eks', ...podIdentityTags(pod) };
    const { session } = assumeRole({ type: 'podIdentity', clusterArn }, assumption, role);
    expect(session?.tags.map(({ key }) => key)).toEqual([
      'eks-cluster-arn',
      'eks-cluster-name',
      'kubernetes-namespace',
      'kubernetes-service-account',
      'kubernetes-pod-name',
      'kubernetes-pod-uid',
    ]);
    expect(session?.transitive).toEqual(session?.tags);
  });
});

describe('requests of a session', () => {
  const own = { StringEquals: { 'secretsmanager:ResourceTag/team': `\${aws:PrincipalTag/team}` } };
  const through = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-west-2.amazonaws.com' } };
  const identity = [
    policyOf('identity', { Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*', Condition: own }),
    policyOf('identity', { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Condition: through }),
  ];
  const { session } = assumeRole(
    controller,
    passing({ team: 'a' }),
    roleOf('access', { trust: trust(), identity }),
  );
  const arn = `arn:aws:secretsmanager:us-west-2:${account}:secret:x-AbCdEf`;
  const read = (tags: readonly Tag[]) =>
    session &&
    evaluate(
      resourceRequest(session, 'secretsmanager:GetSecretValue', { arn, tags }, {}),
      policiesOf(session),
    );

  it('carry the tags of session and secret', () => {
    expect(read(tagsOf({ team: 'a' }))?.reason).toBe('allowed');
    expect(read(tagsOf({ Team: 'a' }))?.reason).toBe('allowed');
    expect(read(tagsOf({ team: 'A' }))?.reason).toBe('implicit-deny');
    expect(read([])?.reason).toBe('implicit-deny');
    expect(read(tagsOf({ team: 'a', Team: 'b' }))?.reason).toBe('unknown');
  });

  it('say through which service a key is used', () => {
    const key = { arn: `arn:aws:kms:us-west-2:${account}:key/1`, tags: [] };
    const decide = (of: string) =>
      session && evaluate(decryptRequest(session, { arn: of, tags: [] }, key), policiesOf(session));
    expect(decide(arn)?.reason).toBe('allowed');
    expect(decide(arn.replace('us-west-2', 'eu-west-1'))?.reason).toBe('implicit-deny');
  });
});
