import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemas, schemaText } from '../src/cli/schema.ts';
import { type SchemaName, schemaNames } from '../src/cli/schema-names.ts';
import { servicesYaml, wrongServicesYaml } from './support/command.ts';
import { runInProcess } from './support/documents.ts';
import { inFolder, within, writeFiles } from './support/run.ts';

describe.each(schemaNames)('schema/%s.schema.json', (name) => {
  it('is what `npm run schema` writes and `schema --of` prints', async () => {
    const committed = readFileSync(`schema/${name}.schema.json`, 'utf8');
    expect(committed).toBe(schemaText(name));
    expect((await runInProcess(['schema', '--of', name])).stdout).toBe(committed);
  });

  it('is a schema that a strict validator takes', () => {
    expect(() => compile(name)).not.toThrow();
  });
});

it('schema --include and schema alone are those of the input', async () => {
  expect((await runInProcess(['schema', '--include'])).stdout).toBe(schemaText('include'));
  expect((await runInProcess(['schema'])).stdout).toBe(schemaText('services'));
  expect(await runInProcess(['schema', '--include', '--of', 'diff'])).toMatchObject({ code: 2, stdout: '' });
});

describe('schema --of findings', () => {
  const check = compile('findings');
  const own = 'prove --tag-key team --policy policy.json';

  it.each([
    [
      'a clean input',
      ['--format json', 'check --format json', 'prove --format json', 'validate dist --format json'],
    ],
    ['a broken input', ['--format json', 'check --format json', 'diff --format json --base-dist dist']],
    [
      'a broken dist',
      [
        'check --format json',
        'prove --format json',
        'validate dist --format json',
        'prove --replay found.json --format json',
      ],
    ],
    [
      'shards',
      [
        '--shard 1/1 -o shard --format json',
        'check --shard 1/2 --format json',
        'merge shard --format json',
        'merge dist --format json',
      ],
    ],
    ['other documents', [`${own} --format json`, 'init new --format json', 'aws tag-commands --format json']],
  ])('is of what commands print of %s', async (name, commands) => {
    await inFolder((folder) =>
      within(folder, async () => {
        const statement = '{ "Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*" }';
        writeFiles(folder, {
          'services.yaml': servicesYaml(['payments', 'orders']),
          'policy.json': `{ "Version": "2012-10-17", "Statement": [${statement}] }`,
        });
        await runInProcess(['--quiet']);
        if (name === 'a broken input') writeFiles(folder, { 'services.yaml': wrongServicesYaml });
        const file = 'dist/clusters/us-west-2/services/payments.yaml';
        const text = readFileSync(file, 'utf8').replace('value: payments', 'value: orders');
        if (name === 'a broken dist') writeFiles(folder, { [file]: `${text}---\nkind: Pod\n` });
        for (const line of commands) {
          const { stdout, stderr } = await runInProcess(line.split(' '));
          expect(stderr, line).toBe('');
          const document = JSON.parse(stdout);
          if (line === 'prove --format json') writeFiles(folder, { 'found.json': stdout });
          expect(check(document), `${line}: ${JSON.stringify(check.errors)}`).toBe(true);
          if (name.startsWith('a broken'))
            expect(document.findings ?? document.replays, line).not.toEqual([]);
        }
      }),
    );
  });

  it.each([
    ['an unknown key', { more: 1 }],
    ['a rule that is none', { findings: [{ rule: 'no-rule', severity: 'error', message: '' }] }],
    [
      'a column of 0',
      {
        findings: [
          {
            rule: 'gitops',
            severity: 'error',
            message: '',
            location: { file: '', start: { line: 1, column: 0 } },
          },
        ],
      },
    ],
  ])('refuses %s', (_, change) => {
    const document = { command: 'validate', files: 1, objects: 1, findings: [] };
    expect(check(document)).toBe(true);
    expect(check({ ...document, ...change })).toBe(false);
  });
});

describe('the schema that editors check with', () => {
  const check = compile('services');

  it.each(['services.yaml', 'examples/aws-blog/services.yaml', 'examples/platform/services.yaml'])(
    'accepts %s',
    (file) => {
      expect(check(parse(readFileSync(file, 'utf8'))), JSON.stringify(check.errors)).toBe(true);
    },
  );

  it.each([
    ['an unknown key', 'version: 1\naws: { account: "123456789012" }\nservice: []'],
    ['an account that is a number', 'version: 1\naws: { account: 123456789012 }\nservices: []'],
    ['a malformed region', 'version: 1\naws: { account: "123456789012" }\ndefaults: { regions: [uswest2] }'],
    ['a file without a version', 'aws: { account: "123456789012" }\nservices: []'],
  ])('refuses %s', (_, text) => {
    expect(check(parse(text))).toBe(false);
  });
});

function compile(name: SchemaName) {
  return new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schemas[name]());
}
