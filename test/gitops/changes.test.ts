import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/input/schema.ts';
import type { Repository } from './application-sets.ts';
import { distOf, objectsBelow, spec } from './inputs.ts';

const service = (name: string) => ({ name, clusters: ['prod', 'staging'], secrets: [`${name}/db`] });

/** The input with more services. */
function withServices(input: Spec, ...names: string[]): Spec {
  return { ...input, services: [...(input.services ?? []), ...names.map(service)] };
}

const gitopsOf = (dist: Repository) => [...dist].filter(([file]) => file.startsWith('gitops/'));

describe.each(['cluster', 'service'] as const)('with an Application for each %s', (applicationFor) => {
  const input = spec({ argocd: { applicationFor } });

  it('files for Argo CD and Flux are the same whatever services there are', () => {
    const more = Array.from({ length: 200 }, (_, index) => `service${index}`);
    expect(gitopsOf(distOf(withServices(input, ...more)))).toEqual(gitopsOf(distOf(input)));
  });

  it('two branches that add a service each merge in Git', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
    try {
      const git = repositoryIn(folder);
      commit(git, folder, distOf(input));
      git('switch', '--quiet', '--create', 'invoices');
      commit(git, folder, distOf(withServices(input, 'invoices')));
      git('switch', '--quiet', '--create', 'refunds', 'main');
      commit(git, folder, distOf(withServices(input, 'refunds')));
      git('merge', '--quiet', '--no-edit', 'invoices');
      const merged = git('ls-files').trim().split('\n');
      expect(merged.sort()).toEqual([...distOf(withServices(input, 'invoices', 'refunds')).keys()].sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

type Git = (...args: string[]) => string;

function repositoryIn(folder: string): Git {
  const identity = ['user.name=a', 'user.email=a@example.com', 'commit.gpgSign=false'];
  const settings = identity.flatMap((setting) => ['-c', setting]);
  const git: Git = (...args) =>
    execFileSync('git', [...settings, ...args], { cwd: folder, encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch', 'main');
  return git;
}

function commit(git: Git, folder: string, dist: Repository): void {
  for (const [file, text] of dist) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'dist');
}

describe('a service or cluster that goes', () => {
  const dist = distOf(spec());

  it('leaves its Namespace, for either engine', () => {
    const namespaces = objectsBelow(dist, 'clusters/').filter(({ kind }) => kind === 'Namespace');
    expect(namespaces).toHaveLength(2 * 4);
    for (const { metadata } of namespaces)
      expect(metadata).toMatchObject({
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
          'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        },
      });
  });

  it('leaves nothing that keeps its SecretStores and ExternalSecrets from being pruned', () => {
    const others = objectsBelow(dist, 'clusters/prod/services/').filter(({ kind }) => kind !== 'Namespace');
    expect(others).toHaveLength(2 * 3);
    for (const { metadata } of others) expect(JSON.stringify(metadata)).not.toMatch(/Prune|prune/);
  });

  it('takes a cluster out of every list, and its own files', () => {
    const { staging: _, ...clusters } = spec().clusters ?? {};
    const services = (spec().services ?? []).map((one) => ({ ...one, clusters: ['prod'] }));
    const after = distOf(spec({}, { clusters, services }));
    for (const [file, text] of gitopsOf(after)) expect(`${file}\n${text}`).not.toContain('staging');
  });

  it('never takes the CRDs along when Helm uninstalls the operator', () => {
    for (const file of ['operator/prod/helm-values.yaml', 'gitops/flux/prod/operator/helm-release.yaml'])
      expect(dist.get(file)).toMatch(/crds:\n +annotations:\n +helm\.sh\/resource-policy: keep\n/);
  });
});
