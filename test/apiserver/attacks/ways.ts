import type { KubernetesObject } from '../../support/run-compile.ts';
import {
  applyRequest,
  type Client,
  collectionPath,
  objectPath,
  type Reply,
  succeed,
} from '../support/client.ts';
import { type Forgery, merged } from './attack.ts';

/** A good object, and what an attacker wants it to be. */
interface Forge extends Forgery {
  readonly good: KubernetesObject;
  readonly bad: KubernetesObject;
}

/** A way of writing a forged object, through the API version that the object names. */
interface Way {
  readonly name: string;
  /** Whether the change can be made in this way. */
  readonly suits: (change: Forgery['change']) => boolean;
  readonly write: (client: Client, forge: Forge) => Promise<Reply>;
}

const always = () => true;
const named = (object: KubernetesObject, name: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, name },
});
const listPath = ({ apiVersion, kind, metadata }: KubernetesObject) =>
  collectionPath(apiVersion, kind, metadata.namespace);

/** All ways: those that make an object first, then those that change the good one. */
export const ways: readonly Way[] = [
  {
    name: 'a dry run of a creation',
    suits: always,
    write: (client, { bad }) =>
      client({ method: 'POST', path: `${listPath(bad)}?dryRun=All`, body: named(bad, 'tried') }),
  },
  {
    name: 'a creation',
    suits: always,
    write: (client, { bad }) => client({ method: 'POST', path: listPath(bad), body: named(bad, 'created') }),
  },
  {
    name: 'a creation with a name by the server',
    suits: always,
    write: (client, { bad: { metadata, ...rest } }) => {
      const { name: _, ...others } = metadata;
      const body = { ...rest, metadata: { ...others, generateName: 'generated-' } };
      return client({ method: 'POST', path: listPath({ metadata, ...rest }), body });
    },
  },
  {
    name: 'server-side apply of a new object',
    suits: always,
    write: (client, { bad }) => client(applyRequest(named(bad, 'applied'), 'tenant')),
  },
  {
    name: 'server-side apply by another manager',
    // What others own in an object, an apply that leaves it out does not remove.
    suits: (change) => !JSON.stringify(change).includes('null'),
    write: (client, { bad }) => client({ ...dryRun(applyRequest(bad, 'tenant')) }),
  },
  {
    name: "server-side apply under the deployer's name",
    suits: always,
    write: (client, { bad }) => client(dryRun(applyRequest(bad))),
  },
  {
    name: 'a merge patch',
    suits: always,
    write: (client, { bad, change }) =>
      client({ method: 'PATCH', patch: 'merge', path: `${objectPath(bad)}?dryRun=All`, body: change }),
  },
  {
    name: 'kubectl edit',
    suits: always,
    write: async (client, { bad, change }) => {
      const path = objectPath(bad);
      const current = await succeed(client, { method: 'GET', path });
      return client({ method: 'PUT', path, body: merged(current, change) });
    },
  },
];

/** Changes of the good object are dry runs but for the last, so that each begins with the good one. */
const dryRun = (request: ReturnType<typeof applyRequest>) => ({
  ...request,
  path: `${request.path}&dryRun=All`,
});
