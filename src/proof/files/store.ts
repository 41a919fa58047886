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
  for (const key of Object.keys(mapping(value))) {
    if (!known.includes(key))
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

/** Reads a SecretStore. Whatever could give it other credentials than the operator's own is complained about. */
export function readStore(object: Mapping, place: YamlPlace, complain: Complain): Store {
  const spec = mapping(object.spec);
  onlyKeys(spec, ['provider'], ['spec'], complain);
  onlyKeys(spec.provider, ['aws'], ['spec', 'provider'], complain);
  const aws = mapping(mapping(spec.provider).aws);
  const path = ['spec', 'provider', 'aws'];
  onlyKeys(aws, awsKeys, path, complain);
  if (aws.service !== 'SecretsManager')
    complain([...path, 'service'], 'the store does not read from Secrets Manager', 'service: SecretsManager');
  const policy = aws.sessionTagsPolicy ?? 'None';
  if (policy !== 'None') {
    const message = `with sessionTagsPolicy ${String(policy)} the operator sets session tags that stand in no file`;
    complain([...path, 'sessionTagsPolicy'], message, 'None');
  }
  for (const key of ['region', 'role']) {
    if (text(aws[key]) === '') complain([...path, key], `the store has no ${key}`, `a ${key}`);
  }
  return {
    name: text(mapping(object.metadata).name),
    region: text(aws.region),
    role: text(aws.role),
    additionalRoles: texts(aws.additionalRoles, [...path, 'additionalRoles'], complain),
    ...(aws.externalID !== undefined && { externalId: text(aws.externalID) }),
    sessionTags: readTags(aws.sessionTags, [...path, 'sessionTags'], complain),
    transitiveTagKeys: texts(aws.transitiveTagKeys, [...path, 'transitiveTagKeys'], complain),
    place: { ...place, path },
  };
}

function texts(value: unknown, path: YamlPlace['path'], complain: Complain): string[] {
  const items = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (items.some((item) => typeof item !== 'string') || (value !== undefined && !Array.isArray(value)))
    complain(path, 'this is no list of texts', 'a list of texts');
  return items.map(text);
}

function readTags(value: unknown, path: YamlPlace['path'], complain: Complain): Tag[] {
  return list(value).map((item, index) => {
    const { key, value: tagValue } = mapping(item);
    onlyKeys(item, ['key', 'value'], [...path, index], complain);
    if (typeof key !== 'string' || typeof tagValue !== 'string')
      complain([...path, index], 'this is no tag', 'key and value, both texts');
    return { key: text(key), value: text(tagValue) };
  });
}
