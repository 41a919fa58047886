import { expect, it } from 'vitest';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { filesOf, fleets } from './fleets.ts';

const always = [
  'no secret has a resource policy that lets others in, and none has two tags whose keys differ in case only',
  'no service control policy or resource control policy takes away what the owners need',
  "nobody but cluster administrators may change admission policies or run a pod with the operator's service account",
  'the operator runs as external-secrets/external-secrets, and nothing else runs as that service account',
  'the operator serves external-secrets.io/v1',
  'what is deployed is what dist says, and the roles have no further policies, tags or sessions',
];
const untagged = (account: string) =>
  `whoever may tag a secret in account ${account} decides who reads it: there is no tag-guard.json`;
const role = 'arn:aws:iam::123456789012:role';
const providers = (name: string, id: string) =>
  `the clusters whose operators have ${role}/${name} are those with the identity providers oidc.eks.us-west-2.amazonaws.com/id/${id}`;
const bounded = ['controller-prod', 'controller-prod-eu', 'controller-staging', 'secrets-access'].map(
  (name) =>
    `arn:aws:iam::123456789012:policy/team-boundary, the boundary of ${role}/eso-${name}, takes nothing away that it needs`,
);

it.each([
  [
    'small',
    [
      `${role}/eso-controller is made by eksctl, and trusts the operator's service account alone`,
      untagged('123456789012'),
    ],
  ],
  [
    'pinned',
    [
      ...bounded,
      providers('eso-controller-prod', 'PROD'),
      providers('eso-controller-staging', 'STAGING'),
      'tag-guard.json is attached as a service control policy or permissions boundary',
      'the policies of the KMS keys leave their use to the account of the roles',
    ],
  ],
  [
    'chained',
    [
      'each KMS key of a secret has the tags ekssecret of the secret',
      providers('platform/eso', 'TWO'),
      untagged('999999999999'),
    ],
  ],
])('%s: all that is taken for granted is said', (name, more) => {
  expect(proveDist(filesOf(fleets[name] ?? '')).assumptions).toEqual([...always, ...more].sort());
});
