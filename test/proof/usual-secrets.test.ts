import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnySecrets } from '../../src/proof/files/inventory.ts';
import { Reading } from '../../src/proof/files/model.ts';
import { readUsualSecrets } from '../../src/proof/files/usual-secrets.ts';
import { runs } from '../support/run-compile.ts';
import { treeNames, treeOf } from './attacks/tree.ts';

const file = { account: '123456789012', region: 'us-west-2', identity: 'payments' };

/** What the short way reads, held against the long one. */
function read(text: string) {
  const source = { path: 'aws/123456789012/secrets/us-west-2/payments.json', text };
  const usual = readUsualSecrets(source, file);
  if (usual === undefined) return undefined;
  const reading = new Reading();
  expect(usual).toEqual(readAnySecrets(source, file, reading));
  expect(reading.findings).toEqual([]);
  return usual;
}

const word = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('payments', 'payments/api key', 'a', 'A', 'b', '', '[{}],') },
  fc.constantFrom('é', '"', '\\', '\n', '\u0000', '{{a}}'),
);
const name = fc.oneof({ weight: 30, arbitrary: fc.constantFrom('payments', 'payments/api-key', 'a') }, word);
const region = fc.oneof({ weight: 30, arbitrary: fc.constantFrom('us-west-2', 'us-gov-east-1') }, word);
const id = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'A', 'Payments1', 'b'.repeat(255)) }, word);
const key = fc.option(fc.record({ KmsKeyId: word }), { nil: {} });
const replica = fc.record({ Region: region }).chain((one) => key.map((more) => ({ ...one, ...more })));
const tag = fc.record({
  Key: fc.oneof({ weight: 30, arbitrary: fc.constantFrom('payments', 'a', 'A', 'b') }, word),
  Value: fc.oneof({ weight: 30, arbitrary: fc.constantFrom('payments', '', 'a b') }, word),
});
const properties = fc
  .record({
    Name: name,
    key,
    ReplicaRegions: fc.option(fc.array(replica, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    Tags: fc.array(tag, { minLength: 1, maxLength: 3 }),
  })
  .map(({ key: more, Name, ...rest }) => ({ Name, ...more, ...rest }));
const resource = properties.map((Properties) => ({
  Type: 'AWS::SecretsManager::Secret',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties,
}));
const template = fc
  .uniqueArray(fc.tuple(id, resource), { minLength: 1, maxLength: 3, selector: ([one]) => one })
  .map((resources) => ({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Secrets',
    Resources: Object.fromEntries(resources),
  }))
  .map((value) => `${JSON.stringify(value, null, 2)}\n`);

/** A template with one line that is another, one less, or one more. */
const changed = fc
  .tuple(template, fc.nat(), fc.nat(), fc.constantFrom('swap', 'drop', 'double', 'cut'))
  .map(([text, one, other, how]) => {
    const lines = text.split('\n');
    const [at, from] = [one % lines.length, other % lines.length];
    const line = lines[from] ?? '';
    if (how === 'swap') lines.splice(at, 1, line);
    else if (how === 'drop') lines.splice(at, 1);
    else if (how === 'double') lines.splice(at, 0, line);
    else lines[at] = (lines[at] ?? '').slice(0, -1);
    return lines.join('\n');
  });

test.each([
  ['a template that is laid out as usual is read as any other', template, 0.3],
  ['what is read of a template that was changed is what any reader reads', changed, 0.004],
])('%s', (_, texts, share) => {
  const { numRuns, seed } = runs(5000);
  let count = 0;
  const property = fc.property(texts, (text) => {
    if (read(text) !== undefined) count++;
  });
  fc.assert(property, { numRuns, seed });
  expect(count).toBeGreaterThan(share * numRuns);
});

test('a template with two secrets of one id is left to a reader of JSON', () => {
  const Properties = { Name: 'a', Tags: [{ Key: 'a', Value: 'b' }] };
  const policies = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  const secret = { Type: 'AWS::SecretsManager::Secret', ...policies, Properties };
  const Resources = { First: secret, Second: secret };
  const value = { AWSTemplateFormatVersion: '2010-09-09', Description: 'Secrets', Resources };
  const text = `${JSON.stringify(value, null, 2)}\n`;
  expect(read(text)).toHaveLength(2);
  expect(read(text.replace('Second', 'First'))).toBeUndefined();
});

test.each(treeNames)('the secrets of %s are laid out as usual', (name) => {
  const secrets = [...treeOf(name)].filter(([path]) => path.includes('/secrets/'));
  expect(secrets.length).toBeGreaterThan(0);
  for (const [, text] of secrets) expect(read(text)).toBeDefined();
});
