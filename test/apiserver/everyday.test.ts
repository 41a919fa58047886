import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../support/run-compile.ts';
import { everyday } from './everyday/tasks.ts';
import { applyRequest, collectionPath, objectPath, succeed } from './support/client.ts';
import { type Server, startServer } from './support/server.ts';
import { administrator, deployer, developer } from './support/users.ts';
import { isPolicy, setUp, typeWarnings, worldOf } from './support/world.ts';

const starting = 300_000;
const world = worldOf('2.9.0');

describe('everyday work', () => {
  let server: Server;
  let stop: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    ({ server, stop } = await startServer());
    await setUp(server, '2.9.0', world, true);
  }, starting);
  afterAll(() => stop());

  const everything = [...world.platform, ...Object.values(world.services).flat()];

  it.each(everything.map((object) => ({ object, path: objectPath(object) })))(
    'the deployer applies $path again',
    async ({ object }) => {
      const reply = await server.as(deployer)(applyRequest(object));
      expect([reply.status, reply.body.message, reply.warning]).toEqual([200, undefined, undefined]);
    },
  );

  it.each(everyday(world))('$task', async ({ by, requests }) => {
    for (const request of requests) await succeed(server.as(by), request);
  });

  it('a namespace that the deployer deletes is gone after a while, and can be made anew', async () => {
    const [namespace] = world.services.bystander ?? [];
    if (namespace === undefined) throw new Error('dist holds nothing of the bystander');
    const client = server.as(deployer);
    await succeed(client, { method: 'DELETE', path: objectPath(namespace) });
    while ((await client({ method: 'GET', path: objectPath(namespace) })).status !== 404)
      await setTimeout(200);
    for (const object of world.services.bystander ?? []) await succeed(client, applyRequest(object));
  });

  it('who holds the role of tenants in a namespace reads there, and writes nothing', async () => {
    const path = (namespace: string) => collectionPath('external-secrets.io/v1', 'SecretStore', namespace);
    const client = server.as(developer);
    const read = (namespace: string) => client({ method: 'GET', path: path(namespace) });
    while ((await read('service1-ns')).status !== 200) await setTimeout(50);
    expect((await read('service2-ns')).status).toBe(403);
    expect((await client({ method: 'POST', path: path('service1-ns'), body: {} })).status).toBe(403);
  });

  it.each(world.platform.filter(isPolicy))(
    'the API server finds nothing wrong with the types in policy $metadata.name',
    async (policy) => {
      // Rules for every version and resource, as dist has them, are not looked at.
      const text = JSON.stringify(policy)
        .replaceAll('"apiVersions":["*"]', '"apiVersions":["v1"]')
        .replaceAll('"resources":["*"]', '"resources":["clustersecretstores"]')
        .replaceAll('"namespaces/*"', '"namespaces/status"')
        .replace(policy.metadata.name, `types-of-${policy.metadata.name}`);
      const copy = JSON.parse(text) as KubernetesObject;
      const client = server.as(administrator);
      await succeed(client, applyRequest(copy));
      const warnings = await typeWarnings(client, copy);
      // The fields of an object are listed, which works on what is sent and has no place in the types.
      expect(warnings.filter((warning) => !warning.includes('cannot be range of a comprehension'))).toEqual(
        [],
      );
    },
  );
});
