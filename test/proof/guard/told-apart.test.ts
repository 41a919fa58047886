import { expect, it } from 'vitest';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { compileValid } from '../../support/run-compile.ts';
import { changed, type JsonObject, manifest } from '../attacks/change.ts';

const names = ['ledger', 'orders', 'search', 'vault'];
const services = names.map((name) => `  - { name: ${name}, regions: [us-west-2], secrets: [${name}/db] }`);
const input = `
version: 1
aws: { account: "123456789012" }
clusters: { prod: { region: us-west-2 } }
services:
${services.join('\n')}
`;
const files = compileValid({ 'services.yaml': input }).files;
const tree = new Map(files.map(({ path, text }) => [path, text]));

/** What is found where stores are let through of which an expression is true. */
function found(expression: string): string[] {
  const file = 'clusters/prod/platform/admission-secretstores.yaml';
  const hole = manifest(file, 'ValidatingAdmissionPolicy', ['spec', 'validations'], (all) =>
    (all as readonly JsonObject[]).map((one) => ({
      ...one,
      expression: `${expression} || ${String(one.expression)}`,
    })),
  );
  const sources = [...changed(tree, hole)].map(([path, text]) => ({ path, text }));
  return proveDist(sources).findings.map(({ rule, message }) => `${rule}: ${message}`);
}

it('nothing is found without a hole', () => expect(found('false')).toEqual([]));

it.each(names)('a name by which a store may claim %s alone is found', (name) => {
  const expression = `object.metadata.name == 'free' && variables.tags.exists(tag, tag.value == '${name}') && variables.service != '${name}'`;
  expect(found(expression)).toContainEqual(
    expect.stringMatching(/^proof-guard: .* can create.* a SecretStore with .*, with name free/),
  );
});

it.each(names)('a name by which %s alone may claim what it likes is found', (name) => {
  const expression = `object.metadata.name == 'free' && variables.isTenant && namespaceObject.metadata.name == '${name}-ns'`;
  expect(found(expression)).toContainEqual(
    expect.stringMatching(/^proof-guard: .* can create.* a SecretStore with .*, with name free/),
  );
});
