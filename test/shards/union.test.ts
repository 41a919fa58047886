import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../main.ts';
import { inputDigest } from '../../src/shards/record.ts';
import { isOfShard, parseShard, type Shard } from '../../src/shards/shard.ts';
import { uniteShards } from '../../src/shards/union.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { inFolder, writeFiles } from '../support/run.ts';
import { shardFiles } from './files.ts';

type Files = Readonly<Record<string, string>>;

function shardsOf(count: number): Shard[] {
  return Array.from({ length: count }, (_, before) => ({ index: before + 1, count }));
}

/** What a shard of an input writes, by path. */
function writtenBy(file: string, shard: Shard): Files {
  const { files, sources, findings } = compile(file, shard);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return byPath(shardFiles(files, shard, inputDigest(file, sources), '1.0.0'));
}

function byPath(files: readonly { readonly path: string; readonly text: string }[]): Files {
  return Object.fromEntries(files.map(({ path: name, text }) => [name, text]));
}

/** Sixty services in three clusters of two accounts; some are in one cluster, all have a secret in common. */
function generated(extra: readonly string[] = []): string {
  const names = [...Array.from({ length: 60 }, (_, index) => `service-${index}`), ...extra];
  const services = names.map((name, index) => {
    const where = index % 5 === 1 ? '[b]' : '[a, b, c]';
    return `  - { name: ${name}, clusters: ${where}, secrets: [${name}/db, { name: ${name}/tls, extract: true }] }\n`;
  });
  return `version: 1
aws: { account: "123456789012", controllerRole: "eso-{cluster.name}" }
clusters:
  a: { region: us-west-2 }
  b: { region: eu-west-1, account: "210987654321" }
  c: { region: us-west-2 }
shared: [{ name: common, services: "*", secrets: [common/key] }]
services:
${services.join('')}`;
}

/** Writes each shard into a folder of its own, as `synth` does, and unites them in another order. */
function united(file: string, count: number, folder: string) {
  const folders = shardsOf(count).map((shard) => {
    const own = path.join(folder, `${shard.index}`);
    const files = Object.entries(writtenBy(file, shard)).map(([name, text]) => ({ path: name, text }));
    writeDist(planDist(own, files));
    return own;
  });
  return uniteShards(folders.reverse(), '1.0.0');
}

describe('the union of shards is byte for byte what comes without them', () => {
  it.each([1, 2, 3, 7])('examples/platform, %i shards', (count) =>
    inFolder((folder) => {
      const file = 'examples/platform/services.yaml';
      const { files, findings } = united(file, count, folder);
      expect(findings).toEqual([]);
      // The committed dist of the example is what it compiles to: CI checks it.
      const plan = planDist('examples/platform/dist', files);
      expect({ ...plan, folders: undefined }).toMatchObject({
        writes: [],
        removals: [],
        obstacles: [],
        unchanged: files.length,
      });
    }),
  );

  it.each([2, 5])('a generated fleet, %i shards', (count) =>
    inFolder((folder) => {
      writeFiles(folder, { 'services.yaml': generated() });
      const file = path.join(folder, 'services.yaml');
      const { files, findings } = united(file, count, folder);
      expect(findings).toEqual([]);
      expect(files.length).toBe(new Set(files.map(({ path: name }) => name)).size);
      expect(byPath(files)).toEqual(byPath(compile(file).files));
    }),
  );
});

it('a service that comes or goes changes the record of each shard, and files of its own shard alone', () =>
  inFolder((folder) => {
    writeFiles(folder, {
      'before/services.yaml': generated(),
      'after/services.yaml': generated(['newcomer']),
    });
    const changed = shardsOf(4).map((shard) => {
      const [before = {}, after = {}] = ['before', 'after'].map((name) =>
        writtenBy(path.join(folder, name, 'services.yaml'), shard),
      );
      const names = new Set([...Object.keys(before), ...Object.keys(after)]);
      return [...names].filter((name) => before[name] !== after[name]).sort();
    });
    const record = 'eso-abac-shard.json';
    expect(changed.filter((names) => names.join() === record).length).toBe(3);
    expect(changed.flat().filter((name) => name !== record)).toEqual([
      'aws/123456789012/secrets/us-west-2/newcomer.json',
      'aws/210987654321/secrets/eu-west-1/newcomer.json',
      'clusters/a/services/newcomer.yaml',
      'clusters/b/services/newcomer.yaml',
      'clusters/c/services/newcomer.yaml',
    ]);
  }));

it('the digest of an input is of its texts and their names, and says nothing of where it lies', () => {
  const digest = (folder: string, texts: Files, main = 'services.yaml') =>
    inputDigest(
      path.join(folder, main),
      new Map(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
    );
  const texts = { 'services.yaml': 'a', 'teams/b.yaml': 'b' };
  expect(digest('/there', { 'teams/b.yaml': 'b', 'services.yaml': 'a' })).toBe(digest('here', texts));
  const others = [
    digest('here', { ...texts, 'teams/b.yaml': 'c' }),
    digest('here', { 'services.yaml': 'a', 'teams/c.yaml': 'b' }),
    digest('here', { 'services.yaml': 'a' }),
    digest('here', texts, 'teams/b.yaml'),
  ];
  expect(new Set([digest('here', texts), ...others]).size).toBe(5);
});

describe('which shard a file is of', () => {
  const ofOne = (file: string, count: number) =>
    shardsOf(count)
      .filter((shard) => isOfShard(file, shard))
      .map(({ index }) => index);

  it('is the same for ever, as are shards that were written before an upgrade', () => {
    const names = ['payments', 'orders', 'search', 'datadog', 'service1', 'service2'];
    expect(names.map((name) => ofOne(`clusters/prod/services/${name}.yaml`, 7))).toEqual([
      [6],
      [7],
      [3],
      [6],
      [1],
      [4],
    ]);
  });

  it('is that of the service in each cluster, and of its secrets in each account and region', () => {
    for (const name of ['payments', 'orders', 'platform', 'services', 'roles']) {
      const [index, ...others] = ofOne(`clusters/prod/services/${name}.yaml`, 9);
      expect(others).toEqual([]);
      expect(ofOne(`clusters/platform/services/${name}.yaml`, 9)).toEqual([index]);
      expect(ofOne(`aws/123456789012/secrets/us-west-2/${name}.json`, 9)).toEqual([index]);
      expect(ofOne(`aws/210987654321/secrets/eu-west-1/${name}.json`, 9)).toEqual([index]);
    }
  });

  it('is the first for everything that stands once', () => {
    const names = [
      'clusters/services/platform/services.yaml',
      'aws/123456789012/roles/secrets/policy.json',
      'aws/123456789012/eksctl/secrets.json',
      'operator/services/helm-values.yaml',
      'gitops/argocd/services.yaml',
    ];
    expect(names.map((name) => ofOne(name, 9))).toEqual(names.map(() => [1]));
  });

  it('is spread evenly', () => {
    const sizes = shardsOf(8).map(
      (shard) =>
        Array.from({ length: 4000 }, (_, index) => `clusters/a/services/s${index}.yaml`).filter((file) =>
          isOfShard(file, shard),
        ).length,
    );
    expect(Math.min(...sizes)).toBeGreaterThan(430);
    expect(Math.max(...sizes)).toBeLessThan(570);
  });
});

it.each(['0/3', '4/3', '1', '1/', '/3', '1/0', '-1/3', '1.5/3', '1/3/5', ' 1/3', '1/10000', 'a/b', ''])(
  '"%s" is no shard',
  (text) => expect(parseShard(text)).toBeUndefined(),
);
