import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml, wrongServicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const ofService = (name: string) => `clusters/us-west-2/services/${name}.yaml`;

/** Of every file and folder what changes when it is written, or replaced by another. */
function stamps(folder: string): unknown[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return ['.', ...names].map((name) => {
    const { ino, mtimeMs, ctimeMs } = statSync(path.join(folder, name));
    return { name, ino, mtimeMs, ctimeMs };
  });
}

describe.concurrent('synth', () => {
  it('writes dist, and a second run writes nothing', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['orders', 'payments']) });
      const first = await command(folder, []);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.stdout).toMatch(
        /^dist +\d+ files written, 0 removed, 0 unchanged\ncompiled +2 services in 1 cluster\nvalidated +\d+ objects\nproven .*\n$/,
      );
      const dist = path.join(folder, 'dist');
      expect(Object.keys(readTree(dist))).toContain(ofService('payments'));

      const before = stamps(dist);
      const second = await command(folder, ['synth']);
      expect(second).toMatchObject({ code: 0, stderr: '' });
      expect(second.stdout).toMatch(/^dist +0 files written, 0 removed, \d+ unchanged\n/);
      expect(stamps(dist)).toEqual(before);
    }));

  it('removes what the input no longer yields, with its empty folders, and leaves other folders alone', () =>
    inFolder(async (folder) => {
      writeFiles(folder, {
        'in/apps.yaml': servicesYaml(['orders', 'payments'], { region: 'eu-west-1' }),
        'out/README.md': 'ours',
        'out/apps/argocd/app.yaml': 'kind: Application\n',
      });
      const args = ['-f', 'in/apps.yaml', '-o', 'out'];
      expect((await command(folder, args)).code).toBe(0);
      writeFiles(folder, { 'in/apps.yaml': servicesYaml(['payments']) });
      const { code, stdout } = await command(folder, [...args, '--format', 'json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ command: 'synth', services: 1, clusters: 1, findings: [] });
      const tree = readTree(path.join(folder, 'out'));
      expect(tree).toMatchObject({ 'README.md': 'ours', 'apps/argocd/app.yaml': 'kind: Application\n' });
      expect(Object.keys(tree).filter((name) => /^clusters.*services.*yaml$/.test(name))).toEqual([
        ofService('payments'),
      ]);
      expect(tree).not.toHaveProperty('clusters/eu-west-1/');
    }));

  it('leaves dist as it was when the input is wrong, and says where', () =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      await command(folder, []);
      const before = stamps(path.join(folder, 'dist'));
      writeFiles(folder, { 'services.yaml': wrongServicesYaml });

      const text = await command(folder, []);
      expect(text).toMatchObject({ code: 1, stdout: '' });
      expect(text.stderr).toContain('services.yaml:3:9: error: ');
      expect(text.stderr).toContain('services.yaml:5:');
      expect(text.stderr).toMatch(/\n2 errors\n$/);

      const json = await command(folder, ['--format', 'json']);
      expect(json).toMatchObject({ code: 1, stderr: '' });
      expect(JSON.parse(json.stdout)).toMatchObject({ written: 0, findings: [{ severity: 'error' }, {}] });

      const github = await command(folder, ['--format', 'github']);
      expect(github).toMatchObject({ code: 1, stderr: '' });
      expect(github.stdout).toMatch(/^::error title=[a-z-]+,file=services\.yaml,line=3,col=9,/);
      expect(stamps(path.join(folder, 'dist'))).toEqual(before);
    }));

  it.each([
    ['a file', (place: string) => writeFileSync(place, 'kind: Secret\n')],
    ['a link', (place: string) => symlinkSync('../../../services.yaml', place)],
  ])('touches nothing when %s of someone else stands under dist/clusters, and names it', (_, put) =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': servicesYaml(['payments']) });
      mkdirSync(path.join(folder, 'dist/clusters/mine'), { recursive: true });
      put(path.join(folder, 'dist/clusters/mine/theirs.yaml'));
      const before = stamps(path.join(folder, 'dist'));
      const { code, stdout, stderr } = await command(folder, []);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('dist/clusters/mine/theirs.yaml was not written by eso-abac');
      expect(stamps(path.join(folder, 'dist'))).toEqual(before);
    }),
  );

  it.each([
    ['the input does not exist', ['-f', 'none.yaml'], 'none.yaml cannot be read: it does not exist'],
    ['the input is a folder', ['-f', 'folder'], 'folder cannot be read: it is not a file'],
    ['dist is a file', ['-o', 'a-file'], 'a-file cannot be read: a part of its path is not a folder'],
    ['dist would be in a file', ['-o', 'a-file/dist'], 'a-file/dist cannot be read: a part of its path'],
  ])('ends with one line and 2 when %s', (_, args, message) =>
    inFolder(async (folder) => {
      const files = { 'services.yaml': servicesYaml(['payments']), 'folder/x': '', 'a-file': 'text' };
      writeFiles(folder, files);
      const { code, stdout, stderr } = await command(folder, args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.startsWith(`error: ${message}`), stderr).toBe(true);
      expect(stderr.split('\n')).toHaveLength(2);
      expect(readTree(folder)).toEqual({ ...files, 'folder/': '' });
    }),
  );
});
