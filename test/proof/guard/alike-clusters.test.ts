import { describe, expect, it } from 'vitest';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { changed, type JsonObject, manifest, manifests } from '../attacks/change.ts';
import { groups } from '../attacks/index.ts';
import { type Tree, treeOf } from '../attacks/tree.ts';

const attacked = 'clusters/us-west-2/';

/** The same tree with one more cluster, which is tried first and whose files are those of the one that is attacked. */
function doubled(tree: Tree): Tree {
  const copies = [...tree].filter(([path]) => /^(?:clusters|operator)\/us-west-2\//.test(path));
  return new Map([
    ...tree,
    ...copies.map(([path, text]) => [path.replace('us-west-2', 'another'), text] as const),
  ]);
}

const prove = (tree: Tree) => proveDist([...tree].map(([path, text]) => ({ path, text })));

const attacks = groups
  .flatMap((group) => group.attacks)
  .filter(({ tree, finds }) => tree === 'twoServices' && finds.file.startsWith(attacked));

describe('of two clusters that are alike', () => {
  it('the first is tried, and what it stops is stopped in both', () => {
    const alone = prove(treeOf('twoServices'));
    const both = prove(doubled(treeOf('twoServices')));
    expect(both.findings).toEqual([]);
    expect(both.counts.forgeries).toBe(alone.counts.forgeries);
    expect(both.attacks).toEqual(
      alone.attacks.map((attack) => ({ ...attack, clusters: ['another', 'us-west-2'] })),
    );
  });

  it('so it is, however many bytes a character of a file takes', () => {
    const both = [...doubled(treeOf('twoServices'))].map(
      ([path, text]) =>
        [path, path.startsWith('clusters/another/') ? text.replace('---', '# \u2192\n---') : text] as const,
    );
    const { findings, counts } = prove(new Map(both));
    expect(findings).toEqual([]);
    expect(counts.forgeries).toBe(prove(treeOf('twoServices')).counts.forgeries);
  });

  const tokens = { annotations: { 'kubernetes.io/service-account.name': 'default' } };
  const east = { provider: { aws: { region: 'us-east-1' } } };
  const inServices = (kind: string, path: readonly string[], patch: JsonObject) =>
    ['service1', 'service2'].map((name) => manifest(`${attacked}services/${name}.yaml`, kind, path, patch));
  const withoutSecrets = [attacked, 'clusters/another/'].flatMap((cluster) =>
    ['service1', 'service2'].map((name) =>
      manifests(`${cluster}services/${name}.yaml`, (objects) =>
        objects.filter(({ kind }) => kind !== 'ExternalSecret'),
      ),
    ),
  );
  it.each([
    ['a SecretStore', inServices('SecretStore', ['spec'], east)],
    ['a SecretStore of no ExternalSecret', [...withoutSecrets, ...inServices('SecretStore', ['spec'], east)]],
    ['an ExternalSecret', inServices('ExternalSecret', ['metadata'], tokens)],
    ['an ExternalSecret of one service', inServices('ExternalSecret', ['metadata'], tokens).slice(1)],
  ])('%s that the policies refuse is found in the second', (_, changes) => {
    const { findings } = prove(changed(doubled(treeOf('twoServices')), changes));
    const refused = findings.filter(({ message }) =>
      /^in cluster "us-west-2" .* cannot create /.test(message),
    );
    expect(refused).toContainEqual(
      expect.objectContaining({
        rule: 'proof-guard',
        location: expect.objectContaining({ file: expect.stringContaining(`${attacked}services/`) }),
      }),
    );
  });

  it('a binding for changes alone is found in the second', () => {
    const rule = {
      apiGroups: ['external-secrets.io'],
      apiVersions: ['*'],
      operations: ['UPDATE'],
      resources: ['secretstores'],
    };
    const file = `${attacked}platform/admission-secretstores.yaml`;
    const matchResources = { resourceRules: [rule] };
    const change = manifest(file, 'ValidatingAdmissionPolicyBinding', ['spec'], { matchResources });
    const { findings } = prove(changed(doubled(treeOf('twoServices')), change));
    expect(findings.map((one) => one.location?.file)).toContain(file);
  });

  const own = 'tag.value in variables.identities';
  const inPolicies = (tree: Tree, from: string, to: string): Tree => {
    const texts = [...tree].map(([path, text]) => [path, text.replace(from, to)] as const);
    expect(texts.some(([path, text]) => tree.get(path) !== text)).toBe(true);
    return new Map(texts);
  };

  it('the second is tried when a service of another name is a neighbour there', () => {
    const three = treeOf('twoServices');
    const files = new Map<string, string>();
    const named = (path: string, text: string, name: string) =>
      files.set(path.replaceAll('service1', name), text.replace(/service1(?!s)/g, name));
    for (const [path, text] of three) {
      if (path.includes('service2')) continue;
      if (!path.includes('service1')) files.set(path, text);
      else for (const name of ['s1', 's2', 't-b']) named(path, text, name);
    }
    const both = new Map(doubled(files));
    both.delete(`${attacked}services/s2.yaml`);
    expect(prove(both).findings).toEqual([]);
    const hole = `(${own} || tag.value.startsWith('t-') && tag.value.endsWith('-b'))`;
    const { findings } = prove(inPolicies(both, own, hole));
    for (const cluster of ['another', 'us-west-2'])
      expect(findings.map(({ message }) => message)).toContainEqual(
        expect.stringContaining(
          `in cluster "${cluster}" s1 can create a SecretStore with the tag of another service`,
        ),
      );
  });

  it('the second is tried when its services have longer names', () => {
    const longer = (text: string) => text.replace(/service([12])(?!s)/g, 'service$1-with-a-long-name');
    const both = new Map<string, string>();
    for (const [path, text] of doubled(treeOf('twoServices'))) {
      if (!path.startsWith('clusters/another/')) both.set(longer(path), longer(text));
      if (!path.startsWith(attacked)) both.set(path, text);
    }
    expect(prove(both).findings).toEqual([]);
    const sized = 'variables.tags.size() == 1 &&';
    const short = "!object.metadata.namespace.endsWith('-a-long-name-ns')";
    const { findings } = prove(inPolicies(both, sized, `${short} && ${sized}`));
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^in cluster "us-west-2" .* cannot create the SecretStore/),
    );
  });

  it('there are enough attacks', () => expect(attacks.length).toBeGreaterThan(100));

  it.each(attacks)('$name in the second is found', ({ change, finds: { rule, file, says } }) => {
    const { findings } = prove(changed(doubled(treeOf('twoServices')), change));
    const found = findings.map((one) => ({ rule: one.rule, file: one.location?.file, says: one.message }));
    expect(found).toContainEqual({ rule, file, says: expect.stringContaining(says) });
  });
});
