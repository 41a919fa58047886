import type { Finding, Locate, Path, PathTarget } from '../findings/finding.ts';
import type { RuleName } from '../findings/rules.ts';

/**
 * A Kubernetes object and where its parts stand.
 *
 * - `file` is the file that it comes from or that it will be written to.
 * - `locate` is there when the object was read from a text. Without it a finding has no location, and its
 *   message names the object and the file.
 */
export interface Manifest {
  readonly object: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly locate?: Locate;
}

/** One thing that is wrong with an object: a finding before its place in the file is known. */
export interface Problem {
  readonly rule: RuleName;
  /** Defaults to `error`. */
  readonly severity?: Finding['severity'];
  readonly message: string;
  readonly allowed?: string;
  readonly nearest?: string | undefined;
  readonly path: Path;
  /** Defaults to `value`. */
  readonly target?: PathTarget | undefined;
}

/** Turns a problem into a finding: with a location if the manifest was read, else naming object and file. */
export function toFinding(manifest: Manifest, problem: Problem): Finding {
  const { rule, severity = 'error', message, allowed, nearest, path, target } = problem;
  return {
    rule,
    severity,
    message: manifest.locate
      ? message
      : `${message} (${describeObject(manifest.object)} in ${manifest.file})`,
    allowed,
    nearest,
    ...(manifest.locate && { location: manifest.locate(path, target) }),
  };
}

/** How messages call an object: `SecretStore "payments/aws-secretsmanager"`, or `Namespace "payments"`. */
export function describeObject(object: Readonly<Record<string, unknown>>): string {
  const kind = typeof object.kind === 'string' ? object.kind : 'object';
  const { name, namespace } = nameOf(object);
  if (name === undefined) return `${kind} without a name`;
  return namespace === '' ? `${kind} "${name}"` : `${kind} "${namespace}/${name}"`;
}

/** Name and namespace of an object. One without a namespace is in the namespace `''`. */
export function nameOf(object: Readonly<Record<string, unknown>>): {
  name: string | undefined;
  namespace: string;
} {
  const metadata = object.metadata;
  const name = text(field(metadata, 'name'));
  return { name, namespace: text(field(metadata, 'namespace')) ?? '' };
}

/** Group and version of an `apiVersion`; the group of `v1` is `''`. Nothing when it has another form. */
export function groupVersion(apiVersion: string): { group: string; version: string } | undefined {
  const slash = apiVersion.indexOf('/');
  if (slash === -1) return apiVersion === '' ? undefined : { group: '', version: apiVersion };
  const group = apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  return group === '' || version === '' || version.includes('/') ? undefined : { group, version };
}

/** Whether a value is a mapping: an object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping's own entry, or nothing. An entry of null counts as absent, as it does for the API server. */
export function field(value: unknown, key: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key] ?? undefined;
}

/** Like `field`, along several keys. */
export function fieldAt(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) current = field(current, key);
  return current;
}

/** The value if it is a string. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a list, else an empty list. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A path as Kubernetes writes it: `spec.data[0].remoteRef.key`, `metadata.labels[app.kubernetes.io/name]`. */
export function formatPath(path: Path): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number' || !/^[\w$-]+$/.test(part)) out += `[${part}]`;
    else out += out === '' ? part : `.${part}`;
  }
  return out;
}

const longestShown = 60;

/** A value as messages show it: short texts in quotes, numbers as they are, collections by their kind. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
  }
  return isObject(value) ? 'an object' : String(value);
}

const mostShown = 30;

/** Names in quotes and other values as they are, comma between them; a long list ends with how many more there are. */
export function listNames(names: Iterable<unknown>): string {
  const all = [...names].map((name) => JSON.stringify(name));
  const shown = all.slice(0, mostShown).join(', ');
  return all.length > mostShown ? `${shown} and ${all.length - mostShown} more` : shown;
}
