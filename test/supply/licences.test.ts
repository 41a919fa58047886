import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ended, inFolder, runProgram, writeFiles } from '../support/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Asks about packages of which the lock file says `entry`, and their own package.json what is given. */
function licencesOf(packages: Readonly<Record<string, { entry?: object; own?: object }>>): Promise<Ended> {
  return inFolder(async (folder) => {
    cpSync(path.join(root, 'scripts'), path.join(folder, 'scripts'), { recursive: true });
    const entries = Object.entries(packages).map(([name, { entry = {} }]) => [`node_modules/${name}`, entry]);
    const lock = { packages: { '': {}, ...Object.fromEntries(entries) } };
    writeFiles(folder, { 'package-lock.json': JSON.stringify(lock) });
    for (const [name, { own }] of Object.entries(packages)) {
      const manifest = JSON.stringify({ name, version: '1.0.0', ...own });
      if (own) writeFiles(folder, { [`node_modules/${name}/package.json`]: manifest });
    }
    return runProgram(process.execPath, ['scripts/licences.mjs'], { cwd: folder });
  });
}

describe('scripts/licences.mjs', () => {
  it('is content with our packages, and names the licences that README.md names', async () => {
    const { code, stdout, stderr } = await runProgram(process.execPath, ['scripts/licences.mjs'], {
      cwd: root,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ packages at run time, under [\w., -]+\n$/);
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    for (const licence of stdout.replace(/^.*under |\n/g, '').split(', '))
      expect(readme).toContain(licence.replace(/^BSD-.*/, 'BSD').replace(/-2\.0$/, ''));
  });

  it('lets through what is allowed, what is for development only, and what is not for this platform', async () => {
    const ended = await licencesOf({
      a: { own: { license: 'MIT' } },
      b: { own: { license: '(GPL-3.0-only OR ISC)' } },
      c: { own: { license: 'MIT AND BSD-3-Clause' } },
      d: { own: { licenses: [{ type: 'MIT' }] } },
      e: { own: { license: { type: 'Apache-2.0' } } },
      argparse: { own: { license: 'Python-2.0' } },
      development: { entry: { dev: true }, own: { license: 'GPL-3.0-only' } },
      elsewhere: { entry: { optional: true } },
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^6 packages /);
  });

  it.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    '(MIT OR ISC) AND GPL-3.0-only',
    '(MIT OR ISC) AND (GPL-3.0-only OR SSPL-1.0)',
    'GPL-3.0-only OR SSPL-1.0',
    'Python-2.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
  ])('refuses %s', async (license) => {
    const { code, stdout, stderr } = await licencesOf({
      a: { own: { license } },
      b: { own: { license: 'MIT' } },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(`a 1.0.0 is under ${license}\nallowed: MIT, `);
  });

  it('refuses a package that states none', async () => {
    expect((await licencesOf({ a: { own: {} } })).stderr).toMatch('a 1.0.0 is under none\n');
  });
});
