import { describe, expect, it } from 'vitest';
import { valueTests } from '../../src/proof/cases/tests.ts';
import { CaseValues } from '../../src/proof/cases/values.ts';
import type { AssumeCase, CaseCaller } from '../../src/proof/counterexample.ts';
import { evaluate } from '../../src/proof/iam/evaluate.ts';
import type { Decision } from '../../src/proof/iam/model.ts';
import { asPrincipal, assumeCase, attempt, outcome } from '../../src/proof/questions/assumptions.ts';
import { FailureList, ours } from '../../src/proof/questions/failures.ts';
import { actionsBeyond, resourcesBeyond } from '../../src/proof/questions/permissions.ts';
import {
  allowAll,
  allowEverybody,
  callerName,
  decide,
  distinctActions,
  isDenied,
  readActions,
  readCase,
  resourceRequest,
  sessionContext,
} from '../../src/proof/questions/requests.ts';
import { arnValues, exampleArn, freeContexts } from '../../src/proof/questions/resources.ts';
import {
  resourceTagName,
  sessionWith,
  tagsOf,
  tagValue,
  testedTags,
  withSpelling,
} from '../../src/proof/questions/sessions.ts';
import { policyOf, roleWith } from './role-documents.ts';
import { document, own, reads, right, trusts, when } from './told.ts';

const arn = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:payments-a1B2c3';
const payments = [{ key: 'team', value: 'payments' }];
const allows = (...statements: object[]) => policyOf(document(...statements), 'identity');

describe('requests', () => {
  const role = roleWith({ identity: [allows(own)] });
  const session = sessionWith(role, payments);

  it('for a secret say what tags it has, under both names; those for a key under one', () => {
    const of = (action: string) =>
      resourceRequest(session, action, { arn, tags: payments }, { 'aws:sourcevpc': null });
    const { context } = of('secretsmanager:GetSecretValue');
    expect(context.get('aws:resourcetag/team')).toBe('payments');
    expect(context.get('secretsmanager:resourcetag/team')).toBe('payments');
    expect(context.get('aws:principaltag/team')).toBe('payments');
    expect(context.get('aws:sourcevpc')).toBeNull();
    expect(of('kms:Decrypt').context.has('secretsmanager:resourcetag/team')).toBe(false);
    expect(of('kms:Decrypt').context.get('aws:resourcetag/team')).toBe('payments');
    expect(of('kms:Decrypt')).toMatchObject({ action: 'kms:Decrypt', resource: arn });
  });

  it('are decided by all that binds a session', () => {
    const get = (tags: typeof payments) => decide(session, reads[0] ?? '', { arn, tags }, {});
    expect(get(payments)).toMatchObject({ allowed: true });
    expect(isDenied(get(payments))).toBe(false);
    expect(isDenied(get([]))).toBe(true);
    expect(isDenied({ allowed: false, reason: 'unknown', by: [] })).toBe(false);
  });

  it('have a context, whatever they ask for', () => {
    const context = sessionContext(session);
    expect(context.get('aws:principalarn')).toBe(role.arn);
    expect(context.get('aws:principaltag/team')).toBe('payments');
  });

  it('are data where they show something', () => {
    const secret = { arn, tags: payments };
    const plain = { question: 'read', role: role.arn, sessionTags: payments, action: 'a', resource: secret };
    expect(readCase('denied', session, 'a', secret)).toEqual({ ...plain, expected: 'denied', context: {} });
    const way = { cluster: 'prod', store: 'store', service: 'payments' } as never;
    const context = { 'aws:sourcevpc': null };
    expect(readCase('allowed', session, 'a', secret, { context, way, secret: arn })).toEqual({
      ...plain,
      expected: 'allowed',
      context,
      way,
      secret: arn,
    });
  });

  it('of one set of actions are as good as each other', () => {
    const one = (Action: unknown, NotAction?: unknown) =>
      allows({ Effect: 'Allow', ...(NotAction ? { NotAction } : { Action }), Resource: '*' });
    expect(distinctActions([], readActions)).toEqual(readActions.slice(0, 1));
    expect(distinctActions([one(reads)], readActions)).toEqual(reads.slice(0, 1));
    expect(distinctActions([one(reads[1])], readActions)).toEqual(reads.slice(0, 2));
    expect(distinctActions([one('SECRETSMANAGER:get*'), one(reads[2])], readActions)).toEqual(reads);
    expect(distinctActions([one(undefined, [reads[1], 'kms:*'])], readActions)).toEqual(reads.slice(0, 2));
    expect(distinctActions([one(['kms:*', reads[2]])], readActions)).toEqual([reads[0], reads[2]]);
  });

  it('of callers of whom nothing is known are allowed, but not by a statement of ours', () => {
    const request = resourceRequest(session, 'a:B', { arn, tags: [] }, {});
    const decision = evaluate(request, { identity: [allowAll()], scps: [[allowAll()]] });
    expect(decision.allowed).toBe(true);
    expect(ours(decision)).toEqual([]);
    const { resource: anyResource, principal, ...rest } = request;
    const stranger = {
      ...rest,
      resource: anyResource,
      principal: { ...principal, account: '999999999999' } as never,
    };
    const open = evaluate(stranger, { identity: [allowAll()], resource: allowEverybody() });
    expect(open.allowed).toBe(true);
    expect(ours(open)).toEqual([]);
    expect([allowAll().kind, allowEverybody().kind]).toEqual(['identity', 'resource']);
  });
});

it.each<[CaseCaller, string]>([
  [{ type: 'role', arn: 'arn:aws:iam::1:role/a', tags: [] }, 'arn:aws:iam::1:role/a'],
  [{ type: 'podIdentity', clusterArn: 'cluster' }, 'EKS Pod Identity for cluster'],
  [{ type: 'webIdentity', provider: 'p', subject: 's', audience: 'a' }, 's (audience a) of p'],
])('%j is called %s', (caller, name) => {
  expect(callerName(caller)).toBe(name);
});

describe('an attempt to assume a role', () => {
  const caller = {
    type: 'role',
    arn: 'arn:aws:iam::123456789012:role/eso',
    tags: [{ key: 'x', value: 'y' }],
  } as const;
  const user = { ...caller, type: 'user', arn: 'arn:aws:iam::123456789012:user/ann' } as const;
  const plain = { caller, tags: payments, transitiveTagKeys: [], sessionName: 'session', context: {} };
  const roleOf = (conditions: object, parts: object = {}) =>
    roleWith({ trust: policyOf(trusts(conditions, parts), 'trust') });
  const reasons = (role: ReturnType<typeof roleOf>, parts: object = {}) =>
    attempt(role, { ...plain, ...parts }).map(({ reason }) => reason);

  it('needs one action, with tags two, up to the first that is denied', () => {
    expect(reasons(roleOf(right))).toEqual(['allowed', 'allowed']);
    expect(reasons(roleOf({}), { tags: [] })).toEqual(['allowed']);
    expect(reasons(roleOf({}, { Action: 'sts:AssumeRole' }))).toEqual(['allowed', 'implicit-deny']);
    expect(reasons(roleOf({}, { Action: 'sts:TagSession' }))).toEqual(['implicit-deny']);
    expect(reasons(roleOf({ StringEquals: { 'sts:RoleSessionName': 'session' } }))).toEqual([
      'allowed',
      'unknown',
    ]);
  });

  it('is made by a role with its tags, by one of its sessions, or by a user', () => {
    const byTag = roleOf({ StringEquals: { 'aws:PrincipalTag/x': 'y' } });
    expect(reasons(byTag)).toEqual(['allowed', 'allowed']);
    expect(reasons(byTag, { caller: { ...caller, tags: [] } })).toEqual(['implicit-deny']);
    const one = 'arn:aws:sts::123456789012:assumed-role/eso/one';
    const bySession = roleOf({}, { Principal: { AWS: one } });
    expect(reasons(bySession)).toEqual(['implicit-deny']);
    expect(reasons(bySession, { caller: { ...caller, session: one } })).toEqual(['allowed', 'allowed']);
    const byUser = roleOf(
      { StringEquals: { 'aws:PrincipalType': 'User' } },
      { Principal: { AWS: user.arn } },
    );
    expect(reasons(byUser)).toEqual(['implicit-deny']);
    expect(reasons(byUser, { caller: user })).toEqual(['allowed', 'allowed']);
    const byRoles = roleOf({ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } });
    expect(reasons(byRoles)).toEqual(['allowed', 'allowed']);
    expect(reasons(roleOf({}, { Principal: { AWS: '123456789012' } }), { caller: user })).toEqual([
      'allowed',
      'allowed',
    ]);
  });

  it('says what else the request says', () => {
    const role = roleOf({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } });
    expect(reasons(role, { context: { 'aws:sourcevpc': 'vpc-1' } })).toEqual(['allowed', 'allowed']);
    expect(reasons(role, { context: { 'aws:sourcevpc': null } })).toEqual(['implicit-deny']);
  });

  it('is made as whoever makes it', () => {
    const request = resourceRequest(sessionWith(roleOf({}), []), 'a', { arn, tags: [] }, {});
    expect(asPrincipal(request, user)).toMatchObject({
      principal: { type: 'user', arn: user.arn, account: '123456789012' },
    });
    expect(asPrincipal(request, user).context.get('aws:principaltype')).toBe('User');
    expect(asPrincipal(request, caller)).toBe(request);
    expect(asPrincipal(request, { ...caller, session: 'one' }).principal).toMatchObject({ session: 'one' });
  });

  it('fails by what denies it, or by what AWS does not document', () => {
    const of = (...all: Decision['reason'][]) =>
      outcome(all.map((reason) => ({ allowed: reason === 'allowed', reason, by: [] }))).reason;
    expect(of('allowed', 'allowed')).toBe('allowed');
    expect(of('unknown', 'allowed')).toBe('unknown');
    expect(of('allowed', 'unknown')).toBe('unknown');
    expect(of('unknown', 'explicit-deny')).toBe('explicit-deny');
  });

  it('is data', () => {
    const { context: _, ...rest } = plain;
    const { sessionName: __, tags: sessionTags, ...data } = { ...rest, question: 'assume', context: {} };
    const expected = { ...data, sessionTags, expected: 'denied', role: roleWith({}).arn };
    expect(assumeCase('denied', roleWith({}), plain)).toEqual(expected);
    const named = { ...plain, sessionName: 'other', externalId: 'audit' };
    const more = { sessionName: 'other', externalId: 'audit' };
    expect(assumeCase('denied', roleWith({}), named)).toEqual({ ...expected, ...more });
  });
});

describe('sessions', () => {
  it('have the tags that were passed, and those of their role besides', () => {
    const tags = [
      { key: 'TEAM', value: 'orders' },
      { key: 'env', value: 'prod' },
    ];
    const session = sessionWith(
      roleWith({ arn: 'arn:aws-cn:iam::123456789012:role/a/b/access', tags }),
      payments,
    );
    expect(session.tags).toEqual([...payments, { key: 'env', value: 'prod' }]);
    expect(session.principal).toEqual({
      type: 'session',
      role: 'arn:aws-cn:iam::123456789012:role/a/b/access',
      session: 'arn:aws-cn:sts::123456789012:assumed-role/access/session',
      account: '123456789012',
    });
    expect(session.transitive).toEqual([]);
  });

  it('have tags whose keys count in any case', () => {
    expect(tagValue(payments, 'Team')).toBe('payments');
    expect(tagValue([{ key: 'TEAM', value: 'a' }], 'team')).toBe('a');
    expect(tagValue(payments, 'env')).toBeUndefined();
    expect(tagsOf(['a', 'b', 'c', 'd'], ['1', null, ''])).toEqual([
      { key: 'a', value: '1' },
      { key: 'c', value: '' },
    ]);
  });

  it('and resources have tags that policies look at', () => {
    const tests = valueTests([allows(own, { ...when('StringNotLike', 'x*'), Sid: 'More' })]);
    expect(testedTags(tests, ['aws:principaltag/', 'secretsmanager:resourcetag/'])).toEqual(['team']);
    expect(testedTags(tests, ['aws:resourcetag/'])).toEqual([]);
    expect(withSpelling(['Team'], ['team', 'env'])).toEqual(['Team', 'env']);
    expect(
      ['aws:resourcetag/a', 'secretsmanager:resourcetag/a', 'aws:principaltag/a', 'x:aws:resourcetag/a'].map(
        resourceTagName,
      ),
    ).toEqual(['resourcetag/a', 'resourcetag/a', 'aws:principaltag/a', 'x:aws:resourcetag/a']);
  });
});

describe('resources', () => {
  it.each([
    ['aws', 'us-west-2'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('of partition %s are in %s for example', (partition, region) => {
    expect(exampleArn(roleWith({ arn: `arn:${partition}:iam::123456789012:role/a` }), 'kms', 'key/')).toBe(
      `arn:${partition}:kms:${region}:123456789012:key/example-a1B2c3`,
    );
  });

  const role = roleWith({});
  const example = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:example-a1B2c3';
  const arns = (conditions: object) => {
    const tests = valueTests([allows({ ...own, Condition: conditions })]);
    return arnValues(role, 'secretsmanager', 'secret:', [], tests, new Map(), new CaseValues());
  };
  it.each([
    ['nothing', {}, [example]],
    [
      'a region',
      { StringLike: { 'aws:RequestedRegion': 'eu-*' } },
      [example, 'arn:aws:secretsmanager:eu-:123456789012:secret:x'],
    ],
    ['the account', { StringEquals: { 'aws:ResourceAccount': '123456789012' } }, [example]],
  ])('are as many as conditions on %s tell apart', (_, conditions, expected) => {
    expect(arns(conditions)).toEqual(expected);
  });

  it('are asked for in every way that depends on where one is', () => {
    const tests = valueTests([
      allows({
        ...own,
        Condition: {
          StringEquals: { 'aws:SourceVpc': 'v', 'aws:PrincipalAccount': '1' },
          Bool: { 'aws:SecureTransport': 'true' },
        },
      }),
    ]);
    const contexts = freeContexts(tests, new Map(), new CaseValues());
    expect(contexts.map((context) => Object.values(context).map(String).join())).toEqual([
      ',',
      ',TRUE',
      ',null',
      'v,',
      'v,TRUE',
      'v,null',
      'null,',
      'null,TRUE',
      'null,null',
    ]);
    expect(Object.keys(contexts[0] ?? {})).toEqual(['aws:sourcevpc', 'aws:securetransport']);
    expect(freeContexts(new Map(), new Map(), new CaseValues())).toEqual([{}]);
  });
});

describe('permissions', () => {
  const policy = allows(
    { Sid: 'A', Effect: 'Allow', Action: ['KMS:decrypt', 's3:*'], Resource: ['arn:aws:s3:::a', '*'] },
    { Sid: 'B', Effect: 'Allow', NotAction: ['kms:Decrypt'], NotResource: ['arn:aws:s3:::x'] },
    { Sid: 'C', Effect: 'Deny', Action: 's3:*', Resource: '*' },
  );
  const said = (found: ReturnType<typeof actionsBeyond>) => found.map(({ what, text }) => `${what} ${text}`);

  it('beyond those that are known are wide', () => {
    expect(said(actionsBeyond([policy], ['kms:Decrypt']))).toEqual([
      'action s3:*',
      'action anything but kms:Decrypt',
    ]);
    expect(said(resourcesBeyond([policy], new Set(['arn:aws:s3:::a'])))).toEqual([
      'resource *',
      'resource anything but arn:aws:s3:::x',
    ]);
    expect(resourcesBeyond([policyOf(trusts({}), 'trust')], new Set())).toEqual([]);
  });
});

it('of failures of one kind at the same statements, the first is told', () => {
  const at = (line: number, column: number, file = 'a') => ({ location: { file, start: { line, column } } });
  const failure = (kind: string, role: string, ...by: object[]) => ({
    kind,
    counterexample: { role } as AssumeCase,
    decision: { by } as unknown as Decision,
  });
  const list = new FailureList();
  const first = failure('a', 'x', at(1, 1));
  const others = [
    failure('b', 'x', at(1, 1)),
    failure('a', 'y', at(1, 1)),
    failure('a', 'x', at(2, 1)),
    failure('a', 'x', at(1, 2)),
    failure('a', 'x', at(1, 1, 'b')),
    failure('a', 'x', at(1, 1), at(2, 2)),
  ];
  for (const one of [first, failure('a', 'x', at(1, 1), at(9, 9, '')), ...others, ...others]) list.add(one);
  expect(list.all()).toEqual([first, ...others]);
});
