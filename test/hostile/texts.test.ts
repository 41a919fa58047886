import { describe, expect, it } from 'vitest';
import { filesOf } from '../diff/inputs.ts';
import { hostile } from '../fuzz/hostile-text.ts';
import { runInProcess } from '../support/documents.ts';
import { useOwnFolder } from '../support/own-folder.ts';
import { stackTrace, writeFiles } from '../support/run.ts';

const folder = useOwnFolder();

/** Runs a command that must answer. What fails when it does not is the time limit of the test. */
async function answer(...args: readonly string[]): Promise<string> {
  const { output, code } = await runInProcess(args);
  expect([0, 1, 2]).toContain(code);
  expect(output).not.toMatch(stackTrace);
  expect(output).not.toContain('this is a fault of eso-abac');
  expect(output.length).toBeLessThan(20_000_000);
  return output;
}

const manifest =
  'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: a, namespace: a }\n';

const ok =
  'version: 1\naws: { account: "123456789012" }\nservices: [{ name: a, regions: [us-west-2], secrets: [a] }]\n';

const levels = (line: (index: number) => string) =>
  Array.from({ length: 40 }, (_, index) => line(index)).join('');

/** What makes a small text large when it is read as data. */
const bombs: Readonly<Record<string, string>> = {
  'aliases of lists': `${manifest}x:\n  a0: &a0 [x, x]\n${levels((index) => `  a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`)}`,
  'aliases of mappings': `${manifest}x:\n  a0: &a0 { k: x }\n${levels((index) => `  a${index + 1}: &a${index + 1} { a: *a${index}, b: *a${index} }\n`)}`,
  'merged mappings': `${manifest}x:\n  a0: &a0 { k: x }\n${levels((index) => `  a${index + 1}: &a${index + 1} { <<: [*a${index}, *a${index}], k${index}: *a${index} }\n`)}`,
  'a merge of itself': `${manifest}x: &a { <<: *a }\n`,
  'an alias in itself': `${manifest}x: &a [*a]\ny: &b { c: *b }\n`,
  'an alias as a key': `${manifest}x: &a [1]\n? *a\n: *a\n`,
  'deep flow': `${manifest}x: ${'['.repeat(100_000)}`,
  'deep blocks': manifest + Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
  'deep lists in a line': `${manifest}x:\n  ${'- '.repeat(20_000)}a\ny: 1\n`,
  'deep keys in a line': `${manifest}x:\n  ${'? '.repeat(20_000)}a\ny: 1\n`,
  'a scalar of megabytes': `${manifest}x: ${'y'.repeat(2_000_000)}\n`,
  'a folded scalar of many lines': `${manifest}x: >\n${'  y\n\n'.repeat(100_000)}`,
  'a key of megabytes': `${manifest}? ${'y'.repeat(1_500_000)}\n: 1\n`,
  'numbers of many digits': `${manifest}x: [${'9'.repeat(200_000)}, 0x${'f'.repeat(200_000)}, 1e999999999]\n`,
  'binary of megabytes': `${manifest}x: !!binary ${'A'.repeat(1_500_000)}\n`,
  'many documents': 'a: 1\n---\n'.repeat(3_000),
};

describe('a text that grows when it is read', () => {
  it.each(Object.entries(bombs))('is answered by each command that reads such texts: %s', async (_, text) => {
    const [file] = filesOf().filter(({ path: one }) => one.endsWith('services/payments.yaml'));
    writeFiles(folder(), Object.fromEntries(filesOf().map((one) => [`dist/${one.path}`, one.text])));
    writeFiles(folder(), {
      'services.yaml': text,
      [`dist/${file?.path}`]: text,
      'in/x.yaml': text,
      'ok.yaml': ok,
    });
    await answer('check');
    await answer('validate', 'in');
    await answer('validate', '--crds', 'in', 'dist');
    await answer('prove');
    await answer('report', '--format', 'json');
    await answer('explain', 'payments');
    await answer('diff', '--base-dist', 'dist', '-f', 'ok.yaml');
  });
});

describe('a text that is made to take long', () => {
  it.each(Object.entries(hostile))('is answered by "validate" and "prove" too: %s', async (_, { text }) => {
    writeFiles(folder(), { 'in/x.yaml': text(), 'dist/clusters/c/services/x.yaml': text() });
    await answer('validate', 'in');
    await answer('prove');
  });
});

describe('JSON that is made to take long', () => {
  const policy = (resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: resource }],
    });
  it.each([
    ['deep lists', '['.repeat(200_000)],
    ['deep objects', '{"a":'.repeat(100_000)],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['one key again and again', `{${'"a":1,'.repeat(20_000)}"a":1}`],
    ['variables without an end', policy('${'.repeat(100_000))],
    ['a variable of spaces', policy(`\${a${' '.repeat(200_000)}'}`)],
    ['stars', policy('*'.repeat(100_000))],
    ['a text of megabytes', policy(`arn:aws:secretsmanager:us-west-2:1:secret:${'a'.repeat(1_000_000)}`)],
    [
      'operators of colons',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: '*',
            Resource: '*',
            Condition: { [`${':'.repeat(100_000)}\n`]: { a: 'b' } },
          },
        ],
      }),
    ],
  ])('is answered by "prove": %s', async (_, text) => {
    writeFiles(folder(), Object.fromEntries(filesOf().map((one) => [`dist/${one.path}`, one.text])));
    const [role] = filesOf().filter(({ path: one }) => one.endsWith('policy.json'));
    writeFiles(folder(), { [`dist/${role?.path}`]: text, 'policy.json': text });
    await answer('prove');
    await answer('prove', '--policy', 'policy.json', '--tag-key', 'ekssecret');
    await answer('prove', '--replay', 'policy.json');
    writeFiles(folder(), { 'ok.yaml': ok });
    await answer('diff', '--base-dist', 'dist', '-f', 'ok.yaml');
  });
});

describe('a pattern of somebody', () => {
  const slow = '^(a+)+$';
  const long = `${'a'.repeat(60)}!`;

  it('in a rule of a CRD takes no longer than it does in Kubernetes', async () => {
    writeFiles(folder(), {
      'crds/x.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Thing, plural: things, singular: thing, listKind: ThingList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                other: { type: string, x-kubernetes-validations: [{ rule: "self.matches('${slow}')" }] }
`,
      'thing.yaml': `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a, namespace: a }\nspec: { other: "${long}" }\n`,
    });
    const output = await answer('validate', '--crds', 'crds', 'thing.yaml');
    expect(output).toMatch(/\[cel-rule\]/);
  });

  it('in an admission policy takes no longer than it does in Kubernetes', async () => {
    let changed = 0;
    const files = filesOf().map(({ path: file, text }) => {
      const other = file.includes('/platform/')
        ? text.replace(/(?<=^ *(?:- )?expression: ).*$/m, `"!'${long}'.matches('${slow}')"`)
        : text;
      if (other !== text) changed++;
      return [`dist/${file}`, other] as const;
    });
    expect(changed).toBeGreaterThan(0);
    writeFiles(folder(), Object.fromEntries(files));
    await answer('prove');
  });
});
