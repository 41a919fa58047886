import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ended, inFolder, runProgram } from '../support/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function checkImports(folder: string): Promise<Ended> {
  return runProgram('npm', ['run', '--silent', 'import', '--', '--check'], { cwd: folder });
}

describe('imports/', () => {
  it('is what `npm run import` writes', async () => {
    expect(await checkImports(root)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('is stale when a CRD has changed, and the check says which files are', () =>
    inFolder(async (folder) => {
      for (const name of ['crds', 'imports', 'package.json', 'scripts', 'src', 'tsconfig.json'])
        cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
      symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
      const crd = path.join(folder, 'crds/secretstores.external-secrets.io.yaml');
      writeFileSync(crd, readFileSync(crd, 'utf8').replaceAll('maxLength: 253', 'maxLength: 252'));
      const { code, stderr } = await checkImports(folder);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'imports/crds.ts is not what crds/ yields\n' +
          'imports/validators.ts is not what crds/ yields\n' +
          'run: npm run import\n',
      });
    }));
});
