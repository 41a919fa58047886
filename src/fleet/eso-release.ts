/** What this project must know of one release of External Secrets Operator (ESO). */
export interface EsoRelease {
  /** `major.minor.patch`. */
  readonly version: string;
  /** The API version to write: the newest one that the release serves. */
  readonly apiVersion: 'external-secrets.io/v1' | 'external-secrets.io/v1beta1';
  /** What the API server fills in where a manifest says nothing; fields in the order in which they are written. */
  readonly defaults: EsoDefaults;
}

/**
 * The defaults of a release's CRDs in the objects that this project writes. A field is absent when the release
 * does not have it or fills in nothing.
 *
 * `refreshInterval` has a default as well, `1h` up to 1.1.0 and `1h0m0s` since. It is not here because every
 * ExternalSecret is written with an interval of its own.
 */
export interface EsoDefaults {
  /** Of `data[].remoteRef` and `dataFrom[].extract` alike. */
  readonly remoteRef: {
    readonly conversionStrategy?: 'Default';
    readonly decodingStrategy?: 'None';
    readonly metadataPolicy?: 'None';
    readonly nullBytePolicy?: 'Ignore';
  };
  /** Of `target`. */
  readonly target: { readonly creationPolicy: 'Owner'; readonly deletionPolicy: 'Retain' };
  /** Of `target.template`. */
  readonly template: { readonly engineVersion: 'v2'; readonly mergePolicy: 'Replace' };
  /** Of a SecretStore's `provider.aws`. */
  readonly aws: { readonly sessionTagsPolicy?: 'None' };
}

/** A release, or why there is none for a version. `oldest` and `newest` bound the releases that are known. */
export type EsoReleaseResult =
  | {
      readonly release: EsoRelease;
      readonly known: boolean;
      readonly oldest: string;
      readonly newest: string;
    }
  | { readonly problem: 'malformed' | 'too old'; readonly oldest: string; readonly newest: string };

/** The newest release that is known: what an input that names none is taken to mean. */
export const newestEsoVersion = '2.9.0';
const oldest = '0.9.0';

/** A release serves v1 from here on, and v1beta1 no more from 0.17.0 on. */
const firstWithV1 = '0.16.0';

interface Default<Value> {
  readonly value: Value;
  /** The first release that fills it in; all do when absent. */
  readonly since?: string;
  /** The first release that no longer fills it in. */
  readonly before?: string;
}

/**
 * Source: `default` in the CRDs that each release ships (`deploy/crds/bundle.yaml`).
 * The order of the fields is that in which they are written.
 */
const remoteRef = {
  conversionStrategy: { value: 'Default', before: '2.9.0' },
  decodingStrategy: { value: 'None', before: '2.9.0' },
  metadataPolicy: { value: 'None', since: '0.9.8', before: '2.9.0' },
  nullBytePolicy: { value: 'Ignore', since: '2.3.0', before: '2.7.0' },
} as const satisfies Record<string, Default<string>>;

const aws = {
  sessionTagsPolicy: { value: 'None', since: '2.5.0' },
} as const satisfies Record<string, Default<string>>;

/**
 * The release of ESO that a version means.
 *
 * @param version `major.minor.patch`, without a leading `v` and without a pre-release: `2.9.0`.
 * @returns The release. `known` is false when the version is newer than any that is known; the release is then
 * the newest known one. A version that is malformed or older than 0.9.0 yields a `problem` in its place.
 */
export function esoRelease(version: string): EsoReleaseResult {
  const bounds = { oldest, newest: newestEsoVersion };
  if (!versionPattern.test(version)) return { problem: 'malformed', ...bounds };
  if (isBefore(version, oldest)) return { problem: 'too old', ...bounds };
  const known = !isBefore(newestEsoVersion, version);
  return { release: describe(known ? version : newestEsoVersion), known, ...bounds };
}

const versionPattern = /^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/;

function describe(version: string): EsoRelease {
  return {
    version,
    apiVersion: isBefore(version, firstWithV1) ? 'external-secrets.io/v1beta1' : 'external-secrets.io/v1',
    defaults: {
      remoteRef: inForce(remoteRef, version),
      target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      template: { engineVersion: 'v2', mergePolicy: 'Replace' },
      aws: inForce(aws, version),
    },
  };
}

type Values<Table> = { readonly [Field in keyof Table]?: Table[Field] extends Default<infer V> ? V : never };

/** The fields of `table` that `version` fills in, each with its value. */
function inForce<Table extends Record<string, Default<string>>>(
  table: Table,
  version: string,
): Values<Table> {
  const fields = Object.entries(table).filter(
    ([, { since = oldest, before }]) =>
      !isBefore(version, since) && (before === undefined || isBefore(version, before)),
  );
  return Object.fromEntries(fields.map(([field, { value }]) => [field, value])) as Values<Table>;
}

/** Whether `a` is an older version than `b`. Both are well formed. */
function isBefore(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs >= 0 && (left[differs] ?? 0) < (right[differs] ?? 0);
}
