import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Entry>>;
}

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readRoot(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
}

/** What is wrong with how a package names its dependencies. */
function loose({ dependencies, devDependencies }: Package): string[] {
  return Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) =>
    /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) ? [] : [`${name} ${version}`],
  );
}

/** What a lock file leaves open: a package without a hash, or one that is fetched from a place that it names itself. */
function open({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([place, { integrity, inBundle, resolved, link }]) => {
    if (place === '') return [];
    const problems = [];
    // What comes inside another package is covered by the hash of that.
    if (!inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) problems.push('no SHA-512');
    if (resolved !== undefined) problems.push(`from ${resolved}`);
    if (link) problems.push('a link');
    return problems.map((problem) => `${place}: ${problem}`);
  });
}

describe.each(['', 'bench/'])('%spackage.json and its lock file', (folder) => {
  const manifest: Package & { name: string } = JSON.parse(readRoot(`${folder}package.json`));
  const lock: LockFile = JSON.parse(readRoot(`${folder}package-lock.json`));

  it('name the exact version of every dependency', () => {
    expect(loose(manifest)).toEqual([]);
    const { name: _, version: __, ...root } = lock.packages[''] as Entry & Package & { name: string };
    expect({ ...root.dependencies, ...root.devDependencies }).toEqual({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    });
  });

  it('hold the SHA-512 of every package, and no place to fetch one from but the registry', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(open(lock)).toEqual([]);
  });

  it('bring nothing to run time that wants to run a script when it is installed', () => {
    const entries = Object.entries(lock.packages);
    expect(entries.filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev)).toEqual([]);
  });
});

describe('these tests', () => {
  it('notice a range, a missing hash and a place to fetch from', () => {
    expect(loose({ dependencies: { a: '^1.0.0', b: '1.0.0' }, devDependencies: { c: 'latest' } })).toEqual([
      'a ^1.0.0',
      'c latest',
    ]);
    const integrity = `sha512-${'a'.repeat(86)}==`;
    const packages: LockFile['packages'] = {
      'node_modules/a': { integrity },
      'node_modules/b': { integrity: 'sha1-aaaa' },
      'node_modules/c': { integrity, resolved: 'git+ssh://git@git.example.com/c.git#1234' },
      'node_modules/d': { link: true, integrity },
      'node_modules/a/node_modules/e': { inBundle: true },
    };
    expect(open({ lockfileVersion: 3, packages })).toEqual([
      'node_modules/b: no SHA-512',
      'node_modules/c: from git+ssh://git@git.example.com/c.git#1234',
      'node_modules/d: a link',
    ]);
  });
});
