import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote, tagCommands } from '../../src/iam/tag-commands.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';
import { awsOf, input, type Json, twoEnvironments } from './fleets.ts';

/** The secrets of one template, by name. */
function secretsIn(template: Json | undefined): Record<string, Json> {
  const resources = Object.values((template?.Resources ?? {}) as Record<string, { Properties: Json }>);
  return Object.fromEntries(resources.map(({ Properties: { Name, ...rest } }) => [String(Name), rest]));
}

const paths = (files: ReadonlyMap<string, Json>) =>
  [...files.keys()].filter((path) => path.includes('/secrets/'));

describe('the secrets that must exist', () => {
  it('are made empty, with the tags, and stay when the template goes', () => {
    expect(awsOf(input()).get('111111111111/secrets/us-west-2/service1.json')?.Resources).toEqual({
      One7692C3AD: {
        Type: 'AWS::SecretsManager::Secret',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { Name: 'one', Tags: [{ Key: 'ekssecret', Value: 'service1' }] },
      },
    });
  });

  it('are in each region by themselves without a primary region', () => {
    const files = awsOf(input('', twoEnvironments));
    expect(paths(files)).toEqual([
      '111111111111/secrets/eu-west-1/service1.json',
      '111111111111/secrets/us-west-2/service1.json',
      '222222222222/secrets/us-west-2/service1.json',
    ]);
    expect(secretsIn(files.get('111111111111/secrets/eu-west-1/service1.json'))).toEqual({
      'prod/one': {
        Tags: [
          { Key: 'ekssecret', Value: 'service1' },
          { Key: 'environment', Value: 'prod' },
        ],
      },
    });
  });

  it('are replicas in other regions with one, encrypted with the only key of each region', () => {
    const key = (region: string, id: string) => `arn:aws:kms:${region}:111111111111:key/${id}`;
    const keys = [key('us-west-2', 'a'), key('eu-west-1', 'b')];
    const files = awsOf(
      input(`  primaryRegion: us-west-2\n  kms: { keys: ${JSON.stringify(keys)} }\n`, twoEnvironments),
    );
    expect(paths(files)).toEqual([
      '111111111111/secrets/us-west-2/service1.json',
      '222222222222/secrets/us-west-2/service1.json',
    ]);
    expect(secretsIn(files.get('111111111111/secrets/us-west-2/service1.json'))).toMatchObject({
      'prod/one': {
        KmsKeyId: key('us-west-2', 'a'),
        ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: key('eu-west-1', 'b') }],
      },
    });
    const two = [...keys, key('us-west-2', 'c')];
    const open = awsOf(input(`  kms: { keys: ${JSON.stringify(two)} }\n`, twoEnvironments));
    expect(
      secretsIn(open.get('111111111111/secrets/us-west-2/service1.json'))['prod/one'],
    ).not.toHaveProperty('KmsKeyId');
  });

  it('are those of shared identities too, by name and not by ARN', () => {
    const shared = `services:
  - { name: b, regions: [us-west-2], secrets: ["arn:aws:secretsmanager:us-west-2:111111111111:secret:db-AbCdEf"] }
  - { name: a, regions: [us-west-2], secrets: [] }
shared: [{ name: key, services: "*", secrets: [s2, s1] }]
`;
    const files = awsOf(input('', shared));
    expect(paths(files)).toEqual([
      '111111111111/secrets/us-west-2/b.json',
      '111111111111/secrets/us-west-2/key.json',
    ]);
    expect(Object.keys(secretsIn(files.get('111111111111/secrets/us-west-2/b.json')))).toEqual(['db']);
    expect(Object.keys(secretsIn(files.get('111111111111/secrets/us-west-2/key.json')))).toEqual([
      's1',
      's2',
    ]);
  });

  it('keep apart names that differ in punctuation', () => {
    const files = awsOf(
      input('', 'services: [{ name: a, regions: [us-west-2], secrets: [a/b, { name: a_b, as: c }] }]\n'),
    );
    expect(Object.keys(secretsIn(files.get('111111111111/secrets/us-west-2/a.json')))).toEqual([
      'a/b',
      'a_b',
    ]);
  });
});

describe('documents outside secrets/', () => {
  const withServices = (count: number) => {
    const services = Array.from({ length: count }, (_, index) => ({
      name: `service${index}`,
      regions: ['us-west-2'],
      secrets: [`secret${index}`],
    }));
    const files = awsOf(input('  administrators: [x]\n', `services: ${JSON.stringify(services)}\n`));
    return new Map([...files].filter(([path]) => !path.includes('/secrets/')));
  };

  it('are the same bytes for 1 and for 500 services', () => {
    expect(withServices(500)).toEqual(withServices(1));
  });
});

describe('aws tag-commands', () => {
  /** The arguments that a shell makes of a line. */
  const words = (line: string) =>
    execFileSync('sh', ['-c', `set -- ${line}\nprintf '%s\\n' "$@"`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');

  const group = (name: string, key: string, value: string) => ({
    account: '111111111111',
    partition: 'aws',
    region: 'us-west-2',
    identity: 'a',
    secrets: [{ name, tags: [{ key, value }], replicaRegions: [] }],
  });

  it('prints a line for each secret, below its account and region', async () => {
    const output = await inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': input('', twoEnvironments) });
      return runInProcess(['aws', 'tag-commands', '-f', `${folder}/services.yaml`]);
    });
    const tags = (environment: string) =>
      `--tags Key=ekssecret,Value=service1 Key=environment,Value=${environment}`;
    expect(output.output.split('\n')).toEqual([
      '# account 111111111111, region eu-west-1',
      `aws secretsmanager tag-resource --region eu-west-1 --secret-id prod/one ${tags('prod')}`,
      '# account 111111111111, region us-west-2',
      `aws secretsmanager tag-resource --region us-west-2 --secret-id prod/one ${tags('prod')}`,
      '# account 222222222222, region us-west-2',
      `aws secretsmanager tag-resource --region us-west-2 --secret-id staging/one ${tags('staging')}`,
      '',
    ]);
  });

  it('says an account and region once for all identities in it', () => {
    const groups = [group('one', 'k', 'v'), { ...group('two', 'k', 'w'), identity: 'b' }];
    expect(tagCommands(groups).filter((line) => line.startsWith('#'))).toHaveLength(1);
  });

  it('writes all tags in one way', () => {
    const [first] = group('one', 'k', 'v').secrets;
    const tags = [...(first?.tags ?? []), { key: 'team', value: 'a b' }];
    const [, line = ''] = tagCommands([
      { ...group('one', 'k', 'v'), secrets: [{ name: 'one', tags, replicaRegions: [] }] },
    ]);
    expect(words(line).at(-1)).toBe('[{"Key":"k","Value":"v"},{"Key":"team","Value":"a b"}]');
  });

  it.each([
    ['a space', 'one', 'cost center', 'team a'],
    ['an equals sign', '=one=', 'k', '=v'],
    ['a leading hyphen', '-one', 'k', 'v'],
    ['letters of other alphabets', 'one', 'ключ', 'größe'],
  ])('keeps %s in one argument', (_, name, key, value) => {
    const [comment, line = ''] = tagCommands([group(name, key, value)]);
    expect(comment).toBe('# account 111111111111, region us-west-2');
    const given = words(line);
    expect(given.slice(0, 5)).toEqual(['aws', 'secretsmanager', 'tag-resource', '--region', 'us-west-2']);
    const secret = name.startsWith('-') ? [`--secret-id=${name}`] : ['--secret-id', name];
    const isPlain = key === 'k' && value === 'v';
    const tags = isPlain ? 'Key=k,Value=v' : JSON.stringify([{ Key: key, Value: value }]);
    expect(given.slice(5)).toEqual([...secret, '--tags', tags]);
  });

  it.each(["it's", '$(touch /tmp/x)', '`id`', 'a;b', 'a\\b', '"', '*', '~', '#', '!x', '$HOME'])(
    'quotes what the input would not let through: %s',
    (word) => {
      expect(words(quote(word))).toEqual([word]);
    },
  );
});
