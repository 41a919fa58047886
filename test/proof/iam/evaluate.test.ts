import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import type { Policies, Policy, Principal, Request } from '../../../src/proof/iam/model.ts';
import { account, contextOf, otherAccount, policyOf, readRequest, sessionPrincipal } from './support.ts';

const caller = sessionPrincipal('eso');
const stranger = sessionPrincipal('eso', otherAccount);
const allow = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' });
const nothing = policyOf('identity', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
const deny = policyOf('identity', { Effect: 'Deny', Action: '*', Resource: '*' });

/** A resource or trust policy that allows everything to those it names. */
function allowTo(kind: 'resource' | 'trust', ...names: readonly string[]): Policy {
  const what = kind === 'trust' ? { Action: 'sts:*' } : { Action: '*', Resource: '*' };
  return policyOf(kind, { Effect: 'Allow', Principal: { AWS: names }, ...what });
}

const root = `arn:aws:iam::${account}:root`;

type Case = readonly [what: string, principal: Principal, policies: Partial<Policies>, outcome: string];

/** `allowed`, or the reason with the kind of policy that is missing. */
function outcomeOf(request: Request, policies: Partial<Policies>): string {
  const { allowed, reason, missing } = evaluate(request, { identity: [], ...policies });
  expect(allowed).toBe(reason === 'allowed');
  return missing === undefined ? reason : `${reason}: ${missing}`;
}

describe('"Policy evaluation for requests within a single account" (IAM User Guide)', () => {
  it.each<Case>([
    ['nothing allows', caller, {}, 'implicit-deny: identity'],
    ['identity policies allow', caller, { identity: [nothing, allow] }, 'allowed'],
    ['a Deny wins', caller, { identity: [allow, deny] }, 'explicit-deny'],
    ['a Deny of the boundary', caller, { identity: [allow], boundary: deny }, 'explicit-deny'],
    [
      'a boundary that does not allow',
      caller,
      { identity: [allow], boundary: nothing },
      'implicit-deny: boundary',
    ],
    ['a boundary allows nothing by itself', caller, { boundary: allow }, 'implicit-deny: identity'],
    ['a session policy', caller, { identity: [allow], session: [nothing] }, 'implicit-deny: session'],
    ['one of two session policies', caller, { identity: [allow], session: [nothing, allow] }, 'allowed'],
    [
      'every SCP level has to allow',
      caller,
      { identity: [allow], scps: [[allow], [nothing]] },
      'implicit-deny: scp',
    ],
    [
      'one SCP of a level is enough',
      caller,
      { identity: [allow], scps: [[allow], [nothing, allow]] },
      'allowed',
    ],
    ['SCPs allow nothing by themselves', caller, { scps: [[allow]] }, 'implicit-deny: identity'],
    [
      'SCPs bind grants of the resource',
      caller,
      { resource: allowTo('resource', caller.session), scps: [[nothing]] },
      'implicit-deny: scp',
    ],
    ['the resource names the role', caller, { resource: allowTo('resource', caller.role) }, 'allowed'],
    [
      'the resource names another role',
      caller,
      { resource: allowTo('resource', `${caller.role}2`) },
      'implicit-deny: identity',
    ],
    [
      'the resource names the account',
      caller,
      { resource: allowTo('resource', root) },
      'implicit-deny: identity',
    ],
    [
      'a boundary limits what the role is given',
      caller,
      { resource: allowTo('resource', caller.role), boundary: nothing },
      'implicit-deny: boundary',
    ],
    [
      'a session policy too',
      caller,
      { resource: allowTo('resource', caller.role), session: [nothing] },
      'implicit-deny: session',
    ],
    [
      'neither limits what the session is given',
      caller,
      { resource: allowTo('resource', caller.session), boundary: nothing, session: [nothing] },
      'allowed',
    ],
    [
      'nor what everyone is given',
      caller,
      { resource: allowTo('resource', '*'), boundary: nothing },
      'allowed',
    ],
    [
      'but a Deny does',
      caller,
      { resource: allowTo('resource', caller.session), boundary: deny },
      'explicit-deny',
    ],
    ['the root user', { type: 'root', account }, {}, 'allowed'],
  ])('%s', (_, principal, policies, outcome) => {
    expect(outcomeOf(readRequest(principal), policies)).toBe(outcome);
  });
});

describe('"Cross-account policy evaluation logic" (IAM User Guide)', () => {
  it.each<Case>([
    ['the identity alone', stranger, { identity: [allow] }, 'implicit-deny: resource'],
    [
      'the resource alone',
      stranger,
      { resource: allowTo('resource', stranger.role) },
      'implicit-deny: identity',
    ],
    [
      'the resource alone, naming the session',
      stranger,
      { resource: allowTo('resource', stranger.session) },
      'implicit-deny: identity',
    ],
    ['both', stranger, { identity: [allow], resource: allowTo('resource', stranger.role) }, 'allowed'],
    [
      'both, by the account',
      stranger,
      { identity: [allow], resource: allowTo('resource', otherAccount) },
      'allowed',
    ],
    [
      'both, with a boundary',
      stranger,
      { identity: [allow], resource: allowTo('resource', stranger.session), boundary: nothing },
      'implicit-deny: boundary',
    ],
  ])('%s', (_, principal, policies, outcome) => {
    expect(outcomeOf(readRequest(principal), policies)).toBe(outcome);
  });
});

/** A request to assume a role of `account`. */
function assumeRequest(principal: Principal, action = 'sts:AssumeRole'): Request {
  const resource = `arn:aws:iam::${account}:role/access`;
  return { action, resource, resourceAccount: account, principal, context: new Map() };
}

const provider = `arn:aws:iam::${account}:oidc-provider/oidc.example.com`;
const ofOther = provider.replace(account, otherAccount);

function allowOutside(Principal: object): Policy {
  return policyOf('trust', {
    Effect: 'Allow',
    Principal,
    Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
  });
}

describe('trust policies ("Granting a user permissions to switch roles", "AWS JSON policy elements: Principal")', () => {
  it.each<Case>([
    ['no trust', caller, { identity: [allow] }, 'implicit-deny: trust'],
    [
      'trust in the account, and identity',
      caller,
      { identity: [allow], resource: allowTo('trust', root) },
      'allowed',
    ],
    [
      'trust in the account alone',
      caller,
      { resource: allowTo('trust', account) },
      'implicit-deny: identity',
    ],
    [
      'trust in another account',
      caller,
      { identity: [allow], resource: allowTo('trust', otherAccount) },
      'implicit-deny: trust',
    ],
    [
      'trust in the role of the same account is enough',
      caller,
      { resource: allowTo('trust', caller.role) },
      'allowed',
    ],
    ['trust in everyone is enough in the account', caller, { resource: allowTo('trust', '*') }, 'allowed'],
    ['and not from another one', stranger, { resource: allowTo('trust', '*') }, 'implicit-deny: identity'],
    [
      'names count with case',
      caller,
      {
        identity: [allow],
        resource: allowTo(
          'trust',
          caller.role.toUpperCase().replace(/^.*ROLE/, `arn:aws:iam::${account}:role`),
        ),
      },
      'implicit-deny: trust',
    ],
    [
      'the root user cannot assume roles',
      { type: 'root', account },
      { resource: allowTo('trust', root) },
      'implicit-deny: identity',
    ],
    [
      'a service',
      { type: 'service', name: 'pods.eks.amazonaws.com' },
      { resource: allowOutside({ Service: 'pods.eks.amazonaws.com' }) },
      'allowed',
    ],
    [
      'another service',
      { type: 'service', name: 'ec2.amazonaws.com' },
      { resource: allowOutside({ Service: 'pods.eks.amazonaws.com' }) },
      'implicit-deny: trust',
    ],
    [
      'everyone, asked by a service',
      { type: 'service', name: 'ec2.amazonaws.com' },
      { resource: allowTo('trust', '*') },
      'unknown',
    ],
    [
      'a provider',
      { type: 'federated', provider },
      { resource: allowOutside({ Federated: [provider] }) },
      'allowed',
    ],
    [
      'another provider',
      { type: 'federated', provider: `${provider}/x` },
      { resource: allowOutside({ Federated: provider }) },
      'implicit-deny: trust',
    ],
    [
      'a provider of another account',
      { type: 'federated', provider: ofOther },
      { resource: allowOutside({ Federated: ofOther }) },
      'implicit-deny: trust',
    ],
  ])('%s', (_, principal, policies, outcome) => {
    const action = principal.type === 'federated' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
    expect(outcomeOf(assumeRequest(principal, action), policies)).toBe(outcome);
  });
});

describe('key policies ("Key policies in AWS KMS")', () => {
  const resource = `arn:aws:kms:us-west-2:${account}:key/1`;
  const request = { ...readRequest(caller), action: 'kms:Decrypt', resource };

  it.each<readonly [string, Partial<Policies>, string]>([
    ['a key without a policy in sight', { identity: [allow] }, 'allowed'],
    [
      'a key policy that leaves it to IAM',
      { identity: [allow], resource: allowTo('resource', root) },
      'allowed',
    ],
    [
      'a key policy that names others',
      { identity: [allow], resource: allowTo('resource', otherAccount) },
      'implicit-deny: resource',
    ],
    ['a key policy that names the role', { resource: allowTo('resource', caller.role) }, 'allowed'],
  ])('%s', (_, policies, outcome) => {
    expect(outcomeOf(request, policies)).toBe(outcome);
  });
});

describe('a decision', () => {
  it('names the statements that made it', () => {
    const denials = policyOf(
      'identity',
      { Sid: 'One', Effect: 'Deny', Action: 'kms:*', Resource: '*' },
      { Sid: 'Two', Effect: 'Deny', Action: '*', Resource: '*' },
    );
    expect(evaluate(readRequest(caller), { identity: [allow, denials] }).by.map(({ sid }) => sid)).toEqual([
      'Two',
    ]);
    expect(evaluate(readRequest(caller), { identity: [nothing, allow] }).by).toEqual(allow.statements);
  });

  it('is unknown only where the doubt matters', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    const doubtfulDeny = policyOf('identity', {
      Sid: 'Doubt',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition,
    });
    const doubtfulAllow = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*', Condition });
    const outcome = (...identity: readonly Policy[]) => evaluate(readRequest(caller), { identity });
    expect(outcome(allow, doubtfulDeny)).toMatchObject({
      allowed: false,
      reason: 'unknown',
      by: [{ sid: 'Doubt' }],
    });
    expect(outcome(doubtfulAllow).reason).toBe('unknown');
    expect(outcome(allow, doubtfulAllow).reason).toBe('allowed');
    expect(outcome(nothing, doubtfulDeny)).toMatchObject({ allowed: false, reason: 'implicit-deny' });
    expect(outcome(deny, doubtfulAllow).reason).toBe('explicit-deny');
    const context = contextOf({ 'aws:SecureTransport': 'true' });
    expect(evaluate(readRequest(caller, context), { identity: [allow, doubtfulDeny] }).reason).toBe(
      'allowed',
    );
  });
});
