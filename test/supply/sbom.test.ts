import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inFolder, runProgram } from '../support/run.ts';
import { installedPackages, type Manifest } from './installed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lockFile = ['package.json', 'package-lock.json', '.npmrc'];

interface Bom {
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    readonly licenses: readonly {
      readonly license?: { readonly id: string };
      readonly expression?: string;
    }[];
    readonly purl: string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

async function printedIn(folder: string, env: Record<string, string> = {}): Promise<string> {
  const args = [path.join(folder, 'scripts/sbom.mjs')];
  const { stdout, stderr, code } = await runProgram(process.execPath, args, { cwd: tmpdir(), env });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

/** What the schema of CycloneDX, with its formats, has against a text. */
async function schemaErrors(text: string): Promise<unknown> {
  return new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
}

describe('the bill of materials', () => {
  const project = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  let text = '';
  let bom: Bom = { components: [], dependencies: [] };
  let installed: ReadonlyMap<string, Manifest> = new Map();

  beforeAll(async () => {
    text = await printedIn(root);
    bom = JSON.parse(text);
    for (const file of lockFile) cpSync(path.join(root, file), path.join(project, file));
    const ci = ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--silent'];
    expect(await runProgram('npm', ci, { cwd: project })).toMatchObject({ code: 0, stderr: '' });
    installed = installedPackages(project);
  });
  afterAll(() => rmSync(project, { recursive: true }));

  it('is one of CycloneDX 1.6', async () => {
    expect(await schemaErrors(text)).toBeNull();
  });

  it('would be refused with a field that CycloneDX does not have, a hash that is none, or a licence of no such name', async () => {
    for (const [right, wrong] of [
      ['"purl"', '"packageUrl"'],
      ['"SHA-512"', '"SHA512"'],
      ['"Apache-2.0"', '"Apache 2"'],
    ] as const)
      expect(await schemaErrors(text.replace(right, wrong)), wrong).not.toBeNull();
  });

  it('names each package that an installation for production has, with its version and licence, and no other', () => {
    const stated = bom.components.map(({ 'bom-ref': place, group, name, version, licenses }) => [
      place,
      {
        name: group ? `${group}/${name}` : name,
        version,
        license: licenses.map(({ license, expression }) => license?.id ?? expression).join(),
      },
    ]);
    const real = [...installed].map(([place, { name, version, license }]) => [
      place,
      { name, version, license },
    ]);
    expect(Object.fromEntries(stated)).toEqual(Object.fromEntries(real));
    expect(stated.length).toBeGreaterThan(10);
  });

  it('has a package URL for each, and the hash of what was downloaded but for what comes inside another package', () => {
    for (const { group, name, version, purl, hashes, 'bom-ref': place } of bom.components) {
      expect(purl).toBe(`pkg:npm/${group ? `${group.replace('@', '%40')}/` : ''}${name}@${version}`);
      const lengths = hashes?.map(({ alg, content }) => `${alg} ${content.length}`);
      const isInside = place.includes('/node_modules/');
      expect(lengths, place).toEqual(isInside ? undefined : ['SHA-512 128']);
    }
  });

  it('says which package needs which, so that each can be reached from ours', () => {
    const needs = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set(['eso-abac']);
    for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next);
    expect([...reached].sort()).toEqual(['eso-abac', ...installed.keys()].sort());
    for (const [place, { name }] of installed) {
      const manifest = JSON.parse(readFileSync(path.join(project, place, 'package.json'), 'utf8'));
      const names = needs.get(place)?.map((ref) => installed.get(ref)?.name);
      expect(new Set(names), name).toEqual(
        new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
      );
    }
  });

  it('is the same bytes wherever and whenever it is made', () =>
    inFolder(async (folder) => {
      for (const file of lockFile) cpSync(path.join(root, file), path.join(folder, file));
      mkdirSync(path.join(folder, 'scripts'));
      for (const file of ['sbom.mjs', 'lock-file.mjs'])
        cpSync(path.join(root, 'scripts', file), path.join(folder, 'scripts', file));
      expect(await printedIn(folder, { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', USER: 'other' })).toBe(text);
    }));
});
