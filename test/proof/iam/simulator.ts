import { runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import { evaluate } from '../../../src/proof/iam/evaluate.ts';
import { conditionKey } from '../../../src/proof/iam/keys.ts';
import type { Decision, Policies, Policy, PolicyKind, Principal } from '../../../src/proof/iam/model.ts';
import type { Document, Pair } from './random-pairs.ts';

/** The policies of a pair, read as documents. Throws when one of them is not understood. */
export function policiesOf({ request, identity, boundary, scps, resource }: Pair): Policies {
  const kind = request.action.startsWith('sts:') ? 'trust' : 'resource';
  return {
    identity: identity.map((document) => read(document, 'identity')),
    ...(boundary && { boundary: read(boundary, 'boundary') }),
    ...(resource && { resource: read(resource, kind) }),
    scps: scps.map((document) => [read(document, 'scp')]),
  };
}

function read(document: Document, kind: PolicyKind): Policy {
  const { policy, findings } = readPolicy(`${kind}.json`, JSON.stringify(document), kind);
  if (policy === undefined) throw new Error(`${findings[0]?.message}: ${JSON.stringify(document)}`);
  return policy;
}

/** What this project decides. */
export function decideOurs(pair: Pair): Decision {
  return evaluate(pair.request, policiesOf(pair));
}

const reasons = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'explicit-deny',
  ImplicitlyDenied: 'implicit-deny',
} as const;

/** What @cloud-copilot/iam-simulate decides, in our words. */
export function decideTheirs(pair: Pair): Decision['reason'] {
  return reasons[runUnsafeSimulation(simulationOf(pair), {})];
}

function simulationOf({ request, identity, boundary, scps, resource }: Pair): Simulation {
  const named = (policy: Document, index: number) => ({ name: String(index), policy });
  const { action, context } = request;
  const contextVariables: Record<string, string | string[]> = {};
  for (const [key, value] of context) {
    const name = conditionKey(key)?.name ?? key;
    if (value !== null) contextVariables[name] = typeof value === 'string' ? value : [...value];
  }
  return {
    request: {
      principal: nameOf(request.principal),
      action,
      resource: { resource: request.resource, accountId: request.resourceAccount },
      contextVariables,
    },
    identityPolicies: identity.map(named),
    serviceControlPolicies: scps.map((policy, index) => ({
      orgIdentifier: String(index),
      policies: [named(policy, 0)],
    })),
    resourceControlPolicies: [],
    // Its quick entrance gives a resource policy no name and then asks for it, unless the policy brings one along.
    ...(resource && {
      resourcePolicy: {
        __validated: true,
        policyDocument: resource,
        metadata: { name: 'resource' },
        errors: [],
      },
    }),
    ...(boundary && { permissionBoundaryPolicies: [named(boundary, 0)] }),
  };
}

function nameOf(principal: Principal): string {
  if (principal.type === 'session') return principal.session;
  if (principal.type === 'user') return principal.arn;
  if (principal.type === 'service') return principal.name;
  return principal.type === 'federated' ? principal.provider : `arn:aws:iam::${principal.account}:root`;
}
