import { describe, expect, test } from 'vitest';
import { type Difference, differences, omissions, omittedVersions } from './crds/differences.ts';
import { comparable, compare, differs, fieldsOf, parentOf } from './crds/fields.ts';
import {
  type ApiVersion,
  type Kind,
  ourCrd,
  releaseGroups,
  type Schema,
  schemaOf,
  servedVersions,
  upstreamCrd,
  upstreamReleases,
  upstreamSchema,
} from './support/upstream.ts';

const kinds: readonly Kind[] = ['ExternalSecret', 'SecretStore'];
const apiVersions: readonly ApiVersion[] = ['v1', 'v1beta1'];

/** Every API version that a release serves. */
const served = kinds.flatMap((kind) =>
  upstreamReleases.flatMap((release) =>
    servedVersions(release, kind).map((apiVersion) => ({ kind, release, apiVersion })),
  ),
);

function linesOf(difference: Difference): string[] {
  const { upstream } = difference;
  return difference.paths.flatMap((path) => {
    if (upstream === 'no field') return [`${path}: only ours`];
    return Object.entries(upstream).map(([keyword, value]) =>
      differs(path, keyword, value === undefined ? undefined : JSON.stringify(comparable(keyword, value))),
    );
  });
}

test.each(served)(
  '$kind $apiVersion is that of $release, known differences excepted',
  ({ kind, release, apiVersion }) => {
    const leftOut = omissions.filter((omission) => omission.kinds.includes(kind)).map(({ paths }) => paths);
    const found = compare(
      fieldsOf(schemaOf(ourCrd(kind), apiVersion)),
      fieldsOf(upstreamSchema(release, kind, apiVersion), leftOut),
    );
    const known = differences
      .filter((row) => row.kind === kind && row.apiVersion === apiVersion && row.releases.includes(release))
      .flatMap(linesOf);
    expect(found.sort()).toEqual(known.sort());
  },
);

test('a difference names only releases that serve its API version', () => {
  const unserved = differences.filter(({ kind, apiVersion, releases }) =>
    releases.some((release) => !servedVersions(release, kind).includes(apiVersion)),
  );
  expect(unserved).toEqual([]);
});

test('every omission is of something that upstream has', () => {
  const unused = omissions.filter(({ kinds, paths }) =>
    kinds.some((kind) =>
      served
        .filter((version) => version.kind === kind)
        .some(({ release, apiVersion }) => {
          const fields = fieldsOf(upstreamSchema(release, kind, apiVersion));
          return ![...fields.keys()].some((path) => paths.test(path));
        }),
    ),
  );
  expect(unused).toEqual([]);
});

test.each(kinds)('%s has every API version of upstream but those left out', (kind) => {
  const upstream = upstreamReleases.flatMap((release) => upstreamCrd(release, kind).spec.versions);
  const names = new Set(upstream.map(({ name }) => name));
  const ours = ourCrd(kind).spec.versions.map(({ name }) => name);
  expect([...names].sort()).toEqual([...ours, ...Object.keys(omittedVersions)].sort());
});

test.each(kinds)('%s has the names and scope of upstream', (kind) => {
  const { versions: _, names: ourNames, ...ours } = ourCrd(kind).spec;
  for (const release of upstreamReleases) {
    const { group, scope, names } = upstreamCrd(release, kind).spec;
    const { categories: __, ...theirNames } = names;
    expect({ ...ours, names: ourNames }).toEqual({ group, scope, names: theirNames });
  }
});

/** What versions.json tells of the releases that serve an API version, oldest first. */
function historyOf(kind: Kind, apiVersion: ApiVersion) {
  return releaseGroups().flatMap(({ from, kinds }) => {
    const version = kinds[`${kind}/${apiVersion}`];
    if (version?.served !== true) return [];
    const paths = new Set(version.fields.map((field) => `spec.${field.slice(0, field.lastIndexOf(':'))}`));
    return [{ from, paths, defaults: version.defaults }];
  });
}

function everyField(schema: Schema, path = ''): [path: string, field: Schema][] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    everyField(child, path === '' ? name : `${path}.${name}`),
  );
  const items = schema.items ? everyField(schema.items, `${path}[]`) : [];
  return [[path, schema], ...properties, ...items];
}

const versions = kinds.flatMap((kind) => apiVersions.map((apiVersion) => ({ kind, apiVersion })));

describe.each(versions)('$kind $apiVersion', ({ kind, apiVersion }) => {
  const fields = everyField(schemaOf(ourCrd(kind), apiVersion));
  const history = historyOf(kind, apiVersion);
  const oldest = history[0]?.from;

  test('describes each field, in one line that ends like a sentence', () => {
    const named = fields.filter(
      ([path]) => !path.endsWith(']') || fields.some(([other]) => other.startsWith(`${path}.`)),
    );
    const undescribed = named.filter(([, { description }]) => !/^\S[^\n]*[.]$/.test(description ?? ''));
    expect(undescribed.map(([path]) => path)).toEqual([]);
  });

  test('says since when a field is there, where older releases serve the version without it', () => {
    const since = new Map<string, string>();
    for (const { from, paths } of history) {
      for (const path of paths) if (!since.has(path)) since.set(path, from);
    }
    const said = fields.map(([path, { description }]) => [
      path,
      / Since (\S+)\.$/.exec(description ?? '')?.[1],
    ]);
    const expected = fields.map(([path]) => {
      const release = since.get(path);
      return [path, release === oldest || release === since.get(parentOf(path)) ? undefined : release];
    });
    expect(said).toEqual(expected);
  });

  test('has a default exactly where all releases that serve the field fill in the same', () => {
    const recorded = fields.filter(([path]) => history.some(({ paths }) => paths.has(path)));
    const ours = recorded.map(([path, field]) => [path, field.default]);
    const upstream = recorded.map(([path]) => {
      const defaults = history
        .filter(({ paths }) => paths.has(path))
        .map(({ defaults }) => defaults[path.slice('spec.'.length)]);
      const constant = defaults.every((value) => JSON.stringify(value) === JSON.stringify(defaults[0]));
      return [path, constant ? defaults[0] : undefined];
    });
    expect(ours).toEqual(upstream);
  });
});
