import { type Attack, assuming } from './attack.ts';
import { addedStatement, statement } from './change.ts';

const bridgeTrust = 'aws/123456789012/roles/eso-bridge/trust.json';
const bridgePolicy = 'aws/123456789012/roles/eso-bridge/policy.json';
const doorPolicy = 'aws/999999999999/roles/eso-door/policy.json';
const doorTrust = 'aws/999999999999/roles/eso-door/trust.json';

/** A role that reads every secret without a session of any service. */
export const readsItself = (policy: string): Pick<Attack, 'change' | 'finds'> => ({
  change: addedStatement(policy, {
    Sid: 'Added',
    Effect: 'Allow',
    Action: ['secretsmanager:GetSecretValue'],
    Resource: ['*'],
  }),
  finds: {
    rule: 'wide-permission',
    file: policy,
    at: 'secretsmanager:GetSecretValue',
    says: 'the role may do "secretsmanager:GetSecretValue"',
  },
});

/** Roles between that of the operator and the access role, which the operator assumes one after the other. */
export const onTheWay: readonly Attack[] = [
  {
    tree: 'chain',
    name: 'A role on the way with rights of its own',
    does: 'the operator reads everything on its way, before it has any tags',
    ...readsItself(bridgePolicy),
  },
  {
    tree: 'chain',
    name: 'A role on the way that may assume any other',
    does: 'the way leads anywhere',
    change: statement(doorPolicy, 'AssumeAccessRole', { Resource: ['arn:aws:iam::999999999999:role/*'] }),
    finds: { rule: 'wide-permission', file: doorPolicy, at: 'role/*', says: 'role/*' },
  },
  {
    tree: 'chain',
    name: 'A role on the way that trusts the whole account',
    does: 'every role of the account goes the same way',
    change: statement(bridgeTrust, 'AssumeFromRoleBefore', { Condition: null }),
    finds: {
      rule: 'proof-trust',
      file: bridgeTrust,
      at: 'AssumeFromRoleBefore',
      says: 'role/another can assume',
      shows: assuming('arn:aws:iam::123456789012:role/another', {}),
    },
  },
  {
    tree: 'chain',
    name: 'A role on the way that takes tags',
    does: 'transitive tags from an earlier hop decide who reads',
    change: statement(doorTrust, 'AssumeFromRoleBefore', { Action: ['sts:AssumeRole', 'sts:TagSession'] }),
    finds: {
      rule: 'proof-trust',
      file: doorTrust,
      at: 'AssumeFromRoleBefore',
      says: 'with further tags',
      shows: assuming('arn:aws:iam::123456789012:role/eso-bridge', { 'another-tag': 'payments' }),
    },
  },
  {
    tree: 'chain',
    name: 'The last hop past the roles in between',
    does: 'the access role trusts the operator itself',
    change: statement('aws/999999999999/roles/eso-secrets-access/trust.json', 'AssumeWithTags', {
      Principal: { AWS: ['arn:aws:iam::123456789012:root', 'arn:aws:iam::999999999999:root'] },
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': [
            'arn:aws:iam::123456789012:role/eso-controller',
            'arn:aws:iam::999999999999:role/eso-door',
          ],
        },
      },
    }),
    finds: {
      rule: 'proof-trust',
      file: 'aws/999999999999/roles/eso-secrets-access/trust.json',
      at: 'AssumeWithTags',
      says: 'role/eso-controller can assume',
      shows: assuming('arn:aws:iam::123456789012:role/eso-controller', { ekssecret: 'payments' }),
    },
  },
  {
    tree: 'platform',
    name: 'One more cluster, that the trust policy of no operator names',
    does: 'its operator gets no role, and its services no secrets',
    change: (files) => {
      for (const [path, content] of [...files])
        if (/^(?:clusters|operator)\/staging\//.test(path))
          files.set(path.replace('staging', 'another'), content);
    },
    finds: {
      rule: 'proof-denied',
      file: 'clusters/another/services/ledger.yaml',
      at: 'aws:',
      says: 'no role in dist can be that of the operator in cluster "another"',
    },
  },
];
