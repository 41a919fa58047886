import { expect, it } from 'vitest';
import type { Dist } from '../../src/proof/files/model.ts';
import { sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { assumptionsOf } from '../../src/proof/prove/assumptions.ts';
import { RoleUse, rolesFor } from '../../src/proof/prove/role-use.ts';
import { policyOf } from './iam/support.ts';
import {
  account,
  allow,
  assumes,
  byToken,
  clusterOf,
  distOf,
  distRole,
  principalTag,
  roleArn,
  secretOf,
  storeOf,
  tenantOf,
  trust,
} from './small-dist.ts';
import { accessRole, own } from './small-fleet.ts';

/** What is taken for granted of every dist. */
const always = [
  'what is deployed is what dist says, and the roles have no further policies, tags or sessions',
  'no service control policy or resource control policy takes away what the owners need',
  'no secret has a resource policy that lets others in, and none has two tags whose keys differ in case only',
  "nobody but cluster administrators may change admission policies or run a pod with the operator's service account",
];
const open = (of = account) =>
  `whoever may tag a secret in account ${of} decides who reads it: there is no tag-guard.json`;
const runsAs = (one: string) => `the operator runs as ${one}, and nothing else runs as that service account`;
const usual = runsAs('external-secrets/external-secrets');

/** What is taken for granted beside that. */
function more(parts: Parameters<typeof distOf>[0], guards: Dist['guards'] = new Map()): string[] {
  const dist = { ...distOf(parts), guards };
  const classes = sessionClasses(dist.clusters, new Ways(dist, rolesFor('controller', dist)));
  const found = assumptionsOf(dist, new RoleUse(dist, classes), { identityKey: 'id', keys: ['id', 'env'] });
  expect(found.slice(0, 4)).toEqual(always);
  return found.slice(4);
}

const service = tenantOf('a', [storeOf({ id: 'a', env: 'prod' })]);
const clusters = [clusterOf('one', [service], {})];
const access = accessRole(own);
const hop = distRole(
  roleArn('hop'),
  [allow(assumes, { Resource: roleArn('access') })],
  [trust({ AWS: account })],
);
const operator = (name: string) =>
  distRole(roleArn(name), [allow(assumes, { Resource: roleArn('access') })], [byToken()]);
/** A role that may do something where a tag says so. */
const chooses = (action: string) =>
  distRole(roleArn('chooses'), [
    allow(action, {
      Condition: {
        StringEquals: { 'aws:ResourceTag/id': principalTag('id'), 'aws:RequestedRegion': 'us-west-2' },
      },
    }),
  ]);
const byOidc = (name: string) =>
  `the clusters whose operators have ${roleArn(name)} are those with the identity providers oidc.eks.us-west-2.amazonaws.com/id/ONE`;
const guards = (...accounts: readonly string[]) =>
  new Map(accounts.map((one) => [one, policyOf('scp', { Effect: 'Deny', Action: '*', Resource: '*' })]));
const attached = 'tag-guard.json is attached as a service control policy or permissions boundary';

it.each<readonly [what: string, found: () => readonly string[], expected: readonly string[]]>([
  ['nothing of no roles', () => more({}), []],
  [
    'of accounts with access roles who may tag secrets',
    () => more({ clusters, roles: [access, hop] }),
    [open(), usual],
  ],
  [
    'of each account once',
    () =>
      more({
        roles: [
          access,
          distRole(roleArn('b'), [allow('s3:*')]),
          distRole(roleArn('b', '999999999999'), [allow('s3:*')]),
        ],
      }),
    [open(), open('999999999999')],
  ],
  [
    'of guards that they are attached',
    () => more({ clusters, roles: [access] }, guards(account)),
    [attached, usual],
  ],
  [
    'of one guard of two',
    () => more({ roles: [access, distRole(roleArn('b', '999999999999'), [allow('s3:*')])] }, guards(account)),
    [open('999999999999'), attached],
  ],
  [
    'of boundaries that they take nothing away',
    () => more({ roles: [{ ...hop, permissionsBoundary: 'arn:team' }] }),
    [`arn:team, the boundary of ${roleArn('hop')}, takes nothing away that it needs`],
  ],
  [
    'of operators as what they run',
    () =>
      more({
        clusters: [
          ...clusters,
          clusterOf('two', [], {}),
          clusterOf('three', [], { namespace: 'x', serviceAccount: 'y' }),
        ],
      }),
    [usual, runsAs('x/y')],
  ],
  [
    'of identity providers whose they are',
    () => more({ clusters, roles: [operator('operator')] }),
    [usual, byOidc('operator')],
  ],
  [
    'of roles without a trust policy who makes them',
    () =>
      more({
        roles: [{ ...hop, hasTrust: false }, distRole(roleArn('hop2'), [], [trust({ AWS: account })])],
      }),
    [`${roleArn('hop')} is made outside of dist, and trusts the operator's service account alone`],
  ],
  [
    'of operators which role they have',
    () =>
      more(
        { clusters: [clusterOf('two', [service])], roles: [access, operator('operator')] },
        guards(account),
      ),
    [
      attached,
      byOidc('operator'),
      `the operator in cluster "two" has the role ${roleArn('operator')}: no file says so`,
    ],
  ],
  [
    'of roles that nobody has which cluster they are for',
    () => more({ clusters, roles: [operator('operator'), operator('spare')] }),
    [
      usual,
      byOidc('operator'),
      byOidc('spare'),
      `${roleArn('spare')} is that of a cluster without services: nothing in dist says which`,
    ],
  ],
  [
    'of keys that are chosen by tags which they have',
    () => more({ roles: [chooses('kms:Decrypt')] }),
    [open(), 'each KMS key of a secret has the tags id, env of the secret'],
  ],
  ['not of secrets that are', () => more({ roles: [chooses('secretsmanager:GetSecretValue')] }), [open()]],
  [
    'of keys whom their policies let in',
    () => more({ secrets: [secretOf('a', {}, { kmsKey: 'arn' }), secretOf('b', {})] }),
    ['the policies of the KMS keys leave their use to the account of the roles'],
  ],
  ['not of default keys', () => more({ secrets: [secretOf('a', {})] }), []],
])('is taken for granted: %s', (_, found, expected) => {
  expect(found()).toEqual(expected);
});
