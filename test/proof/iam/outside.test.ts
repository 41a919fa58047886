import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import type { Policies, Principal } from '../../../src/proof/iam/model.ts';
import { account, policyOf, readRequest, sessionPrincipal } from './support.ts';

const allow = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' });
const nothing = policyOf('identity', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
const deny = policyOf('identity', { Effect: 'Deny', Action: '*', Resource: '*' });

const service: Principal = { type: 'service', name: 'pods.eks.amazonaws.com' };
const provider: Principal = { type: 'federated', provider: 'accounts.google.com' };
const trusts = (...principals: readonly object[]) =>
  policyOf(
    'trust',
    ...principals.map((Principal) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })),
  );
const both = trusts({ Service: 'pods.eks.amazonaws.com', Federated: 'accounts.google.com' });
const everyone = policyOf('trust', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });

function decide(principal: Principal, policies: Partial<Policies>) {
  const resource = `arn:aws:iam::${account}:role/access`;
  const request = { action: 'sts:AssumeRole', resource, resourceAccount: account, principal };
  return evaluate({ ...request, context: new Map() }, { identity: [], ...policies });
}

describe.each([
  ['a service', service],
  ['a user of an identity provider that is no resource of an account', provider],
])('%s', (_, principal) => {
  it('needs the trust policy', () => {
    expect(decide(principal, { resource: both })).toEqual({
      allowed: true,
      reason: 'allowed',
      by: both.statements,
    });
    const refused = { allowed: false, reason: 'implicit-deny', by: [], missing: 'trust' };
    expect(decide(principal, {})).toEqual(refused);
    expect(decide(principal, { resource: trusts({ AWS: account }) })).toEqual(refused);
    expect(decide(principal, { resource: trusts({ Service: 'ec2.amazonaws.com' }) })).toEqual(refused);
  });

  it("is bound by no account's policies", () => {
    const policies = { identity: [deny], boundary: deny, session: [deny], scps: [[nothing]] };
    expect(decide(principal, { ...policies, resource: both }).reason).toBe('allowed');
    expect(decide(principal, { identity: [allow] })).toMatchObject({ allowed: false, missing: 'trust' });
  });

  it('may or may not be everyone: AWS does not say', () => {
    expect(decide(principal, { resource: everyone })).toEqual({
      allowed: false,
      reason: 'unknown',
      by: everyone.statements,
    });
  });
});

describe('a session', () => {
  const caller = sessionPrincipal('eso', '444455556666');
  const named = policyOf('resource', {
    Effect: 'Allow',
    Principal: { AWS: caller.role },
    Action: '*',
    Resource: '*',
  });

  it('of another account is bound by its session policies, and both sides decide', () => {
    const question = { identity: [allow], resource: named };
    expect(evaluate(readRequest(caller), question)).toEqual({
      allowed: true,
      reason: 'allowed',
      by: [...named.statements, ...allow.statements],
    });
    expect(evaluate(readRequest(caller), { ...question, session: [nothing] })).toEqual({
      allowed: false,
      reason: 'implicit-deny',
      by: [],
      missing: 'session',
    });
    expect(evaluate(readRequest(caller), { ...question, session: [allow] }).allowed).toBe(true);
  });
});
