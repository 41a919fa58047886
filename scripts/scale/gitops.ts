import type { Fleet, Tenant } from '../../src/fleet/model.ts';
import { bytes, numbered, table } from './markdown.ts';

/** What Argo CD and Flux keep of the objects that they apply, in objects of their own. */
export function gitopsTable(fleet: Fleet): string {
  const [first] = fleet.clusters;
  const tenants = fleet.tenants.filter(({ cluster }) => cluster === first);
  const objects = tenants.flatMap(objectsOf);
  const clusters = numbered(fleet.clusters.length);
  const inArgoCd = JSON.stringify(objects.flatMap(argoCdEntries)).length;
  const inFlux = JSON.stringify(objects.map(fluxEntry)).length;
  return table('| applied by | how many of them | objects in each | its lists of them |', [
    ['an Application for each cluster', clusters, numbered(objects.length), bytes(inArgoCd)],
    [
      'an Application for each service',
      numbered(fleet.tenants.length),
      numbered(objects.length / tenants.length),
      bytes(inArgoCd / tenants.length),
    ],
    ['a Kustomization of Flux in each cluster', clusters, numbered(objects.length), bytes(inFlux)],
  ]);
}

interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function objectsOf({ namespace, stores, externalSecrets }: Tenant): ObjectName[] {
  const group = 'external-secrets.io';
  return [
    { group: '', kind: 'Namespace', namespace, name: namespace },
    ...stores.map(({ name }) => ({ group, kind: 'SecretStore', namespace, name })),
    ...externalSecrets.map(({ name }) => ({ group, kind: 'ExternalSecret', namespace, name })),
  ];
}

/** Source: Argo CD's CRD of Applications, status.resources and status.operationState.syncResult.resources. */
function argoCdEntries({ group, kind, namespace, name }: ObjectName) {
  const object = { group, version: 'v1', kind, namespace, name, status: 'Synced' };
  const message = `${kind.toLowerCase()}.${group}/${name} serverside-applied`;
  return [
    { ...object, health: { status: 'Healthy' }, syncWave: 2 },
    { ...object, message, hookPhase: 'Running', syncPhase: 'Sync' },
  ];
}

/** Source: Flux's CRD of Kustomizations, status.inventory.entries. */
function fluxEntry({ group, kind, namespace, name }: ObjectName) {
  return { id: `${namespace}_${name}_${group}_${kind}`, v: 'v1' };
}
