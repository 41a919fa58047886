import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml, shell, shellCommand, wrongServicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe.concurrent('wrong usage', () => {
  it.each([
    ['a misspelt command', ['synht'], 'there is no command "synht"; did you mean "synth"? (synth, check, '],
    ['an unknown command', ['frobnicate'], 'there is no command "frobnicate" (synth, check, '],
    [
      'the help of an unknown command',
      ['help', 'chekc'],
      'there is no command "chekc"; did you mean "check"?',
    ],
    ['a misspelt flag', ['--dits', 'x'], "unknown option '--dits'\n(Did you mean --dist?)\n"],
    [
      'an unknown format',
      ['check', '--format', 'xml'],
      "option '--format <format>' argument 'xml' is invalid. ",
    ],
    ['a flag without its value', ['-f'], "option '-f, --services <file>' argument missing\n"],
    ['an empty value', ['-o', ''], "option '-o, --dist <folder>' argument '' is invalid. It is empty.\n"],
    [
      'a shard that is none',
      ['--shard', '3/2'],
      "option '--shard <i/n>' argument '3/2' is invalid. It is not like 2/7, ",
    ],
    ['no folders to merge', ['merge'], "missing required argument 'folder'"],
    [
      'an argument too many',
      ['check', 'dist'],
      "too many arguments for 'check'. Expected 0 arguments but got 1",
    ],
  ])('%s ends with 2, and nothing is written', (_, args, message) =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      const { code, stdout, stderr } = await command(folder, args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.startsWith(`error: ${message}`), stderr).toBe(true);
      expect(Object.keys(readTree(folder))).toEqual(['services.yaml']);
    }),
  );
});

describe.concurrent('an input that cannot be looked at', () => {
  it('is an error in one line', () =>
    inFolder(async (folder) => {
      symlinkSync('circle.yaml', path.join(folder, 'circle.yaml'));
      for (const file of ['circle.yaml', 'x'.repeat(5000), 'none/services.yaml']) {
        const { code, stdout, stderr } = await command(folder, ['check', '-f', file]);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(/^error: .*\n$/);
      }
    }));
});

describe.concurrent('help, version, schema', () => {
  it.each([
    [['--help'], /^Usage: eso-abac \[options\] \[command\]\n/],
    [['help'], /^Usage: eso-abac \[options\] \[command\]\n/],
    [['help', 'aws', 'tag-commands'], /^Usage: eso-abac aws tag-commands \[options\]\n/],
    [['check', '-h'], /^Usage: eso-abac check \[options\]\n/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['schema', '--include'], /^\{\n {2}"\$schema": /],
  ])('%s is printed to standard output', (args, text) =>
    inFolder(async (folder) => {
      const { code, stdout, stderr } = await command(folder, args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(text);
    }),
  );

  it('schema prints the file that editors read', async () => {
    const { stdout } = await command(root, ['schema']);
    expect(stdout).toBe(readFileSync(path.join(root, 'schema/services.schema.json'), 'utf8'));
  });
});

describe.concurrent('output', () => {
  it('has colours on a terminal, unless NO_COLOR, --no-color or TERM=dumb says otherwise', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': wrongServicesYaml });
      const terminal = (line: string, type = 'xterm') =>
        shell(`script -qec "env TERM=${type} ${line}" /dev/null </dev/null`, folder);
      const [coloured, dumb, noColor, flag, pipe] = await Promise.all([
        terminal(shellCommand),
        terminal(shellCommand, 'dumb'),
        terminal(`env NO_COLOR=1 ${shellCommand}`),
        terminal(`${shellCommand} --no-color`),
        shell('eso-abac', folder),
      ]);
      expect(coloured.stdout).toContain('\u001b[31merror\u001b[39m');
      expect(dumb.stdout).toContain('services.yaml:3:9: error: ');
      expect(noColor.stdout).toContain('services.yaml:3:9: error: ');
      for (const { stdout, stderr } of [dumb, noColor, flag, pipe])
        expect(stdout + stderr).not.toContain('\u001b');

      writeFiles(folder, { 'services.yaml': servicesYaml(['payments', 'orders']) });
      const clean = await terminal(shellCommand);
      expect(clean.stdout).toContain('\u001b[32mproven\u001b[39m ');
      expect(clean.stdout).not.toContain('\u001b[33m');
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      const removed = (await terminal(shellCommand)).stdout.split('\u001b[33m')[1];
      expect(removed).toMatch(/^\d+ files? written, [1-9]\d* removed/);
      expect((await shell('eso-abac', folder)).stdout).not.toContain('\u001b');
    }));

  it('fits the terminal: of a long line it shows what is around the place', () =>
    inFolder(async (folder) => {
      const services = '{ name: payments, regions: [us-west-2, us-wets-2], secrets: [payments/db] }';
      writeFiles(folder, {
        'services.yaml': `version: 1\naws: { account: "123456789012" }\nservices: [${services}]\n`,
      });
      const terminal = async (line: string) =>
        (await shell(`script -qec "${line} --no-color" /dev/null </dev/null`, folder)).stdout;
      expect(await terminal(shellCommand)).toContain(`\r\n3 | services: [${services}]\r\n`);
      expect(await terminal(`stty cols 40; ${shellCommand}`)).toContain(
        '\r\n3 | ions: [us-west-2, us-wets-2], secret\r\n  |                   ^~~~~~~~~\r\n',
      );
    }));

  it('may be cut off by its reader', () =>
    inFolder(async (folder) => {
      const objects = Array.from(
        { length: 3000 },
        (_, index) => `kind: Namespace\napiVersion: v1\nmetadata: { name: A${index} }\n`,
      );
      writeFiles(folder, { 'many.yaml': objects.join('---\n') });
      const { code, stderr } = await shell(
        'eso-abac validate many.yaml --format json | head -c 1; exit $PIPESTATUS',
        folder,
      );
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    }));

  it('that cannot be written ends with one line and 2', () =>
    inFolder(async (folder) => {
      const { code, stderr } = await shell('eso-abac schema >/dev/full', folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: 'error: standard output cannot be written: the disk is full\n',
      });
    }));
});
