import type { z } from 'zod';
import type { PlatformFiles } from '../files/clusters.ts';
import type { Reading, Source, Tenant, YamlPlace } from '../files/model.ts';
import { type Complain, text } from '../files/store.ts';
import { locate, objectsIn } from '../files/tenants.ts';
import type { Sample } from '../guard/model.ts';
import { readKnown } from './known.ts';

/** What the clusters of dist are like, by their names. */
export type Clusters = Pick<PlatformFiles, 'guards' | 'helmValues'> & {
  readonly tenants: ReadonlyMap<string, readonly Pick<Tenant, 'namespace' | 'service'>[]>;
  /** Objects of services that stand for those of all. */
  readonly samples: readonly Pick<Sample, 'stores' | 'externalSecrets'>[];
};

/** An object of which everything is known, and who is told what is wrong with it. */
export interface Found<Known> {
  readonly object: Known;
  readonly complain: Complain;
}

/** Those of one kind. */
export function ofKind<Known extends { readonly kind: string }, Kind extends Known['kind']>(
  all: readonly Found<Known>[],
  kind: Kind,
): Found<Extract<Known, { readonly kind: Kind }>>[] {
  const isIt = (one: Known): one is Extract<Known, { readonly kind: Kind }> => one.kind === kind;
  return all.flatMap(({ object, complain }) => (isIt(object) ? [{ object, complain }] : []));
}

/** Something that an object says at a place, of which all others must say the same. */
export interface Fact {
  readonly topic:
    | 'repository'
    | 'revision'
    | 'folder of dist'
    | 'list of clusters'
    | 'namespace of Argo CD'
    | 'namespace of Flux'
    | 'source'
    | 'source of the chart'
    | 'version of the chart';
  readonly said: string;
  readonly path: YamlPlace['path'];
}

type Schemas = Readonly<Record<string, z.ZodType>>;
/** What objects are by the schemas of their kinds. */
export type KnownBy<All extends Schemas> = z.infer<All[keyof All]>;

/** The objects of a file, each by the schema of its kind. What is of no kind, or not as the schema says, is reported. */
export function objectsOf<All extends Schemas>(
  source: Source,
  schemas: All,
  reading: Reading,
): Found<KnownBy<All>>[] {
  return (objectsIn(source, reading) ?? []).flatMap((object, document) => {
    const complain: Complain = (path, message, allowed) =>
      reading.document(locate(source, { document, path }), message, allowed);
    const kind = text(object.kind);
    const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
    if (schema === undefined) {
      const message = `an object that the proof knows nothing about: ${kind} of ${text(object.apiVersion)}`;
      complain(['kind'], message, Object.keys(schemas).join(', '));
      return [];
    }
    const known = readKnown(source, document, object, schema, reading);
    return known === undefined ? [] : [{ object: known as KnownBy<All>, complain }];
  });
}

/** What was said first of each topic: both engines apply one dist. */
export type SaidFirst = Map<Fact['topic'], string>;

/** Reports what is said otherwise than by the first who says something of its topic. */
export function agree<Known>(
  all: readonly Found<Known>[],
  factsOf: (object: Known) => readonly Fact[],
  first: SaidFirst,
): void {
  for (const { object, complain } of all)
    for (const { topic, said, path } of factsOf(object)) {
      const expected = first.get(topic) ?? said;
      first.set(topic, expected);
      if (said !== expected) complain(path, `the ${topic} is ${said}, and elsewhere another`, expected);
    }
}

/** Reports objects in a namespace of a service: whoever may write there has the engine apply anything. */
export function awayFromServices(
  [first]: readonly Found<{ readonly metadata: { readonly namespace: string } }>[],
  tenants: readonly Pick<Tenant, 'namespace' | 'service'>[] = [],
): void {
  const tenant = tenants.find(({ namespace }) => namespace === first?.object.metadata.namespace);
  if (tenant === undefined) return;
  const message = `namespace "${tenant.namespace}" is that of ${tenant.service}`;
  first?.complain(['metadata', 'namespace'], message, 'a namespace of the platform alone');
}

/** Reports objects of one kind and name: of two, one is lost. */
export function eachNamedOnce(
  all: readonly Found<{ readonly kind: string; readonly metadata: { readonly name: string } }>[],
): void {
  const taken = new Set<string>();
  for (const { object, complain } of all) {
    const named = `${object.kind} "${object.metadata.name}"`;
    if (taken.has(named)) complain(['metadata', 'name'], `a second ${named}`, 'each once');
    taken.add(named);
  }
}

/** Reports each part of which there is not one among those that are there. */
export function eachOnce<Known>(
  [first]: readonly Found<Known>[],
  what: string,
  parts: readonly string[],
  there: readonly string[],
): void {
  for (const part of parts)
    if (there.filter((one) => one === part).length !== 1)
      first?.complain([], `not one ${what} ${part}`, `one for each of ${parts.join(', ')}`);
}

/** Fields that objects of services may have, and the first release with CRDs that have them. */
export const firstWith = { nullBytePolicy: '2.3.0', sessionTagsPolicy: '2.5.0' };

/**
 * Reports a version of the operator that does not serve what is in the clusters: nothing of a service is ever there, and
 * admission policies may be about versions of which there are no requests. With server-side apply the API server refuses an
 * object with a field that the CRD does not have.
 *
 * Source: https://external-secrets.io, the CRDs of its releases.
 */
export function checkServed(
  version: string,
  { guards, samples }: Pick<Clusters, 'guards' | 'samples'>,
  say: (...why: [string, string]) => void,
) {
  const isServed = (one: string) =>
    one === 'v1' ? !isBefore(version, '0.16.0') : isBefore(version, '0.17.0');
  const written = new Set([...guards.values()].flatMap(({ servedVersions }) => servedVersions));
  const unserved = [...written].filter((one) => !isServed(one));
  for (const one of unserved)
    say(
      `the operator ${version} does not serve ${one}, in which objects are written`,
      `one that serves ${one}`,
    );
  if (unserved.length > 0) return;
  for (const [field, first] of Object.entries(firstWith))
    if (isBefore(version, first) && samples.some((sample) => hasField(sample, field)))
      say(
        `the operator ${version} does not know the field ${field}, which objects have`,
        `${first} or newer`,
      );
}

function isBefore(version: string, other: string): boolean {
  const numbers = other.split('.').map(Number);
  const differing = version.split('.').map((part, index) => Number(part) - (numbers[index] ?? 0));
  return (differing.find((difference) => difference !== 0) ?? 0) < 0;
}

/** Whether an object has a field. What a template holds are keys of the Secret. */
function hasField(objects: Pick<Sample, 'stores' | 'externalSecrets'>, field: string): boolean {
  const all = [objects.stores, objects.externalSecrets];
  const text = JSON.stringify(all, (key, value: unknown) => (key === 'template' ? undefined : value));
  return text.includes(`"${field}":`);
}

/** Where a path goes on in dist. What stands before it may have the same names. */
const inside =
  /(?:gitops\/argocd|gitops\/flux\/[^/]+\/\w+|clusters\/[^/]+\/(?:platform|services(?:\/\*\.yaml)?)|operator\/[^/]+\/helm-values\.yaml)$/;

/** The folder of dist that a path leads into. */
export function rootOf(path: string): string {
  return path.replace(/^(?:\$values|\.)\//, '').replace(inside, '') || '.';
}
