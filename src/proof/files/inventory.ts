import type { Tag } from '../iam/model.ts';
import { maxSessionTags, tagProblem } from '../iam/session-tags.ts';
import { entryOf, type JsonNode } from '../json/node.ts';
import { maxJsonLength } from '../json/read.ts';
import type { DistSecret, Reading, Source } from './model.ts';
import { readTree } from './roles.ts';
import {
  formedAt,
  hasKeys,
  itemsAt,
  logicalId,
  maxDescription,
  namedAt,
  regionName,
  secretName,
  textAt,
} from './strict.ts';
import { readUsualSecrets } from './usual-secrets.ts';

/** Which secrets a file is about, by its path. */
export interface SecretsFile {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
}

const templateKeys = { required: ['Resources'], optional: ['AWSTemplateFormatVersion', 'Description'] };
const resourceKeys = {
  required: ['Type', 'Properties'],
  optional: ['DeletionPolicy', 'UpdateReplacePolicy'],
};
const secretKeys = { required: ['Name', 'Tags'], optional: ['KmsKeyId', 'ReplicaRegions'] };

/** Reads the secrets of one identity: each in its region, and once more in every region that it is replicated to. */
export function readSecrets(source: Source, file: SecretsFile, reading: Reading): DistSecret[] {
  const usual = source.text.length > maxJsonLength ? undefined : readUsualSecrets(source, file);
  return usual ?? readAnySecrets(source, file, reading);
}

/** The same of a template of any form. */
export function readAnySecrets(
  source: Source,
  { account, region, identity }: SecretsFile,
  reading: Reading,
): DistSecret[] {
  const root = readTree(source, reading);
  if (!isTemplate(root, reading)) return [];
  return resourcesOf(root, reading).flatMap((resource) => {
    if (!isOfType(resource, 'AWS::SecretsManager::Secret', reading)) return [];
    const properties = entryOf(resource, 'Properties')?.value;
    if (!hasKeys(properties, 'the secret', secretKeys, reading)) return [];
    const name = formedAt(properties, 'Name', 'the secret', secretName, reading) ?? '';
    const secret = {
      account,
      identity,
      name,
      tags: tagsIn(properties, reading),
      location: properties.location,
    };
    return [
      { ...secret, region, ...keyIn(properties, reading) },
      ...itemsAt(properties, 'ReplicaRegions', 'the secret', reading).flatMap((replica) => {
        if (!hasKeys(replica, 'the replica', { required: ['Region'], optional: ['KmsKeyId'] }, reading))
          return [];
        const to = formedAt(replica, 'Region', 'the replica', regionName, reading) ?? '';
        return [{ ...secret, region: to, ...keyIn(replica, reading), location: replica.location }];
      }),
    ];
  });
}

/**
 * Whether a file is a template of resources and nothing else. What it says about itself are texts: CloudFormation looks for
 * functions and macros in anything else.
 */
export function isTemplate(
  root: JsonNode | undefined,
  reading: Reading,
): root is JsonNode & { type: 'object' } {
  if (!hasKeys(root, 'the template', templateKeys, reading)) return false;
  const description = textAt(root, 'Description', 'the template', reading) ?? '';
  if (description.length > maxDescription)
    reading.document(
      root.location,
      `a Description of ${description.length} characters`,
      `${maxDescription} at most`,
    );
  // There is no other.
  expectIfThere(root, 'AWSTemplateFormatVersion', '2010-09-09', reading);
  return true;
}

/** The resources of a template. */
export function resourcesOf(template: JsonNode, reading: Reading): JsonNode[] {
  return namedAt(template, 'Resources', 'the template', logicalId, reading).map(({ value }) => value);
}

/** Whether a resource is of the type that belongs into such a file; any other is reported. */
export function isOfType(
  resource: JsonNode,
  type: string,
  reading: Reading,
): resource is JsonNode & { type: 'object' } {
  if (!hasKeys(resource, 'the resource', resourceKeys, reading)) return false;
  for (const key of resourceKeys.optional) expectIfThere(resource, key, 'Retain', reading);
  const found = textAt(resource, 'Type', 'the resource', reading);
  if (found === type) return true;
  const location = entryOf(resource, 'Type')?.value.location ?? resource.location;
  reading.document(location, `a resource of type "${found ?? ''}"`, `${type} and nothing else in this file`);
  return false;
}

function expectIfThere(node: JsonNode, key: string, expected: string, reading: Reading): void {
  const value = entryOf(node, key)?.value;
  if (value === undefined || (value.type === 'string' && value.value === expected)) return;
  reading.document(value.location, `${key} is not "${expected}"`, expected);
}

function keyIn(node: JsonNode, reading: Reading): { kmsKey?: string } {
  const kmsKey = textAt(node, 'KmsKeyId', 'the secret', reading);
  return kmsKey === undefined ? {} : { kmsKey };
}

function tagsIn(properties: JsonNode, reading: Reading): Tag[] {
  const found = itemsAt(properties, 'Tags', 'the secret', reading).flatMap((item): Tag[] => {
    if (!hasKeys(item, 'the tag', { required: ['Key', 'Value'] }, reading)) return [];
    const key = textAt(item, 'Key', 'the tag', reading);
    const value = textAt(item, 'Value', 'the tag', reading);
    if (key === undefined || value === undefined) return [{ key: '', value: '' }];
    const problem = tagProblem({ key, value }, 'tag');
    if (problem !== undefined) reading.document(item.location, problem, 'what AWS takes for a tag');
    return [{ key, value }];
  });
  if (found.length > maxSessionTags)
    reading.document(properties.location, `${found.length} tags`, `${maxSessionTags} at most`);
  const keys = new Set(found.map(({ key }) => key.toLowerCase()));
  if (keys.size < found.length)
    reading.document(
      (entryOf(properties, 'Tags')?.value ?? properties).location,
      'two tags have keys that differ in case only',
      'each key once: conditions ignore case',
    );
  return found;
}
