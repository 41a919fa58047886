import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { Reading } from '../../src/proof/files/model.ts';
import { readTenant } from '../../src/proof/files/tenants.ts';
import { noGuard } from '../../src/proof/guard/model.ts';
import { Samples } from '../../src/proof/guard/samples.ts';
import { type Said, said } from './said.ts';

const path = 'clusters/prod/services/payments.yaml';
const labels = {
  'eso-abac/service': 'payments',
  'shared.eso-abac/datadog': 'true',
  'shared.eso-abac/old': 'no',
};
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', labels } };
const aws = {
  service: 'SecretsManager',
  region: 'us-west-2',
  role: 'arn:aws:iam::123456789012:role/reader',
  sessionTags: [{ key: 'ekssecret', value: 'payments' }],
};
/** In the last wave of Argo CD. */
const last = { annotations: { 'argocd.argoproj.io/sync-wave': '2' } };
const eso = (kind: string, name: string, spec: unknown, apiVersion = 'external-secrets.io/v1') => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'ns', ...(kind === 'ExternalSecret' && last) },
  spec,
});
const store = eso('SecretStore', 'store', { provider: { aws } });
const storeOf = (patch: object) => eso('SecretStore', 'store', { provider: { aws: { ...aws, ...patch } } });
const reference = { name: 'store', kind: 'SecretStore' };
const wants = (...data: unknown[]) => eso('ExternalSecret', 'wanted', { secretStoreRef: reference, data });
const another = (spec: object) =>
  eso('ExternalSecret', 'other', { secretStoreRef: reference, data: [entry], ...spec });
const entry = { secretKey: 'a', remoteRef: { key: 'payments/api' } };

function read(...objects: unknown[]) {
  const text = objects.map((one) => (typeof one === 'string' ? one : `---\n${dump(one)}`)).join('');
  const source = { path, text };
  const samples = new Samples(noGuard('prod'));
  return said([source], (reading) => readTenant(source, 'prod', 'payments', reading, samples));
}

type Case = readonly [what: string, object: unknown, ...said: Said[]];
const named = (cases: readonly Case[]) =>
  cases.map(([what, object, ...expected]) => ({ what, object, expected }));

const awsKeys =
  'service, region, role, additionalRoles, externalID, sessionTags, transitiveTagKeys, sessionTagsPolicy';
const unknownKey = (key: string, known: string): Said => [
  key,
  `"${key}" is something that the proof knows nothing about`,
  known,
];

describe('a SecretStore', () => {
  const cases: readonly Case[] = [
    ['nothing that is odd', storeOf({ externalID: 'audit', additionalRoles: [], sessionTagsPolicy: 'None' })],
    ['roles on the way and tags for them', storeOf({ additionalRoles: ['a'], transitiveTagKeys: ['b'] })],
    ['the first version', eso('SecretStore', 'store', { provider: { aws } }, 'external-secrets.io/v1beta1')],
    [
      'another provider',
      eso('SecretStore', 'store', { provider: { aws, vault: {} }, conditions: [] }),
      unknownKey('conditions', 'provider'),
      unknownKey('vault', 'aws'),
    ],
    ['credentials of its own', storeOf({ auth: {} }), unknownKey('auth', awsKeys)],
    [
      'parameters for secrets',
      storeOf({ service: 'ParameterStore' }),
      ['service', 'the store does not read from Secrets Manager', 'service: SecretsManager'],
    ],
    [
      'tags that the operator adds',
      storeOf({ sessionTagsPolicy: 'Namespace' }),
      [
        'sessionTagsPolicy',
        'with sessionTagsPolicy Namespace the operator sets session tags that stand in no file',
        'None',
      ],
    ],
    [
      'neither region nor role',
      storeOf({ region: 1, role: '' }),
      ['region', 'the store has no region', 'a region'],
      ['role', 'the store has no role', 'a role'],
    ],
    [
      'roles that are no texts',
      storeOf({ additionalRoles: ['a', 1], transitiveTagKeys: 'a' }),
      ['additionalRoles', 'this is no list of texts', 'a list of texts'],
      ['transitiveTagKeys', 'this is no list of texts', 'a list of texts'],
    ],
    [
      'tags that are none',
      storeOf({ sessionTags: [{ key: 'a', value: 'b', more: 1 }, { key: 'a' }, { value: 'b' }, 'a'] }),
      unknownKey('more', 'key, value'),
      ['key: a', 'this is no tag', 'key and value, both texts'],
      ['value: b', 'this is no tag', 'key and value, both texts'],
      ['a', 'this is no tag', 'key and value, both texts'],
    ],
  ];
  it.each(named(cases))('with $what', ({ object, expected }) => {
    expect(read(namespace, object).findings).toEqual(expected);
  });

  const place = { file: path, document: 1, path: ['spec', 'provider', 'aws'] };
  const usual = { ...aws, name: 'store', additionalRoles: [], transitiveTagKeys: [], place };
  const { service: _, ...expected } = usual;
  it.each([
    ['nothing more', {}, {}],
    ['an external id', { externalID: 'audit' }, { externalId: 'audit' }],
    ['an external id that is no text', { externalID: 1 }, { externalId: '' }],
    ['roles on the way', { additionalRoles: ['a', 'b'] }, { additionalRoles: ['a', 'b'] }],
    ['tags that are passed on', { transitiveTagKeys: ['a', 1] }, { transitiveTagKeys: ['a', ''] }],
    ['one tag that is passed on', { transitiveTagKeys: 'a' }, { transitiveTagKeys: ['a'] }],
    ['a tag that is none', { sessionTags: [{ key: 1 }] }, { sessionTags: [{ key: '', value: '' }] }],
    ['tags that are no list', { sessionTags: {} }, { sessionTags: [] }],
  ])('with %s is read', (_what, patch, more) => {
    expect(read(namespace, storeOf(patch)).result?.stores).toEqual([{ ...expected, ...more }]);
  });
});

describe('an ExternalSecret', () => {
  const specKeys = 'refreshInterval, refreshPolicy, secretStoreRef, target, data, dataFrom';
  const wanted = (spec: object) => eso('ExternalSecret', 'wanted', { secretStoreRef: reference, ...spec });
  const noStore = (at: string): Said => [
    at,
    'no store is named',
    'the name of a SecretStore in the namespace',
  ];
  const cases: readonly Case[] = [
    [
      'nothing that is odd',
      wanted({ refreshInterval: '1h', refreshPolicy: 'Periodic', target: {}, data: [entry] }),
    ],
    ['a template for the store', wanted({ more: 1 }), unknownKey('more', specKeys)],
    [
      'a store of the whole cluster',
      eso('ExternalSecret', 'wanted', { secretStoreRef: { name: 'a', kind: 'ClusterSecretStore', more: 1 } }),
      unknownKey('more', 'name, kind'),
      ['kind', 'a store of kind ClusterSecretStore is not in the namespace', 'SecretStore'],
    ],
    ['no store', eso('ExternalSecret', 'wanted', { secretStoreRef: {} }), noStore('secretStoreRef')],
    [
      'lists that are none',
      wanted({ data: 1, dataFrom: {} }),
      ['data', 'this is no list', 'a list'],
      ['dataFrom', 'this is no list', 'a list'],
    ],
    [
      'entries without secrets',
      wanted({ data: [entry, { secretKey: 'a', more: 1 }], dataFrom: [{ extract: { key: 1 } }] }),
      unknownKey('more', 'secretKey, remoteRef, sourceRef'),
      ['secretKey: amore: 1', 'this entry names no secret', 'remoteRef.key, the name of a secret'],
      ['extract:key: 1', 'this entry names no secret', 'extract.key, the name of a secret'],
    ],
    [
      'whatever is found',
      wanted({ dataFrom: [{ extract: { key: 'a' } }, { find: {}, extract: { key: 'a' } }] }),
      unknownKey('find', 'extract, sourceRef'),
    ],
    [
      'a generator',
      wanted({ data: [{ ...entry, sourceRef: { generatorRef: {} } }] }),
      unknownKey('generatorRef', 'storeRef'),
    ],
    [
      'stores of its entries that are none',
      wanted({
        data: [{ ...entry, sourceRef: { storeRef: { name: 1, more: 1 } } }],
        dataFrom: [{ extract: { key: 'a' }, sourceRef: { storeRef: { name: 'a', kind: 'Other' } } }],
      }),
      unknownKey('more', 'name, kind'),
      noStore('storeRef'),
      ['kind', 'a store of kind Other is not in the namespace', 'SecretStore'],
    ],
  ];
  it.each(named(cases))('with $what', ({ object, expected }) => {
    expect(read(namespace, object).findings).toEqual(expected);
  });

  it('wants each secret through the store that it names', () => {
    const { result, findings } = read(
      namespace,
      wanted({
        data: [entry, { ...entry, secretKey: 'b', sourceRef: { storeRef: { name: 'other' } } }],
        dataFrom: [{ extract: { key: 'all' } }],
      }),
    );
    const wantedFrom = (name: string, key: string, ...at: (string | number)[]) => ({
      externalSecret: 'wanted',
      store: name,
      key,
      place: { file: path, document: 1, path: ['spec', ...at, 'key'] },
    });
    expect(findings).toEqual([]);
    expect(result?.reads).toEqual([
      wantedFrom('store', 'payments/api', 'data', 0, 'remoteRef'),
      wantedFrom('other', 'payments/api', 'data', 1, 'remoteRef'),
      wantedFrom('store', 'all', 'dataFrom', 0, 'extract'),
    ]);
  });
});

describe('the file of a service', () => {
  const unknownObject = (what: string): Said => [
    'kind',
    `an object that the proof knows nothing about: ${what}`,
    'Namespace, SecretStore and ExternalSecret',
  ];
  const elsewhere = (what: string, where: string, own = 'ns'): Said => [
    'metadata',
    `a ${what} in namespace "${where}", in the file of namespace "${own}"`,
    'one Namespace first, then what is in it',
  ];
  const labelled = (patch: object) => ({
    ...namespace,
    metadata: { name: 'ns', labels: { ...labels, ...patch } },
  });
  const noNamespace: Said = [
    '#',
    'the file has no Namespace',
    'the Namespace, whose labels say which identities it may claim',
  ];
  const cases: readonly (readonly [what: string, objects: readonly unknown[], ...said: Said[]])[] = [
    ['what belongs there', [namespace, store, wants(entry)]],
    ['an empty document', [namespace, '---\n', store]],
    [
      'objects of other kinds',
      [namespace, { apiVersion: 'v1', kind: 'Secret' }, { ...store, apiVersion: 'external-secrets.io/v2' }],
      unknownObject('Secret of v1'),
      unknownObject('SecretStore of external-secrets.io/v2'),
    ],
    [
      'a store of the whole cluster',
      [namespace, { ...store, kind: 'ClusterSecretStore', metadata: { name: 'store' } }],
      unknownObject('ClusterSecretStore of external-secrets.io/v1'),
    ],
    [
      'versions that only begin or end so',
      [
        namespace,
        { ...store, apiVersion: 'external-secrets.io/v1alpha1' },
        { ...store, apiVersion: 'x.external-secrets.io/v1' },
        { ...namespace, apiVersion: 'v2' },
      ],
      unknownObject('SecretStore of external-secrets.io/v1alpha1'),
      unknownObject('SecretStore of x.external-secrets.io/v1'),
      unknownObject('Namespace of v2'),
    ],
    [
      'what is no object',
      [namespace, '---\n- a\n', '---\ntext\n'],
      ['- a', 'an object that the proof knows nothing about: undefined of undefined', unknownObject('')[2]],
      ['text', 'an object that the proof knows nothing about: undefined of undefined', unknownObject('')[2]],
    ],
    [
      'objects of other namespaces',
      [
        namespace,
        { ...store, metadata: { name: 'store', namespace: 'other' } },
        { ...wants(entry), metadata: { name: 'wanted', ...last } },
        { ...store, metadata: null },
      ],
      elsewhere('SecretStore', 'other'),
      elsewhere('ExternalSecret', ''),
      elsewhere('SecretStore', ''),
    ],
    [
      'two Namespaces',
      [namespace, namespace, store],
      elsewhere('Namespace', 'ns'),
      elsewhere('SecretStore', 'ns'),
    ],
    ['its Namespace last', [store, namespace], elsewhere('SecretStore', 'ns', 'undefined')],
    [
      'the labels of another service',
      [labelled({ 'eso-abac/service': 'orders' })],
      [
        'eso-abac/service',
        'the namespace is labelled as that of service "orders", in the file of service "payments"',
        'eso-abac/service: payments',
      ],
    ],
    [
      'no labels',
      [{ ...namespace, metadata: { name: 'ns' } }],
      [
        'name: ns',
        'the namespace is labelled as that of service "", in the file of service "payments"',
        'eso-abac/service: payments',
      ],
    ],
    [
      'what no cluster takes',
      [namespace, { ...store, metadata: { ...store.metadata, name: 'my_store' } }, wants(entry, entry)],
      ['name', expect.stringContaining('"my_store"') as string, expect.anything() as string],
      ['secretKey', 'secretKey "a" stands here twice', 'each key once'],
    ],
    [
      'what no cluster takes, and something that is said already',
      [namespace, storeOf({ auth: {} }), wants(entry, entry)],
      unknownKey('auth', awsKeys),
    ],
    ['nothing but comments', ['# nothing\n'], noNamespace],
    [
      'two ExternalSecrets for one Secret, which one of them says',
      [namespace, wants(entry), another({ target: { name: 'wanted' } })],
      ['target', 'a second ExternalSecret that fills the Secret "wanted"', 'each by one'],
    ],
    [
      'a Secret of somebody else',
      [namespace, another({ target: { creationPolicy: 'Merge' } })],
      [
        'creationPolicy',
        'with creationPolicy Merge the Secret is none that the operator makes and owns',
        'Owner',
      ],
    ],
    [
      'a store alone',
      [store],
      elsewhere('SecretStore', 'ns', 'undefined'),
      ['apiVersion: external-sec…', noNamespace[1], noNamespace[2]],
    ],
  ];
  it.each(cases.map(([what, objects, ...expected]) => ({ what, objects, expected })))(
    'with $what',
    ({ objects, expected }) => {
      expect(read(...objects).findings).toEqual(expected);
    },
  );

  it('says whose it is and which identities it may claim', () => {
    const expected = {
      cluster: 'prod',
      file: path,
      service: 'payments',
      namespace: 'ns',
      identities: ['payments', 'datadog'],
      stores: [],
      reads: [],
    };
    expect(read(namespace).result).toEqual(expected);
    const metadata = { labels: { 'eso-abac/service': 'orders', 'x/shared.eso-abac/datadog': 'true' } };
    const other = { ...expected, namespace: '', identities: ['orders'] };
    expect(read({ ...namespace, metadata }).result).toEqual(other);
    expect(read(store).result).toBeUndefined();
  });

  it('is a sample of all that differ from it in names alone', () => {
    const samples = new Samples(noGuard('prod'));
    const add = (name: string, ...objects: object[]) => {
      const text = objects.map((one) => `---\n${dump(one)}`).join('');
      readTenant({ path: name, text }, 'prod', name, new Reading(), samples);
      return samples.all().map(({ file }) => file);
    };
    const named = { ...namespace, metadata: { name: 'other', labels: { 'eso-abac/service': 'orders' } } };
    const folded = { ...named, metadata: { ...named.metadata, annotations: { about: 'two\nlines' } } };
    expect(add('first', named)).toEqual(['first']);
    expect(add('alike', { ...named, metadata: { ...named.metadata, name: 'another' } })).toEqual(['first']);
    expect(add('second', named, { ...store, metadata: { name: 'a', namespace: 'other' } })).toEqual([
      'first',
      'second',
    ]);
    expect(add('folded', folded)).toEqual(['first', 'second', 'folded']);
  });

  it.each([
    ['a key that stands twice', '---\na: b\na: c\n', [['a', 'duplicate-key']]],
    ['more depth than is read', `---\n${'['.repeat(70)}${']'.repeat(70)}\n`, [['[', 'input-limit']]],
    ['what is no YAML', '---\na: [\n', [['[', 'yaml-syntax']]],
  ])('with %s is not read', (_, text, expected) => {
    const source = { path, text: `---\n${dump(namespace)}${text}` };
    const { result, findings } = said([source], (reading) => {
      const tenant = readTenant(source, 'prod', 'payments', reading, new Samples(noGuard('prod')));
      return { tenant, rules: reading.findings.map(({ rule }) => rule) };
    });
    expect(result.tenant).toBeUndefined();
    expect(findings.map(([at], index) => [at.slice(0, 1), result.rules[index]])).toEqual(expected);
  });
});
