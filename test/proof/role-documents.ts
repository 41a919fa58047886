import { Reading } from '../../src/proof/files/model.ts';
import { type RoleDocuments, readDocument } from '../../src/proof/files/roles.ts';
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
