import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml, shell } from '../support/command.ts';
import { inFolder, runMain, writeFiles } from '../support/run.ts';
import { compileValid } from '../support/run-compile.ts';
import { upstreamReleases } from '../support/upstream.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const upstream = fileURLToPath(new URL('../../../shared/upstream/external-secrets/', import.meta.url));

const store = `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: team }
spec:
  provider: { aws: { service: SecretsManager, region: us-west-2 } }
`;
const wrong = store.replace('SecretsManager', 'SecretManager');

describe.concurrent('validate', () => {
  it('reads standard input', () =>
    inFolder(async (folder) => {
      const valid = await command(folder, ['validate', '-'], { input: store });
      expect(valid).toMatchObject({
        code: 0,
        stdout: '1 object in 1 file validated, no errors\n',
        stderr: '',
      });
      const invalid = await command(folder, ['validate', '-'], { input: wrong });
      expect(invalid).toMatchObject({ code: 1, stdout: '1 object in 1 file validated\n' });
      expect(invalid.stderr).toMatch(/^<stdin>:5:31: error: .*SecretManager/);
      expect(invalid.stderr).toContain('did you mean SecretsManager?');
    }));

  it('reads folders and files, and looks at what stands in no other folder alone', () =>
    inFolder(async (folder) => {
      writeFiles(folder, {
        'a/store.yaml': store,
        'a/deep/wrong.yml': wrong.replace('name: store', 'name: wrong'),
        'a/notes.txt': 'no manifest',
        'b.json': '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "Team"}}',
      });
      const json = await command(folder, ['validate', 'a', 'b.json', '--format', 'json']);
      expect(json).toMatchObject({ code: 1, stderr: '' });
      const report = JSON.parse(json.stdout) as { findings: { location: { file: string } }[] };
      expect(report).toMatchObject({ command: 'validate', files: 3, objects: 3 });
      expect(report.findings.map(({ location }) => location.file)).toEqual(['a/deep/wrong.yml', 'b.json']);

      const quiet = await command(folder, ['validate', 'a/store.yaml', '-q']);
      expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
      const github = await command(folder, ['validate', 'a', '-q', '--format', 'github']);
      expect(github).toMatchObject({ code: 1, stderr: '' });
      expect(github.stdout).toMatch(/^::error title=[a-z-]+,file=a\/deep\/wrong\.yml,line=5,col=31,.*\n$/);
    }));

  it.each([
    ['a file that does not exist', ['none.yaml'], 'none.yaml cannot be read: it does not exist'],
    ['a folder without manifests', ['empty'], 'empty holds no .yaml, .yml or .json file'],
    ['CRDs that do not exist', ['ok.yaml', '--crds', 'none'], 'none cannot be read: it does not exist'],
    ['a folder without CRDs', ['ok.yaml', '--crds', 'empty'], 'empty holds no .yaml or .yml file'],
    ['nothing', [], "missing required argument 'path'"],
  ])('ends with one line and 2 when given %s', (_, args, message) =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'ok.yaml': store, 'empty/notes.txt': '' });
      const { code, stdout, stderr } = await command(folder, ['validate', ...args]);
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
    }),
  );

  it('ends with one line and 2 when standard input cannot be read', () =>
    inFolder(async (folder) => {
      const { code, stderr } = await shell('eso-abac validate - <.', folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: 'error: standard input cannot be read: it is a folder\n',
      });
    }));

  // What is generated for a release must pass the whole CRDs of that release, not our part of them alone.
  it.each(upstreamReleases)('takes the CRDs of release %s in place of ours', (release) =>
    inFolder(async (folder) => {
      const spec = servicesYaml(['payments', 'orders']);
      const { files } = compileValid({
        'services.yaml': `${spec}externalSecrets: { version: ${release} }\n`,
      });
      writeFiles(folder, Object.fromEntries(files.map((file) => [file.path, file.text])));
      const crds = ['--crds', path.join(upstream, `v${release}`)];
      const ours = await command(folder, ['validate', 'clusters', ...crds]);
      expect(ours).toMatchObject({ code: 0, stderr: '' });
      expect(ours.stdout).toMatch(/^\d+ objects in \d+ files validated, no errors\n$/);
    }),
  );

  it('finds with the whole CRDs a mistake in a part that ours leave out', () =>
    inFolder(async (folder) => {
      const vault = store.replace(/aws: .*}/, 'vault: { server: "https://vault", versoin: v2 } }');
      writeFiles(folder, { 'vault.yaml': vault });
      const crds = ['--crds', path.join(upstream, 'v2.9.0')];
      const { code, stderr } = await command(folder, ['validate', 'vault.yaml', ...crds]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/vault\.yaml:5:\d+: error: .*versoin/);
    }));

  it('validates the examples', async () => {
    const args = ['validate', 'aws-blog/dist/clusters', 'platform/dist/clusters'];
    expect(await runMain(args, { cwd: examples })).toMatchObject({ code: 0, stderr: '' });
  });
});
