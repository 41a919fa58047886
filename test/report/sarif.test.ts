import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/findings/rules.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { servicesYaml, wrongServicesYaml } from '../support/command.ts';
import { type RunResult, runInProcess } from '../support/documents.ts';
import { inFolder, within, writeFiles } from '../support/run.ts';

/** The schema of SARIF 2.1.0 as the committee published it, from Microsoft's package. */
const schemaFile = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);

/** It is a schema of draft 4, of which it uses nothing that later drafts read in another way. */
function sarifValidator() {
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', (text: string) => URL.canParse(text));
  ajv.addFormat('uri-reference', (text: string) => URL.canParse(text, 'https://example.com/'));
  ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
  return ajv.compile(schema);
}

const validate = sarifValidator();

/** Runs the command line in a folder. */
function command(folder: string, args: readonly string[]): Promise<RunResult> {
  return within(folder, () => runInProcess(args));
}

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region?: Region;
    };
  }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
}

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly Result[];
    readonly invocations: readonly { readonly toolExecutionNotifications?: readonly object[] }[];
  }[];
}

function resultsOf(stdout: string): readonly Result[] {
  const log = JSON.parse(stdout) as Log;
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  const [run] = log.runs;
  expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(rules));
  const results = run?.results ?? [];
  for (const { ruleId, ruleIndex } of results) expect(Object.keys(rules)[ruleIndex]).toBe(ruleId);
  return results;
}

/** `file:line:column: severity [rule]` of each finding, without the place where it has none. */
function fromSarif(results: readonly Result[]): string[] {
  return results.map(({ ruleId, level, locations: [location] }) => {
    const { artifactLocation, region } = location?.physicalLocation ?? {};
    const place = region
      ? `${decodeURIComponent(artifactLocation?.uri ?? '')}:${region.startLine}:${region.startColumn}: `
      : '';
    return `${place}${level} [${ruleId}]`;
  });
}

function fromText(stderr: string): string[] {
  const lines = stderr.matchAll(/^((?:\S.*?:\d+:\d+: )?)(error|warning): .* (\[[a-z-]+\])$/gm);
  return [...lines].map(([, place, severity, rule]) => `${place}${severity} ${rule}`);
}

describe('--format sarif', () => {
  it.each([
    ['synth', []],
    ['check', ['check']],
    ['prove', ['prove', '-o', 'broken dist']],
    ['validate', ['validate', 'broken dist']],
    ['prove of own documents', ['prove', '--tag-key', 'team', '--policy', 'policy.json']],
  ])('%s: the same findings at the same places as the text, in a valid log', (name, args) =>
    inFolder(async (folder) => {
      writeFiles(folder, {
        'services.yaml': servicesYaml(['payments', 'orders']),
        'policy.json':
          '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "secretsmanager:*" }] }',
      });
      await command(folder, ['-o', 'broken dist']);
      const store = 'broken dist/clusters/us-west-2/services/payments.yaml';
      const text = readFileSync(path.join(folder, store), 'utf8');
      writeFiles(folder, {
        [store]: text
          .replace('value: payments', 'value: orders')
          .replace('kind: Namespace', 'kind: Namespaces'),
        'services.yaml': name === 'synth' ? wrongServicesYaml : servicesYaml(['payments', 'billing']),
      });
      if (name === 'check') {
        await command(folder, []);
        rmSync(path.join(folder, 'dist/clusters/us-west-2/services/payments.yaml'));
        appendFileSync(path.join(folder, 'dist/clusters/us-west-2/services/billing.yaml'), '# by hand\n');
      }
      const asText = await command(folder, args);
      const asSarif = await command(folder, [...args, '--format', 'sarif']);
      expect(asSarif).toMatchObject({ code: 1, stderr: '' });
      expect(asText.code).toBe(1);
      const found = fromSarif(resultsOf(asSarif.stdout));
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(fromText(asText.stderr));
      expect((await command(folder, [...args, '--format', 'sarif'])).stdout).toBe(asSarif.stdout);
    }),
  );

  it('has no results for a clean run, and gives each finding a place, for GitHub takes no other', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      expect(resultsOf((await command(folder, ['--format', 'sarif'])).stdout)).toEqual([]);
      rmSync(path.join(folder, 'dist/clusters/us-west-2/services/payments.yaml'));
      const [missing] = resultsOf((await command(folder, ['check', '--format', 'sarif'])).stdout);
      expect(missing?.ruleId).toBe('dist-missing');
      expect(missing?.locations).toEqual([
        { physicalLocation: { artifactLocation: { uri: 'services.yaml' } } },
      ]);
    }));

  it('gives a finding the same fingerprint when its line moves, and another one to every other finding', () =>
    inFolder(async (folder) => {
      const fingerprintsOf = async (yaml: string) => {
        writeFiles(folder, { 'services.yaml': yaml });
        const results = resultsOf((await command(folder, ['--format', 'sarif'])).stdout);
        return results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
      };
      const twice = `${wrongServicesYaml}  - { name: payments, regions: [nowhere], secrets: [payments/db] }\n`;
      const before = await fingerprintsOf(twice);
      expect(before.length).toBeGreaterThan(2);
      expect(new Set(before).size).toBe(before.length);
      expect(await fingerprintsOf(`# one line\n\n${twice.replace('services:\n', 'services:\n\n')}`)).toEqual(
        before,
      );
      const other = await fingerprintsOf(twice.replace('tagkey', 'tagKy'));
      expect(other.filter((one) => !before.includes(one))).toHaveLength(1);
    }));

  it('names a file outside of the working directory by its URL, and special characters by their codes', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'a b#c/services.yaml': wrongServicesYaml, 'sub/x': '' });
      const uris = async (cwd: string, file: string) =>
        resultsOf((await command(path.join(folder, cwd), ['-f', file, '--format', 'sarif'])).stdout).map(
          ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
        );
      expect(new Set(await uris('.', 'a b#c/services.yaml'))).toEqual(new Set(['a%20b%23c/services.yaml']));
      expect(new Set(await uris('.', path.join(folder, 'a b#c/services.yaml')))).toEqual(
        new Set(['a%20b%23c/services.yaml']),
      );
      const [outside] = await uris('sub', '../a b#c/services.yaml');
      expect(outside).toMatch(/^file:\/\/\/.*\/a%20b%23c\/services\.yaml$/);
    }));

  it('leaves out what is more than GitHub takes, and says so', () => {
    const finding = { rule: 'dist-missing', severity: 'error', message: 'it is missing' } as const;
    const text = sarifReport(new Array(25_001).fill(finding), new Map([['services.yaml', '']]), '1.0.0');
    expect(resultsOf(text)).toHaveLength(25_000);
    const [run] = (JSON.parse(text) as Log).runs;
    expect(JSON.stringify(run?.invocations[0]?.toolExecutionNotifications)).toContain(
      '1 more findings are left out',
    );
  });
});
