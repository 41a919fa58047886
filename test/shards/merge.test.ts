import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/cli/package-files.ts';
import { withHeader } from '../../src/dist/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { servicesYaml } from '../support/command.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

/** Of three shards, the first has `ledger`, the second `payments`, the third `orders` and `search`. */
const names = ['payments', 'orders', 'search', 'ledger'];
const record = 'eso-abac-shard.json';

const template = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
const at = (name: string) => path.join(template, name);
const shard = (name: string, input: string, folder: string) =>
  runInProcess(['--quiet', '--shard', name, '-f', at(input), '-o', at(folder)]);

beforeAll(async () => {
  const yaml = servicesYaml(names);
  const files = { 'services.yaml': yaml, 'later/services.yaml': yaml.replace('ledger/db', 'ledger/other') };
  writeFiles(template, files);
  for (const index of [1, 2, 3]) await shard(`${index}/3`, 'services.yaml', `shards/${index}`);
  await shard('2/3', 'later/services.yaml', 'later/2');
  await shard('3/4', 'services.yaml', 'four/3');
  await runInProcess(['--quiet', '-f', at('services.yaml'), '-o', at('dist')]);
}, 60_000);
afterAll(() => rmSync(template, { recursive: true }));

/** What `merge` says of shards to which something was done, with `S` for the folder above them; and that nothing was written. */
async function refusal(
  spoil: (folder: string) => void,
  shards: readonly string[] = ['shards/1', 'shards/2', 'shards/3'],
): Promise<string[]> {
  return inFolder(async (folder) => {
    cpSync(template, folder, { recursive: true });
    spoil(folder);
    const before = readTree(folder);
    const args = shards.map((name) => path.join(folder, name));
    const { code, stderr } = await runInProcess([
      'merge',
      ...args,
      '-o',
      path.join(folder, 'dist'),
      '--no-color',
    ]);
    expect(code).toBe(1);
    expect(readTree(folder)).toEqual(before);
    return stderr.replaceAll(`${folder}/`, '').match(/(?<=^error: |^\S+: error: ).*$/gm) ?? [];
  });
}

/** Changes a file of a shard, its checksum and what the shard's record says of it: as good a forgery as there is. */
function forge(folder: string, file: string, change: (text: string) => string): void {
  const full = path.join(folder, file);
  const text = readFileSync(full, 'utf8');
  const body = file.startsWith('aws/') ? text : text.split('\n').slice(2).join('\n');
  const forged = file.startsWith('aws/') ? change(body) : withHeader(change(body), 'services.yaml');
  expect(forged).not.toBe(text);
  writeFileSync(full, forged);
  editRecord(folder, ({ files, ...rest }) => ({ ...rest, files: { ...files, [file]: sha256(forged) } }));
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function replace(folder: string, name: string, by: string): void {
  rmSync(path.join(folder, name), { recursive: true });
  cpSync(path.join(folder, by), path.join(folder, name), { recursive: true });
}

const store = (service: string) => `clusters/us-west-2/services/${service}.yaml`;
const secrets = (service: string) => `aws/123456789012/secrets/us-west-2/${service}.json`;
const claims = (from: string, to: string) => (text: string) => text.replace(`value: ${from}`, `value: ${to}`);

interface Record {
  readonly version: string;
  readonly input: string;
  readonly index: number;
  readonly count: number;
  readonly files: Readonly<{ [file: string]: string }>;
}

function editRecord(folder: string, change: (before: Record) => object): void {
  const full = path.join(folder, record);
  writeFileSync(full, JSON.stringify(change(JSON.parse(readFileSync(full, 'utf8')))));
}

describe('merge', () => {
  it('writes what synth writes, once; then nothing', () =>
    inFolder(async (folder) => {
      const [dist, json] = [path.join(folder, 'dist'), ['--format', 'json']];
      const folders = [3, 1, 2].map((index) => at(`shards/${index}`));
      const first = await runInProcess(['merge', ...folders, '-o', dist, ...json]);
      expect(JSON.parse(first.stdout)).toMatchObject({
        command: 'merge',
        shards: 3,
        removed: 0,
        unchanged: 0,
      });
      expect(JSON.parse(first.stdout).proof).toMatchObject({
        tenants: 4,
        secrets: 4,
        allowed: 4,
        denied: 12,
      });
      expect(readTree(dist)).toEqual(readTree(at('dist')));
      const again = await runInProcess(['merge', ...folders, '-o', dist, ...json]);
      expect(JSON.parse(again.stdout)).toMatchObject({ written: 0, removed: 0 });
    }));

  it('changes only generated files of dist', () =>
    inFolder(async (folder) => {
      cpSync(at('dist'), folder, { recursive: true });
      const [theirs, gone] = [
        'clusters/us-west-2/services/theirs.yaml',
        'clusters/us-west-2/services/gone.yaml',
      ];
      writeFiles(folder, {
        [theirs]: 'kind: ConfigMap\n',
        [gone]: withHeader('kind: Namespace\n', 'services.yaml'),
      });
      const before = readTree(folder);
      const merge = () =>
        runInProcess(['merge', ...[1, 2, 3].map((index) => at(`shards/${index}`)), '-o', folder]);
      const refused = await merge();
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(`${theirs} was not written by eso-abac`);
      expect(readTree(folder)).toEqual(before);
      rmSync(path.join(folder, theirs));
      expect(await merge()).toMatchObject({ code: 0, stderr: '' });
      expect(readTree(folder)).toEqual(readTree(at('dist')));
    }));

  it('into the folder of a shard leaves no record there, and synth of everything neither', () =>
    inFolder(async (folder) => {
      const folders = [1, 2, 3].map((index) => path.join(folder, `${index}`));
      cpSync(at('shards'), folder, { recursive: true });
      expect(await runInProcess(['merge', ...folders, '-o', folders[1] ?? '', '-q'])).toMatchObject({
        code: 0,
      });
      await runInProcess(['-f', at('services.yaml'), '-o', folders[2] ?? '', '-q']);
      for (const one of [1, 2]) expect(readTree(folders[one] ?? '')).toEqual(readTree(at('dist')));
    }));

  it.each<[string, (folder: string) => void, string[]]>([
    [
      'a shard of another revision of the input',
      (folder) => replace(folder, 'shards/2', 'later/2'),
      ['shards/2 was compiled from another input than shards/1 [shard-set]'],
    ],
    [
      'a shard of another number of shards',
      (folder) => replace(folder, 'shards/3', 'four/3'),
      ['shards/3 is shard 3/4, and shards/1 is shard 1/3 [shard-set]', 'shard 3/3 is missing [shard-set]'],
    ],
    [
      'a shard of another version',
      (folder) => editRecord(path.join(folder, 'shards/3'), (one) => ({ ...one, version: '0.0.0' })),
      [`shards/3 was written by eso-abac 0.0.0, and this is ${packageVersion()} [shard-set]`],
    ],
    [
      'a shard that is there twice, in the place of another',
      (folder) => replace(folder, 'shards/3', 'shards/2'),
      ['shards/3 is shard 2/3, as shards/2 is [shard-set]', 'shard 3/3 is missing [shard-set]'],
    ],
    [
      'a folder that is not there, one without a record, and a file',
      (folder) => {
        for (const name of ['shards/1', 'shards/3']) rmSync(path.join(folder, name), { recursive: true });
        rmSync(path.join(folder, 'shards/2', record));
        writeFiles(folder, { 'shards/3': '' });
      },
      [
        `there is no shard in shards/1: it holds no ${record} [shard-set]`,
        `there is no shard in shards/2: it holds no ${record} [shard-set]`,
        `there is no shard in shards/3: it holds no ${record} [shard-set]`,
      ],
    ],
    [
      'a record that is no JSON, and one that says what cannot be',
      (folder) => {
        writeFileSync(path.join(folder, 'shards/1', record), '{"index": 1');
        editRecord(path.join(folder, 'shards/2'), (one) => ({ ...one, index: 4 }));
      },
      [
        `shards/1/${record} is not what eso-abac has written [shard-set]`,
        `shards/2/${record} is not what eso-abac has written [shard-set]`,
        'shards 1/3, 2/3 are missing [shard-set]',
      ],
    ],
    [
      'whatever happened to the files of a shard, all of it',
      (folder) => {
        const [payments, search] = ['shards/2', 'shards/3'].map((name) => path.join(folder, name));
        edit(path.join(payments ?? '', store('payments')), claims('payments', 'ledger'));
        edit(path.join(payments ?? '', secrets('payments')), (text) =>
          text.replace('"payments"', '"ledger"'),
        );
        rmSync(path.join(search ?? '', store('search')));
        cpSync(path.join(payments ?? '', secrets('payments')), path.join(search ?? '', secrets('payments')));
        writeFiles(search ?? '', {
          [store('intruder')]: 'kind: SecretStore\n',
          'operator/pipe': '',
          'notes.txt': '',
        });
        rmSync(path.join(search ?? '', 'operator/pipe'));
        symlinkSync('/etc', path.join(search ?? '', 'operator/pipe'));
      },
      [
        `shards/2/${secrets('payments')} was changed [shard-file]`,
        `shards/2/${store('payments')} was changed [shard-file]`,
        `shards/3/${secrets('payments')} is not of shard 3/3 [shard-file]`,
        `shards/3/${store('intruder')} was not written there [shard-file]`,
        'shards/3/operator/pipe is neither a file nor a folder of ours [shard-file]',
        `shards/3/${store('search')} is missing [shard-file]`,
      ],
    ],
    [
      'a file of another shard, with a record that says it belongs there',
      (folder) => {
        cpSync(
          path.join(folder, 'shards/2', store('payments')),
          path.join(folder, 'shards/3', store('payments')),
        );
        forge(path.join(folder, 'shards/3'), store('payments'), claims('payments', 'ledger'));
      },
      [`shards/3/${store('payments')} is not of shard 3/3 [shard-file]`],
    ],
  ])('refuses %s', async (_, spoil, expected) => {
    expect(await refusal(spoil)).toEqual(expected);
  });

  it('refuses to go on with some of the shards', async () => {
    expect(await refusal(() => undefined, ['shards/2'])).toEqual(['shards 1/3, 3/3 are missing [shard-set]']);
  });
});

describe('merge proves the union, so that a forged record helps nobody', () => {
  it('a store that claims the tag of a service of another shard', async () => {
    const forged = (folder: string) =>
      forge(path.join(folder, 'shards/2'), store('payments'), claims('payments', 'ledger'));
    const found = await refusal(forged);
    expect(found.join('\n')).toContain(
      'store "aws-secretsmanager" of payments claims ekssecret=ledger, which no label of its namespace allows',
    );
    expect(found.join('\n')).toContain('[proof-access]');
  });

  it('a namespace whose labels let it claim a service of another shard, which that shard cannot know', async () => {
    const label = (text: string) =>
      text.replace(/(\n +)eso-abac\/service: payments/, "$&$1shared.eso-abac/ledger: 'true'");
    const forged = (folder: string) => forge(path.join(folder, 'shards/2'), store('payments'), label);
    expect(await refusal(forged)).toContain(
      'the namespace of payments may claim "ledger", which is another service [proof-access]',
    );
  });

  it('a secret that is given to a service of another shard', async () => {
    const given = (text: string) => text.replace('"Value": "payments"', '"Value": "ledger"');
    const forged = (folder: string) => forge(path.join(folder, 'shards/2'), secrets('payments'), given);
    expect((await refusal(forged)).join('\n')).toContain('but its tag lets ledger read it [proof-access]');
  });
});
