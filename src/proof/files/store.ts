import type { Tag } from '../iam/model.ts';
import type { Store, YamlPlace } from './model.ts';

/** A mapping of YAML as plain data. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Says what is wrong at a place in a document. */
export type Complain = (path: YamlPlace['path'], message: string, allowed: string) => void;

/** The value as a mapping; an empty one when it is something else. */
export function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

/** The value as a list; an empty one when it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a list; anything else that is there is complained about. */
export function listAt(value: unknown, path: YamlPlace['path'], complain: Complain): readonly unknown[] {
  if (value !== undefined && !Array.isArray(value)) complain(path, 'this is no list', 'a list');
  return list(value);
}

/** The value as text; an empty one when it is something else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Complains about each key that is not among these. */
export function onlyKeys(
  value: unknown,
  known: readonly string[],
  path: YamlPlace['path'],
  complain: Complain,
): void {
  const keys = mapping(value);
  // It is asked of every object of dist, and so makes no list of the keys.
  for (const key in keys) {
    if (!known.includes(key) && Object.hasOwn(keys, key))
      complain([...path, key], `"${key}" is something that the proof knows nothing about`, known.join(', '));
  }
}

const awsKeys = [
  'service',
  'region',
  'role',
  'additionalRoles',
  'externalID',
  'sessionTags',
  'transitiveTagKeys',
  'sessionTagsPolicy',
];

const specPath = ['spec'];
const providerPath = ['spec', 'provider'];
const awsPath = ['spec', 'provider', 'aws'];
const tagKeys = ['key', 'value'];

/** Reads a SecretStore. Whatever could give it other credentials than the operator's own is complained about. */
export function readStore(object: Mapping, place: YamlPlace, complain: Complain): Store {
  const spec = mapping(object.spec);
  onlyKeys(spec, ['provider'], specPath, complain);
  onlyKeys(spec.provider, ['aws'], providerPath, complain);
  const aws = mapping(mapping(spec.provider).aws);
  onlyKeys(aws, awsKeys, awsPath, complain);
  const complainOf = (key: string, message: string, allowed: string) =>
    complain([...awsPath, key], message, allowed);
  if (aws.service !== 'SecretsManager')
    complainOf('service', 'the store does not read from Secrets Manager', 'service: SecretsManager');
  const policy = aws.sessionTagsPolicy ?? 'None';
  if (policy !== 'None') {
    const message = `with sessionTagsPolicy ${String(policy)} the operator sets session tags that stand in no file`;
    complainOf('sessionTagsPolicy', message, 'None');
  }
  if (text(aws.region) === '') complainOf('region', 'the store has no region', 'a region');
  if (text(aws.role) === '') complainOf('role', 'the store has no role', 'a role');
  return {
    name: text(mapping(object.metadata).name),
    region: text(aws.region),
    role: text(aws.role),
    additionalRoles: texts(aws, 'additionalRoles', complain),
    ...(aws.externalID !== undefined && { externalId: text(aws.externalID) }),
    sessionTags: readTags(aws.sessionTags, complain),
    transitiveTagKeys: texts(aws, 'transitiveTagKeys', complain),
    place: { ...place, path: awsPath },
  };
}

const none: readonly string[] = [];

function texts(aws: Mapping, key: string, complain: Complain): readonly string[] {
  const value = aws[key];
  if (value === undefined) return none;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value) || items.some((item) => typeof item !== 'string'))
    complain([...awsPath, key], 'this is no list of texts', 'a list of texts');
  return items.map(text);
}

function readTags(value: unknown, complain: Complain): Tag[] {
  return list(value).map((item, index) => {
    const { key, value: tagValue } = mapping(item);
    const path = [...awsPath, 'sessionTags', index];
    onlyKeys(item, tagKeys, path, complain);
    if (typeof key !== 'string' || typeof tagValue !== 'string')
      complain(path, 'this is no tag', 'key and value, both texts');
    return { key: text(key), value: text(tagValue) };
  });
}
