import { setTimeout } from 'node:timers/promises';
import type { KubernetesObject } from '../../support/run-compile.ts';
import type { UpstreamRelease } from '../../support/upstream.ts';
import { applyRequest, succeed } from './client.ts';
import { type Server, startServer } from './server.ts';
import { administrator, tenant1 } from './users.ts';
import { setUp, type World, worldOf } from './world.ts';

/** Two servers with the same objects and rights, of which one lacks the admission policies. */
export interface Arena {
  readonly guarded: Server;
  readonly unguarded: Server;
  /** What stands in dist, and on both servers. */
  readonly world: World;
  readonly close: () => Promise<void>;
}

/** Starts both servers with the kinds of one release of the operator. `flags` are those of kube-apiserver. */
export async function openArena(release: UpstreamRelease, flags: readonly string[] = []): Promise<Arena> {
  const world = worldOf(release);
  const started = await Promise.all([startServer(flags), startServer(flags)]);
  const [guarded, unguarded] = started.map(({ server }) => server) as [Server, Server];
  await setUp(guarded, release, world, true);
  await setUp(unguarded, release, world, false);
  for (const server of [guarded, unguarded]) await waitForRights(server);
  return {
    guarded,
    unguarded,
    world,
    close: async () => {
      await Promise.all(started.map(({ stop }) => stop()));
    },
  };
}

/** RBAC learns of a role a moment after it was written. */
async function waitForRights(server: Server): Promise<void> {
  while ((await server.as(tenant1)({ method: 'GET', path: '/api/v1/namespaces' })).status === 403) {
    await setTimeout(50);
  }
}

/** Creates the namespace of a service once more under another name, with everything in it and what else is given. */
export async function makeNamespace(
  server: Server,
  name: string,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const client = server.as(administrator);
  for (const object of objects) await succeed(client, applyRequest(moved(object, name)));
}

/** An object of dist as it would be for another namespace. */
export function moved(object: KubernetesObject, namespace: string): KubernetesObject {
  const { metadata, kind } = object;
  if (kind !== 'Namespace') return { ...object, metadata: { ...metadata, namespace } };
  const { labels } = metadata as { labels?: object };
  const renamed = {
    ...metadata,
    name: namespace,
    labels: { ...labels, 'kubernetes.io/metadata.name': namespace },
  };
  return { ...object, metadata: renamed };
}
