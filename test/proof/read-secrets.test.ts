import { expect, it } from 'vitest';
import { readSecrets } from '../../src/proof/files/inventory.ts';
import { Reading } from '../../src/proof/files/model.ts';
import { maxJsonLength } from '../../src/proof/json/read.ts';
import { type Change, changed, type Json, type JsonObject, json } from './attacks/change.ts';
import { type Said, said, written } from './said.ts';

const path = 'aws/123456789012/secrets/us-west-2/payments.json';
const file = { account: '123456789012', region: 'us-west-2', identity: 'payments' };
const tags = [
  { Key: 'ekssecret', Value: 'payments' },
  { Key: 'env', Value: 'prod' },
];
const secretOf = (Name: string) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, Tags: tags },
});
const template = { Resources: { First: secretOf('first'), Second: secretOf('second') } };

function read(change: Change) {
  const source = { path, text: changed(new Map([[path, written(template)]]), change).get(path) ?? '' };
  return said([source], (reading) => readSecrets(source, file, reading));
}

const inTemplate = (patch: JsonObject) => json(path, [], patch);
const inFirst = (patch: JsonObject) => json(path, ['Resources', 'First'], patch);
const properties = (patch: JsonObject) => json(path, ['Resources', 'First', 'Properties'], patch);
const replicas = (...all: Json[]) => properties({ ReplicaRegions: all });
const [aTag = {}] = tags;
const tagsUpTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }));
const taken = 'what AWS takes for a tag';

const cases: readonly (readonly [what: string, change: Change, ...said: Said[]])[] = [
  ['what the proof knows', inTemplate({ AWSTemplateFormatVersion: '2010-09-09', Description: 'Secrets' })],
  ['nothing', json(path, [], []), ['[]', 'the template is no object', 'an object with Resources']],
  [
    'a list of resources',
    inTemplate({ Resources: [secretOf('first')] }),
    ['[{"Type": "AWS::SecretsM…', 'Resources of the template is no object', 'an object'],
  ],
  [
    'a macro',
    inTemplate({ Transform: [] }),
    [
      '"Transform"',
      'the template holds "Transform", which the proof knows nothing about',
      'Resources, AWSTemplateFormatVersion, Description',
    ],
  ],
  [
    'a macro for a description',
    inTemplate({ Description: { 'Fn::Transform': {} } }),
    ['{"Fn::Transform": {}}', 'Description of the template is no text', 'a text'],
  ],
  [
    'the policy of a secret',
    inFirst({ Type: 'AWS::SecretsManager::ResourcePolicy' }),
    [
      '"AWS::SecretsManager::Re…',
      'a resource of type "AWS::SecretsManager::ResourcePolicy"',
      'AWS::SecretsManager::Secret and nothing else in this file',
    ],
  ],
  [
    'a secret that says nothing',
    inFirst({ Properties: [] }),
    ['[]', 'the secret is no object', 'an object with Name, Tags'],
  ],
  [
    'a value, and neither name nor tags',
    properties({ SecretString: 'a', Name: null, Tags: null }),
    [
      '"SecretString"',
      'the secret holds "SecretString", which the proof knows nothing about',
      'Name, Tags, KmsKeyId, ReplicaRegions',
    ],
    ['{"SecretString": "a"}', 'the secret has no "Name"', 'Name, Tags'],
    ['{"SecretString": "a"}', 'the secret has no "Tags"', 'Name, Tags'],
  ],
  [
    'names that only CloudFormation knows',
    properties({ Name: { Ref: 'Name' }, KmsKeyId: { Ref: 'Key' } }),
    ['{"Ref": "Name"}', 'Name of the secret is no name', 'a name that Secrets Manager takes'],
    ['{"Ref": "Key"}', 'KmsKeyId of the secret is no text', 'a text'],
  ],
  ['tags that are no list', properties({ Tags: {} }), ['{}', 'Tags of the secret is no list', 'a list']],
  [
    'tags that are none',
    properties({
      Tags: ['a', { Key: 1, Value: 2 }, { Key: 'a' }, { Key: 'b', Value: 'b', Propagate: true }],
    }),
    ['"a"', 'the tag is no object', 'an object with Key, Value'],
    ['1', 'Key of the tag is no text', 'a text'],
    ['2', 'Value of the tag is no text', 'a text'],
    ['{"Key": "a"}', 'the tag has no "Value"', 'Key, Value'],
    ['"Propagate"', 'the tag holds "Propagate", which the proof knows nothing about', 'Key, Value'],
  ],
  [
    'tags that AWS does not take',
    properties({
      Tags: [
        { Key: '', Value: 'a' },
        { Key: 'a'.repeat(128), Value: 'b'.repeat(257) },
        { Key: 'aws:b', Value: 'b' },
        { Key: 'c*', Value: 'c' },
      ],
    }),
    ['{"Key": "","Value": "a"}', 'a tag key of 0 characters, of 1 to 128', taken],
    [
      '{"Key": "aaaaaaaaaaaaaaa…',
      `a value of the tag "${'a'.repeat(128)}" of more than 256 characters`,
      taken,
    ],
    ['{"Key": "aws:b","Value":…', 'the tag key "aws:b", which begins with the reserved "aws:"', taken],
    ['{"Key": "c*","Value": "c…', 'the tag key "c*" with characters that tags cannot have', taken],
  ],
  ['as many tags as there may be', properties({ Tags: tagsUpTo(50) })],
  ['a tag more', properties({ Tags: tagsUpTo(51) }), ['{"Name": "first","Tags":…', '51 tags', '50 at most']],
  ['a long description', inTemplate({ Description: 'a'.repeat(1024) })],
  [
    'one that is longer',
    inTemplate({ Description: 'a'.repeat(1025) }),
    ['{"Resources": {"First": …', 'a Description of 1025 characters', '1024 at most'],
  ],
  ['a name of every character', properties({ Name: 'aZ09/_+=.@-' })],
  [
    'a name that no secret has',
    properties({ Name: 'a b' }),
    ['"a b"', 'Name of the secret is no name', 'a name that Secrets Manager takes'],
  ],
  [
    'one tag in two cases',
    properties({ Tags: [...tags, { Key: 'EKSSECRET', Value: 'orders' }] }),
    [
      '[{"Key": "ekssecret","Va…',
      'two tags have keys that differ in case only',
      'each key once: conditions ignore case',
    ],
  ],
  [
    'replicas that are no list',
    properties({ ReplicaRegions: 'all' }),
    ['"all"', 'ReplicaRegions of the secret is no list', 'a list'],
  ],
  [
    'replicas that are none',
    replicas('eu-west-1', { KmsKeyId: 'a' }, { Region: 1, KmsKeyId: 2 }, { Region: 'a', Force: true }),
    ['"eu-west-1"', 'the replica is no object', 'an object with Region'],
    ['{"KmsKeyId": "a"}', 'the replica has no "Region"', 'Region'],
    ['1', 'Region of the replica is no name', 'a region such as us-west-2'],
    ['2', 'KmsKeyId of the secret is no text', 'a text'],
    ['"Force"', 'the replica holds "Force", which the proof knows nothing about', 'Region, KmsKeyId'],
    ['"a"', 'Region of the replica is no name', 'a region such as us-west-2'],
  ],
];

it.each(cases.map(([what, change, ...expected]) => ({ what, change, expected })))(
  'a template of secrets with $what',
  ({ change, expected }) => {
    expect(read(change).findings).toEqual(expected);
  },
);

it('says which secret is where, with which tags and keys', () => {
  const change = properties({
    KmsKeyId: 'here',
    ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'there' }, { Region: 'eu-north-1' }],
  });
  const at = (line: number, column: number) =>
    expect.objectContaining({ file: path, start: { line, column } });
  const first = {
    account: '123456789012',
    identity: 'payments',
    name: 'first',
    tags: [
      { key: 'ekssecret', value: 'payments' },
      { key: 'env', value: 'prod' },
    ],
  };
  expect(read(change).result).toEqual([
    { ...first, region: 'us-west-2', kmsKey: 'here', location: at(5, 21) },
    { ...first, region: 'eu-west-1', kmsKey: 'there', location: at(19, 11) },
    { ...first, region: 'eu-north-1', location: at(23, 11) },
    { ...first, region: 'us-west-2', name: 'second', location: at(31, 21) },
  ]);
});

it('reads on behind what it does not know', () => {
  const namesAfter = (change: Change) => read(change).result.map(({ name, region }) => `${region} ${name}`);
  expect(namesAfter(inFirst({ Type: 'AWS::IAM::User' }))).toEqual(['us-west-2 second']);
  expect(namesAfter(properties({ Name: null }))).toEqual(['us-west-2 second']);
  expect(namesAfter(replicas({}, { Region: 'eu-west-1' }))).toEqual([
    'us-west-2 first',
    'eu-west-1 first',
    'us-west-2 second',
  ]);
  expect(namesAfter(replicas({ Region: [] }))).toContain(' first');
  expect(read(properties({ Tags: [aTag, 'a', { Key: 1, Value: 2 }] })).result[0]?.tags).toEqual([
    { key: 'ekssecret', value: 'payments' },
    { key: '', value: '' },
  ]);
  expect(namesAfter(properties({ Name: 1 }))).toEqual(['us-west-2 ', 'us-west-2 second']);
  expect(namesAfter(inTemplate({ Resources: null }))).toEqual([]);
});

it('a text that is too long is not read, however it is laid out', () => {
  const usual = {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  };
  const textOf = (KmsKeyId: string) => {
    const First = { ...usual, Properties: { Name: 'first', KmsKeyId, Tags: tags } };
    return written({ AWSTemplateFormatVersion: '2010-09-09', Description: 'a', Resources: { First } });
  };
  const room = maxJsonLength - textOf('').length;
  const read = (length: number) => {
    const reading = new Reading();
    const { length: count } = readSecrets({ path, text: textOf('a'.repeat(length)) }, file, reading);
    return [count, ...reading.findings.map(({ rule }) => rule)];
  };
  expect(read(room)).toEqual([1]);
  expect(read(room + 1)).toEqual([0, 'input-limit']);
});
