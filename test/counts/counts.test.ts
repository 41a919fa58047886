import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servicesYaml } from '../support/command.ts';
import { writeFiles } from '../support/run.ts';
import { type Counts, countRun, countWatch } from './count.ts';

/**
 * How often things are done by `synth` into an empty folder, where n is the number of services. Each has a Namespace,
 * a SecretStore and two ExternalSecrets; the rest is the cluster's platform and the account's roles.
 */
const first = {
  // Each object is made once by a typed construct, and turned into plain data once.
  'cdk8s/lib/app.js App': 'n',
  'cdk8s/lib/chart.js Chart': 'n',
  'cdk8s/lib/api-object.js ApiObject': '4n',
  // Each object is validated once, by schemas that were compiled ahead of time and read once for each kind.
  'src/validate/validator.ts check': '26 + 8n',
  'src/validate/structural.ts readObjectSchema': '6',
  'ajv/dist/compile/index.js compileSchema': '0',
  // The expressions of the admission policies are parsed once, however many services there are.
  '@marcbachmann/cel-js/lib/parser.js parse': '238',
  // The input is read once; so is each of our files, by the proof.
  'zod/v4/core/parse.js _parse': '6',
  'yaml/dist/compose/composer.js compose': '0',
  'js-yaml/dist/js-yaml.mjs loadDocuments': '7',
  'js-yaml/dist/js-yaml.mjs dump$1': '177',
  // The checksum of each file below clusters/ and operator/, and once the names of all identities.
  'node:crypto bytes hashed': '23105 + 2738n',
  // The input is opened once. Each file is written once and comes into place with the outermost folder that was missing.
  'node:fs copyFileSync': '0',
  'node:fs linkSync': '0',
  'node:fs mkdirSync': '9',
  'node:fs mkdtempSync': '1',
  'node:fs openSync': '1',
  'node:fs readFileSync': '0',
  'node:fs renameSync': '3',
  'node:fs symlinkSync': '0',
  'node:fs unlinkSync': '0',
  'node:fs writeFileSync': '14 + 2n',
};

/** The same for `synth` when nothing has changed: each file is read once, none is written. */
const unchanged = {
  ...first,
  'node:fs mkdirSync': '0',
  'node:fs mkdtempSync': '0',
  'node:fs readFileSync': '14 + 2n',
  'node:fs renameSync': '0',
  'node:fs writeFileSync': '0',
};

/**
 * The same for `synth` when one service has changed: its two files are written, and what they replace is kept aside,
 * after a look at whose it is.
 */
const edited = {
  ...unchanged,
  'node:crypto bytes hashed': '25780 + 2738n',
  'node:fs linkSync': '2',
  'node:fs mkdirSync': '2',
  'node:fs mkdtempSync': '1',
  'node:fs renameSync': '2',
  'node:fs writeFileSync': '2',
};

const hint =
  'Something is done more or less often than before. If that is meant, put what was received into the table of test/counts/counts.test.ts, and say in the commit why.';

const sizes = { small: 20, large: 200 } as const;
type Size = keyof typeof sizes;

/** Names of equal length, so that the bytes of a file do not depend on which service it is. */
const serviceNames = (size: Size) =>
  Array.from({ length: sizes[size] }, (_, index) => `service-${1000 + index}`);
const editedService = 'service-1010';

function input(size: Size): string {
  const services = serviceNames(size).map(
    (name) => `  - name: ${name}
    regions: [us-west-2]
    secrets:
      - name: ${name}_api_key
      - name: ${name}/database
        keys: { DB_USER: username, DB_PASSWORD: password }
`,
  );
  return `version: 1\naws:\n  account: "123456789012"\nservices:\n${services.join('')}`;
}

type Both = Readonly<Record<Size, Counts>>;

/** How a count grows with the number of services, as the tables above have it. */
function growth({ small, large }: Both, what: string): string {
  const [atSmall, atLarge] = [small.calls.get(what) ?? 0, large.calls.get(what) ?? 0];
  const each = (atLarge - atSmall) / (sizes.large - sizes.small);
  const fixed = atSmall - each * sizes.small;
  if (!Number.isInteger(each)) return `${atSmall} with ${sizes.small}, ${atLarge} with ${sizes.large}`;
  if (each === 0) return `${fixed}`;
  const times = each === 1 ? 'n' : `${each}n`;
  return fixed === 0 ? times : `${fixed} + ${times}`;
}

function expectCounts(counts: Both, table: Readonly<Record<string, string>>): void {
  const names = new Set([...Object.keys(table), ...[...counts.small.calls.keys()].filter(isOfNode)]);
  const found = Object.fromEntries([...names].map((name) => [name, growth(counts, name)]));
  expect(found, hint).toEqual(table);
}

const isOfNode = (name: string) => name.startsWith('node:');

/** What tells that a file or folder was written or replaced, by path. */
function states(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return new Map(
    ['.', ...names].map((name) => {
      const { ino, mtimeMs, ctimeMs } = lstatSync(path.join(folder, name));
      return [name, `${ino} ${mtimeMs} ${ctimeMs}`];
    }),
  );
}

function touched(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

describe('synth', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  const at = (size: Size) => path.join(folder, size);
  const dist = (size: Size) => states(path.join(at(size), 'dist'));
  const countBoth = async (): Promise<Both> => ({
    small: await countRun(['synth', '--quiet'], at('small')),
    large: await countRun(['synth', '--quiet'], at('large')),
  });
  let counts: Both;

  beforeAll(async () => {
    for (const size of ['small', 'large'] as const) writeFiles(at(size), { 'services.yaml': input(size) });
    counts = await countBoth();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('does everything in proportion to the number of services, or once', () => {
    expectCounts(counts, first);
  });

  it('runs no block of code, ours or of a package, more than in proportion to the number of services', () => {
    const { small, large } = counts;
    const factor = sizes.large / sizes.small;
    // A tenth more is room for what is done for all but the first. With n² it would be ten times as much.
    // V8 lists no block that was run as often as the function around it.
    const atSmall = (block: string) =>
      small.blocks.get(block) ?? small.calls.get(block.replace(/ \(.*/, '')) ?? 0;
    const steep = [...large.blocks].filter(
      ([block, count]) => count > factor * 1.1 * Math.max(atSmall(block), sizes.small),
    );
    const described = steep.map(([block, count]) => `${block}: ${atSmall(block)}, then ${count}`);
    expect(described).toEqual([]);
    expect(large.blocks.size).toBeGreaterThan(5000);
  });

  it('writes nothing when nothing has changed', async () => {
    const before = dist('large');
    expectCounts(await countBoth(), unchanged);
    expect(touched(before, dist('large'))).toEqual([]);
  });

  it('touches the files of a service that has changed, and no other', async () => {
    const before = dist('large');
    for (const size of ['small', 'large'] as const)
      writeFiles(at(size), {
        'services.yaml': input(size).replace(`${editedService}_api_key`, `${editedService}_tls_key`),
      });
    expectCounts(await countBoth(), edited);
    expect(touched(before, dist('large'))).toEqual([
      // The run's own files were in here for a moment.
      '.',
      'aws/123456789012/secrets/us-west-2',
      `aws/123456789012/secrets/us-west-2/${editedService}.json`,
      'clusters/us-west-2/services',
      `clusters/us-west-2/services/${editedService}.yaml`,
    ]);
  });

  it('would be seen to compile schemas and to read YAML in full: validate does with CRDs that are given', async () => {
    const crds = fileURLToPath(new URL('../../crds', import.meta.url));
    const { calls } = await countRun(['validate', '--quiet', '--crds', crds, 'dist/clusters'], at('small'));
    for (const what of ['ajv/dist/compile/index.js compileSchema', 'yaml/dist/compose/composer.js compose'])
      expect(calls.get(what), what).toBeGreaterThan(0);
  });
});

describe('synth --watch', () => {
  const services = 1100;
  const yaml = servicesYaml(Array.from({ length: services }, (_, index) => `service-${1000 + index}`));
  /** What is done for each service: it is made here, and read by the thread that proves it. */
  const ofService = ['cdk8s/lib/app.js App', 'src/proof/files/tenants.ts readTenant'];
  const ofSecrets = ['src/iam/secrets.ts secretsTemplate', 'src/proof/files/inventory.ts readSecrets'];

  it('makes and reads one part of many after an edit, and proves all', { timeout: 480_000 }, async () => {
    const [none, one] = [
      await countWatch({ 'services.yaml': yaml }, async () => undefined),
      await countWatch({ 'services.yaml': yaml }, async ({ folder, until }) => {
        const file = 'services.yaml';
        writeFiles(folder, { [file]: yaml.replace('service-1500/db', 'service-1500/other') });
        await until(/proven .*\n/);
      }),
    ].map(({ calls }) => calls);
    const more = (what: string) => (one?.get(what) ?? 0) - (none?.get(what) ?? 0);
    for (const what of [...ofService, ...ofSecrets]) expect(none?.get(what), what).toBe(services);
    for (const [made, read] of [ofService, ofSecrets] as [string, string][]) {
      expect(more(made), made).toBeGreaterThan(0);
      expect(more(made), made).toBeLessThan(services / 3);
      expect(more(read), read).toBe(more(made));
    }
    expect(more('src/proof/prove/prove.ts proveDist')).toBe(1);
  });
});
