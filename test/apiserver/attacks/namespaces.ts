import type { ApiRequest } from '../support/client.ts';
import { tenant1Program } from '../support/users.ts';
import { type Attack, own } from './attack.ts';

const all = '/api/v1/namespaces';
const self = `${all}/${own}`;
const namespace = (name: string, labels: object) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** Every way of changing the labels of a namespace. `null` removes one, which only a merge patch can say. */
function labelled(labels: Readonly<Record<string, string | null>>): ApiRequest[] {
  return ['', '/status'].map((part) => ({
    method: 'PATCH',
    patch: 'merge',
    path: self + part,
    body: { metadata: { labels } },
  }));
}

const applied = (path: string, body: object, query = ''): ApiRequest => ({
  method: 'PATCH',
  patch: 'apply',
  path: `${path}?fieldManager=tenant&force=true${query}`,
  body,
});
const created = (body: object, query = ''): ApiRequest => ({ method: 'POST', path: all + query, body });
const service2 = { 'eso-abac/service': 'service2' };

const attacks: readonly Omit<Attack, 'policy'>[] = [
  { attack: 'become another service', requests: labelled(service2) },
  { attack: 'become another service as a program', by: tenant1Program, requests: labelled(service2) },
  { attack: 'take a shared identity', requests: labelled({ 'shared.eso-abac/billing': 'true' }) },
  {
    attack: 'put a shared identity up with another value',
    requests: labelled({ 'shared.eso-abac/billing': 'yes' }),
  },
  {
    attack: 'be no tenant any more',
    requests: labelled({ 'eso-abac/service': null, 'shared.eso-abac/metrics': null }),
  },
  { attack: 'drop a shared identity', requests: labelled({ 'shared.eso-abac/metrics': null }) },
  { attack: 'an empty service', requests: labelled({ 'eso-abac/service': '' }) },
  { attack: 'a label of ours that means nothing yet', requests: labelled({ 'eso-abac/anything': 'x' }) },
  {
    attack: 'become another service among harmless changes',
    requests: [
      {
        method: 'PATCH',
        patch: 'json',
        path: self,
        body: [
          { op: 'add', path: '/metadata/labels/team', value: 'a' },
          { op: 'replace', path: '/metadata/labels/eso-abac~1service', value: 'service2' },
        ],
      },
    ],
  },
  {
    attack: 'become another service as another field manager',
    requests: [
      applied(self, namespace(own, service2)),
      applied(`${self}/status`, namespace(own, service2)),
      applied(self, namespace(own, service2), '&dryRun=All'),
    ],
  },
  {
    attack: 'become another service while finalizers are written',
    requests: [
      {
        method: 'PUT',
        path: `${self}/finalize`,
        body: { ...namespace(own, service2), spec: { finalizers: ['kubernetes'] } },
      },
    ],
  },
  {
    attack: 'replace the namespace',
    requests: [
      { method: 'PUT', path: self, body: namespace(own, service2) },
      { method: 'PUT', path: self, body: namespace(own, {}) },
    ],
  },
  {
    attack: 'a new namespace of another service',
    requests: [
      created(namespace('made-by-tenant', service2), '?dryRun=All'),
      created(namespace('made-by-tenant', service2)),
      created({ ...namespace('', service2), metadata: { generateName: 'made-', labels: service2 } }),
      applied(`${all}/applied-by-tenant`, namespace('applied-by-tenant', service2)),
    ],
  },
  {
    attack: 'a new namespace with a shared identity',
    requests: [created(namespace('made-with-shared', { 'shared.eso-abac/billing': 'true' }))],
  },
  {
    attack: "delete another service's namespace",
    requests: [{ method: 'DELETE', path: `${all}/service2-ns` }],
  },
  {
    attack: 'delete the own namespace, so as to make it anew',
    requests: [
      { method: 'DELETE', path: `${self}?dryRun=All` },
      { method: 'DELETE', path: self },
    ],
  },
];

/** Ways of making a namespace claim what is not its own. */
export const namespaceAttacks: readonly Attack[] = attacks.map((attack) => ({
  ...attack,
  policy: 'eso-abac-namespaces',
}));
