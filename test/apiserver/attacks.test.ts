import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../support/run-compile.ts';
import {
  servedVersions,
  type UpstreamRelease,
  unknownFields,
  upstreamCrd,
  upstreamSchema,
} from '../support/upstream.ts';
import { type Forgery, merged, own, type Policy } from './attacks/attack.ts';
import { externalSecretForgeries } from './attacks/external-secrets.ts';
import { namespaceAttacks } from './attacks/namespaces.ts';
import { olderVersionAttacks } from './attacks/older-versions.ts';
import { narrowRightsAttacks, otherKindAttacks } from './attacks/other-kinds.ts';
import { rightsAttacks } from './attacks/rights.ts';
import { secretStoreForgeries } from './attacks/secret-stores.ts';
import { ways } from './attacks/ways.ts';
import { type Arena, makeNamespace, moved, openArena } from './support/arena.ts';
import { applyRequest, type Reply, succeed } from './support/client.ts';
import { administrator, tenant1 } from './support/users.ts';
import { worldOf } from './support/world.ts';

/**
 * One release for each set of API versions that are served, the newest and the oldest among them, in Kubernetes as it is
 * and as it was: the API server behaves as a version of up to three minor versions before, if told so.
 */
const releases: readonly (readonly [UpstreamRelease, string])[] = [
  ['2.9.0', '1.36'],
  ['0.16.2', '1.34'],
  ['0.9.20', '1.33'],
];
const starting = 300_000;

describe.each(releases)('release %s in Kubernetes %s', (release, kubernetes) => {
  let arena: Arena;
  let count = 0;
  const ofService1 = worldOf(release).services.service1 ?? [];

  beforeAll(async () => {
    arena = await openArena(release, [`--emulated-version=${kubernetes}`]);
  }, starting);
  afterAll(() => arena?.close());

  /** A namespace of service1 on both servers, so that no attack meets what another one left. */
  async function freshNamespace(): Promise<string> {
    count += 1;
    const name = `service1-of-attack-${count}`;
    for (const server of [arena.unguarded, arena.guarded]) await makeNamespace(server, name, ofService1);
    return name;
  }

  const forgeries = [
    { kind: 'SecretStore', list: secretStoreForgeries, policy: 'eso-abac-secretstores' },
    { kind: 'ExternalSecret', list: externalSecretForgeries, policy: 'eso-abac-externalsecrets' },
  ] as const;
  for (const { kind, list, policy } of forgeries) {
    const good = ofService1.find((object) => object.kind === kind);
    if (good === undefined) throw new Error(`dist holds no ${kind} of service1`);

    describe.each(servedVersions(release, kind))(`a tenant forges a ${kind} by %s`, (version) => {
      const schema = upstreamSchema(release, kind, version);
      const bad = ({ change }: Forgery) =>
        merged({ ...good, ...apiVersion(version) }, change) as KubernetesObject;
      // What a release does not know, it drops: nothing is forged then.
      const known = list.filter((forgery) => unknownFields(schema, bad(forgery)).length === 0);

      it.each(known)('$attack', async (forgery) => {
        const namespace = await freshNamespace();
        for (const way of ways) {
          if (!way.suits(forgery.change)) continue;
          const forge = { good: moved(good, namespace), bad: moved(bad(forgery), namespace), ...forgery };
          expect(
            succeeded(await way.write(arena.unguarded.as(tenant1), forge)),
            `${way.name} without the guard`,
          ).toBe('yes');
          const denied = await way.write(arena.guarded.as(tenant1), forge);
          expect(denial(denied), way.name).toEqual(deniedBy(policy));
        }
      });
    });
  }

  const { versions } = upstreamCrd(release, 'SecretStore').spec;
  const attacks = [
    ...namespaceAttacks,
    ...otherKindAttacks,
    ...narrowRightsAttacks,
    ...rightsAttacks,
    ...olderVersionAttacks,
  ].filter(
    ({ through }) => through === undefined || versions.some(({ name, served }) => served && name === through),
  );
  it.each(attacks)('a tenant tries: $attack', async ({ by = tenant1, policy, given = [], requests }) => {
    const namespace = await freshNamespace();
    const here = <Value>(value: Value) =>
      JSON.parse(JSON.stringify(value).replaceAll(own, namespace)) as Value;
    for (const server of [arena.unguarded, arena.guarded]) {
      for (const object of given) await succeed(server.as(administrator), applyRequest(here(object)));
    }
    for (const request of requests.map(here)) {
      const name = `${request.method} ${request.path}`;
      expect(denial(await arena.guarded.as(by)(request)), name).toEqual(deniedBy(policy));
    }
    for (const request of requests.map(here)) {
      expect(succeeded(await arena.unguarded.as(by)(request)), `${request.path} without the guard`).toBe(
        'yes',
      );
    }
  });

  it('without the guard, a tenant deletes its namespace and makes it anew as that of another service', async () => {
    const namespace = await freshNamespace();
    const path = `/api/v1/namespaces/${namespace}`;
    const client = arena.unguarded.as(tenant1);
    await succeed(client, { method: 'DELETE', path });
    while ((await client({ method: 'GET', path })).status !== 404) await setTimeout(200);
    const metadata = { name: namespace, labels: { 'eso-abac/service': 'service2' } };
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata };
    const { metadata: made } = await succeed(client, { method: 'POST', path: '/api/v1/namespaces', body });
    expect(made).toMatchObject(metadata);
  });
});

const apiVersion = (version: string) => ({ apiVersion: `external-secrets.io/${version}` });

const deniedBy = (policy: Policy) => ({ policy, explains: true, leaks: false });

/** `yes`, or the server's reason. */
const succeeded = ({ status, body }: Reply) => (status < 300 ? 'yes' : `${status} ${body.message}`);

/** Which policy denied a request, and whether it said why without naming a service that has nothing to do with it. */
function denial({ status, body }: Reply): { policy: string; explains: boolean; leaks: boolean } {
  const { message = '' } = body;
  const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(message)?.[1];
  return {
    policy: policy ?? `none: ${status} ${message}`,
    explains: /expected .*found .*services\.yaml/s.test(message),
    leaks: message.includes('bystander'),
  };
}
