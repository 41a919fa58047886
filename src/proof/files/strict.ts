import { entryOf, type JsonEntry, type JsonNode } from '../json/node.ts';
import type { Reading } from './model.ts';

/** The keys that an object must have, and those that it may have. Any other is reported. */
export interface Keys {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/**
 * Reports every key of an object that is missing or that nobody knows, for nothing that a template says may be passed
 * over.
 *
 * @returns whether it is an object that has all that it must have
 */
export function hasKeys(
  node: JsonNode | undefined,
  what: string,
  { required, optional = [] }: Keys,
  reading: Reading,
): node is JsonNode & { type: 'object' } {
  if (node?.type !== 'object') {
    if (node !== undefined)
      reading.document(node.location, `${what} is no object`, `an object with ${required.join(', ')}`);
    return false;
  }
  const known = [...required, ...optional];
  for (const { key, location } of node.entries) {
    if (!known.includes(key))
      reading.document(
        location,
        `${what} holds "${key}", which the proof knows nothing about`,
        known.join(', '),
      );
  }
  const missing = required.filter((key) => entryOf(node, key) === undefined);
  for (const key of missing) reading.document(node.location, `${what} has no "${key}"`, required.join(', '));
  return missing.length === 0;
}

/** The text under a key; anything else there is reported. Undefined when there is no text. */
export function textAt(node: JsonNode, key: string, what: string, reading: Reading): string | undefined {
  const value = entryOf(node, key)?.value;
  if (value === undefined || value.type === 'string') return value?.value;
  reading.document(value.location, `${key} of ${what} is no text`, 'a text');
  return undefined;
}

/**
 * The name of an object of Kubernetes under a key; anything else there is reported: a function or a reference of
 * CloudFormation may come to any name.
 */
export function nameAt(node: JsonNode, key: string, what: string, reading: Reading): string {
  return formedAt(node, key, what, kubernetesName, reading) ?? '';
}

/** What a name must be like, and how people are told. */
export interface Form {
  readonly pattern: RegExp;
  readonly what: string;
}

const kubernetesName: Form = {
  pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
  what: 'a name of Kubernetes',
};

/** Source: CloudFormation Template Reference, "Resources", on logical IDs. */
export const logicalId: Form = { pattern: /^[A-Za-z0-9]{1,255}$/, what: 'a name of letters and digits' };

/** Source: CloudFormation Template Reference, "Description". */
export const maxDescription = 1024;

/** Source: AWS Secrets Manager API Reference, CreateSecret. */
export const secretName: Form = {
  pattern: /^[A-Za-z0-9/_+=.@-]{1,512}$/,
  what: 'a name that Secrets Manager takes',
};

/** What regions are called like. */
export const regionName: Form = { pattern: /^[a-z]+(?:-[a-z]+)+-\d+$/, what: 'a region such as us-west-2' };

/** The permissions boundary under a key, if there is one: IAM takes that of another account for none. */
export function boundaryAt(
  node: JsonNode,
  key: string,
  account: string,
  reading: Reading,
): string | undefined {
  if (entryOf(node, key) === undefined) return undefined;
  const pattern = new RegExp(`^arn:[a-z-]+:iam::(?:aws|${account}):policy/[\\w+=,.@/-]{1,512}$`);
  return formedAt(
    node,
    key,
    'the role',
    { pattern, what: 'the ARN of a policy of the account, or of AWS' },
    reading,
  );
}

/** The name of a form under a key; anything else there is reported. */
export function formedAt(
  node: JsonNode,
  key: string,
  what: string,
  form: Form,
  reading: Reading,
): string | undefined {
  const value = entryOf(node, key)?.value;
  if (value?.type === 'string' && form.pattern.test(value.value)) return value.value;
  reading.document((value ?? node).location, `${key} of ${what} is no name`, form.what);
  return undefined;
}

/**
 * The entries of the object under a key, whose keys are names that whoever reads them can take; anything else there is
 * reported. None when there is no object.
 */
export function namedAt(
  node: JsonNode,
  key: string,
  what: string,
  form: Form,
  reading: Reading,
): readonly JsonEntry[] {
  const entries = entriesAt(node, key, what, reading);
  for (const entry of entries)
    if (!form.pattern.test(entry.key))
      reading.document(entry.location, `"${entry.key}" in ${key} of ${what} is no name`, form.what);
  return entries;
}

/** The items of the list under a key; anything else there is reported. None when there is no list. */
export function itemsAt(node: JsonNode, key: string, what: string, reading: Reading): readonly JsonNode[] {
  const value = entryOf(node, key)?.value;
  if (value === undefined) return [];
  if (value.type === 'array') return value.items;
  reading.document(value.location, `${key} of ${what} is no list`, 'a list');
  return [];
}

/** The entries of the object under a key; anything else there is reported. None when there is no object. */
function entriesAt(node: JsonNode, key: string, what: string, reading: Reading): readonly JsonEntry[] {
  const value = entryOf(node, key)?.value;
  if (value === undefined) return [];
  if (value.type === 'object') return value.entries;
  reading.document(value.location, `${key} of ${what} is no object`, 'an object');
  return [];
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
