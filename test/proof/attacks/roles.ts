import type { Attack, Group } from './attack.ts';
import { assuming } from './attack.ts';
import { addedStatement, appended, type Json, json, statement, text } from './change.ts';
import { onTheWay, readsItself } from './roles-on-the-way.ts';

const platform = 'aws/111122223333';
const prodTrust = `${platform}/roles/eso-prod/trust.json`;
const stagingTrust = `${platform}/roles/eso-staging/trust.json`;
const controllerPolicy = `${platform}/roles/eso-prod/policy.json`;
const provider = 'oidc.eks.us-west-2.amazonaws.com/id/PROD';
const accessRole = 'arn:aws:iam::111122223333:role/platform/eso-secrets-access';

const deployedTrust = 'aws/123456789012/roles/eso-prod/trust.json';
const accessTrust = `${platform}/roles/eso-secrets-access/trust.json`;
const environment = 'aws:RequestTag/environment';

const two = { tree: 'platform' } as const;
const irsa = { rule: 'proof-trust', file: prodTrust, at: 'AssumeAsServiceAccount' } as const;
const pods = { rule: 'proof-trust', file: stagingTrust, at: 'AssumeByPodIdentity' } as const;

/** Other conditions on the token of the cluster's provider. */
function token(StringEquals: Json, StringLike: Json = null) {
  return statement(prodTrust, 'AssumeAsServiceAccount', { Condition: { StringEquals, StringLike } });
}

const attacks: readonly Attack[] = [
  {
    ...two,
    name: 'sub with a wildcard',
    does: 'every pod in the namespace of the operator, with any service account, becomes the operator',
    change: token(
      { [`${provider}:sub`]: null },
      { [`${provider}:sub`]: 'system:serviceaccount:external-secrets:*' },
    ),
    finds: {
      ...irsa,
      says: 'can assume arn:aws:iam::111122223333:role/eso-prod',
      shows: { caller: { subject: 'system:serviceaccount:external-secrets:' } },
    },
  },
  {
    ...two,
    name: 'sub dropped',
    does: 'every pod of the cluster becomes the operator',
    change: token({ [`${provider}:sub`]: null }),
    finds: {
      ...irsa,
      says: 'system:serviceaccount:default:default',
      shows: { caller: { subject: 'system:serviceaccount:default:default' } },
    },
  },
  {
    ...two,
    name: 'A second service account in sub',
    does: 'another pod becomes the operator',
    change: token({
      [`${provider}:sub`]: [
        'system:serviceaccount:external-secrets:external-secrets',
        'system:serviceaccount:default:default',
      ],
    }),
    finds: {
      ...irsa,
      says: 'system:serviceaccount:default:default',
      shows: { caller: { subject: 'system:serviceaccount:default:default' } },
    },
  },
  {
    ...two,
    name: 'aud missing',
    does: 'a token that was made for something else is enough',
    change: token({ [`${provider}:aud`]: null }),
    finds: {
      ...irsa,
      says: 'audience another-audience',
      shows: { caller: { audience: 'another-audience' } },
    },
  },
  {
    ...two,
    name: 'The provider of another cluster',
    does: "another cluster's operator becomes this one's",
    change: addedStatement(prodTrust, {
      Sid: 'Added',
      Effect: 'Allow',
      Principal: {
        Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/OTHER',
      },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: {
          'oidc.eks.us-west-2.amazonaws.com/id/OTHER:aud': 'sts.amazonaws.com',
          'oidc.eks.us-west-2.amazonaws.com/id/OTHER:sub':
            'system:serviceaccount:external-secrets:external-secrets',
        },
      },
    }),
    finds: { ...irsa, at: 'Added', says: 'names 2 identity providers, but 1 clusters' },
  },
  {
    ...two,
    name: 'aws:SourceArn dropped',
    does: 'every cluster of the account gives its pods the role',
    change: statement(stagingTrust, 'AssumeByPodIdentity', { Condition: { ArnEquals: null } }),
    finds: {
      ...pods,
      says: 'EKS Pod Identity for',
      shows: {
        caller: { type: 'podIdentity', clusterArn: 'arn:aws:eks:us-west-2:111122223333:cluster/another' },
      },
    },
  },
  {
    ...two,
    name: 'aws:SourceArn with a wildcard',
    does: 'every cluster of the account gives its pods the role',
    change: statement(stagingTrust, 'AssumeByPodIdentity', {
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:us-west-2:111122223333:cluster/*' } },
    }),
    finds: {
      ...pods,
      says: 'EKS Pod Identity for',
      shows: {
        caller: { type: 'podIdentity', clusterArn: 'arn:aws:eks:us-west-2:111122223333:cluster/another' },
      },
    },
  },
  {
    ...two,
    name: 'EKS Pod Identity of any account',
    does: 'a cluster of somebody else gives its pods the role',
    change: statement(stagingTrust, 'AssumeByPodIdentity', { Condition: null }),
    finds: { ...pods, says: 'EKS Pod Identity for', shows: { caller: { type: 'podIdentity' } } },
  },
  {
    ...two,
    name: 'EC2 as principal of the operator',
    does: 'whoever may start a machine with the role becomes the operator',
    change: statement(stagingTrust, 'AssumeByPodIdentity', {
      Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] },
    }),
    finds: { ...pods, says: 'the service ec2.amazonaws.com can assume' },
  },
  {
    ...two,
    name: "The account as principal of the operator's role",
    does: 'every role of the account that may assume roles becomes the operator',
    change: addedStatement(prodTrust, {
      Sid: 'Added',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::111122223333:root'] },
      Action: ['sts:AssumeRole'],
    }),
    finds: {
      ...irsa,
      at: 'Added',
      says: 'role/another can assume',
      shows: assuming('arn:aws:iam::111122223333:role/another', {}),
    },
  },
  ...[
    { what: 'an external id', key: 'sts:ExternalId', shows: { externalId: 'partner' } },
    { what: 'a name for the session', key: 'sts:RoleSessionName', shows: { sessionName: 'partner' } },
    { what: 'a session tag', key: 'aws:RequestTag/x', shows: { sessionTags: { x: 'partner' } } },
  ].map(
    ({ what, key, shows }): Attack => ({
      ...two,
      name: `Another account that gives ${what} as principal of the operator's role`,
      does: 'whoever may assume roles in the other account becomes the operator',
      change: addedStatement(prodTrust, {
        Sid: 'Partner',
        Effect: 'Allow',
        Principal: { AWS: '222222222222' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { [key]: 'partner' } },
      }),
      finds: {
        ...irsa,
        at: 'Partner',
        says: 'arn:aws:iam::222222222222:role/x can assume arn:aws:iam::111122223333:role/eso-prod',
        shows,
      },
    }),
  ),
  {
    ...two,
    name: 'The operator reads secrets itself',
    does: "without a session's tags nothing keeps the operator from any secret",
    ...readsItself(controllerPolicy),
  },
  {
    ...two,
    name: 'The operator assumes any role',
    does: 'every role that trusts the account is open to the operator',
    change: statement(controllerPolicy, 'AssumeAccessRole', { Resource: ['*'] }),
    finds: { rule: 'wide-permission', file: controllerPolicy, at: '"*"', says: 'on "*"' },
  },
  {
    ...two,
    name: 'The operator assumes a role that dist does not have',
    does: 'a role of which nothing is known is open to the operator',
    change: statement(controllerPolicy, 'AssumeAccessRole', {
      Resource: [accessRole, 'arn:aws:iam::111122223333:role/admin'],
    }),
    finds: { rule: 'wide-permission', file: controllerPolicy, at: 'role/admin', says: 'role/admin' },
  },
  {
    ...two,
    name: 'The operator without sts:TagSession',
    does: 'nobody gets a session with tags',
    change: statement(controllerPolicy, 'AssumeAccessRole', { Action: ['sts:AssumeRole'] }),
    finds: {
      rule: 'proof-denied',
      file: 'clusters/prod/services/ledger.yaml',
      at: 'aws:',
      says: "not allowed by the caller's policies",
    },
  },
  {
    ...two,
    name: 'Session tags of EKS Pod Identity left on',
    does: 'six further tags, which are transitive, come into every session',
    change: json(
      `${platform}/pod-identity/staging.json`,
      ['Resources', 'PodIdentityAssociation', 'Properties'],
      { DisableSessionTags: false },
    ),
    finds: {
      rule: 'proof-denied',
      file: `${platform}/roles/eso-secrets-access/trust.json`,
      at: 'AssumeWithTags2',
      says: 'AWS does not document whether sts:AssumeRole',
    },
  },
  {
    ...two,
    name: 'A second role that trusts anyone',
    does: 'a way in that nobody reviewed',
    change: [
      appended(
        `${platform}/roles/backdoor/policy.json`,
        `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],"Resource":["${accessRole}"]}]}\n`,
      ),
      appended(
        `${platform}/roles/backdoor/trust.json`,
        '{"Version":"2012-10-17","Statement":[{"Sid":"Anyone","Effect":"Allow","Principal":"*","Action":["sts:AssumeRole"]}]}\n',
      ),
    ],
    finds: {
      rule: 'proof-trust',
      file: `${platform}/roles/backdoor/trust.json`,
      at: 'Anyone',
      says: 'role/another can assume',
      shows: { expected: 'denied' },
      also: ['proof-document', 'proof-denied'],
    },
  },
  {
    tree: 'twoServices',
    name: "A second role of an operator, in another account and without a trust policy, that the access role's trusts",
    does: 'nothing in dist makes it, and whoever does in that account claims any identity',
    change: [
      appended(
        'aws/222222222222/roles/eso-controller/policy.json',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":["arn:aws:iam::123456789012:role/eso-secrets-access"]}]}\n',
      ),
      statement('aws/123456789012/roles/eso-secrets-access/trust.json', 'AssumeWithTags', {
        Principal: { AWS: ['arn:aws:iam::123456789012:root', 'arn:aws:iam::222222222222:root'] },
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': [
              'arn:aws:iam::123456789012:role/eso-controller',
              'arn:aws:iam::222222222222:role/eso-controller',
            ],
          },
        },
      }),
    ],
    finds: {
      rule: 'proof-trust',
      file: 'aws/222222222222/roles/eso-controller/policy.json',
      at: 'sts:AssumeRole',
      says: 'looks like the role of an operator, but no file says of which',
    },
  },
  {
    ...two,
    name: 'A cluster of the same name in another region, of a cluster that has no services yet',
    does: 'whoever may make clusters makes one that gives its pods the role',
    change: [
      (files) => {
        for (const path of [...files.keys()])
          if (path.startsWith('clusters/staging/services/')) files.delete(path);
      },
      statement(stagingTrust, 'AssumeByPodIdentity', {
        Condition: {
          ArnEquals: {
            'aws:SourceArn': ['us-west-2', 'eu-west-1'].map(
              (region) => `arn:aws:eks:${region}:111122223333:cluster/staging`,
            ),
          },
        },
      }),
    ],
    finds: {
      ...pods,
      says: 'EKS Pod Identity for arn:aws:eks:eu-west-1:111122223333:cluster/staging',
      shows: {
        caller: { type: 'podIdentity', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/staging' },
      },
    },
  },
  ...onTheWay,
  {
    tree: 'deployed',
    name: 'A chart that asks for no role, and another namespace in the trust policy of the role',
    does: 'no file says any more who gets the role, and a pod of that namespace becomes the operator',
    change: [
      text(
        'operator/prod/helm-values.yaml',
        '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/platform/eso-prod\n',
        '',
      ),
      text(deployedTrust, 'external-secrets:external-secrets', 'sandbox:external-secrets'),
    ],
    finds: {
      rule: 'proof-trust',
      file: deployedTrust,
      at: 'AssumeAsServiceAccount',
      says: 'system:serviceaccount:sandbox:external-secrets (audience sts.amazonaws.com)',
      shows: { caller: { subject: 'system:serviceaccount:sandbox:external-secrets' } },
      also: ['proof-denied', 'proof-document'],
    },
  },
  ...[
    { name: 'only present', condition: { StringEquals: null, StringLike: { [environment]: '?*' } } },
    { name: 'pinned to a list', condition: { StringEquals: { [environment]: ['prod', 'staging'] } } },
  ].map(
    ({ name, condition }): Attack => ({
      ...two,
      name: `The environment ${name}, of a cluster that has no services yet`,
      does: 'a staging cluster that is broken into claims production',
      change: [
        (files) => {
          for (const path of [...files.keys()])
            if (path.startsWith('clusters/staging/services/')) files.delete(path);
        },
        statement(accessTrust, 'AssumeWithTags2', { Condition: condition }),
      ],
      finds: {
        rule: 'proof-trust',
        file: accessTrust,
        at: 'AssumeWithTags2',
        says: 'role/eso-staging can assume',
      },
    }),
  ),
];

export const roles: Group = {
  title: 'Who becomes the operator, and the roles on the way',
  stops:
    'The proof takes every pod, cluster and service that could ask for the role of the operator. That role and those on the way may do nothing but assume the next one.',
  attacks,
};
