import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validSpec } from '../support/arbitrary.ts';
import { reordered } from '../support/reordered.ts';
import { asFiles, asYaml, compileValid, objectsIn, runs } from '../support/run-compile.ts';

describe('any valid input', () => {
  test('compiles to one file for each service in each of its clusters', () => {
    fc.assert(
      fc.property(validSpec, (spec) => {
        const { files, counts } = compileValid(asFiles(spec));
        expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
        const paths = files
          .map((file) => file.path)
          .filter((path) => /^clusters\/[^/]+\/services\//.test(path));
        const services = new Set(paths.map((path) => path.split('/').at(-1)));
        expect([...services].sort()).toEqual(spec.services?.map(({ name }) => `${name}.yaml`).sort());
        expect(counts.services).toBe(services.size);
      }),
      runs(80),
    );
  });

  test('gives each object a name of its own in its cluster', () => {
    fc.assert(
      fc.property(validSpec, (spec) => {
        const { files } = compileValid(asFiles(spec));
        const manifests = files.filter(({ path }) => path.startsWith('clusters/'));
        const names = manifests.flatMap(({ path, text }) =>
          objectsIn(text).map(({ kind, metadata }) =>
            [path.split('/')[1], kind, metadata.namespace, metadata.name].join(' '),
          ),
        );
        expect(new Set(names).size).toBe(names.length);
      }),
      runs(80),
    );
  });
});

describe('the output does not depend on', () => {
  test('the order of services, secrets, shared entries, clusters, tags and keys', () => {
    fc.assert(
      fc.property(reordered(validSpec), ({ spec, changed }) => {
        expect(compileValid(asFiles(changed)).files).toEqual(compileValid(asFiles(spec)).files);
      }),
      runs(60),
    );
  });

  test('the file that a service stands in', () => {
    const places = fc.array(fc.constantFrom('services', 'teams/a', 'teams/b', 'other'), { minLength: 5 });
    fc.assert(
      fc.property(validSpec, places, (spec, chosen) => {
        const { services = [], ...rest } = spec;
        const files = ['teams/a', 'teams/b', 'other'].map((name) => [
          `${name}.yaml`,
          asYaml({ services: services.filter((_, index) => chosen[index] === name) }),
        ]);
        const own = services.filter((_, index) => chosen[index] === 'services');
        const main = { ...rest, services: own, include: ['**/a.yaml', 'teams/*.yaml', 'other.yaml'] };
        const split = { ...Object.fromEntries(files), 'services.yaml': asYaml(main) };
        expect(compileValid(split).files).toEqual(compileValid(asFiles(spec)).files);
      }),
      runs(60),
    );
  });
});
