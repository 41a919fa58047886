import https from 'node:https';
import type { KubernetesObject } from '../../support/run-compile.ts';

/** What the API server answers. */
export interface Reply {
  readonly status: number;
  /** An object, or a `Status` that says what is wrong. */
  readonly body: ApiObject;
  /** The text of the Warning header, where there is one. */
  readonly warning: string | undefined;
}

/** An object as the API server writes it. */
export interface ApiObject extends Record<string, unknown> {
  readonly kind: string;
  readonly message?: string;
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly [name: string]: unknown;
  };
}

/** A request of the Kubernetes API. `path` begins with /api or /apis and may hold a query. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Of a PATCH: `apply`, `merge` or `json`. */
  readonly patch?: keyof typeof patchTypes;
  readonly body?: unknown;
}

/** Sends requests as one user. */
export type Client = (request: ApiRequest) => Promise<Reply>;

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply; YAML includes JSON. */
const patchTypes = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

interface Access {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

/** A client with connections of its own. */
export function clientFor({ url, ca, token }: Access): Client {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca });
  return ({ method, path, patch, body }) =>
    new Promise((resolve, reject) => {
      const contentType = patch === undefined ? 'application/json' : patchTypes[patch];
      const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
      const request = https.request(new URL(path, url), { method, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, body: parsed(headers['content-type'], text), warning: headers.warning });
        });
      });
      request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** What a path that is not served answers is plain text. */
function parsed(type = '', text: string): ApiObject {
  return type.startsWith('application/json')
    ? (JSON.parse(text) as ApiObject)
    : { kind: 'Status', metadata: { name: '' }, message: text };
}

/** The path of a list of objects of one kind, in a namespace or everywhere. */
export function collectionPath(apiVersion: string, kind: string, namespace?: string): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const lower = kind.toLowerCase();
  const plural = lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
  return namespace === undefined ? `${group}/${plural}` : `${group}/namespaces/${namespace}/${plural}`;
}

/** The path of an object. */
export function objectPath({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${collectionPath(apiVersion, kind, metadata.namespace)}/${metadata.name}`;
}

/** Server-side apply, as Argo CD and Flux do it: what others own in the object is taken over. */
export function applyRequest(object: KubernetesObject, manager = 'gitops'): ApiRequest {
  const path = `${objectPath(object)}?fieldManager=${manager}&force=true`;
  return { method: 'PATCH', patch: 'apply', path, body: object };
}

/** Sends a request that must succeed, and returns the object. Throws with the server's message when it does not. */
export async function succeed(client: Client, request: ApiRequest): Promise<ApiObject> {
  const { status, body } = await client(request);
  if (status < 200 || status > 299) {
    throw new Error(`${request.method} ${request.path}: ${status} ${body.message}`);
  }
  return body;
}
