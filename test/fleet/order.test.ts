import { describe, expect, it } from 'vitest';
import { compileValid } from '../support/run-compile.ts';

/** What may be written in any order: mappings, and lists that are sets. */
const input = {
  version: 1,
  aws: {
    account: '111111111111',
    primaryRegion: 'us-west-2',
    administrators: ['b-admin', 'c-admin', 'a-admin'],
    kms: { keys: ['b', 'c', 'a'].map((id) => `arn:aws:kms:us-west-2:111111111111:key/${id}`) },
  },
  abac: { tags: { team: 'platform', Environment: '{cluster.environment}', area: 'x' } },
  guard: { allow: ['vault', 'gcpsm', 'Password', 'Fake'] },
  gitops: { repository: 'https://git.example.com/a.git', argocd: { applicationFor: 'service' }, flux: {} },
  clusters: {
    prod: { region: 'us-west-2', environment: 'prod', controllerRole: 'b' },
    test: { region: 'eu-west-1', environment: 'prod', controllerRole: 'c' },
    older: { region: 'eu-central-1', environment: 'prod', controllerRole: 'a' },
  },
  services: [
    {
      name: 'payments',
      clusters: ['prod', 'test', 'older'],
      secrets: [
        { name: 'b', as: 'same', keys: { z: 'z', a: 'a' }, template: { z: '{{ .z }}', b: '{{ .a }}' } },
        { name: 'c', as: 'same', keys: { y: 'y', b: 'b' }, template: { y: '{{ .y }}', a: '{{ .b }}' } },
        'a',
      ],
    },
    { name: 'zebra', clusters: ['test', 'prod'], secrets: ['zebra_key'] },
    { name: 'orders', clusters: ['older', 'prod'], secrets: ['orders_key'] },
  ],
  shared: [
    { name: 'n', services: ['zebra', 'payments', 'orders'], secrets: ['n_key'] },
    { name: 'x', services: ['payments', 'zebra'], secrets: ['x_key'] },
    { name: 'm', services: ['payments', 'orders'], secrets: ['m_key', 'l_key'] },
  ],
};

function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards).reverse();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, backwards(entry)] as const);
  return Object.fromEntries(entries.reverse());
}

function filesOf(spec: unknown): Map<string, string> {
  const { files } = compileValid({ 'services.yaml': JSON.stringify(spec) });
  return new Map(files.map(({ path, text }) => [path, text]));
}

describe('the order in which an input says things', () => {
  it('changes no byte of what is written', () => {
    const [forth, back] = [filesOf(input), filesOf(backwards(input))];
    expect(new Map([...back].sort())).toEqual(new Map([...forth].sort()));
    expect(forth.size).toBeGreaterThan(30);
  });

  it.each([
    ['services', /^clusters\/(.*)\/services\/(.*)\.yaml$/],
    ['secrets', /^aws\/(.*)\/secrets\/(.*)\/(.*)\.json$/],
  ])('gives way to that of names: %s', (_, place) => {
    const { files } = compileValid({ 'services.yaml': JSON.stringify(input) });
    const names = files.flatMap(({ path }) => place.exec(path)?.slice(1).join() ?? []);
    expect(names).toEqual([...names].sort());
    expect(names.length).toBeGreaterThan(4);
  });
});
