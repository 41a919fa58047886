import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyday } from './everyday/tasks.ts';
import { type ApiRequest, applyRequest, collectionPath, objectPath, succeed } from './support/client.ts';
import { type Server, startServer } from './support/server.ts';
import { administrator, deployer, developer } from './support/users.ts';
import { setUp, worldOf } from './support/world.ts';

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
    const list = (namespace: string, method: ApiRequest['method'] = 'GET'): ApiRequest => ({
      method,
      path: collectionPath('external-secrets.io/v1', 'SecretStore', namespace),
      body: { apiVersion: 'external-secrets.io/v1', kind: 'SecretStore', metadata: { name: 'a' } },
    });
    const client = server.as(developer);
    while ((await client(list('service1-ns'))).status !== 200) await setTimeout(50);
    expect((await client(list('service2-ns'))).status).toBe(403);
    expect((await client(list('service1-ns', 'POST'))).status).toBe(403);
  });

  it.each(world.platform.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy'))(
    'the API server finds nothing wrong with the types in policy $metadata.name',
    async (policy) => {
      const read = async () => {
        const { body } = await server.as(administrator)({ method: 'GET', path: objectPath(policy) });
        return body as { status?: { observedGeneration?: number; typeChecking?: object } };
      };
      let { status } = await read();
      for (; status?.observedGeneration === undefined; { status } = await read()) await setTimeout(100);
      expect(status.typeChecking).toEqual({});
    },
  );
});
