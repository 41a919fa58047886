import { Reading, type Source } from '../../../src/proof/files/model.ts';
import { type Mapping, mapping } from '../../../src/proof/files/store.ts';
import { Admission } from '../../../src/proof/guard/decide.ts';
import type { AdmissionRequest, Guard } from '../../../src/proof/guard/model.ts';
import { readGuard } from '../../../src/proof/guard/read.ts';
import { toYaml } from '../../../src/yaml/write.ts';
import { merged } from '../../apiserver/attacks/attack.ts';
import {
  type ApiObject,
  type ApiRequest,
  applyRequest,
  type Client,
  type Reply,
} from '../../apiserver/support/client.ts';
import type { User } from '../../apiserver/support/users.ts';
import type { KubernetesObject } from '../../support/run-compile.ts';

/** Reads the objects of a cluster's platform as the proof does. Throws when it finds something wrong with them. */
export function guardOf(platform: readonly KubernetesObject[]): Guard {
  const text = platform.map((object) => `---\n${toYaml(object)}`).join('');
  const source: Source = { path: 'clusters/prod/platform/all.yaml', text };
  const guard = readGuard('prod', [source], new Reading());
  if (guard.findings.length > 0) throw new Error(JSON.stringify(guard.findings));
  return guard;
}

/** What a path of the API names. */
interface Target {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string;
  readonly isDryRun: boolean;
}

/**
 * Answers requests as an API server with these objects would, as far as admission goes: what the proof's evaluator says of
 * the policies decides. RBAC lets everybody do everything, and nothing is validated or filled in.
 */
export class EvaluatedServer {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly policies: Admission;
  private made = 0;

  constructor(guard: Guard, objects: readonly KubernetesObject[]) {
    this.policies = new Admission(guard);
    for (const object of objects) this.put(object);
  }

  /** Makes an object, or replaces it, whatever the policies say. */
  put(object: KubernetesObject): void {
    this.objects.set(keyOf(targetOf(applyRequest(object).path)), object);
  }

  as(user: User): Client {
    return (request) => Promise.resolve(this.answer(user, request));
  }

  private answer(user: User, request: ApiRequest): Reply {
    const target = targetOf(request.path);
    const name = target.name ?? this.nameFor(request.body);
    const named = { ...target, name };
    const stored = this.objects.get(keyOf(named));
    const old = stored && inVersion(stored, target);
    if (request.method === 'GET') return reply(old === undefined ? 404 : 200, old ?? {});
    if (request.method !== 'POST' && request.patch !== 'apply' && old === undefined) return reply(404, {});
    const written = request.method === 'DELETE' ? undefined : inVersion(changed(request, old, name), target);
    const { refusals, problems } = this.policies.decide(this.admission(user, named, written, old));
    const by = new Set([...refusals, ...problems].map(({ policy }) => policy.name));
    if (by.size > 0)
      return reply(403, {
        message: `denied by ${[...by].join(', ')}${problems.map(({ why }) => ` (${why})`)}`,
      });
    if (!target.isDryRun) this.store(named, written);
    return reply(200, written ?? {});
  }

  private admission(
    { name: username, groups }: User,
    { group, version, namespace, resource, name, subresource, isDryRun }: Target & { name: string },
    object: KubernetesObject | undefined,
    oldObject: KubernetesObject | undefined,
  ): AdmissionRequest {
    const kind = (object ?? oldObject)?.kind ?? '';
    const inside = this.objects.get(keyOf(targetOf(`/api/v1/namespaces/${namespace}`)));
    return {
      operation: object === undefined ? 'DELETE' : oldObject === undefined ? 'CREATE' : 'UPDATE',
      ...{ group, version, kind, resource, subresource, name },
      namespace: kind === 'Namespace' ? name : namespace,
      object: object ?? null,
      oldObject: oldObject ?? null,
      namespaceObject: namespace === '' ? null : (inside ?? null),
      user: {
        username,
        groups: [...groups, 'system:authenticated'],
        isAdministrator: groups.includes('system:masters'),
      },
      dryRun: isDryRun,
    };
  }

  private nameFor(body: unknown): string {
    const { name, generateName } = mapping(mapping(body).metadata);
    this.made += 1;
    return name ? String(name) : `${String(generateName)}${this.made}`;
  }

  private store(target: Target, object: KubernetesObject | undefined): void {
    if (object === undefined) this.objects.delete(keyOf(target));
    else this.objects.set(keyOf(target), object);
  }
}

/** The API server knows an object by its kind, whatever the version in which it is asked for. */
function keyOf({ group, resource, namespace, name }: Target): string {
  return [group, resource, namespace, name].join('/');
}

function targetOf(path: string): Target {
  const url = new URL(path, 'https://localhost');
  const [prefix, ...rest] = url.pathname.slice(1).split('/');
  const [group = '', version = '', ...parts] = prefix === 'api' ? ['', ...rest] : rest;
  // A Namespace stands where other objects have theirs.
  const isInside =
    parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '');
  const [resource = '', name, subresource = ''] = isInside ? parts.slice(2) : parts;
  const isDryRun = url.searchParams.has('dryRun');
  return {
    group,
    version,
    namespace: isInside ? (parts[1] ?? '') : '',
    resource,
    name,
    subresource,
    isDryRun,
  };
}

/**
 * The object that a request asks for. Server-side apply takes away what the one who made the object leaves out, and
 * leaves alone what is not its own.
 */
function changed(
  { method, patch, path, body }: ApiRequest,
  old: KubernetesObject | undefined,
  name: string,
): KubernetesObject {
  const isMaker = patch === 'apply' && path.includes('fieldManager=gitops');
  const isWhole = method === 'POST' || method === 'PUT' || isMaker;
  const result = isWhole ? body : patch === 'json' ? patchedByPath(old, body) : merged(old, body);
  const { metadata, ...rest } = mapping(result);
  return { ...rest, metadata: { ...mapping(metadata), name } } as unknown as KubernetesObject;
}

/** A JSON patch of operations that set something. Source: RFC 6902. */
function patchedByPath(old: unknown, operations: unknown): unknown {
  return (operations as { path: string; value: unknown }[]).reduce<unknown>((object, { path, value }) => {
    const keys = path
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return merged(
      object,
      keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
    );
  }, old);
}

/** Fields of the AWS provider that v1alpha1 does not have: the API server drops them. */
const laterFields = { additionalRoles: null, externalID: null, sessionTags: null, transitiveTagKeys: null };

function inVersion(object: KubernetesObject, { group, version }: Target): KubernetesObject {
  if (group !== 'external-secrets.io') return object;
  const aws = mapping(mapping(mapping(object.spec).provider).aws);
  const dropped = version === 'v1alpha1' && Object.keys(aws).length > 0;
  const patch: Mapping = dropped ? { spec: { provider: { aws: laterFields } } } : {};
  return merged({ ...object, apiVersion: `${group}/${version}` }, patch) as KubernetesObject;
}

function reply(status: number, body: object): Reply {
  return { status, body: body as ApiObject, warning: undefined };
}
