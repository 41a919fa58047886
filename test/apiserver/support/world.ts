import { setTimeout } from 'node:timers/promises';
import { stringify } from 'yaml';
import { compileValid, type KubernetesObject, objectsIn } from '../../support/run-compile.ts';
import type { UpstreamRelease } from '../../support/upstream.ts';
import { otherKinds } from '../attacks/other-kinds.ts';
import { type ApiObject, applyRequest, type Client, collectionPath, objectPath, succeed } from './client.ts';
import { createCrds, createOpenCrd } from './crds.ts';
import { rightsOfUsers } from './rights.ts';
import type { Server } from './server.ts';
import { administrator } from './users.ts';

/** Two services in one cluster, each with a shared identity that the other has not, deployed by Argo CD. */
const input = (release: UpstreamRelease) => ({
  version: 1,
  aws: { account: '123456789012', externalId: 'platform-secrets', roleChain: ['hop'] },
  externalSecrets: { version: release },
  abac: { tagKey: 'ekssecret', tags: { environment: '{cluster.environment}', team: '{service}-team' } },
  guard: { deployers: ['argocd/argocd-application-controller'] },
  clusters: { prod: { region: 'us-west-2', environment: 'prod' } },
  defaults: { namespace: '{service}-ns', regions: ['us-west-2'] },
  services: [
    { name: 'service1', secrets: ['service1_secret'] },
    { name: 'service2', secrets: ['service2_secret'] },
    { name: 'bystander', secrets: ['bystander_secret'] },
  ],
  shared: [
    { name: 'metrics', services: ['service1'], secrets: ['metrics_secret'] },
    { name: 'billing', services: ['service2'], secrets: ['billing_secret'] },
  ],
});

/** What stands in dist for the cluster of the attacks. */
export interface World {
  readonly platform: readonly KubernetesObject[];
  /** By service. */
  readonly services: Readonly<Record<string, readonly KubernetesObject[]>>;
}

/** Compiles the input of the attacks. */
export function worldOf(release: UpstreamRelease): World {
  const { files } = compileValid({ 'services.yaml': stringify(input(release)) });
  const below = (folder: string) => files.filter(({ path }) => path.startsWith(`clusters/prod/${folder}/`));
  const name = (path: string) => path.replace(/^.*\/|\.yaml$/g, '');
  return {
    platform: below('platform').flatMap(({ text }) => objectsIn(text)),
    services: Object.fromEntries(below('services').map(({ path, text }) => [name(path), objectsIn(text)])),
  };
}

/** Whether an object is one of the admission policies, which are in force only together with their bindings. */
export const isPolicy = ({ kind }: KubernetesObject) => kind === 'ValidatingAdmissionPolicy';
const isBinding = ({ kind }: KubernetesObject) => kind === 'ValidatingAdmissionPolicyBinding';

/**
 * Sets a server up with the operator's kinds, the rights of the users and what stands in dist.
 *
 * @param guarded whether the admission policies are put in force
 */
export async function setUp(
  server: Server,
  release: UpstreamRelease,
  { platform, services }: World,
  guarded: boolean,
): Promise<void> {
  const client = server.as(administrator);
  await createCrds(client, release);
  for (const kind of otherKinds) await createOpenCrd(client, kind);
  const isOfGuard = (object: KubernetesObject) => isPolicy(object) || isBinding(object);
  const policies = platform.filter(isOfGuard);
  const others = platform.filter((object) => !isOfGuard(object));
  const objects = [...others, ...Object.values(services).flat(), ...rightsOfUsers];
  for (const object of [...objects, ...(guarded ? policies : [])])
    await succeed(client, applyRequest(object));
  if (guarded) await waitUntilInForce(client);
}

/** Waits until policies are in force, which takes the API server a moment: until it refuses what nobody may create. */
export async function waitUntilInForce(client: Client): Promise<void> {
  for (const version of ['v1', 'v1beta1']) {
    const path = `${collectionPath(`external-secrets.io/${version}`, 'SecretStore', 'default')}?dryRun=All`;
    const body = {
      apiVersion: `external-secrets.io/${version}`,
      kind: 'SecretStore',
      metadata: { name: 'probe' },
      spec: { provider: { aws: { service: 'SecretsManager', region: 'us-west-2' } } },
    };
    while ((await client({ method: 'POST', path, body })).status === 201) await setTimeout(100);
  }
}

/**
 * Waits until the API server has written what it finds wrong with the types in a policy's expressions, and returns it.
 * It looks only at rules that name each version and resource.
 */
export async function typeWarnings(client: Client, policy: KubernetesObject): Promise<string[]> {
  for (;;) {
    const { status } = (await succeed(client, { method: 'GET', path: objectPath(policy) })) as ChecksTypes;
    if (status?.observedGeneration !== undefined) {
      return (status.typeChecking?.expressionWarnings ?? []).map(({ warning }) => warning);
    }
    await setTimeout(50);
  }
}

interface ChecksTypes extends ApiObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly { readonly warning: string }[] };
  };
}
