import { evaluate } from '@marcbachmann/cel-js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { fluxRef, fluxUrl } from '../../src/gitops/flux.ts';
import { distOf, named, objectsBelow, spec } from './inputs.ts';

interface KustomizationSpec {
  readonly path: string;
  readonly prune: boolean;
  readonly wait: boolean;
  readonly deletionPolicy: string;
  readonly dependsOn?: readonly { readonly name: string }[];
  readonly healthCheckExprs?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly current: string;
  }[];
}

const dist = distOf(spec());
const inSync = objectsBelow(dist, 'gitops/flux/prod/sync/');
const kustomization = (name: string) => named(inSync, 'Kustomization', name).spec as KustomizationSpec;

describe('Kustomizations', () => {
  const all = inSync.filter(({ kind }) => kind === 'Kustomization');

  it('apply the platform part, then the operator, then the services', () => {
    const order = all.map(({ metadata, spec: its }) => [
      metadata.name,
      (its as KustomizationSpec).dependsOn?.map(({ name }) => name),
    ]);
    expect(order).toEqual([
      ['eso-abac', undefined],
      ['eso-abac-platform', undefined],
      ['eso-abac-operator', ['eso-abac-platform']],
      ['eso-abac-services', ['eso-abac-operator']],
    ]);
    expect(all.map(({ spec: its }) => (its as KustomizationSpec).wait)).toEqual([false, true, true, true]);
  });

  it('name folders that are there, none of them within another', () => {
    const paths = all.map(({ spec: its }) => (its as KustomizationSpec).path);
    for (const path of paths) {
      expect(path).toMatch(/^\.\/dist\//);
      const folder = `${path.slice('./dist/'.length)}/`;
      expect([...dist.keys()].filter((file) => file.startsWith(folder))).not.toEqual([]);
      expect(paths.filter((other) => other.startsWith(path))).toEqual([path]);
    }
  });

  it('prune what can be had again, and leave everything when they are deleted', () => {
    const prune = Object.fromEntries(
      all.map(({ metadata, spec: its }) => [metadata.name, (its as KustomizationSpec).prune]),
    );
    expect(prune).toEqual({
      'eso-abac': false,
      'eso-abac-platform': true,
      'eso-abac-operator': false,
      'eso-abac-services': true,
    });
    for (const { spec: its } of all) expect((its as KustomizationSpec).deletionPolicy).toBe('Orphan');
  });

  it.each([
    [undefined, 'waits'],
    [{}, 'waits'],
    [{ conditions: [] }, 'waits'],
    [{ conditions: [{ type: 'Ready', status: 'False' }] }, 'waits'],
    [{ conditions: [{ type: 'Deleted', status: 'True' }] }, 'waits'],
    [{ conditions: [{ type: 'Ready', status: 'Unknown' }] }, 'waits'],
    [{ conditions: [{ type: 'Ready', status: 'True' }] }, 'goes on'],
  ])('take a store with status %j as ready only when it says so: %s', (status, expected) => {
    const checks = kustomization('eso-abac-services').healthCheckExprs ?? [];
    expect(checks.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'external-secrets.io/v1 SecretStore',
      'external-secrets.io/v1 ExternalSecret',
    ]);
    for (const { current } of checks) expect(isReady(current, status)).toBe(expected === 'goes on');
  });
});

/** An expression that fails, because there is no status yet, keeps Flux waiting. */
function isReady(expression: string, status: unknown): boolean {
  try {
    return evaluate(expression, status === undefined ? {} : { status }) === true;
  } catch {
    return false;
  }
}

it('installs the release of the operator with the values for Helm', () => {
  const release = named(objectsBelow(dist, 'gitops/flux/prod/operator/'), 'HelmRelease', 'external-secrets');
  expect(release.spec).toMatchObject({
    chart: { spec: { chart: 'external-secrets', version: '2.9.0' } },
    targetNamespace: 'external-secrets',
    install: { crds: 'CreateReplace' },
    upgrade: { crds: 'CreateReplace' },
    values: load(dist.get('operator/prod/helm-values.yaml') ?? '') as object,
  });
});

it.each(['prod', 'staging'])('has no trace of another cluster in the files for %s', (cluster) => {
  const other = cluster === 'prod' ? 'staging' : 'prod';
  for (const [path, text] of dist) {
    if (path.startsWith(`gitops/flux/${cluster}/`)) expect(text).not.toContain(other);
  }
});

describe('a repository for Flux', () => {
  it.each([
    ['https://git.example.com/team/platform.git', 'https://git.example.com/team/platform.git'],
    ['git@git.example.com:team/platform.git', 'ssh://git@git.example.com/team/platform.git'],
    ['ssh://git@git.example.com:2222/team/platform.git', 'ssh://git@git.example.com:2222/team/platform.git'],
  ])('%s has the URL %s', (written, expected) => {
    expect(fluxUrl(written)).toBe(expected);
  });

  it.each([
    ['main', { branch: 'main' }],
    ['release/2026.11', { branch: 'release/2026.11' }],
    ['refs/tags/v1.2', { name: 'refs/tags/v1.2' }],
    ['0123456789abcdef0123456789abcdef01234567', { commit: '0123456789abcdef0123456789abcdef01234567' }],
  ])('with revision %s is looked at at %j', (revision, expected) => {
    expect(fluxRef(revision)).toEqual(expected);
  });
});
