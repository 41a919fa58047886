import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** The part of a structural OpenAPI schema that the tests look into. */
export interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
}

/** A CustomResourceDefinition. */
export interface Crd {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: Readonly<Record<string, unknown>>;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

export type Kind = 'ExternalSecret' | 'SecretStore';
export type ApiVersion = 'v1' | 'v1beta1';

/** The releases whose whole CRDs are at hand. */
export const upstreamReleases = ['0.9.20', '0.14.4', '0.16.2', '0.20.4', '1.3.2', '2.9.0'] as const;
export type UpstreamRelease = (typeof upstreamReleases)[number];

/** Releases in a row whose CRDs are equal as far as ExternalSecret and the AWS provider go. */
export interface ReleaseGroup {
  readonly from: string;
  readonly to: string;
  /** By `Kind/version`, for example `SecretStore/v1`. Paths are those below `spec`. */
  readonly kinds: Readonly<
    Record<
      string,
      {
        readonly served: boolean;
        readonly storage: boolean;
        readonly defaults: Readonly<Record<string, unknown>>;
        /** `path:type`, or `path:value|value` for an enum. */
        readonly fields: readonly string[];
      }
    >
  >;
}

const root = new URL('../../', import.meta.url);
const upstreamFolder = new URL('../shared/upstream/external-secrets/', root);
const read = memoize((url: string) => readFileSync(new URL(url), 'utf8'));
const parse = memoize((url: string) => load(read(url)) as Crd);

/** The CRD that this project ships in crds/. */
export function ourCrd(kind: Kind): Crd {
  return parse(new URL(`crds/${kind.toLowerCase()}s.external-secrets.io.yaml`, root).href);
}

/** A whole CRD of External Secrets Operator. Throws when the folder `../shared/upstream` is missing. */
export function upstreamCrd(release: UpstreamRelease, kind: Kind): Crd {
  return parse(new URL(`v${release}/${kind.toLowerCase()}s.crd.yaml`, upstreamFolder).href);
}

/** What every release from 0.9.0 on serves, fills in and has. Throws when `../shared/upstream` is missing. */
export function releaseGroups(): readonly ReleaseGroup[] {
  return JSON.parse(read(new URL('versions.json', upstreamFolder).href)) as ReleaseGroup[];
}

/** The schema of one API version of a CRD. Throws when the CRD does not have that version. */
export function schemaOf(crd: Crd, apiVersion: ApiVersion): Schema {
  const version = crd.spec.versions.find(({ name }) => name === apiVersion);
  if (version === undefined) throw new Error(`${String(crd.spec.names.kind)} has no version ${apiVersion}`);
  return version.schema.openAPIV3Schema;
}

/** The schema of one API version in a release's whole CRD. Throws when the release does not have it. */
export function upstreamSchema(release: UpstreamRelease, kind: Kind, apiVersion: ApiVersion): Schema {
  return schemaOf(upstreamCrd(release, kind), apiVersion);
}

/** The API versions that a release serves. */
export function servedVersions(release: UpstreamRelease, kind: Kind): ApiVersion[] {
  const served = upstreamCrd(release, kind).spec.versions.filter((version) => version.served);
  return (['v1beta1', 'v1'] as const).filter((apiVersion) => served.some(({ name }) => name === apiVersion));
}

/**
 * `value` with every default that the API server fills in (Kubernetes, "Structural schemas: defaulting"): where
 * the parent is there and the field is not, or is null; then in what was filled in. `value` itself is not changed.
 */
export function applyDefaults(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item) => (schema.items ? applyDefaults(schema.items, item) : item));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined) result[name] ??= property.default;
  }
  for (const [name, child] of Object.entries(result)) {
    const childSchema = schema.properties?.[name] ?? schema.additionalProperties;
    if (childSchema !== undefined) result[name] = applyDefaults(childSchema, child);
  }
  return result;
}

/**
 * The fields of an object that the API server drops, because the schema does not have them, as paths such as
 * `spec.data[0].remoteRef.colour`. The schema is that of a whole object: its metadata is not looked into.
 */
export function unknownFields(schema: Schema, object: Readonly<Record<string, unknown>>): string[] {
  const { metadata: _, ...rest } = object;
  return unknownBelow(schema, rest, '');
}

function unknownBelow(schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownBelow(schema.items ?? {}, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const childPath = path === '' ? name : `${path}.${name}`;
    const childSchema = schema.properties?.[name] ?? schema.additionalProperties;
    return childSchema === undefined ? [childPath] : unknownBelow(childSchema, child, childPath);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memoize<Result>(compute: (key: string) => Result): (key: string) => Result {
  const results = new Map<string, Result>();
  return (key) => {
    const result = results.get(key) ?? compute(key);
    results.set(key, result);
    return result;
  };
}
