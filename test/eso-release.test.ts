import { describe, expect, test } from 'vitest';
import { type EsoDefaults, type EsoRelease, esoRelease, newestEsoVersion } from '../src/fleet/eso-release.ts';
import { firstWith } from '../src/proof/deployment/objects.ts';
import {
  type ApiVersion,
  applyDefaults,
  type Kind,
  releaseGroups,
  type Schema,
  unknownFields,
  upstreamReleases,
  upstreamSchema,
} from './support/upstream.ts';

/** Where the parts of `EsoDefaults` belong in the objects. */
const places: Readonly<Record<keyof EsoDefaults, readonly string[]>> = {
  remoteRef: ['ExternalSecret data[].remoteRef', 'ExternalSecret dataFrom[].extract'],
  target: ['ExternalSecret target'],
  template: ['ExternalSecret target.template'],
  aws: ['SecretStore provider.aws'],
};

/** Defaults that no object of ours ever gets, and why. */
const outOfReach: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^ExternalSecret refreshInterval$/, 'An interval is always written.'],
  [/^ExternalSecret target$/, 'A target is always written.'],
  [
    /^ExternalSecret dataFrom\[\]\.find\./,
    'Nothing is found by name or tag: it needs secretsmanager:ListSecrets.',
  ],
  [/^ExternalSecret dataFrom\[\]\.rewrite\[\]\./, 'No key is rewritten.'],
  [/^ExternalSecret data(From)?\[\]\.sourceRef\./, 'Neither another store nor a generator is named.'],
  [/^ExternalSecret target\.template\.templateFrom\[\]\./, 'Templates are written in place.'],
];

type Defaults = Readonly<Record<string, unknown>>;

/** `kind path` → value, as far as objects of ours can get them. */
function withinReach(defaults: Defaults): Defaults {
  return Object.fromEntries(
    Object.entries(defaults).filter(([path]) => !outOfReach.some(([pattern]) => pattern.test(path))),
  );
}

/** What our table says of a release, as `kind path` → value. */
function ours({ defaults }: EsoRelease): Defaults {
  const parts = Object.entries(places) as [keyof EsoDefaults, readonly string[]][];
  return Object.fromEntries(
    parts.flatMap(([part, parents]) =>
      parents.flatMap((parent) =>
        Object.entries(defaults[part]).map(([field, value]) => [`${parent}.${field}`, value]),
      ),
    ),
  );
}

function known(version: string): EsoRelease {
  const found = esoRelease(version);
  if ('problem' in found) throw new Error(`${version} is ${found.problem}`);
  expect(found.known).toBe(true);
  expect(found.release.version).toBe(version);
  return found.release;
}

const kinds: readonly Kind[] = ['ExternalSecret', 'SecretStore'];

describe.each(releaseGroups())('from $from to $to', ({ from, to, kinds: recorded }) => {
  const served: ApiVersion = recorded['ExternalSecret/v1']?.served === true ? 'v1' : 'v1beta1';
  const upstream = Object.fromEntries(
    kinds.flatMap((kind) =>
      Object.entries(recorded[`${kind}/${served}`]?.defaults ?? {}).map(([path, value]) => [
        `${kind} ${path}`,
        value,
      ]),
    ),
  );

  test('the API version is the newest that is served', () => {
    for (const kind of kinds) expect(recorded[`${kind}/${served}`]?.served).toBe(true);
    for (const version of between(from, to)) {
      expect(known(version).apiVersion).toBe(`external-secrets.io/${served}`);
    }
  });

  test('the defaults are those of the release', () => {
    for (const version of between(from, to)) expect(ours(known(version))).toEqual(withinReach(upstream));
  });
});

/** Every version that there can be between two, both included. */
function between(from: string, to: string): string[] {
  const [first, last] = [rank(from), rank(to)];
  const parts = Array.from({ length: 30 }, (_, part) => part);
  return [0, 1, 2]
    .flatMap((major) => parts.flatMap((minor) => parts.map((patch) => `${major}.${minor}.${patch}`)))
    .filter((version) => rank(version) >= first && rank(version) <= last);
}

function rank(version: string): number {
  return version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
}

test('the groups cover every release that is known', () => {
  const groups = releaseGroups();
  expect(groups.length).toBe(18);
  expect(groups.at(0)?.from).toBe('0.9.0');
  expect(groups.at(-1)?.to).toBe(newestEsoVersion);
});

test('a patch that came after the last one of its line has the defaults of that one', () => {
  const groups = releaseGroups();
  groups.forEach(({ to }, index) => {
    const next = groups[index + 1]?.from;
    if (next === undefined) return;
    const gap = between(to, next).slice(0, -1);
    for (const version of gap) expect(known(version).defaults).toEqual(known(to).defaults);
  });
});

test('each default that is out of reach is a default somewhere', () => {
  const paths = upstreamReleases.flatMap((release) => Object.keys(wholeDefaults(release)));
  const unused = outOfReach.filter(([pattern]) => !paths.some((path) => pattern.test(path)));
  expect(unused).toEqual([]);
});

/** Every default in the whole CRDs of a release, in the API version that we write for it. */
function wholeDefaults(release: (typeof upstreamReleases)[number]): Defaults {
  const apiVersion = apiVersionFor(release);
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const spec = upstreamSchema(release, kind, apiVersion).properties?.spec ?? {};
      return defaultsIn(spec).map(([path, value]) => [`${kind} ${path}`, value]);
    }),
  );
}

function apiVersionFor(release: string): ApiVersion {
  return known(release).apiVersion === 'external-secrets.io/v1' ? 'v1' : 'v1beta1';
}

function defaultsIn(schema: Schema, path = ''): [path: string, value: unknown][] {
  const own: [string, unknown][] = schema.default === undefined ? [] : [[path, schema.default]];
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => isAws(path, name));
  const below = properties.flatMap(([name, child]) =>
    defaultsIn(child, path === '' ? name : `${path}.${name}`),
  );
  return [...own, ...below, ...(schema.items ? defaultsIn(schema.items, `${path}[]`) : [])];
}

function isAws(path: string, name: string): boolean {
  return path !== 'provider' || name === 'aws';
}

describe.each(upstreamReleases)('the whole CRDs of %s', (release) => {
  const { defaults } = known(release);
  const schemas = kinds.map((kind) => upstreamSchema(release, kind, apiVersionFor(release)));

  test('have the defaults of our table and no others', () => {
    expect(ours(known(release))).toEqual(withinReach(wholeDefaults(release)));
  });

  test('add nothing to objects that carry them, and drop nothing', () => {
    const ref = { key: 'name', ...defaults.remoteRef };
    const objects = [
      {
        metadata: { name: 'secret' },
        spec: {
          refreshInterval: '1h',
          target: {
            name: 'secret',
            ...defaults.target,
            template: { ...defaults.template, metadata: { labels: {} } },
          },
          data: [{ secretKey: 'key', remoteRef: ref }],
          dataFrom: [{ extract: ref }],
        },
      },
      { metadata: { name: 'store' }, spec: { provider: { aws: { ...defaults.aws, region: 'eu-west-1' } } } },
    ];
    objects.forEach((object, index) => {
      expect(applyDefaults(schemas[index] ?? {}, object)).toEqual(object);
      expect(unknownFields(schemas[index] ?? {}, object)).toEqual([]);
    });
  });
});

test('the fields of remoteRef stand in the order in which they are written', () => {
  expect(Object.keys(known('2.3.0').defaults.remoteRef)).toEqual([
    'conversionStrategy',
    'decodingStrategy',
    'metadataPolicy',
    'nullBytePolicy',
  ]);
});

test.each(['2.9.1', '2.10.0', '3.0.0', '10.0.0', '999999.0.0'])('%s is taken as the newest', (version) => {
  const newest = known(newestEsoVersion);
  expect(esoRelease(version)).toEqual({ release: newest, known: false, oldest: '0.9.0', newest: '2.9.0' });
});

test.each(['0.8.99', '0.0.0', '0.8.3'])('%s is too old', (version) => {
  expect(esoRelease(version)).toEqual({ problem: 'too old', oldest: '0.9.0', newest: '2.9.0' });
});

test.each([
  ...[
    '',
    'v2.9.0',
    '2.9',
    '2',
    '2.9.0.1',
    '2.9.0-rc.1',
    '2.9.0+build',
    '2.9.x',
    ' 2.9.0',
    '2.9.0\n',
    '-2.9.0',
  ],
  ...['02.9.0', '2.09.0', '2.9.00', '2.9.1000000', '2,9,0', '٢.9.0', 'latest', '__proto__'],
])('%j is malformed', (version) => {
  expect(esoRelease(version)).toEqual({ problem: 'malformed', oldest: '0.9.0', newest: '2.9.0' });
});

test('the proof knows from which release on the CRDs have a field that not all have', () => {
  const isIn = (field: string) =>
    releaseGroups().filter(({ kinds }) =>
      Object.values(kinds).some(({ fields }) => fields.some((one) => new RegExp(`\\b${field}:`).test(one))),
    );
  const first = Object.keys(firstWith).map((field) => [field, isIn(field)[0]?.from]);
  expect(Object.fromEntries(first)).toEqual(firstWith);
});
