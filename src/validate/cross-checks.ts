import type { Finding, Path } from '../findings/finding.ts';
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
  readonly #objects = new Map<string, Place>();
  readonly #stores = new Map<string, Set<string>>();
  readonly #references: OpenReference[] = [];
  /** Which object writes each Secret, and where that one stands. */
  readonly #targets = new Map<string, { readonly owner: string; readonly place: Place }>();
  readonly #findings: Finding[] = [];

  add(manifest: Manifest): void {
    const { object } = manifest;
    const group = groupVersion(text(object.apiVersion) ?? '')?.group;
    this.#addObject(manifest, group);
    if (group !== esoGroup) return;
    const { name, namespace } = nameOf(object);
    const kind = text(object.kind);
    if (name !== undefined && (kind === 'SecretStore' || kind === 'ClusterSecretStore')) {
      const place = storePlace(kind, namespace);
      this.#stores.set(place, (this.#stores.get(place) ?? new Set()).add(name));
    }
    if (kind === 'ExternalSecret') this.#addExternalSecret(manifest);
  }

  /** The findings so far. An object that is added later may be what a reference misses, so ask once, at the end. */
  findings(): Finding[] {
    return [
      ...this.#findings,
      ...this.#references.flatMap((reference) => this.#missingStore(reference) ?? []),
    ];
  }

  /** The version is no part of what an object is: the API server has one object under all of them. */
  #addObject(manifest: Manifest, group: string | undefined): void {
    const { name, namespace } = nameOf(manifest.object);
    if (name === undefined) return;
    const key = [group, manifest.object.kind, namespace, name].join('\n');
    const first = this.#objects.get(key);
    if (first === undefined) {
      this.#objects.set(key, placeOf(manifest, []));
      return;
    }
    this.#findings.push(
      toFinding(manifest, {
        rule: 'duplicate-object',
        message: `${describeObject(manifest.object)} also stands at ${first()}`,
        allowed: 'each object once',
        path: ['metadata', 'name'],
      }),
    );
  }

  #addExternalSecret(manifest: Manifest): void {
    for (const [path, reference] of storeReferences(manifest.object)) {
      const name = text(field(reference, 'name'));
      const kind = text(field(reference, 'kind')) ?? 'SecretStore';
      const { namespace } = nameOf(manifest.object);
      if (name === undefined || this.#stores.get(storePlace(kind, namespace))?.has(name)) continue;
      this.#references.push({ manifest, path: [...path, 'name'], kind, name, namespace });
    }
    this.#addTarget(manifest);
  }

  #addTarget(manifest: Manifest): void {
    const { name, namespace } = nameOf(manifest.object);
    const target = fieldAt(manifest.object, 'spec', 'target');
    const secret = text(field(target, 'name')) ?? name;
    const policy = field(target, 'creationPolicy');
    // Several may merge into a Secret that one of them, or someone else, owns.
    if (secret === undefined || policy === 'None' || policy === 'Merge' || field(target, 'manifest')) return;
    const key = `${namespace}\n${secret}`;
    const first = this.#targets.get(key);
    const path = field(target, 'name') === undefined ? ['metadata', 'name'] : ['spec', 'target', 'name'];
    if (first === undefined) {
      this.#targets.set(key, { owner: describeObject(manifest.object), place: placeOf(manifest, path) });
      return;
    }
    this.#findings.push(
      toFinding(manifest, {
        rule: 'secret-target',
        message: `Secret "${secret}" is also written by ${first.owner} at ${first.place()}`,
        allowed: 'a Secret of its own; with creationPolicy Merge several may write to one',
        path,
      }),
    );
  }

  #missingStore({ manifest, path, kind, name, namespace }: OpenReference): Finding | undefined {
    const known = this.#stores.get(storePlace(kind, namespace)) ?? new Set();
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

/** The three places where an ExternalSecret names a store. */
function* storeReferences(object: unknown): Generator<[path: Path, reference: unknown]> {
  yield [['spec', 'secretStoreRef'], fieldAt(object, 'spec', 'secretStoreRef')];
  for (const list of ['data', 'dataFrom']) {
    for (const [index, entry] of items(fieldAt(object, 'spec', list)).entries()) {
      yield [['spec', list, index, 'sourceRef', 'storeRef'], fieldAt(entry, 'sourceRef', 'storeRef')];
    }
  }
}

function storePlace(kind: string, namespace: string): string {
  return kind === 'ClusterSecretStore' ? kind : `${kind}\n${namespace}`;
}

/** A place is dear to find in a file, and only asked for when something else is in its way. */
type Place = () => string;

/** Of the manifest it keeps the means to find the place, and not the object. */
function placeOf({ file, locate }: Manifest, path: Path): Place {
  return () => {
    const location = locate?.(path);
    return location ? `${location.file}:${location.start.line}:${location.start.column}` : file;
  };
}
