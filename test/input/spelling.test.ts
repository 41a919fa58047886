import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/findings/finding.ts';
import { specSchema } from '../../src/input/schema.ts';
import { knownKeys, knownWords, schemaAt } from '../../src/input/schema-tree.ts';
import { asList, asName, nearestQuoted, nearestValid } from '../../src/input/spelling.ts';
import { describe as describePath, kindOf, quote, typeName } from '../../src/input/words.ts';

const account = ['aws', 'account'];
const serviceName = ['services', 0, 'name'];
const namespace = ['defaults', 'namespace'];
const duration = ['defaults', 'refreshInterval'];
const release = ['externalSecrets', 'version'];
const kubernetes = ['clusters', 'prod', 'kubernetes'];
const issuer = ['clusters', 'prod', 'oidcProvider'];

describe('the spelling that was meant', () => {
  it.each<[Path, string, string | undefined]>([
    [['services', 0, 'regions', 0], 'us-wets-2', 'us-west-2'],
    [['clusters', 'prod', 'region'], 'eu-west1', 'eu-west-1'],
    [['defaults', 'regions', 0], 'US-WEST-2', 'us-west-2'],
    [['defaults', 'regions', 0], ' nowhere ', undefined],
    [['gitops', 'argocd', 'applicationFor'], 'services', 'service'],
    [['gitops', 'argocd', 'applicationFor'], 'team', undefined],
    [['guard', 'allow', 0], 'Vault', 'vault'],
    [serviceName, ' payments', 'payments'],
    [serviceName, 'Payments_API', 'payments-api'],
    [serviceName, '--payments--', 'payments'],
    [serviceName, '{service}', undefined],
    [serviceName, 'pаyments', undefined],
    [serviceName, 'arn:payments', undefined],
    [serviceName, 'Barn:a', 'barn-a'],
    [serviceName, 'a://payments', undefined],
    [['services', 0, 'secrets', 0], ' payments/DB ', 'payments/DB'],
    [serviceName, '', undefined],
    [serviceName, `A${'a'.repeat(62)}`, 'a'.repeat(63)],
    [['services', 0, 'secrets', 0, 'as'], `A${'a'.repeat(99)}`, 'a'.repeat(100)],
    [['services', 0, 'secrets', 0, 'as'], `A${'a'.repeat(100)}`, undefined],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: people write it.
    [namespace, 'team-${Service}', 'team-{service}'],
    [namespace, 'team-{{ .Service }}', 'team-{service}'],
    [namespace, 'team-{{ Service }}', 'team-{service}'],
    [namespace, 'team-{Cluster.Name}', 'team-{cluster.name}'],
    [account, '1234-5678-9012', '123456789012'],
    [account, '1234 5678 9012', '123456789012'],
    [account, '12345678901', undefined],
    [duration, '1h 30 m', '1h30m'],
    [duration, '30', '30s'],
    [duration, 'ever', undefined],
    [release, 'v2.9.0', '2.9.0'],
    [release, '2.9', '2.9.0'],
    [release, 'latest', undefined],
    [kubernetes, 'v1.34', '1.34'],
    [issuer, 'https://oidc.eks.us-west-2.amazonaws.com/id/A', 'oidc.eks.us-west-2.amazonaws.com/id/A'],
    [issuer, 'http://oidc.eks.us-west-2.amazonaws.com/id/A', 'oidc.eks.us-west-2.amazonaws.com/id/A'],
    [issuer, 'https://a.b', 'a.b'],
    [issuer, 'xhttps://oidc.eks.us-west-2.amazonaws.com/id/A', undefined],
    [['nothing', 'there'], 'Payments', undefined],
  ])('at %j of %j is %j', (path, value, expected) => {
    expect(nearestValid(specSchema, path, value)).toBe(expected);
  });

  it.each<[Path, string, string | undefined]>([
    [account, '123456789012', '"123456789012"'],
    [duration, '30', '"30s"'],
    [release, '2.9', '"2.9.0"'],
    [kubernetes, '1.34', '"1.34"'],
    [account, '12', undefined],
    [['nothing'], '12', undefined],
  ])('without quotes, at %j of %j is %j', (path, written, expected) => {
    expect(nearestQuoted(specSchema, path, written)).toBe(expected);
  });

  it.each<[Path, string, string | undefined]>([
    [['services', 0, 'regions'], 'us-west-2', '[us-west-2]'],
    [['services', 0, 'secrets'], 'payments/db', '[payments/db]'],
    [['services', 0, 'regions'], 'nowhere', undefined],
    [['services', 0, 'name'], 'payments', undefined],
  ])('as a list, at %j of %j is %j', (path, value, expected) => {
    expect(asList(specSchema, path, value)).toBe(expected);
  });

  it.each([
    ['Payments API', 'payments-api'],
    ['a__b!!c', 'a-b-c'],
    ['.-a.b-c-.', 'a.b-c'],
    ['ÄÖ', ''],
    ['', ''],
  ])('as a name, of %j is %j', (value, expected) => {
    expect(asName(value)).toBe(expected);
  });
});

describe('the schema at a place', () => {
  it('has the keys of a mapping, through what is optional and the alternatives of a text', () => {
    expect(knownKeys(specSchema, ['services', 0])).toEqual([
      'name',
      'namespace',
      'regions',
      'clusters',
      'secrets',
    ]);
    expect(knownKeys(specSchema, ['aws', 'kms'])).toEqual(['keys', 'byTag']);
    expect(knownKeys(specSchema, ['shared', 0, 'secrets', 0]).slice(0, 2)).toEqual(['name', 'as']);
    expect(knownKeys(specSchema, ['clusters', 'any'])).toContain('oidcProvider');
    for (const path of [
      ['clusters'],
      ['version'],
      ['services'],
      ['none'],
      ['services', 'name'],
      ['toString'],
    ])
      expect(knownKeys(specSchema, path), path.join('.')).toEqual([]);
  });

  it('has the words of a closed list', () => {
    expect(knownWords(specSchema, ['gitops', 'argocd', 'applicationFor'])).toEqual(['cluster', 'service']);
    expect(knownWords(specSchema, ['guard', 'allow', 0])).toContain('vault');
    expect(knownWords(specSchema, ['aws', 'account'])).toEqual([]);
    expect(knownWords(specSchema, ['none', 0])).toEqual([]);
  });

  it('is none where there is nothing', () => {
    expect(schemaAt(specSchema, [])).toBe(specSchema);
    expect(schemaAt(specSchema, ['aws', 'account', 'more'])).toBeUndefined();
    expect(schemaAt(specSchema, ['none', 'more'])).toBeUndefined();
  });
});

describe('in words', () => {
  it.each<[Path, string]>([
    [[], 'the file'],
    [['aws'], 'aws'],
    [['services', 2, 'secrets', 0, 'name'], 'services[2].secrets[0].name'],
    [[0, 'a'], '[0].a'],
  ])('a path: %j is %s', (path, expected) => {
    expect(describePath(path)).toBe(expected);
  });

  it.each<[unknown, string]>([
    ['a', '"a"'],
    ['', '""'],
    [1, '"1"'],
    [true, '"true"'],
    [null, '"null"'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{}, 'a mapping'],
    ['a'.repeat(60), `"${'a'.repeat(60)}"`],
    ['a'.repeat(61), `"${'a'.repeat(57)}..."`],
  ])('a value: %j is %s', (value, expected) => {
    expect(quote(value)).toBe(expected);
  });

  it.each<[unknown, string, string]>([
    ['a', 'string', 'text'],
    [1, 'number', 'a number'],
    [1n, 'number', 'a number'],
    [true, 'true', 'true'],
    [false, 'false', 'false'],
    [null, 'null', 'empty'],
    [[], 'array', 'a list'],
    [{}, 'object', 'a mapping'],
  ])('the type of a value: of %s', (value, type, words) => {
    expect(typeName(value)).toBe(type);
    expect(kindOf(type)).toBe(words);
  });

  it('several types', () => {
    expect(kindOf('string or object')).toBe('text or a mapping');
    expect(kindOf('boolean or record or nothing')).toBe('true or false or a mapping or nothing');
  });
});
