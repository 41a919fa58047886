import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const workflow = '.github/workflows/eso-abac.yml';
const scripts = { synth: 'eso-abac', check: 'eso-abac check' };

describe.concurrent('init', () => {
  it('starts in an empty folder with files that compile as they are', () =>
    inFolder(async (folder) => {
      const { code, stdout, stderr } = await command(folder, ['init']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(
        `wrote    services.yaml\nwrote    ${workflow}\nwrote    .gitignore\nwrote    package.json\n`,
      );
      const tree = readTree(folder);
      expect(tree[workflow]).toMatch(
        /- run: npm ci --ignore-scripts\n +- uses: \.\/node_modules\/eso-abac\n$/,
      );
      expect(tree['.gitignore']).toBe('node_modules/\n');
      expect(JSON.parse(tree['package.json'] ?? '')).toEqual({
        private: true,
        scripts,
        devDependencies: { 'eso-abac': expect.stringMatching(/^\^\d+\.\d+\.\d+$/) },
      });
      expect(await command(folder, ['--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }));

  it('adds to a repository what it lacks, overwrites nothing, and says the same of a second time', () =>
    inFolder(async (folder) => {
      const here = {
        name: 'shop',
        scripts: { test: 'vitest', synth: 'make' },
        dependencies: { 'eso-abac': '1' },
      };
      const services = servicesYaml(['payments']);
      writeFiles(folder, {
        'there/services.yaml': services,
        'there/package.json': JSON.stringify(here, null, '\t'),
      });
      const first = await command(folder, ['init', 'there']);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.stdout).toContain(
        `kept     services.yaml\nwrote    ${workflow}\nwrote    .gitignore\nadded to package.json\n`,
      );
      const tree = readTree(path.join(folder, 'there'));
      expect(tree['services.yaml']).toBe(services);
      const added = { ...here, scripts: { ...here.scripts, check: scripts.check } };
      expect(tree['package.json']).toBe(`${JSON.stringify(added, null, '\t')}\n`);

      const second = await command(folder, ['init', 'there', '--format', 'json']);
      expect(second).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(second.stdout)).toEqual({
        command: 'init',
        files: { 'services.yaml': 'kept', [workflow]: 'kept', '.gitignore': 'kept', 'package.json': 'kept' },
        findings: [],
      });
      expect(readTree(path.join(folder, 'there'))).toEqual(tree);
    }));

  it('uses the action and the program of the repository itself in a clone of it', () =>
    inFolder(async (folder) => {
      const own = { name: 'eso-abac', scripts: { synth: 'node main.ts', check: 'node main.ts check' } };
      writeFiles(folder, { 'package.json': JSON.stringify(own) });
      const { stdout } = await command(folder, ['init']);
      expect(stdout).toContain('kept     package.json\n');
      const text = readTree(folder)[workflow] ?? '';
      expect(text).toMatch(/- uses: \.\/\n +with:\n +command: node --import tsx main\.ts\n$/);
    }));

  it.each([
    ['package.json is broken', 'there', 'there/package.json is not a JSON object; it was left as it is'],
    ['the folder is a file', 'file', 'file cannot be written: '],
  ])('writes nothing and ends with 2 when %s', (_, where, message) =>
    inFolder(async (folder) => {
      const files = { 'there/package.json': '{ "name": ', file: 'text' };
      writeFiles(folder, files);
      const { code, stdout, stderr } = await command(folder, ['init', where]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.startsWith(`error: ${message}`), stderr).toBe(true);
      expect(stderr.split('\n')).toHaveLength(2);
      expect(readTree(folder)).toEqual({ 'there/': '', ...files });
    }),
  );
});
