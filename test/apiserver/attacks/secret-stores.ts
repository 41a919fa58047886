import type { Forgery } from './attack.ts';

/** In the input of the attacks, service1 may claim `service1` and `metrics`, in the environment `prod`. */
const tags = (...pairs: readonly (readonly [key: string, value: string])[]) => ({
  spec: { provider: { aws: { sessionTags: pairs.map(([key, value]) => ({ key, value })) } } },
});
const aws = (change: object) => ({ spec: { provider: { aws: change } } });
/** Another provider in place of AWS. */
const provider = (name: string, settings: object) => ({
  spec: { provider: { aws: null, [name]: settings } },
});
const prod = ['environment', 'prod'] as const;
const team = ['team', 'service1-team'] as const;

/** Ways of making a SecretStore in service1's namespace read what is not service1's. */
export const secretStoreForgeries: readonly Forgery[] = [
  { attack: 'the tag of another service', change: tags(['ekssecret', 'service2'], prod, team) },
  { attack: 'a shared identity of others', change: tags(['ekssecret', 'billing'], prod, team) },
  { attack: 'an identity that nobody has', change: tags(['ekssecret', '*'], prod, team) },
  { attack: 'the identity with a space behind it', change: tags(['ekssecret', 'service1 '], prod, team) },
  { attack: 'the identity in capitals', change: tags(['ekssecret', 'SERVICE1'], prod, team) },
  { attack: 'an empty identity', change: tags(['ekssecret', ''], prod, team) },
  {
    attack: 'own and foreign identity under one key',
    change: tags(['ekssecret', 'service1'], ['ekssecret', 'service2'], prod, team),
  },
  {
    attack: 'foreign and own identity under one key, in place of a further tag',
    change: tags(['ekssecret', 'service2'], ['ekssecret', 'service1'], prod),
  },
  {
    attack: 'a foreign identity under the key in capitals',
    change: tags(['ekssecret', 'service1'], ['EKSSECRET', 'service2'], prod, team),
  },
  {
    attack: 'the identity under the key in capitals alone',
    change: tags(['EKSSECRET', 'service1'], prod, team),
  },
  { attack: 'no tag at all', change: tags() },
  { attack: 'no list of tags', change: aws({ sessionTags: null }) },
  { attack: 'no identity', change: tags(prod, team) },
  {
    attack: 'another environment',
    change: tags(['ekssecret', 'service1'], ['environment', 'staging'], team),
  },
  { attack: 'no environment', change: tags(['ekssecret', 'service1'], team) },
  {
    attack: "another service's team",
    change: tags(['ekssecret', 'service1'], prod, ['team', 'service2-team']),
  },
  {
    attack: 'two environments',
    change: tags(['ekssecret', 'service1'], prod, team, ['environment', 'staging']),
  },
  { attack: 'a tag more', change: tags(['ekssecret', 'service1'], prod, team, ['project', 'apollo']) },
  { attack: 'a transitive tag', change: aws({ transitiveTagKeys: ['ekssecret'] }) },
  { attack: 'no transitive tag, in a list', change: aws({ transitiveTagKeys: [] }) },
  { attack: 'another role', change: aws({ role: 'arn:aws:iam::123456789012:role/administrator' }) },
  {
    attack: 'a role of another account',
    change: aws({ role: 'arn:aws:iam::999999999999:role/eso-secrets-access' }),
  },
  { attack: "no role, which leaves the operator's own", change: aws({ role: null }) },
  { attack: 'another region', change: aws({ region: 'eu-west-1' }) },
  { attack: 'another external id', change: aws({ externalID: 'guessed' }) },
  { attack: 'no external id', change: aws({ externalID: null }) },
  {
    attack: 'a role more on the way',
    change: aws({
      additionalRoles: ['arn:aws:iam::123456789012:role/hop', 'arn:aws:iam::123456789012:role/b'],
    }),
  },
  { attack: 'no role on the way', change: aws({ additionalRoles: null }) },
  { attack: 'another service of AWS', change: aws({ service: 'ParameterStore' }) },
  { attack: 'tags by the operator', change: aws({ sessionTagsPolicy: 'Simple' }) },
  { attack: 'tags by the operator, with more', change: aws({ sessionTagsPolicy: 'Custom' }) },
  { attack: 'the names of secrets moved', change: aws({ prefix: 'service2/' }) },
  {
    attack: 'settings of Secrets Manager',
    change: aws({ secretsManager: { forceDeleteWithoutRecovery: true } }),
  },
  { attack: 'empty credentials', change: aws({ auth: {} }) },
  {
    attack: "the operator's service account",
    change: aws({
      auth: { jwt: { serviceAccountRef: { name: 'external-secrets', namespace: 'external-secrets' } } },
    }),
  },
  {
    attack: "another service's service account",
    change: aws({ auth: { jwt: { serviceAccountRef: { name: 'default', namespace: 'service2-ns' } } } }),
  },
  {
    attack: 'credentials of another namespace',
    change: aws({
      auth: {
        secretRef: {
          accessKeyIDSecretRef: { name: 'aws', key: 'id', namespace: 'service2-ns' },
          secretAccessKeySecretRef: { name: 'aws', key: 'secret', namespace: 'service2-ns' },
        },
      },
    }),
  },
  { attack: 'another class of operator', change: { spec: { controller: 'mine' } } },
  {
    attack: 'conditions, which are for stores of the cluster',
    change: { spec: { conditions: [{ namespaces: ['service2-ns'] }] } },
  },
  { attack: 'made-up secrets', change: provider('fake', { data: [{ key: 'a', value: 'b' }] }) },
  {
    attack: 'Secrets of the cluster',
    change: provider('kubernetes', {
      remoteNamespace: 'service2-ns',
      auth: { serviceAccount: { name: 'external-secrets', namespace: 'external-secrets' } },
    }),
  },
  {
    attack: "the operator's network",
    change: provider('webhook', { url: 'http://169.254.169.254/', result: { jsonPath: '$' } }),
  },
  {
    attack: 'a Vault that asks AWS who the operator is',
    change: provider('vault', {
      server: 'https://vault.example.com',
      path: 'secret',
      auth: { iam: { vaultRole: 'all' } },
    }),
  },
];
