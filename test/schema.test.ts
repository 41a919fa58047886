import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../src/input/schema.ts';

describe.each([
  ['services', 'main'],
  ['include', 'include'],
] as const)('schema/%s.schema.json', (name, kind) => {
  const committed: unknown = JSON.parse(readFileSync(`schema/${name}.schema.json`, 'utf8'));

  it('is what `npm run schema` writes', () => {
    expect(committed).toEqual(jsonSchema(kind));
  });

  it('is a schema that a strict validator takes', () => {
    expect(() => validator(kind)).not.toThrow();
  });
});

describe('the schema that editors check with', () => {
  const check = validator('main');

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

function validator(kind: 'main' | 'include') {
  return new Ajv2020({ strict: true, allowUnionTypes: true }).compile(jsonSchema(kind));
}
