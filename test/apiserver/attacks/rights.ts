import type { ApiRequest } from '../support/client.ts';
import { type Attack, own } from './attack.ts';

const group = 'rbac.authorization.k8s.io';
const api = `/apis/${group}/v1`;
const tenant = { kind: 'User', apiGroup: group, name: 'tenant1' };

const binding = (name: string, role: string) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
  subjects: [tenant],
});
const role = (name: string, apiGroup: string) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules: [{ apiGroups: [apiGroup], resources: ['identities'], verbs: ['claim'] }],
});
const merge = (path: string, body: object): ApiRequest => ({ method: 'PATCH', patch: 'merge', path, body });

const attacks: readonly Omit<Attack, 'policy'>[] = [
  {
    attack: 'bind the role of deployers to oneself',
    requests: [
      { method: 'POST', path: `${api}/clusterrolebindings`, body: binding(`of-${own}`, 'eso-abac-deployer') },
      merge(`${api}/clusterrolebindings/eso-abac-deployer`, { subjects: [tenant] }),
    ],
  },
  {
    attack: "write a role of one's own with the right to claim",
    requests: [{ method: 'POST', path: `${api}/clusterroles`, body: role(`mine-of-${own}`, 'eso-abac') }],
  },
  {
    attack: 'give a role that one has the right to claim',
    given: [role(`harmless-of-${own}`, 'apps')],
    requests: [merge(`${api}/clusterroles/harmless-of-${own}`, { rules: role('', 'eso-abac').rules })],
  },
  {
    attack: 'change the role of deployers',
    requests: [merge(`${api}/clusterroles/eso-abac-deployer`, { rules: [] })],
  },
  {
    attack: 'delete the role of deployers and its binding',
    requests: [
      { method: 'DELETE', path: `${api}/clusterrolebindings/eso-abac-deployer` },
      { method: 'DELETE', path: `${api}/clusterroles/eso-abac-deployer` },
    ],
  },
];

/** Ways of becoming a deployer, by a tenant who may change roles and bindings and hand out any right. */
export const rightsAttacks: readonly Attack[] = attacks.map((attack) => ({
  ...attack,
  policy: 'eso-abac-guard',
}));
