import { describe, expect, it } from 'vitest';
import type { AdmissionCase, AssumeCase, Counterexample, ReadCase } from '../../src/proof/counterexample.ts';
import { counterexamplesIn } from '../../src/proof/prove/counterexamples.ts';
import { replay } from '../../src/proof/prove/replay.ts';
import { filesOf, fleets } from './fleets.ts';

const trees = { chained: filesOf(fleets.chained ?? ''), pinned: filesOf(fleets.pinned ?? '') };

const iam = 'arn:aws:iam::123456789012:role';
const reader = 'arn:aws:iam::999999999999:role/team/reader';
const access = `${iam}/eso-secrets-access`;
const secret = 'arn:aws:secretsmanager:us-west-2:999999999999:secret:payments_api_key-a1B2c3';
const own = [{ key: 'ekssecret', value: 'payments' }];
const way = { cluster: 'one', controllerRole: `${iam}/platform/eso`, roleChain: [`${iam}/hop`] };
const reads: ReadCase = {
  question: 'read',
  expected: 'denied',
  role: reader,
  sessionTags: own,
  action: 'secretsmanager:GetSecretValue',
  resource: { arn: secret, tags: own },
  context: {},
};
const assumes: AssumeCase = {
  question: 'assume',
  expected: 'denied',
  role: `${iam}/hop`,
  caller: { type: 'role', arn: `${iam}/platform/eso`, tags: [] },
  sessionTags: [],
  transitiveTagKeys: [],
  context: {},
};

/** The steps and what they come to. */
function played(counterexample: Counterexample, tree: keyof typeof trees = 'chained'): string[] {
  const { steps, outcome, expected } = replay(trees[tree], counterexample);
  expect(expected).toBe(counterexample.expected);
  return [...steps, outcome];
}

const read = 'secretsmanager:GetSecretValue';
const bySession = `by a session of ${reader} with`;

describe('a read', () => {
  it('goes the whole way to the secret', () => {
    expect(played({ ...reads, way })).toEqual([
      `cluster "one": the operator has ${iam}/platform/eso`,
      `assumes ${iam}/hop: allowed`,
      `assumes ${reader} with ekssecret=payments: allowed`,
      `${read} on ${secret} with ekssecret=payments ${bySession} ekssecret=payments: allowed by aws/999999999999/roles/reader/policy.json:4 (ReadOwnSecrets)`,
      'allowed',
    ]);
  });

  it('ends where the way does', () => {
    expect(played({ ...reads, way, sessionTags: [{ key: 'ekssecret', value: '' }] })).toEqual([
      `cluster "one": the operator has ${iam}/platform/eso`,
      `assumes ${iam}/hop: allowed`,
      `assumes ${reader} with ekssecret="": denied: sts:AssumeRole on ${reader} is not allowed by the role's trust policy`,
      'denied',
    ]);
    expect(played({ ...reads, way: { ...way, cluster: 'nowhere' } })).toEqual([
      `cluster "nowhere": the operator has ${iam}/platform/eso`,
      `assumes ${iam}/hop: denied: no role in dist can be that of the operator in cluster "nowhere"`,
      'denied',
    ]);
  });

  it('passes the external id with the last step, and every tag', () => {
    const sessionTags = [
      ...own,
      { key: 'environment', value: 'prod' },
      { key: 'team', value: 'payments-team' },
    ];
    const ofProd = { cluster: 'prod', controllerRole: `${iam}/eso-controller-prod`, roleChain: [] };
    const one = { ...reads, role: access, sessionTags, resource: { arn: secret, tags: sessionTags } };
    const [, , step] = played({ ...one, way: { ...ofProd, externalId: 'audit' }, secret }, 'pinned');
    expect(step).toMatch(/: denied: no statement allows it$/);
    const [, refused] = played({ ...one, way: ofProd }, 'pinned');
    expect(refused).toBe(
      `assumes ${access} with ekssecret=payments, environment=prod, team=payments-team: denied: sts:AssumeRole on ${access} is denied by a statement`,
    );
  });

  it('without a way begins with a session', () => {
    const allowed = `${read} on ${secret} with ekssecret=payments ${bySession} ekssecret=payments: allowed by aws/999999999999/roles/reader/policy.json:4 (ReadOwnSecrets)`;
    expect(played({ ...reads, expected: 'allowed' })).toEqual([allowed, 'allowed']);
    expect(played({ ...reads, sessionTags: [] })).toEqual([
      `${read} on ${secret} with ekssecret=payments ${bySession} no tags: denied: no statement allows it`,
      'denied',
    ]);
  });

  it('by a role that is not there is denied', () => {
    expect(played({ ...reads, role: `${iam}/x` })).toEqual([
      `role ${iam}/x is not in dist: denied`,
      'denied',
    ]);
    expect(played({ ...assumes, role: `${iam}/x` })).toEqual([
      `role ${iam}/x is not in dist: denied`,
      'denied',
    ]);
  });

  it('of what AWS does not document is no yes and no no', () => {
    const resource = { arn: secret, tags: [...own, { key: 'EKSsecret', value: 'orders' }] };
    expect(played({ ...reads, resource })).toEqual([
      `${read} on ${secret} with ekssecret=payments, EKSsecret=orders ${bySession} ekssecret=payments: AWS does not document what happens by aws/999999999999/roles/reader/policy.json:4 (ReadOwnSecrets)`,
      'not documented',
    ]);
  });

  it('of a key of another account needs the role alone: the key lets it in', () => {
    const arn = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const decrypts = (context: ReadCase['context'], of = arn) =>
      played(
        { ...reads, role: access, action: 'kms:Decrypt', resource: { arn: of, tags: [] }, context },
        'pinned',
      ).at(-1);
    const via = { 'kms:viaservice': 'secretsmanager.us-west-2.amazonaws.com' };
    expect(decrypts(via)).toBe('allowed');
    expect(decrypts({})).toBe('denied');
    expect(decrypts(via, arn.replace('1234abcd', '00000000'))).toBe('denied');
  });

  it('of a key for a secret comes from Secrets Manager in the region of the secret', () => {
    const arn = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const of = { ...reads, role: access, action: 'kms:Decrypt', resource: { arn, tags: [] }, context: {} };
    const secretIn = (region: string) => `arn:aws:secretsmanager:${region}:123456789012:secret:x-a1B2c3`;
    expect(played({ ...of, secret: secretIn('us-west-2') }, 'pinned').at(-1)).toBe('allowed');
    expect(played({ ...of, secret: secretIn('ap-south-1') }, 'pinned').at(-1)).toBe('denied');
  });
});

describe('an assumption', () => {
  const by = (caller: AssumeCase['caller'], more: Partial<AssumeCase> = {}) =>
    played({ ...assumes, caller, ...more });

  it('says who assumes what, action by action', () => {
    expect(played(assumes)).toEqual([
      `sts:AssumeRole on ${iam}/hop by ${iam}/platform/eso with no tags: allowed by aws/123456789012/roles/hop/trust.json:4 (AssumeFromRoleBefore)`,
      'allowed',
    ]);
    expect(by({ type: 'role', arn: `${iam}/x`, tags: [] })).toEqual([
      `sts:AssumeRole on ${iam}/hop by ${iam}/x with no tags: denied: no statement allows it`,
      'denied',
    ]);
    const hop = { type: 'role', arn: `${iam}/hop`, tags: [] } as const;
    const trust = 'allowed by aws/999999999999/roles/reader/trust.json:4 (AssumeWithTags)';
    expect(by(hop, { role: reader, sessionTags: own })).toEqual([
      `sts:AssumeRole on ${reader} by ${iam}/hop with ekssecret=payments: ${trust}`,
      `sts:TagSession on ${reader} by ${iam}/hop with ekssecret=payments: ${trust}`,
      'allowed',
    ]);
  });

  it('may come from a token or from a pod', () => {
    const role = `${iam}/platform/eso`;
    const provider = 'arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/TWO';
    const subject = 'system:serviceaccount:external-secrets:external-secrets';
    const audience = 'sts.amazonaws.com';
    const trust = 'aws/123456789012/roles/eso/trust.json';
    expect(by({ type: 'webIdentity', provider, subject, audience }, { role })).toEqual([
      `sts:AssumeRoleWithWebIdentity on ${role} by ${subject} (audience ${audience}) of ${provider} with no tags: allowed by ${trust}:4 (AssumeAsServiceAccount)`,
      'allowed',
    ]);
    const clusterArn = 'arn:aws:eks:us-west-2:123456789012:cluster/one';
    expect(by({ type: 'podIdentity', clusterArn }, { role })).toEqual([
      `sts:AssumeRole on ${role} by EKS Pod Identity for ${clusterArn} with no tags: allowed by ${trust}:20 (AssumeByPodIdentity)`,
      'allowed',
    ]);
  });

  it('names the id and the session that it was tried with', () => {
    const caller = { type: 'role', arn: `${iam}/eso-controller-prod`, tags: [] } as const;
    const sessionTags = [...own, { key: 'environment', value: 'prod' }, { key: 'team', value: 'a-team' }];
    const one = { ...assumes, role: access, caller, sessionTags };
    expect(played({ ...one, externalId: 'audit' }, 'pinned').at(-1)).toBe('allowed');
    expect(played({ ...one, externalId: 'other' }, 'pinned').at(-1)).toBe('denied');
    expect(played(one, 'pinned').at(-1)).toBe('denied');
  });
});

describe('a request to a cluster', () => {
  it('that dist knows nothing of is allowed: nothing refuses it', () => {
    const request = {
      operation: 'CREATE',
      kind: 'SecretStore',
      name: 'x',
      user: { username: 'somebody', groups: [] },
    };
    const one = {
      question: 'admission',
      expected: 'denied',
      cluster: 'nowhere',
      request,
    } as unknown as AdmissionCase;
    expect(played(one)).toEqual([
      'CREATE of SecretStore x by somebody in cluster "nowhere": allowed',
      'allowed',
    ]);
  });
});

describe('counterexamples in JSON', () => {
  it.each<readonly [unknown, readonly unknown[]]>([
    [assumes, [assumes]],
    [
      [assumes, [reads]],
      [assumes, reads],
    ],
    [{ findings: [{ counterexample: assumes }, {}, { counterexample: reads }] }, [assumes, reads]],
    [{ counterexample: reads }, [reads]],
    [null, []],
    ['read', []],
    [{ ...reads, question: 'write' }, []],
    [{ ...reads, expected: 'perhaps' }, []],
    [{ ...reads, role: 1 }, []],
    [{ ...assumes, sessionTags: {} }, []],
    [{ question: 'admission', expected: 'denied', cluster: 1, request: {} }, []],
    [{ question: 'admission', expected: 'denied', cluster: 'one', request: null }, []],
    [{ question: 'admission', expected: 'denied', cluster: 'one', request: {} }, []],
    [{ ...reads, resource: undefined }, []],
    [{ ...reads, context: { 'aws:requestedregion': 1 } }, []],
    [{ ...assumes, caller: { type: 'role' } }, []],
  ])('%j', (json, found) => {
    expect(counterexamplesIn(json)).toEqual(found);
  });
});
