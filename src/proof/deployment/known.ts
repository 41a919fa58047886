import { z } from 'zod';
import type { Reading, Source } from '../files/model.ts';
import { mapping } from '../files/store.ts';
import { locate } from '../files/tenants.ts';

/**
 * The document of a file as a schema has it. Each value that is not known, or not as it has to be, is reported: nothing that is
 * deployed may be passed over.
 *
 * @param document which of the documents that hold something
 * @returns undefined when something was reported
 */
export function readKnown<Known>(
  source: Source,
  document: number,
  value: unknown,
  schema: z.ZodType<Known>,
  reading: Reading,
): Known | undefined {
  const { data, error } = schema.safeParse(value);
  for (const { path, message, allowed } of error?.issues.flatMap(wrongBy) ?? [])
    reading.document(locate(source, { document, path: presentPart(value, path) }), message, allowed);
  return data;
}

/** What is wrong, by what zod says of it. */
function wrongBy(issue: z.core.$ZodIssue) {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `"${[...path, key].join('.')}" is something that the proof knows nothing about`,
      allowed: 'what eso-abac writes',
    }));
  const what = path.length === 0 ? 'the document' : `"${path.join('.')}"`;
  return [{ path, message: `${what} is not as the proof knows it`, allowed: allowedBy(issue) }];
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  return issue.code === 'invalid_format' ? issue.message : 'what eso-abac writes';
}

/** A path as far as there is something: what is missing has no place. */
function presentPart(value: unknown, path: readonly string[]): string[] {
  const [key, ...rest] = path;
  const inside = Array.isArray(value) ? value : mapping(value);
  if (key === undefined || !Object.hasOwn(inside, key)) return [];
  return [key, ...presentPart(inside[key as keyof typeof inside], rest)];
}

/** In which order Argo CD applies its own objects. */
export const syncWave = 'argocd.argoproj.io/sync-wave';

/** The API server takes no other: it would go on with what it had before, which may be nothing. */
export const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'a name that Kubernetes takes');

/**
 * Metadata of an object of Argo CD or Flux. An annotation can make the engine pass it over, or delete what it made. The name
 * becomes a label of what it makes.
 */
export const metadata = z.strictObject({
  name: objectName.max(63),
  namespace: objectName,
  labels: z.strictObject({ 'app.kubernetes.io/managed-by': z.literal('eso-abac') }).optional(),
  annotations: z.strictObject({ [syncWave]: z.string().regex(/^-?\d{1,9}$/, 'a number') }).optional(),
  finalizers: z.array(z.literal('resources-finalizer.argocd.argoproj.io')).optional(),
});

/**
 * The repository of the operator's chart, and its name there, which its release has too: of others come names of objects that
 * Kubernetes may not take. Source: https://external-secrets.io, "Getting started".
 */
export const chart = {
  repository: z.literal('https://charts.external-secrets.io'),
  name: z.literal('external-secrets'),
};

/** How often Flux looks for what has changed, or comes back to what somebody has changed. */
export const interval = z
  .string()
  .regex(/^(?:[1-9]\d{0,2}[sm]|(?:[1-9]|1\d|2[0-4])h)$/, 'an interval of a day at most, such as 10m');
export const timeout = z.string().regex(/^[1-9]\d{0,3}[sm]$/, 'a duration such as 5m');

/**
 * The version of the operator's chart, which is that of the operator. Of a range the newest is taken, which nobody has
 * reviewed.
 */
export const chartVersion = z.string().regex(/^\d+\.\d+\.\d+$/, 'one release, such as 2.9.0');

/**
 * A folder or file of dist in the repository. It climbs nowhere.
 *
 * @param pattern what stands behind the folder of dist
 * @param before what stands before the path
 */
export function inDist(pattern: string, before = '(?:\\./)?') {
  return z
    .string()
    .regex(
      new RegExp(`^${before}(?:(?!\\.{1,2}/)[\\w.-]+/)*${pattern}$`),
      `a path in dist: ${pattern.replaceAll('\\', '')}`,
    );
}
