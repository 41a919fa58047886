import type { Attack } from './attack.ts';
import { addedStatement, type Change, type JsonObject } from './change.ts';

const account = '123456789012';
const roles = `aws/${account}/roles`;
const accessTrust = `${roles}/eso-secrets-access/trust.json`;
const one = { tree: 'twoServices' } as const;
const named = { rule: 'policy-unknown', file: accessTrust } as const;

const everybody = (conditions: JsonObject): Change =>
  addedStatement(accessTrust, {
    Sid: 'Others',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: conditions,
  });
const outsiders = 'tells services and identity providers from others';

/** Callers that are none of the roles and users of accounts, and what only the operator's SDK knows of its requests. */
export const outsideAttacks: readonly Attack[] = [
  {
    ...one,
    name: 'Everybody, if it is a service',
    does: 'whoever may start tasks with the role may claim any identity, if `*` means services too',
    change: everybody({ StringEquals: { 'aws:PrincipalServiceName': 'ecs-tasks.amazonaws.com' } }),
    finds: { ...named, at: 'aws:PrincipalServiceName', says: outsiders },
  },
  {
    ...one,
    name: 'Everybody on behalf of something',
    does: 'only services say on whose behalf they come',
    change: everybody({ ArnLike: { 'aws:SourceArn': `arn:aws:eks:*:${account}:cluster/*` } }),
    finds: { ...named, at: 'aws:SourceArn', says: outsiders },
  },
  {
    ...one,
    name: 'Everybody without an ARN',
    does: 'every role and every user has one, and services may have none',
    change: everybody({ Null: { 'aws:PrincipalArn': 'true' } }),
    finds: { ...named, at: 'aws:PrincipalArn', says: outsiders },
  },
  {
    ...one,
    name: 'Everybody but roles and users',
    does: 'who else there is AWS does not say in full',
    change: everybody({ StringNotLike: { 'aws:PrincipalArn': 'arn:*' } }),
    finds: { ...named, at: 'aws:PrincipalArn', says: outsiders },
  },
  {
    ...one,
    name: 'A name that the session must have',
    does: 'the SDK calls it after the time, and nobody gets a session',
    change: addedStatement(accessTrust, {
      Sid: 'Others',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'sts:AssumeRole',
      Condition: { StringNotLike: { 'sts:RoleSessionName': 'external-secrets*' } },
    }),
    finds: { rule: 'proof-denied', file: accessTrust, at: 'Others', says: 'is denied by a statement' },
  },
  {
    tree: 'platform',
    name: 'A Deny without a second factor',
    does: 'no program has one, and sessions may say so: everybody is locked out',
    change: addedStatement('aws/111122223333/roles/eso-secrets-access/policy.json', {
      Sid: 'Others',
      Effect: 'Deny',
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
    }),
    finds: {
      rule: 'proof-denied',
      file: 'clusters/prod/services/ledger.yaml',
      at: 'key:',
      says: 'cannot read "prod/datadog"',
    },
  },
  {
    tree: 'platform',
    name: 'The identity provider of a cluster shut out',
    does: 'the operator of that cluster gets no role, while others of the same role do',
    change: addedStatement('aws/111122223333/roles/eso-prod/trust.json', {
      Sid: 'Others',
      Effect: 'Deny',
      Principal: {
        Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/PROD',
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }),
    finds: {
      rule: 'proof-denied',
      file: 'aws/111122223333/roles/eso-prod/trust.json',
      at: 'Others',
      says: 'nobody can assume',
    },
  },
];
