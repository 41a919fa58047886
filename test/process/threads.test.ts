import path from 'node:path';
import { expect, test } from 'vitest';
import { compile, compileOnAllCores } from '../../main.ts';
import type { Compiled } from '../../src/cli/compiled.ts';
import { proveFiles } from '../../src/cli/proven.ts';
import { inFolder, writeFiles } from '../support/run.ts';

const services = Array.from(
  { length: 1050 },
  (_, index) => `  - { name: s${index}, clusters: [a, b], secrets: [s${index}/db, s${index}/key] }\n`,
).join('');

const head = `version: 1
aws: { account: "123456789012" }
clusters: { a: { region: us-west-2 }, b: { region: eu-west-1 } }
shared: [{ name: common, services: "*", secrets: [common/key] }]
`;

/** Inputs of so many services that threads are worth it, and that there are more parts than threads on two cores; what only the size of the file says, and what only they do. */
const inputs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a large file': { 'services.yaml': `${head}services:\n${services}${'# of no meaning\n'.repeat(15_000)}` },
  'a small file that includes many services': {
    'services.yaml': `${head}include: [included.yaml]\n`,
    'included.yaml': `services:\n${services}`,
  },
};

function byPath({ files }: Compiled): Record<string, string> {
  return Object.fromEntries(files.map(({ path: file, text }) => [file, text]));
}

test.each(Object.entries(inputs))('%s: on all cores comes what comes on one', (_, files) =>
  inFolder(async (folder) => {
    writeFiles(folder, files);
    const file = path.join(folder, 'services.yaml');
    const steps: (readonly [number, number])[] = [];
    const onAllCores = await compileOnAllCores(file, (...step) => steps.push(step));
    const onOne = compile(file);
    expect(differing(byPath(onAllCores), byPath(onOne))).toEqual([]);
    const { read, ...others } = onAllCores;
    expect(read?.length).toBeGreaterThan(1);
    expect({ ...others, files: [] }).toEqual({ ...onOne, files: [] });
    expect(proveFiles(onAllCores, 'dist')).toEqual(proveFiles(onOne, 'dist'));
    expect(steps.at(-1)).toEqual([2100, 2100]);
  }),
);

/** Names of the files that only one has, or that differ. */
function differing(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].filter((name) => some[name] !== others[name]);
}
