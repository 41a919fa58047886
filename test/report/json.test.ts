import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { explainJsonSchema, reportJsonSchema } from '../../src/report/access-json.ts';
import { filesOf, fleets } from '../proof/fleets.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';

const ajv = new Ajv2020({ strict: true });
const input = fleets.pinned ?? '';
const files = filesOf(input);

/** What is printed, also of a dist in which a store claims another environment and secrets lack their tag. */
async function printed(args: string, isDamaged: boolean): Promise<unknown> {
  return inFolder(async (folder) => {
    const texts = files.map(
      ({ path: file, text }) => [`dist/${file}`, isDamaged ? damage(file, text) : text] as const,
    );
    writeFiles(folder, { 'services.yaml': input, ...Object.fromEntries(texts) });
    const own = args.startsWith('report') ? [] : ['-f', path.join(folder, 'services.yaml')];
    const { stdout } = await runInProcess([
      ...args.split(' '),
      '--format',
      'json',
      '-o',
      path.join(folder, 'dist'),
      ...own,
    ]);
    return JSON.parse(stdout);
  });
}

function damage(file: string, text: string): string {
  if (file.endsWith('secrets/us-west-2/orders.json'))
    return text.replace(/\{\s*"Key": "ekssecret",[^}]*\},/, '');
  if (file.endsWith('services/search.yaml')) return text.replace('value: staging', 'value: prod');
  return text;
}

describe('--format json', () => {
  it.each([
    ['report', reportJsonSchema()],
    ['explain payments', explainJsonSchema()],
    ['explain orders orders/db', explainJsonSchema()],
    ['explain search staging/search', explainJsonSchema()],
    ['explain --secret datadog/key', explainJsonSchema()],
  ])('of %s has the shape of its schema', async (args, schema) => {
    const validate = ajv.compile(schema);
    for (const isDamaged of [false, true]) {
      const document = await printed(args, isDamaged);
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it.each([
    ['report', reportJsonSchema],
    ['explain', explainJsonSchema],
  ])('of %s has the schema that is in the package', (name, schemaOf) => {
    const file = new URL(`../../schema/${name}.schema.json`, import.meta.url);
    const text = `${JSON.stringify(schemaOf(), null, 2)}\n`;
    if (process.env.UPDATE === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
