import type { Finding, Locate, Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import {
  describeObject,
  field,
  fieldAt,
  groupVersion,
  items,
  listNames,
  type Manifest,
  nameOf,
  text,
  toFinding,
} from './manifest.ts';
import { esoGroup } from './webhook.ts';

/** An ExternalSecret that names a store which no object added so far is. */
interface OpenReference {
  readonly manifest: Manifest;
  readonly path: Path;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/**
 * What can only be seen in several objects together: the same object twice, an ExternalSecret whose SecretStore is not
 * there, two ExternalSecrets that write one Secret. Add every object, then ask for the findings. Of an object only names
 * are kept, unless it refers to something that has not come yet.
 */
export class CrossChecks {
  /** Where each object stands. */
  readonly #objects = new Map<string, Origin>();
  /** The names of the SecretStores of each namespace. */
  readonly #stores = new Map<string, Set<string>>();
  readonly #clusterStores = new Set<string>();
  readonly #references: OpenReference[] = [];
  /** Which ExternalSecret writes each Secret. */
  readonly #targets = new Map<string, Target>();
  readonly #findings: Finding[] = [];

  add(manifest: Manifest): void {
    const { object } = manifest;
    const group = groupVersion(text(object.apiVersion) ?? '')?.group;
    const kind = text(object.kind);
    const { name, namespace } = nameOf(object);
    if (name !== undefined) this.#addObject(manifest, [group, kind, namespace, name].join('\n'));
    if (group !== esoGroup) return;
    if (kind === 'ExternalSecret') {
      this.#addReferences(manifest, namespace);
      this.#addTarget(manifest, name, namespace);
    } else if (kind === 'SecretStore' && name !== undefined) {
      const names = this.#stores.get(namespace);
      if (names) names.add(name);
      else this.#stores.set(namespace, new Set([name]));
    } else if (kind === 'ClusterSecretStore' && name !== undefined) this.#clusterStores.add(name);
  }

  /** The findings so far. An object that is added later may be what a reference misses, so ask once, at the end. */
  findings(): Finding[] {
    return [
      ...this.#findings,
      ...this.#references.flatMap((reference) => this.#missingStore(reference) ?? []),
    ];
  }

  /** @param key without the version: the API server has one object under all of them */
  #addObject(manifest: Manifest, key: string): void {
    const first = this.#objects.get(key);
    if (first === undefined) {
      this.#objects.set(key, originOf(manifest));
      return;
    }
    this.#findings.push(
      toFinding(manifest, {
        rule: 'duplicate-object',
        message: `${describeObject(manifest.object)} also stands at ${placeIn(first, [])}`,
        allowed: 'each object once',
        path: ['metadata', 'name'],
      }),
    );
  }

  /** An ExternalSecret names stores in three places. */
  #addReferences(manifest: Manifest, namespace: string): void {
    const spec = field(manifest.object, 'spec');
    this.#addReference(manifest, namespace, field(spec, 'secretStoreRef'), ['spec', 'secretStoreRef']);
    for (const list of ['data', 'dataFrom']) {
      for (const [index, entry] of items(field(spec, list)).entries()) {
        const source = field(entry, 'sourceRef');
        if (source === undefined) continue;
        const path = ['spec', list, index, 'sourceRef', 'storeRef'];
        this.#addReference(manifest, namespace, field(source, 'storeRef'), path);
      }
    }
  }

  #addReference(manifest: Manifest, namespace: string, reference: unknown, path: Path): void {
    const name = text(field(reference, 'name'));
    const kind = text(field(reference, 'kind')) ?? 'SecretStore';
    if (name === undefined || this.#storesOf(kind, namespace)?.has(name)) return;
    this.#references.push({ manifest, path: [...path, 'name'], kind, name, namespace });
  }

  #storesOf(kind: string, namespace: string): ReadonlySet<string> | undefined {
    if (kind === 'ClusterSecretStore') return this.#clusterStores;
    return kind === 'SecretStore' ? this.#stores.get(namespace) : undefined;
  }

  #addTarget(manifest: Manifest, name: string | undefined, namespace: string): void {
    const target = fieldAt(manifest.object, 'spec', 'target');
    const named = text(field(target, 'name'));
    const secret = named ?? name;
    const policy = field(target, 'creationPolicy');
    // Several may merge into a Secret that one of them, or someone else, owns.
    if (secret === undefined || policy === 'None' || policy === 'Merge' || field(target, 'manifest')) return;
    const key = `${namespace}\n${secret}`;
    const first = this.#targets.get(key);
    const path = field(target, 'name') === undefined ? objectName : targetName;
    if (first === undefined) {
      this.#targets.set(key, { name, path, origin: originOf(manifest) });
      return;
    }
    const owner = describeObject({ kind: 'ExternalSecret', metadata: { name: first.name, namespace } });
    this.#findings.push(
      toFinding(manifest, {
        rule: 'secret-target',
        message: `Secret "${secret}" is also written by ${owner} at ${placeIn(first.origin, first.path)}`,
        allowed: 'a Secret of its own; with creationPolicy Merge several may write to one',
        path,
      }),
    );
  }

  #missingStore({ manifest, path, kind, name, namespace }: OpenReference): Finding | undefined {
    const known = this.#storesOf(kind, namespace) ?? new Set();
    if (known.has(name)) return undefined;
    const isCluster = kind === 'ClusterSecretStore';
    const names = known.size > 0 ? `: ${listNames(known)}` : '';
    return toFinding(manifest, {
      rule: 'store-reference',
      // A ClusterSecretStore is often kept elsewhere, by whoever runs the cluster.
      severity: isCluster ? 'warning' : 'error',
      message: `there is no ${kind} "${name}" ${isCluster ? 'among these manifests' : `in namespace "${namespace}"`}`,
      allowed: `a ${kind} that stands in these manifests${names}`,
      nearest: nearest(name, known),
      path,
    });
  }
}

const objectName: Path = ['metadata', 'name'];
const targetName: Path = ['spec', 'target', 'name'];

/** The ExternalSecret that writes a Secret, and what in it names the Secret. */
interface Target {
  readonly name: string | undefined;
  readonly path: Path;
  readonly origin: Origin;
}

/** Where an object comes from: the means to find places, or else its file. Of the manifest no more is kept. */
type Origin = Locate | string;

function originOf({ file, locate }: Manifest): Origin {
  return locate ?? file;
}

/** A place is dear to find in a file, and only asked for when something else is in its way. */
function placeIn(origin: Origin, path: Path): string {
  if (typeof origin === 'string') return origin;
  const { file, start } = origin(path);
  return `${file}:${start.line}:${start.column}`;
}
