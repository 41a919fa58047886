import { describe, expect, it } from 'vitest';
import type { AdmissionCase, AssumeCase, Counterexample, ReadCase } from '../../src/proof/counterexample.ts';
import { counterexamplesIn } from '../../src/proof/prove/counterexamples.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { replay } from '../../src/proof/prove/replay.ts';
import { type Change, changed, json, manifest, removed } from './attacks/change.ts';
import { filesOf, fleets } from './fleets.ts';
import { counterexampleOf } from './said.ts';

const tree = new Map(filesOf(fleets.small ?? '').map(({ path, text }) => [path, text]));
const sourcesOf = (change: Change) => [...changed(tree, change)].map(([path, text]) => ({ path, text }));
const same: Change = () => undefined;
const iam = 'arn:aws:iam::123456789012:role';
const access = `${iam}/eso-secrets-access`;
const policy = 'aws/123456789012/roles/eso-secrets-access/policy.json';
const own = [{ key: 'ekssecret', value: 'payments' }];
const secret = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:payments_api_key-a1B2c3';
const reads: ReadCase = {
  question: 'read',
  expected: 'denied',
  role: access,
  sessionTags: own,
  action: 'secretsmanager:GetSecretValue',
  resource: { arn: secret, tags: own },
  context: {},
};
const played = (counterexample: Counterexample, change: Change = same) => {
  const { steps, outcome } = replay(sourcesOf(change), counterexample);
  return [...steps, outcome];
};

describe('a request to a cluster', () => {
  const stores = 'clusters/us-west-2/platform/admission-secretstores.yaml';
  const spec = (patch: Parameters<typeof json>[2]) =>
    manifest(stores, 'ValidatingAdmissionPolicy', ['spec'], patch);
  let forged: AdmissionCase | undefined;
  /** What the first forged request is that nothing refuses without the policy of stores. */
  const forgery = (): AdmissionCase => {
    forged ??= proveDist(sourcesOf(removed(stores)))
      .findings.flatMap((finding) => counterexampleOf(finding) ?? [])
      .find((one): one is AdmissionCase => one.question === 'admission');
    if (forged === undefined) throw new Error('nothing is forged without the policy of stores');
    return forged;
  };
  const step = (what: string, cluster = 'us-west-2') => {
    const { operation, kind, name, user } = forgery().request;
    return `${operation} of ${kind} ${name} by ${user.username} in cluster "${cluster}": ${what}`;
  };

  it.each<readonly [what: string, change: Change, says: string, outcome: string]>([
    ['is refused by a policy', same, 'denied by eso-abac-secretstores', 'denied'],
    [
      'is refused by a policy of which two rules do, once',
      spec({ validations: [{ expression: 'false' }, { expression: 'false' }] }),
      'denied by eso-abac-secretstores',
      'denied',
    ],
    ['is allowed where none refuses it', removed(stores), 'allowed', 'allowed'],
    [
      'is not judged where a rule says neither',
      spec({ validations: [{ expression: '1 + 1' }] }),
      'the expression is neither true nor false in eso-abac-secretstores',
      'not judged',
    ],
  ])('%s', (_, change, says, outcome) => {
    expect(played(forgery(), change)).toEqual([step(says), outcome]);
  });

  it('is allowed in a cluster of which dist knows nothing', () => {
    expect(played({ ...forgery(), cluster: 'other' })).toEqual([step('allowed', 'other'), 'allowed']);
  });
});

describe('a read', () => {
  const by = (sids: readonly (string | null)[]) => {
    const found = JSON.parse(tree.get(policy) ?? '') as { Statement: readonly object[] };
    const [first] = found.Statement;
    return json(policy, [], {
      Statement: sids.map((Sid) => ({ ...first, ...(Sid !== null && { Sid }) })) as never,
    });
  };
  const withoutSid = (files: Map<string, string>) =>
    files.set(policy, (files.get(policy) ?? '').replace(/^ *"Sid": .*\n/m, ''));
  const step = (what: string) =>
    `${reads.action} on ${secret} with ekssecret=payments by a session of ${access} with ekssecret=payments: ${what}`;

  it('names the statements that decide, by place and name', () => {
    expect(played(reads)).toEqual([step(`allowed by ${policy}:4 (ReadOwnSecrets)`), 'allowed']);
    expect(played(reads, withoutSid)).toEqual([step(`allowed by ${policy}:4`), 'allowed']);
    const [both] = played(reads, by(['One', 'Two']));
    expect(both).toMatch(/: allowed by \S+:4 \(One\)(?:, \S+ \(Two\))?$/);
  });

  it('of which a statement denies says so', () => {
    const deny = json(policy, ['Statement', 0], { Effect: 'Deny' });
    expect(played(reads, deny)).toEqual([step(`denied by ${policy}:4 (ReadOwnSecrets)`), 'denied']);
  });

  it('goes its way in the region of the secret', () => {
    const way = { cluster: 'us-west-2', controllerRole: `${iam}/eso-controller`, roleChain: [] };
    expect(played({ ...reads, way })).toEqual([
      `cluster "us-west-2": the operator has ${iam}/eso-controller`,
      `assumes ${access} with ekssecret=payments: allowed`,
      step(`allowed by ${policy}:4 (ReadOwnSecrets)`),
      'allowed',
    ]);
    const passedOn = played({ ...reads, way: { ...way, transitiveTagKeys: ['other'] } });
    expect(passedOn[1]).toMatch(
      /^assumes \S+ with ekssecret=payments: denied: STS refuses the transitive tag key/,
    );
    expect(passedOn).toHaveLength(3);
    const loop = played({ ...reads, way: { ...way, roleChain: [`${iam}/eso-controller`] } });
    expect(loop[1]).toMatch(/^assumes \S+\/eso-controller: denied: /);
  });
});

describe('counterexamples in JSON', () => {
  const assumes: AssumeCase = {
    question: 'assume',
    expected: 'denied',
    role: access,
    caller: { type: 'role', arn: `${iam}/eso`, tags: own },
    sessionTags: own,
    transitiveTagKeys: ['ekssecret'],
    context: { 'aws:requestedregion': 'us-west-2', 'aws:x': ['a', 'b'], 'aws:y': null },
  };
  const admits = {
    question: 'admission',
    expected: 'allowed',
    cluster: 'one',
    request: {
      ...{
        operation: 'CREATE',
        group: '',
        version: 'v1',
        kind: 'ConfigMap',
        resource: 'configmaps',
        subresource: '',
      },
      ...{
        name: 'a',
        namespace: 'b',
        object: { data: {} },
        oldObject: null,
        namespaceObject: null,
        dryRun: false,
      },
      user: { username: 'u', groups: ['g'] },
    },
  };
  const way = { cluster: 'one', controllerRole: 'r', roleChain: ['h'] };

  it.each<readonly [what: string, json: object]>([
    ['a read', reads],
    ['a read that should be allowed', { ...reads, expected: 'allowed' }],
    ['a read on its way', { ...reads, way }],
    [
      'a read with all that can be passed',
      { ...reads, way: { ...way, externalId: 'x', transitiveTagKeys: ['k'] }, secret },
    ],
    ['an assumption by a role', assumes],
    [
      'one by a session, with an id and a name',
      { ...assumes, caller: { ...assumes.caller, session: 's' }, externalId: 'x', sessionName: 's' },
    ],
    ['one by a user', { ...assumes, caller: { ...assumes.caller, type: 'user' } }],
    [
      'one by a token',
      { ...assumes, caller: { type: 'webIdentity', provider: 'p', subject: 's', audience: 'a' } },
    ],
    ['one by a pod', { ...assumes, caller: { type: 'podIdentity', clusterArn: 'c' } }],
    ['a request', admits],
    [
      'a request of an administrator',
      { ...admits, request: { ...admits.request, user: { ...admits.request.user, isAdministrator: true } } },
    ],
    ...['UPDATE', 'DELETE'].map(
      (operation) =>
        [
          operation,
          { ...admits, request: { ...admits.request, operation, oldObject: {}, namespaceObject: {} } },
        ] as const,
    ),
  ])('are found: %s', (_, json) => {
    expect(counterexamplesIn(json)).toEqual([json]);
    expect(counterexamplesIn([{ findings: [{ counterexample: json }] }, [json]])).toEqual([json, json]);
  });

  it.each<readonly [what: string, json: unknown]>([
    ['another operation', { ...admits, request: { ...admits.request, operation: 'CONNECT' } }],
    ['another kind of caller', { ...assumes, caller: { ...assumes.caller, type: 'group' } }],
    ['a way without its chain', { ...reads, way: { cluster: 'one', controllerRole: 'r' } }],
    ['a tag without a value', { ...reads, sessionTags: [{ key: 'a' }] }],
    ['a user without groups', { ...admits, request: { ...admits.request, user: { username: 'u' } } }],
    ['an object that is a text', { ...admits, request: { ...admits.request, object: 'x' } }],
    ['nothing', undefined],
    ['findings without one', { findings: [{ message: 'x' }, null, 'x'] }],
  ])('are not: %s', (_, json) => {
    expect(counterexamplesIn(json)).toEqual([]);
  });
});
