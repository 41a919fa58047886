import { Reading } from '../../src/proof/files/model.ts';
import { type RoleDocuments, readDocument } from '../../src/proof/files/roles.ts';
import { readPolicy } from '../../src/proof/iam/document.ts';
import type { Policy, PolicyKind, Role } from '../../src/proof/iam/model.ts';
import { written } from './said.ts';

/** A policy that allows one action. */
export const allows = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

/** A trust policy. */
export const trusts = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }],
};

/** The documents of a role as dist has them. */
export function documentsOf(name: string, hasTrust = true): RoleDocuments {
  const folder = `aws/123456789012/roles/${name}`;
  const read = (which: 'policy' | 'trust', kind: 'identity' | 'trust', content: unknown) => {
    const source = { path: `${folder}/${which}.json`, text: written(content) };
    const document = readDocument(source, kind, new Reading());
    if (document === undefined) throw new Error(`${source.path} is no document`);
    return document;
  };
  const policy = read('policy', 'identity', allows('kms:Decrypt'));
  return {
    account: '123456789012',
    name,
    folder,
    policy,
    ...(hasTrust && { trust: read('trust', 'trust', trusts) }),
  };
}

/** A policy of a document. */
export function policyOf(content: unknown, kind: PolicyKind): Policy {
  const { policy, findings } = readPolicy(`${kind}.json`, JSON.stringify(content), kind);
  if (policy === undefined) throw new Error(JSON.stringify(findings));
  return policy;
}

/** A role that nobody may assume and that may do nothing, but for what is said of it. */
export function roleWith(parts: Partial<Role>): Role {
  const location = { file: 'trust.json', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const trust = { file: 'trust.json', kind: 'trust' as const, statements: [], location };
  return { arn: 'arn:aws:iam::123456789012:role/access', tags: [], trust, identity: [], ...parts };
}
