import { type ApiRequest, collectionPath } from '../support/client.ts';
import { tenant1Program } from '../support/users.ts';
import { type Attack, own } from './attack.ts';

/** The kinds of External Secrets Operator beside SecretStore and ExternalSecret: where they stand and how one looks. */
export interface OtherKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly scope: 'Cluster' | 'Namespaced';
  readonly spec: object;
}

const awsAsService2 = {
  aws: {
    service: 'SecretsManager',
    region: 'us-west-2',
    role: 'arn:aws:iam::123456789012:role/eso-secrets-access',
    sessionTags: [{ key: 'ekssecret', value: 'service2' }],
  },
};
const v1 = 'external-secrets.io/v1';
const alpha = 'external-secrets.io/v1alpha1';
const generators = 'generators.external-secrets.io/v1alpha1';

/** One object of each kind, such that it gives a tenant what is not its own. */
export const otherKinds: readonly OtherKind[] = [
  { apiVersion: v1, kind: 'ClusterSecretStore', scope: 'Cluster', spec: { provider: awsAsService2 } },
  {
    apiVersion: v1,
    kind: 'ClusterExternalSecret',
    scope: 'Cluster',
    spec: { namespaces: ['service2-ns'], externalSecretSpec: {} },
  },
  { apiVersion: alpha, kind: 'PushSecret', scope: 'Namespaced', spec: { secretStoreRefs: [], data: [] } },
  { apiVersion: alpha, kind: 'ClusterPushSecret', scope: 'Cluster', spec: { pushSecretSpec: {} } },
  { apiVersion: generators, kind: 'ClusterGenerator', scope: 'Cluster', spec: { kind: 'STSSessionToken' } },
  { apiVersion: generators, kind: 'STSSessionToken', scope: 'Namespaced', spec: { region: 'us-west-2' } },
  {
    apiVersion: generators,
    kind: 'ECRAuthorizationToken',
    scope: 'Namespaced',
    spec: { region: 'us-west-2' },
  },
  { apiVersion: generators, kind: 'Webhook', scope: 'Namespaced', spec: { url: 'http://169.254.169.254/' } },
  { apiVersion: generators, kind: 'KindOfALaterRelease', scope: 'Namespaced', spec: { anything: true } },
];

/** Creating, applying and changing an object of each kind. */
export const otherKindAttacks: readonly Attack[] = otherKinds.map(({ apiVersion, kind, scope, spec }) => {
  const namespace = scope === 'Namespaced' ? { namespace: own } : {};
  const object = (name: string, content: object = spec) => ({
    apiVersion,
    kind,
    metadata: { name, ...namespace },
    spec: content,
  });
  const list = collectionPath(apiVersion, kind, scope === 'Namespaced' ? own : undefined);
  const there = `there-in-${own}`;
  const requests: ApiRequest[] = [
    { method: 'POST', path: `${list}?dryRun=All`, body: object(`made-in-${own}`) },
    { method: 'POST', path: list, body: object(`made-in-${own}`) },
    {
      method: 'PATCH',
      patch: 'apply',
      path: `${list}/applied-in-${own}?fieldManager=tenant`,
      body: object(`applied-in-${own}`),
    },
    { method: 'PATCH', patch: 'merge', path: `${list}/${there}`, body: { spec: { changed: true } } },
  ];
  return {
    attack: `an object of kind ${kind}`,
    policy: 'eso-abac-cluster-kinds',
    given: [object(there)],
    requests,
  };
});

/** What needs rights that RBAC gives to a whole namespace and not to a cluster. */
export const narrowRightsAttacks: readonly Attack[] = [
  {
    attack: 'deploy by a RoleBinding in the own namespace',
    by: tenant1Program,
    policy: 'eso-abac-namespaces',
    given: [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'deployer', namespace: own },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'eso-abac-deployer' },
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'service1-ns' }],
      },
    ],
    requests: [
      {
        method: 'PATCH',
        patch: 'merge',
        path: `/api/v1/namespaces/${own}`,
        body: { metadata: { labels: { 'eso-abac/service': 'service2' } } },
      },
    ],
  },
];
