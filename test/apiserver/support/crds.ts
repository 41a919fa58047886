import { setTimeout } from 'node:timers/promises';
import { servedVersions, type UpstreamRelease, upstreamCrd } from '../../support/upstream.ts';
import type { OtherKind } from '../attacks/other-kinds.ts';
import { type Client, collectionPath, succeed } from './client.ts';

/**
 * Creates the CRDs of a release of External Secrets Operator, and waits until their objects can be created. They are
 * upstream's, unchanged; none of them names a conversion webhook.
 */
export async function createCrds(administrator: Client, release: UpstreamRelease): Promise<void> {
  for (const kind of ['SecretStore', 'ExternalSecret'] as const) {
    await createCrd(administrator, upstreamCrd(release, kind));
    for (const version of servedVersions(release, kind)) {
      await waitUntilServed(administrator, collectionPath(`external-secrets.io/${version}`, kind));
    }
  }
}

async function createCrd(administrator: Client, crd: object): Promise<void> {
  const path = collectionPath('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  await succeed(administrator, { method: 'POST', path, body: crd });
}

async function waitUntilServed(administrator: Client, path: string): Promise<void> {
  while ((await administrator({ method: 'GET', path })).status === 404) await setTimeout(50);
}

/** Creates a CRD that takes any specification, for a kind whose CRD by upstream is not at hand. */
export async function createOpenCrd(
  administrator: Client,
  { apiVersion, kind, scope }: Pick<OtherKind, 'apiVersion' | 'kind' | 'scope'>,
): Promise<void> {
  const [group = '', version = ''] = apiVersion.split('/');
  const plural = collectionPath(apiVersion, kind).replace(/^.*\//, '');
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    },
  };
  await createCrd(administrator, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  });
  await waitUntilServed(administrator, collectionPath(apiVersion, kind));
}
