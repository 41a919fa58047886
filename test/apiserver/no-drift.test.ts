import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../support/run-compile.ts';
import { upstreamReleases } from '../support/upstream.ts';
import {
  type ApiObject,
  applyRequest,
  type Client,
  objectPath,
  type Reply,
  succeed,
} from './support/client.ts';
import { createCrds } from './support/crds.ts';
import { type ClusterObjects, clustersOf, inputFolders } from './support/inputs.ts';
import { withServer } from './support/server.ts';
import { administrator } from './support/users.ts';
import { isPolicy, typeWarnings, waitUntilInForce } from './support/world.ts';

/** Several servers run at once, and other tests beside them. */
const timeout = 300_000;

describe.each(upstreamReleases)('the CRDs of release %s', (release) => {
  const clusters = inputFolders.flatMap((folder) =>
    clustersOf(folder, release).map((objects) => ({ ...objects, folder })),
  );

  it.concurrent.each(clusters)(
    'what stands in dist of $folder for $cluster is taken as it is',
    (objects) =>
      withServer(async (server) => {
        const client = server.as(administrator);
        await createCrds(client, release);

        const first = await applyAll(client, objects);
        expect(first.filter(({ reply }) => ![200, 201].includes(reply.status)).map(shown)).toEqual([]);
        expect(first.filter(({ reply }) => reply.warning !== undefined).map(shown)).toEqual([]);

        await waitUntilInForce(client);
        // What the server writes into a policy's status gives it another version.
        for (const policy of objects.platform.filter(isPolicy)) await typeWarnings(client, policy);
        const found = await Promise.all(
          first.map(({ object }) => succeed(client, { method: 'GET', path: objectPath(object) })),
        );
        expect(found.map(withoutServersOwn)).toEqual(first.map(({ object }) => object));

        const second = await applyAll(client, objects);
        expect(second.filter(({ reply }) => reply.warning !== undefined).map(shown)).toEqual([]);
        expect(second.map(({ reply }) => version(reply.body))).toEqual(found.map(version));
      }),
    timeout,
  );
});

interface Applied {
  readonly object: KubernetesObject;
  readonly reply: Reply;
}

/** Applies everything: what guards the cluster first, then one service after the other. */
async function applyAll(client: Client, { platform, services }: ClusterObjects): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const object of [...platform, ...services.flat()]) {
    applied.push({ object, reply: await client(applyRequest(object)) });
  }
  return applied;
}

const shown = ({ object, reply }: Applied) =>
  `${objectPath(object)}: ${reply.status} ${reply.body.message ?? ''} ${reply.warning ?? ''}`;

/** What was changed has another one. */
const version = ({ kind, metadata, message }: ApiObject) => [
  kind,
  message ?? metadata.name,
  metadata.resourceVersion,
];

/** An object without what the server adds to every one, and a Namespace's finalizer, which the server sets itself. */
function withoutServersOwn({ status: _, ...object }: ApiObject): object {
  const { uid, resourceVersion, generation, creationTimestamp, managedFields, ...metadata } = object.metadata;
  const { spec, ...rest } = object;
  return object.kind === 'Namespace' ? { ...rest, metadata } : { ...object, metadata };
}
