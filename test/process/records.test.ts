import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { attempt, inCopy, kept } from '../support/copy.ts';
import { runProgram, writeFiles } from '../support/run.ts';

const input = `version: 1
aws: { account: "111111111111" }
services:
  - { name: s1, regions: [us-west-9], secrets: [s1/db] }
`;
const service = 'dist/clusters/us-west-9/services/s1.yaml';

/** Puts a word into the record, as the program itself would: a check that believes in the record says it. */
const markRecord = `
  const { readBundle, recordsOf } = require('./scripts/start/bundle.cjs');
  const records = recordsOf(readBundle());
  const name = JSON.stringify([process.cwd(), 'services.yaml', 'dist']);
  records.write(name, records.read(name).replace('up to date', 'RECALLED'));
`;

/** Writes dist anew, and a record of it that says that it was believed in. */
async function writeWithRecord(copy: string): Promise<void> {
  rmSync(path.join(copy, 'dist'), { recursive: true, force: true });
  writeFiles(copy, { 'services.yaml': input });
  expect(await attempt(copy, 'synth', '-q')).toMatchObject({ code: 0 });
  expect(await runProgram(process.execPath, ['-e', markRecord], { cwd: copy })).toMatchObject({ code: 0 });
}

function recordIn(copy: string): string {
  const folder = path.join(copy, kept);
  const records = readdirSync(folder).filter((name) => name.startsWith('record-'));
  expect(records.length).toBe(1);
  return path.join(folder, records[0] ?? '');
}

const check = (copy: string, ...flags: string[]) => attempt(copy, 'check', ...flags);

function edit(file: string, change: (content: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

it('a check of what a run has left is recalled, warnings and all', () =>
  inCopy(async (copy) => {
    await writeWithRecord(copy);
    const recalled = await check(copy);
    expect(recalled).toMatchObject({ code: 0 });
    expect(recalled.stdout).toMatch(/^dist +RECALLED: \d+ files\n/);
    expect(recalled.stderr).toContain('[unknown-region]');
    rmSync(recordIn(copy));
    const anew = await check(copy);
    expect(anew.stdout).toBe(recalled.stdout.replace('RECALLED', 'up to date'));
    expect(anew.stderr).toBe(recalled.stderr);
    for (const format of ['json', 'github', 'sarif', 'text']) {
      const again = await check(copy, '--format', format);
      rmSync(recordIn(copy));
      expect(await check(copy, '--format', format)).toEqual(again);
      expect(again.code).toBe(0);
    }
  }));

/** Something is not as it was, and what a check says of it then. */
const differences: Readonly<
  Record<string, readonly [change: (copy: string) => void, code: number, says: string]>
> = {
  'the input': [
    (copy) => edit(path.join(copy, 'services.yaml'), (text) => text.replace('s1/db', 's1/key')),
    1,
    'dist-stale',
  ],
  'the input, which has an error': [
    (copy) => edit(path.join(copy, 'services.yaml'), (text) => `${text}sevices: []\n`),
    1,
    'unknown-key',
  ],
  'one letter of a file': [
    (copy) => edit(path.join(copy, service), (text) => text.replace('us-west-9', 'us-west-8')),
    1,
    'dist-edited',
  ],
  'a file that is missing': [(copy) => rmSync(path.join(copy, service)), 1, 'dist-missing'],
  'a file too many': [(copy) => writeFiles(copy, { 'dist/aws/notes.txt': '' }), 1, 'dist-foreign'],
  'a link in place of a file': [
    (copy) => {
      writeFiles(copy, { 'copied.yaml': readFileSync(path.join(copy, service), 'utf8') });
      rmSync(path.join(copy, service));
      symlinkSync(path.join(copy, 'copied.yaml'), path.join(copy, service));
    },
    1,
    'dist-foreign',
  ],
  'one letter of the record': [
    (copy) => edit(recordIn(copy), (text) => text.replace('RECALLED', 'RECALLEd')),
    0,
    'up to date',
  ],
  'the end of the record': [(copy) => edit(recordIn(copy), (text) => text.slice(0, -1)), 0, 'up to date'],
  'the program': [
    (copy) =>
      edit(path.join(copy, 'src/cli/check.ts'), (text) => text.replace('up to date', 'as it should be')),
    0,
    'as it should be',
  ],
};

it('nothing is recalled when anything differs', () =>
  inCopy(async (copy) => {
    for (const [what, [change, code, says]] of Object.entries(differences)) {
      await writeWithRecord(copy);
      change(copy);
      const result = await check(copy);
      expect(result.code, what).toBe(code);
      expect(result.stdout + result.stderr, what).toContain(says);
      expect(result.stdout + result.stderr, what).not.toMatch(/recalled/i);
    }
  }));

it('a check of a shard recalls nothing of the whole', () =>
  inCopy(async (copy) => {
    await writeWithRecord(copy);
    const result = await check(copy, '--shard', '1/2');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('1 of 2');
    expect(result.stdout).not.toContain('RECALLED');
  }));

it('the record of another input or dist is not taken for one of this', () =>
  inCopy(async (copy) => {
    await writeWithRecord(copy);
    const other = await attempt(copy, 'synth', '-q', '-o', 'other');
    expect(other).toMatchObject({ code: 0 });
    const result = await check(copy, '-o', 'other');
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toMatch(/^other +up to date/);
  }));
