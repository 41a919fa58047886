import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/proof/files/model.ts';
import { fileKind } from '../../src/proof/files/paths.ts';
import { ProofInParts } from '../../src/proof/prove/in-parts.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { changed } from './attacks/change.ts';
import { groups } from './attacks/index.ts';
import { treeNames, treeOf } from './attacks/tree.ts';
import { filesOf } from './fleets.ts';

const sourcesOf = (tree: ReadonlyMap<string, string>) => [...tree].map(([path, text]) => ({ path, text }));

/** The platform first, then every other file, then the rest, then nothing. */
function inParts(sources: readonly Source[]) {
  const isPlatform = ({ path }: Source) => fileKind(path)?.kind === 'platform';
  const others = sources.filter((source) => !isPlatform(source));
  const proof = new ProofInParts(sources.filter(isPlatform));
  for (const start of [0, 1]) proof.add(others.filter((_, index) => index % 2 === start));
  proof.add([]);
  return proof.prove();
}

/** An attack of each group on the files of services and secrets, and one on a platform. */
const attacks = groups.flatMap(({ attacks: all }) => {
  const on = (...kinds: readonly string[]) =>
    all.filter(({ finds }) => kinds.includes(fileKind(finds.file)?.kind ?? ''));
  return [...on('tenant', 'secrets').slice(0, 4), ...on('platform').slice(0, 1)];
});

describe('files that come in parts', () => {
  it.each(treeNames)('%s: prove what they prove together', (name) => {
    const sources = sourcesOf(treeOf(name));
    const whole = proveDist(sources);
    expect(inParts(sources)).toEqual(whole);
    expect(whole.counts.tenants).toBeGreaterThan(0);
  });

  it('lose no cluster of which only services are known', () => {
    const sources = sourcesOf(treeOf('twoServices')).filter(
      ({ path }) => !/^clusters\/[^/]+\/platform\/|\/(?:eksctl|pod-identity)\//.test(path),
    );
    const { findings, counts } = proveDist(sources);
    expect(counts.tenants).toBe(2);
    expect(findings.map(({ message }) => message)).toEqual([
      'cluster "us-west-2" has no admission policies: whoever may create a SecretStore may claim any identity',
    ]);
    expect(inParts(sources)).toBeUndefined();
  });

  it('prove what there are warnings about', () => {
    const sources = filesOf(`
version: 1
aws: { account: "123456789012" }
clusters: { old: { region: us-west-2, kubernetes: "1.28", guard: false } }
services: [{ name: payments, clusters: [old], secrets: [payments_api_key] }]
`);
    const whole = proveDist(sources);
    expect(whole.findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(inParts(sources)).toEqual(whole);
  });

  it.each(attacks)('$name: prove nothing after an attack', ({ tree, change }) => {
    expect(inParts(sourcesOf(changed(treeOf(tree), change)))).toBeUndefined();
  });
});
