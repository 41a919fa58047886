import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasErrors } from '../../src/cli/compiled.ts';
import { compileFiles, type KubernetesObject, objectsIn, runs } from '../support/run-compile.ts';

/** Few names, of which many become the same object name or the same key. */
const name = fc.constantFrom('a/b', 'a-b', 'A_b', 'a.b', 'a..b', 'a+b', '-a-b-', 'a.B', 'a/b/', 'b');
const entry = fc.record(
  {
    name,
    as: fc.constantFrom('a-b', 'b', 'c'),
    target: fc.constantFrom('a-b', 'b', 't'),
    keys: fc.dictionary(fc.constantFrom('a-b', 'b', 'k'), fc.constant('property'), { minKeys: 1 }),
    extract: fc.constant(true as const),
    refreshInterval: fc.constantFrom('1h', '2h'),
  },
  { requiredKeys: ['name'], noNullPrototype: true },
);
type Entry = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;
const secrets = fc.array(
  fc.oneof(
    entry,
    name.map((only): Entry => ({ name: only })),
  ),
  { maxLength: 4 },
);

interface ExternalSecretSpec {
  readonly target: { readonly name: string };
  readonly data?: readonly { readonly secretKey: string }[];
  readonly dataFrom?: readonly unknown[];
}

test('names that become equal are an error; otherwise everything asked for is there', () => {
  let [accepted, refused] = [0, 0];
  fc.assert(
    fc.property(secrets, secrets, (own, shared) => {
      const spec = {
        version: 1,
        aws: { account: '123456789012' },
        services: [{ name: 's', regions: ['us-west-2'], secrets: own }],
        shared: [{ name: 'common', services: ['s'], secrets: shared }],
      };
      const compiled = compileFiles({ 'services.yaml': JSON.stringify(spec) });
      if (hasErrors(compiled.findings)) {
        refused++;
        expect(compiled.files).toEqual([]);
        return;
      }
      accepted++;
      const manifests = compiled.files.filter((file) => file.path.includes('/services/'));
      const objects = objectsIn(manifests.map(({ text }) => text).join('')).filter(isExternalSecret);
      expect(readsIn(objects)).toBe(readsWanted([...own, ...shared]));
      expect(objects.length).toBe(objectsWanted([...own, ...shared]));
      expectUnique(objects.map(({ metadata }) => metadata.name));
      expectUnique(objects.map((object) => specOf(object).target.name));
      for (const object of objects)
        expectUnique(specOf(object).data?.map(({ secretKey }) => secretKey) ?? []);
    }),
    runs(400),
  );
  // Otherwise the cases have become one-sided, and the property says little.
  expect(accepted).toBeGreaterThan(40);
  expect(refused).toBeGreaterThan(40);
});

function isExternalSecret({ kind }: KubernetesObject): boolean {
  return kind === 'ExternalSecret';
}

function specOf(object: KubernetesObject): ExternalSecretSpec {
  return object.spec as ExternalSecretSpec;
}

function readsIn(objects: readonly KubernetesObject[]): number {
  return objects
    .map(specOf)
    .reduce((sum, spec) => sum + (spec.data?.length ?? 0) + (spec.dataFrom?.length ?? 0), 0);
}

/** Each chosen property is one read, and so is a whole or an extracted secret. */
function readsWanted(entries: readonly Entry[]): number {
  return entries.reduce((sum, { keys }) => sum + (keys ? Object.keys(keys).length : 1), 0);
}

/** One for each `as`, and one for each entry without. */
function objectsWanted(entries: readonly Entry[]): number {
  const named = entries.flatMap(({ as }) => as ?? []);
  return entries.length - named.length + new Set(named).size;
}

function expectUnique(names: readonly string[]): void {
  expect([...new Set(names)]).toEqual(names);
}
