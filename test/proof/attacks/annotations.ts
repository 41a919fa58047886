import type { Attack } from './attack.ts';
import { appended, type Change, manifest, text } from './change.ts';
import { both, says } from './deployment-tree.ts';

const orders = 'clusters/prod/services/orders.yaml';
const rbac = 'clusters/prod/platform/rbac.yaml';
const keeps = 'may keep the object from being applied, or taken away';
const waveOf = 'argocd.argoproj.io/sync-wave';

const annotated = (file: string, kind: string, annotations: Readonly<Record<string, string>>): Change =>
  manifest(file, kind, ['metadata'], { annotations });

/** What objects say to Argo CD, Flux and git of themselves. */
export const annotations: readonly Attack[] = [
  {
    ...both,
    name: 'A SecretStore that Argo CD never takes away',
    does: 'it goes on reading when it leaves dist',
    change: annotated(orders, 'SecretStore', { 'argocd.argoproj.io/sync-options': 'Prune=false' }),
    finds: says(orders, 'sync-options', keeps),
  },
  {
    ...both,
    name: 'A SecretStore that Flux never takes away',
    does: 'it goes on reading when it leaves dist',
    change: annotated(orders, 'SecretStore', { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }),
    finds: says(orders, 'prune', keeps),
  },
  {
    ...both,
    name: 'A binding of deployers that Flux never takes away',
    does: 'who is no deployer any more goes on deciding what namespaces may claim',
    change: appended(
      rbac,
      `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: eso-abac-deployer, annotations: { kustomize.toolkit.fluxcd.io/prune: disabled } }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: eso-abac-deployer }
subjects: [{ kind: Group, name: platform-team, apiGroup: rbac.authorization.k8s.io }]
`,
    ),
    finds: says(rbac, 'prune', keeps),
  },
  {
    ...both,
    name: 'A Namespace in a wave after its SecretStore',
    does: 'Argo CD applies the store first, and gets no further',
    change: annotated(orders, 'Namespace', { [waveOf]: '2' }),
    finds: says(orders, waveOf, 'the Namespace is in wave 2 of Argo CD'),
  },
  {
    ...both,
    name: 'An ExternalSecret in a wave before its SecretStore',
    does: 'Argo CD waits until it is healthy, which it never is without a store',
    change: annotated(orders, 'ExternalSecret', { [waveOf]: '0' }),
    finds: says(orders, waveOf, 'the ExternalSecret is in wave 0 of Argo CD'),
  },
  {
    ...both,
    name: 'A SecretStore in a wave after all ExternalSecrets',
    does: 'as long as one of them is not healthy, Argo CD applies no change of the store',
    change: annotated(orders, 'SecretStore', { [waveOf]: '3' }),
    finds: says(orders, waveOf, 'the SecretStore is in wave 3 of Argo CD'),
  },
  {
    ...both,
    name: 'An ExternalSecret without a wave',
    does: 'that is the first one, before its store',
    change: text(orders, "  annotations:\n    argocd.argoproj.io/sync-wave: '2'\n", ''),
    finds: says(orders, '', 'the ExternalSecret is in wave 0 of Argo CD'),
  },
  {
    ...both,
    name: 'A .gitattributes at the top of dist',
    does: 'git gives Argo CD the admission policies in an encoding that it cannot read, and the services as they are',
    change: appended('.gitattributes', 'clusters/*/platform/* working-tree-encoding=UTF-16\n'),
    finds: says('.gitattributes', '', 'a file that the proof knows nothing about'),
  },
];
