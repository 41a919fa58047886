import { dump, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { filesOf } from '../fleets.ts';
import { clustersOf, found } from './found.ts';

const fleet = (gitops: string) => `
version: 1
aws: { account: "123456789012" }
gitops: { repository: "https://git.example.com/secrets.git", ${gitops} }
clusters:
  one: { region: us-west-2, podIdentity: true }
  two: { region: us-west-2, podIdentity: true }
services:
  - { name: ledger, clusters: [one, two], secrets: [ledger/db] }
`;

const inputs = {
  'an Application for each cluster': fleet('argocd: {}, flux: {}'),
  'an Application for each service': fleet('argocd: { applicationFor: service }'),
  'another revision, folder and namespace': fleet(
    'revision: refs/tags/v1, path: ".", argocd: { namespace: gitops }, flux: { namespace: gitops, secretRef: git }',
  ),
};

type Path = readonly (string | number)[];

/** The place of each mapping in a value, and of each text, number or truth value. */
function placesIn(value: unknown, path: Path = []): { readonly mappings: Path[]; readonly scalars: Path[] } {
  if (typeof value !== 'object' || value === null) return { mappings: [], scalars: [path] };
  const inside = Object.entries(value).map(([key, one]) =>
    placesIn(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return {
    mappings: [...(Array.isArray(value) ? [] : [path]), ...inside.flatMap(({ mappings }) => mappings)],
    scalars: inside.flatMap(({ scalars }) => scalars),
  };
}

function changedAt(value: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one, index) => (index === key ? changedAt(one, rest, change) : one));
  const mapping = value as Readonly<Record<string, unknown>>;
  return { ...mapping, [key]: changedAt(mapping[key], rest, change) };
}

describe.each(Object.entries(inputs))('%s', (_, input) => {
  const all = filesOf(input);
  const clusters = clustersOf(all);
  const own = all.filter(({ path }) => path.startsWith('gitops/'));

  it('is all known', () => {
    expect(own.length).toBeGreaterThan(4);
    expect(found(clusters, own)).toEqual([]);
  });

  it.each(own.map(({ path }) => path))('%s is known to the last field', (path) => {
    const text = own.find((file) => file.path === path)?.text ?? '';
    const objects = loadAll(text) as object[];
    for (const [document, object] of objects.entries()) {
      const withChange = (at: Path, change: (value: unknown) => unknown) => {
        const changed = objects.map((one, index) => (index === document ? changedAt(one, at, change) : one));
        const content = changed.map((one) => `---\n${dump(one)}`).join('');
        return found(
          clusters,
          own.map((file) => (file.path === path ? { path, text: content } : file)),
        ).map(([, message]) => message);
      };
      const { mappings, scalars } = placesIn(object);
      for (const at of mappings)
        expect(withChange(at, (value) => ({ ...(value as object), further: true }))).toContain(
          `"${[...at, 'further'].join('.')}" is something that the proof knows nothing about`,
        );
      for (const at of scalars)
        expect(
          withChange(at, () => ({})),
          at.join('.'),
        ).not.toEqual([]);
    }
  });
});
