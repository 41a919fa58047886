import path from 'node:path';
import { expect, test } from 'vitest';
import { compile, compileInParts } from '../../main.ts';
import { proveFiles } from '../../src/cli/proven.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { loadInput } from '../../src/input/load.ts';
import { inFolder, writeFiles } from '../support/run.ts';

const services = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `  - { name: s${index}, clusters: [a, b], secrets: [s${index}/db, s${index}/key] }\n`,
  ).join('');

const head = `version: 1
aws: { account: "123456789012" }
clusters: { a: { region: us-west-2 }, b: { region: eu-west-1 } }
shared: [{ name: common, services: "*", secrets: [common/key] }]
`;

/** So many tenants that a thread is worth it. */
const inputs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'one file': { 'services.yaml': `${head}services:\n${services(600)}` },
  'a file that includes many services': {
    'services.yaml': `${head}include: [included.yaml]\n`,
    'included.yaml': `services:\n${services(1300)}`,
  },
};

function byPath(files: readonly DistFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path: file, text }) => [file, text]));
}

test.each(Object.entries(inputs))('%s: what is proven on a thread is what is proven on none', (_, files) =>
  inFolder(async (folder) => {
    writeFiles(folder, files);
    const file = path.join(folder, 'services.yaml');
    const steps: (readonly [number, number])[] = [];
    const handedOn: DistFile[][] = [];
    const { proof: proving, ...onThread } = compileInParts(
      loadInput(file),
      (...step) => steps.push(step),
      (part) => handedOn.push([...part]),
    );
    const { files: atOnce, ...onNone } = compile(file);
    expect(differing(byPath(handedOn.flat()), byPath(atOnce))).toEqual([]);
    expect(handedOn.length).toBeGreaterThan(3);
    expect(onThread).toEqual(onNone);
    const proof = await proving;
    expect(proof?.findings).toEqual([]);
    expect(proof?.counts).toEqual(proveFiles(atOnce, 'dist').counts);
    const tenants = 2 * onNone.counts.services;
    expect(steps.at(-1)).toEqual([tenants, tenants]);
  }),
);

test('with an error that is found of the whole fleet, nothing is handed on and nothing is proven', () =>
  inFolder(async (folder) => {
    const administrators = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:iam::${100_000_000_000 + index}:role/${'administrators-of-secrets-'.repeat(2)}`,
    );
    const tooLong = head.replace('" }', `", administrators: ${JSON.stringify(administrators)} }`);
    writeFiles(folder, { 'services.yaml': `${tooLong}services:\n${services(2)}` });
    const input = loadInput(path.join(folder, 'services.yaml'));
    const handedOn: DistFile[] = [];
    const { proof, findings } = compileInParts(
      input,
      () => undefined,
      (part) => handedOn.push(...part),
    );
    expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toContain(
      'policy-size',
    );
    expect(handedOn).toEqual([]);
    expect(proof).toBeUndefined();
  }));

/** Names of the files that only one has, or that differ. */
function differing(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].filter((name) => some[name] !== others[name]);
}
