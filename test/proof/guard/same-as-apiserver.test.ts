import { describe, expect, it } from 'vitest';
import { type Forgery, merged, own } from '../../apiserver/attacks/attack.ts';
import { externalSecretForgeries } from '../../apiserver/attacks/external-secrets.ts';
import { namespaceAttacks } from '../../apiserver/attacks/namespaces.ts';
import { olderVersionAttacks } from '../../apiserver/attacks/older-versions.ts';
import { narrowRightsAttacks, otherKindAttacks } from '../../apiserver/attacks/other-kinds.ts';
import { rightsAttacks } from '../../apiserver/attacks/rights.ts';
import { secretStoreForgeries } from '../../apiserver/attacks/secret-stores.ts';
import { ways } from '../../apiserver/attacks/ways.ts';
import { everyday } from '../../apiserver/everyday/tasks.ts';
import { moved } from '../../apiserver/support/arena.ts';
import { applyRequest, type Reply, succeed } from '../../apiserver/support/client.ts';
import { deployer, tenant1 } from '../../apiserver/support/users.ts';
import { worldOf } from '../../apiserver/support/world.ts';
import type { KubernetesObject } from '../../support/run-compile.ts';
import { EvaluatedServer, guardOf } from './evaluated-server.ts';

/**
 * The attacks and the everyday work of test/apiserver, which says what a real API server makes of them, decided by the
 * proof's own evaluator on the same policies: it must come to the same.
 */
const releases = [
  ['2.9.0', ['v1', 'v1beta1']],
  ['0.16.2', ['v1', 'v1beta1']],
  ['0.9.20', ['v1beta1', 'v1alpha1']],
] as const;

describe.each(releases)('release %s', (release, versions) => {
  const world = worldOf(release);
  const guard = guardOf(world.platform);
  const everything = [...world.platform, ...Object.values(world.services).flat()];
  const ofService1 = world.services.service1 ?? [];
  const namespace = 'service1-of-attack';

  /** Every attack finds the world as it was. */
  const fresh = () =>
    new EvaluatedServer(guard, [...everything, ...ofService1.map((object) => moved(object, namespace))]);

  const forgeries = [
    { kind: 'SecretStore', list: secretStoreForgeries, policy: 'eso-abac-secretstores' },
    { kind: 'ExternalSecret', list: externalSecretForgeries, policy: 'eso-abac-externalsecrets' },
  ] as const;
  describe.each(forgeries)('a tenant forges a $kind', ({ kind, list, policy }) => {
    const good = ofService1.find((object) => object.kind === kind) as KubernetesObject;
    const cases = list.flatMap((forgery) =>
      versions.filter((version) => version !== 'v1alpha1').map((version) => ({ ...forgery, version })),
    );
    it.each(cases)('$attack, by $version', async ({ version, ...forgery }) => {
      const apiVersion = `external-secrets.io/${version}`;
      const bad = merged({ ...good, apiVersion }, forgery.change) as KubernetesObject;
      const forge = { good: moved(good, namespace), bad: moved(bad, namespace), ...(forgery as Forgery) };
      for (const way of ways.filter(({ suits }) => suits(forgery.change)))
        expect(denial(await way.write(fresh().as(tenant1), forge)), way.name).toBe(`denied by ${policy}`);
    });
  });

  const attacks = [
    ...namespaceAttacks,
    ...otherKindAttacks,
    ...narrowRightsAttacks,
    ...rightsAttacks,
    ...olderVersionAttacks,
  ].filter(({ through }) => through === undefined || versions.some((version) => version === through));
  it.each(attacks)('a tenant tries: $attack', async ({ by = tenant1, policy, given = [], requests }) => {
    const here = <Value>(value: Value) =>
      JSON.parse(JSON.stringify(value).replaceAll(own, namespace)) as Value;
    for (const request of requests.map(here)) {
      const server = fresh();
      for (const object of given) server.put(here(object));
      const name = `${request.method} ${request.path}`;
      expect(denial(await server.as(by)(request)), name).toBe(`denied by ${policy}`);
    }
  });

  it('the deployer applies everything, and does so again', async () => {
    const client = new EvaluatedServer(guard, []).as(deployer);
    for (const object of [...everything, ...everything]) await succeed(client, applyRequest(object));
  });

  const day = new EvaluatedServer(guard, everything);
  it.each(everyday(world))('$task', async ({ by, requests }) => {
    for (const request of requests) await succeed(day.as(by), request);
  });
});

function denial({ status, body }: Reply): string {
  return status === 403 ? String(body.message) : `answered with ${status}`;
}
