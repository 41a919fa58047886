import { readPolicy } from '../../../src/proof/iam/document.ts';
import type {
  Context,
  Policy,
  PolicyKind,
  Principal,
  Request,
  Role,
  Session,
} from '../../../src/proof/iam/model.ts';

export const account = '111122223333';
export const otherAccount = '444455556666';

/** A statement as data. */
export type StatementData = Readonly<Record<string, unknown>>;

/** A policy of these statements. Throws when something in it is not understood. */
export function policyOf(kind: PolicyKind, ...statements: readonly StatementData[]): Policy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const { policy, findings } = readPolicy(`${kind}.json`, text, kind);
  if (policy === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return policy;
}

/** A context from an object; keys in any case. */
export function contextOf(values: Readonly<Record<string, string | readonly string[] | null>>): Context {
  return new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
}

/** A session of the role with that name. */
export function sessionPrincipal(name: string, of: string = account): Principal & { type: 'session' } {
  return {
    type: 'session',
    role: `arn:aws:iam::${of}:role/${name}`,
    session: `arn:aws:sts::${of}:assumed-role/${name}/eso`,
    account: of,
  };
}

/** A request to read a secret of `account`. */
export function readRequest(principal: Principal, context: Context = new Map()): Request {
  const resource = `arn:aws:secretsmanager:us-west-2:${account}:secret:payments/db-AbCdEf`;
  return { action: 'secretsmanager:GetSecretValue', resource, resourceAccount: account, principal, context };
}

/** A role without anything but a name, an account and what is given. */
export function roleOf(name: string, parts: Partial<Role> = {}, of: string = account): Role {
  const arn = `arn:aws:iam::${of}:role/${name}`;
  const nobody = policyOf('trust', { Effect: 'Deny', Principal: '*', Action: 'sts:*' });
  return { arn, tags: [], trust: nobody, identity: [], ...parts };
}

/** A session of a role. */
export function sessionOf(role: Role, parts: Partial<Session> = {}): Session {
  const [, , , , of = '', resource = ''] = role.arn.split(':');
  return {
    role,
    principal: sessionPrincipal(resource.replace('role/', ''), of),
    tags: role.tags,
    transitive: [],
    ...parts,
  };
}
