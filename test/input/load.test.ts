import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxFindings } from '../../src/findings/limits.ts';
import { loadInput } from '../../src/input/load.ts';
import { systemError, withFileSystem } from '../support/file-system.ts';
import { inFolder, within, writeFiles } from '../support/run.ts';

const head = 'version: 1\naws: { account: "123456789012" }\n';
const service = (name: string, more = '') => `{ name: ${name}, regions: [us-west-2], secrets: [a]${more} }`;

/** Loads services.yaml from files. */
function load(files: Readonly<Record<string, string>>) {
  return inFolder((folder) =>
    within(folder, () => {
      writeFiles('.', files);
      return loadInput('services.yaml');
    }),
  );
}

const at = (line: number, column: number, end: number, file = 'services.yaml') => ({
  file,
  start: { line, column },
  end: { line, column: end },
});

const tooMany = (file: string) => ({
  rule: 'input-limit',
  severity: 'error',
  message: `there are more than ${maxFindings} problems in this file; the others are not listed`,
  allowed: 'a file of the format',
  location: expect.objectContaining({ file, start: { line: 1, column: 1 } }),
});

describe('an input that is loaded', () => {
  it('knows its files, their texts, and where each service stands', async () => {
    const files = {
      'services.yaml': `${head}include: [teams/**/*.yaml, "other.yaml"]\nservices:\n  - ${service('a')}\n`,
      'teams/b.yaml': `services: [${service('b')}]\n`,
      'teams/deep/c.yaml': `services:\n  - ${service('c')}\n  - ${service('d')}\n`,
      'other.yaml': 'services: []\n',
    };
    const { file, spec, findings, incomplete, locate, sources, folders } = await load(files);
    expect({ file, findings, incomplete }).toEqual({
      file: 'services.yaml',
      findings: [],
      incomplete: new Set(),
    });
    expect(spec?.services?.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.fromEntries(sources)).toEqual(files);
    expect([...folders]).toEqual(['.', 'teams', 'teams/deep']);
    expect(locate(['services', 0, 'name'])).toEqual(at(5, 13, 14));
    expect(locate(['services', 1, 'name'])).toEqual(at(1, 20, 21, 'teams/b.yaml'));
    expect(locate(['services', 3, 'name'])).toEqual(at(3, 13, 14, 'teams/deep/c.yaml'));
    expect(locate(['services', 3, 'secrets', 0], 'key')).toEqual(at(3, 48, 49, 'teams/deep/c.yaml'));
    expect(locate(['services', 3, 'name'], 'key')).toEqual(at(3, 7, 11, 'teams/deep/c.yaml'));
    expect(locate(['aws', 'account'])).toEqual(at(2, 17, 31));
    expect(locate(['aws', 'account'], 'key')).toEqual(at(2, 8, 15));
  });

  it('knows where things stand in the files although something was left out before them', async () => {
    const files = {
      'services.yaml': `${head}include: [b.yaml]\nservices:\n  - ${service('A')}\n  - ${service('a')}\n  - { name: b, regions: [us-west-2], secrets: [A!, b, C!, d] }\nshared:\n  - 1\n  - { name: s, services: "*", secrets: [] }\n`,
      'b.yaml': `services:\n  - ${service('B')}\n  - ${service('c')}\n`,
    };
    const { spec, findings, incomplete, locate } = await load(files);
    expect(findings.map(({ location }) => location?.start)).toEqual([
      { line: 5, column: 13 },
      { line: 7, column: 48 },
      { line: 7, column: 55 },
      { line: 9, column: 5 },
      { line: 2, column: 13 },
    ]);
    expect(incomplete).toEqual(new Set(['services', 'shared']));
    expect(spec?.services).toMatchObject([{ name: 'a' }, { name: 'b', secrets: ['b', 'd'] }, { name: 'c' }]);
    expect(locate(['services', 0, 'name'])).toEqual(at(6, 13, 14));
    expect(locate(['services', 1, 'secrets', 1])).toEqual(at(7, 59, 60));
    expect(locate(['services', 2, 'name'])).toEqual(at(3, 13, 14, 'b.yaml'));
    expect(locate(['shared', 0, 'name'])).toEqual(at(10, 13, 14));
  });

  it('is nothing when its file cannot be read, and has a place all the same', async () => {
    const { spec, findings, locate, sources, folders } = await load({});
    expect({ spec, sources, folders }).toEqual({
      spec: undefined,
      sources: new Map(),
      folders: new Set(['.']),
    });
    expect(findings).toEqual([
      {
        rule: 'include',
        severity: 'error',
        message: 'services.yaml cannot be read: it does not exist',
        allowed: 'a readable file',
      },
    ]);
    expect(locate(['services', 0])).toEqual(at(1, 1, 2));
  });

  it('names an included file that cannot be read where it is included, and may lack its services', () =>
    inFolder((folder) =>
      within(folder, () => {
        writeFiles('.', {
          'services.yaml': `${head}include: [teams/a.yaml, teams/*.yaml]\n`,
          'teams/a.yaml': 'services: []\n',
          'teams/b.yaml': 'services: []\n',
        });
        const { openSync } = fs;
        const denied = ((file: string, ...rest: [number]) => {
          if (file.endsWith('b.yaml')) throw systemError('EACCES');
          return openSync(file, ...rest);
        }) as typeof openSync;
        const { findings, incomplete } = withFileSystem({ openSync: denied }, () =>
          loadInput('services.yaml'),
        );
        expect(findings).toEqual([
          {
            rule: 'include',
            severity: 'error',
            message: 'teams/b.yaml cannot be read: permission is denied',
            allowed: 'a readable file',
            location: at(3, 25, 37),
          },
        ]);
        expect(incomplete).toEqual(new Set(['services']));
      }),
    ));
});

describe('of many problems only the first ones are listed', () => {
  const numbers = (count: number) => `${head}services:\n${'  - 1\n'.repeat(count)}`;

  it.each<[string, (count: number) => string]>([
    ['values that are wrong', numbers],
    ['keys that nobody knows', (count) => `${head}services: []\n${lines(count, (index) => `k${index}: 1`)}`],
    ['secrets', (count) => `${head}services: []\n${'# AKIAIOSFODNN7EXAMPLE\n'.repeat(count)}`],
    ['keys that stand there twice', (count) => `${head}services: []\n${'services: []\n'.repeat(count)}`],
  ])('%s', async (_, text) => {
    const few = await load({ 'services.yaml': text(maxFindings - 1) });
    expect(few.findings).toHaveLength(maxFindings - 1);
    expect(few.findings).not.toContainEqual(tooMany('services.yaml'));
    const { findings } = await load({ 'services.yaml': text(maxFindings + 1) });
    expect(findings).toHaveLength(maxFindings + 1);
    expect(findings.at(-1)).toEqual(tooMany('services.yaml'));
  });

  it('however many there are', async () => {
    const text = `${head}services:\n  - name: a\n    regions:\n${'    - 1\n'.repeat(150_000)}`;
    const { spec, findings } = await load({ 'services.yaml': text });
    expect(spec).toBeUndefined();
    expect(findings).toEqual([tooMany('services.yaml')]);
  });

  it('of whatever kinds they are', async () => {
    const keys = lines(5, (index) => `k${index}: 1`);
    const { findings } = await load({ 'services.yaml': numbers(maxFindings - 3) + keys });
    expect(findings).toHaveLength(maxFindings + 1);
    expect(findings.slice(-3).map(({ rule }) => rule)).toEqual(['unknown-key', 'unknown-key', 'input-limit']);
  });

  it('for each file by itself', async () => {
    const { findings } = await load({
      'services.yaml': `${head}include: ["*.yml"]\n`,
      'a.yml': `services:\n${'  - 1\n'.repeat(maxFindings)}`,
      'b.yml': `services:\n${'  - 1\n'.repeat(maxFindings - 1)}`,
    });
    expect(findings).toHaveLength(2 * maxFindings);
    expect(findings[maxFindings]).toEqual(tooMany('a.yml'));
  });
});

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
}

it('nothing is said of what was painted over but that it was', async () => {
  const { findings, sources } = await load({
    'services.yaml': `${head}services: [${service('AKIAIOSFODNN7EXAMPLE', ', ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 1')}]\n`,
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['secret-value', 'secret-value']);
  expect(sources.get('services.yaml')).not.toMatch(/AKIA|ghp_/);
});
