import { type Mapping, text } from '../../files/store.ts';
import { awsOf, type Ground, tagsOf } from '../ground.ts';
import type { Attempt } from '../model.ts';
import { creation, kinds, namespaceNamed, patched, update } from '../requests.ts';

/** What a store is turned into. */
interface Forged {
  readonly what: string;
  readonly store: Mapping;
  readonly unlessNamed?: string;
}

type Tag = { readonly key: string; readonly value: string };

/**
 * SecretStores by which a tenant would get what is not its own: in its namespace, as new ones and by changing the real
 * one, and in a namespace that belongs to no service.
 */
export function storeForgeries(ground: Ground): Attempt[] {
  const { namespace, store } = ground;
  const forged = [...withTags(ground), ...withSettings(ground)];
  const sandbox = namespaceNamed('sandbox');
  const untagged = patched(store, aws({ sessionTags: null }));
  return [
    ...forged.flatMap(({ what, store: bad, ...unless }) => [
      {
        what: `create ${named(what)}`,
        attack: named(what),
        request: creation(kinds.SecretStore, bad, namespace),
        ...unless,
      },
      ...(what.startsWith(textOfPolicy)
        ? []
        : [
            {
              what: `change its SecretStore into one with ${what}`,
              attack: named(what),
              request: update(kinds.SecretStore, store, bad, namespace),
              ...unless,
            },
          ]),
    ]),
    ...['v1beta1', 'v1alpha1'].flatMap((version) =>
      forged.slice(0, 1).map(({ what, store: bad }) => ({
        what: `create a SecretStore with ${what}, as ${version}`,
        request: creation(kinds.SecretStore, bad, namespace, { version }),
      })),
    ),
    {
      // The first version of the API has no session tags: whatever is written through it loses them.
      what: 'drop the tags of its SecretStore by a label set through v1alpha1',
      request: update(
        kinds.SecretStore,
        untagged,
        patched(untagged, { metadata: { labels: { team: 'a' } } }),
        namespace,
        { version: 'v1alpha1' },
      ),
    },
    ...outside(ground).flatMap(({ what, store: bad }) => [
      {
        what: `create, in a namespace of no service, ${named(what)}`,
        attack: `in a namespace of no service, ${named(what)}`,
        request: creation(kinds.SecretStore, moved(bad, 'sandbox'), sandbox),
      },
      {
        what: `change, in a namespace of no service, a SecretStore into one with ${what}`,
        attack: `in a namespace of no service, ${named(what)}`,
        request: update(kinds.SecretStore, moved(harmless(store), 'sandbox'), moved(bad, 'sandbox'), sandbox),
      },
    ]),
    ...inOperatorNamespace(ground),
    ...inLabelled(ground),
  ];
}

function named(what: string): string {
  return `a SecretStore with ${what}`;
}

function withTags({ store, foreign, identityKey, furtherKeys, literals, numbers, own }: Ground): Forged[] {
  const tags = tagsOf(store);
  const isIdentity = ({ key }: Tag) => key.toLowerCase() === identityKey.toLowerCase();
  const change = (is: (tag: Tag) => boolean, to: (tag: Tag) => readonly Tag[]) =>
    tags.flatMap((tag) => (is(tag) ? to(tag) : [tag]));
  const [{ identity: victim } = { identity: 'another' }] = foreign;
  const capitals = (key: string) => (key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase());
  const other = { key: 'project', value: 'apollo' };
  const lists: readonly (readonly [what: string, tags: readonly Tag[]])[] = [
    ...foreign.map(
      ({ what, identity }) => [what, change(isIdentity, ({ key }) => [{ key, value: identity }])] as const,
    ),
    ...literals
      .filter((one) => !own.has(one))
      .map((one) => [aText('tag'), change(isIdentity, ({ key }) => [{ key, value: one }])] as const),
    ['no tags', []],
    ['its tag and that of another service', change(isIdentity, (tag) => [tag, { ...tag, value: victim }])],
    ['the tag of another service and its own', change(isIdentity, (tag) => [{ ...tag, value: victim }, tag])],
    ['its tag twice', change(isIdentity, (tag) => [tag, tag])],
    ...lengths(numbers, tags.length).map(
      (length) =>
        [
          'many tags',
          padded(
            change(isIdentity, (tag) => [{ ...tag, value: victim }]),
            length,
          ),
        ] as const,
    ),
    ['a tag more', [...tags, other]],
    ['a tag more, in front', [other, ...tags]],
    ['another tag in place of its own', change(isIdentity, () => [other])],
    ['its tag under another key', change(isIdentity, ({ value }) => [{ key: other.key, value }])],
    [
      'the key of its tag in capitals',
      change(isIdentity, ({ key, value }) => [{ key: capitals(key), value }]),
    ],
    [
      'the key in capitals for another service',
      change(isIdentity, (tag) => [tag, { key: capitals(tag.key), value: victim }]),
    ],
    ...furtherKeys.flatMap((further) => {
      const is = ({ key }: Tag) => key === further;
      const value = tags.find(is)?.value;
      return [
        ...literals
          .filter((one) => one !== value)
          .map((one) => [aText(further), change(is, ({ key }) => [{ key, value: one }])] as const),
        [`another value of ${further}`, change(is, ({ key, value }) => [{ key, value: `${value}-2` }])],
        [`two values of ${further}`, change(is, (tag) => [tag, { ...tag, value: `${tag.value}-2` }])],
        [`no ${further}`, change(is, () => [])],
        [`the value of ${further} under another key`, change(is, (tag) => [{ ...tag, key: other.key }])],
        [`its identity twice in place of ${further}`, change(is, () => tags.filter(isIdentity))],
        [
          `the tag of another service in place of ${further}`,
          change(is, () => [{ key: identityKey, value: victim }]),
        ],
      ] as const;
    }),
  ];
  const none = patched(store, aws({ sessionTags: null }));
  return [
    ...lists
      .filter(([, list]) => !isSame(list, tags))
      .map(([what, sessionTags]) => ({ what, store: patched(store, aws({ sessionTags })) })),
    { what: 'no list of tags', store: none },
  ];
}

const textOfPolicy = 'a text of a policy as';

/** The most session tags that AWS takes. Source: AWS STS, API reference of AssumeRole. */
const mostTags = 50;

/** Numbers of tags that a policy may tell from others. */
function lengths(numbers: readonly number[], least: number): number[] {
  const around = numbers.flatMap((one) => [one - 1, one, one + 1, 2 * one]);
  return [...new Set(around)].filter((one) => one > least && one <= mostTags);
}

function padded(tags: readonly Tag[], length: number): Tag[] {
  const more = Array.from({ length: length - tags.length }, (_, index) => ({
    key: `more-${index}`,
    value: 'x',
  }));
  return [...tags, ...more];
}

/** A key without letters is in capitals already, and a list without the tag in question is as it was. */
function isSame(some: readonly Tag[], others: readonly Tag[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/** A tenant may write whatever a policy compares something with. */
function aText(field: string): string {
  return `${textOfPolicy} ${field}`;
}

function aws(settings: Mapping): Mapping {
  return { spec: { provider: { aws: settings } } };
}

const theirAccount = { name: 'default', namespace: 'another-namespace' };
const keysIn = (namespace?: string) => ({
  accessKeyIDSecretRef: { name: 'aws', key: 'id', ...(namespace && { namespace }) },
  secretAccessKeySecretRef: { name: 'aws', key: 'secret', ...(namespace && { namespace }) },
});

/** Providers that lead elsewhere. dist has none but AWS, and so no tenant may. */
const providers: Mapping = {
  fake: { data: [{ key: 'a', value: 'b' }] },
  kubernetes: { remoteNamespace: 'another-namespace', auth: { serviceAccount: theirAccount } },
  webhook: { url: 'http://169.254.169.254/', result: { jsonPath: '$' } },
  vault: { server: 'https://vault.example.com', path: 'secret', auth: { iam: { vaultRole: 'all' } } },
  gcpsm: { projectID: 'another' },
};

/** Settings of AWS in which a store may differ from the real one, and those beside the provider. */
function withSettings({ store, guard, identityKey, literals }: Ground): Forged[] {
  const found = awsOf(store);
  const operator = { name: 'external-secrets', namespace: guard.operatorNamespace };
  const region = text(found.region);
  const patches: readonly (readonly [what: string, patch: Mapping])[] = [
    ['transitive tags', aws({ transitiveTagKeys: [identityKey] })],
    ['another role', aws({ role: `${text(found.role)}-2` })],
    ['a role that ends in its own', aws({ role: `x${text(found.role)}` })],
    ['the beginning of its role', aws({ role: text(found.role).slice(0, -1) })],
    ["no role, and so the operator's", aws({ role: null })],
    ['another region', aws({ region: region === 'eu-west-1' ? 'us-east-1' : 'eu-west-1' })],
    ['another external id', aws({ externalID: `${text(found.externalID)}-2` })],
    ...(found.externalID === undefined ? [] : [['no external id', aws({ externalID: null })] as const]),
    [
      'one more role on the way',
      aws({ additionalRoles: [...textsOf(found.additionalRoles), `${text(found.role)}-2`] }),
    ],
    ...(found.additionalRoles === undefined
      ? []
      : [['no role on the way', aws({ additionalRoles: null })] as const]),
    ['Parameter Store', aws({ service: 'ParameterStore' })],
    ['tags that the operator sets', aws({ sessionTagsPolicy: 'Simple' })],
    ['tags that the operator adds', aws({ sessionTagsPolicy: 'Custom' })],
    ['a prefix', aws({ prefix: 'another/' })],
    ['settings of Secrets Manager', aws({ secretsManager: { forceDeleteWithoutRecovery: true } })],
    ['empty credentials', aws({ auth: {} })],
    ["the operator's service account", aws({ auth: { jwt: { serviceAccountRef: operator } } })],
    ["another namespace's service account", aws({ auth: { jwt: { serviceAccountRef: theirAccount } } })],
    ['a service account of its own', aws({ auth: { jwt: { serviceAccountRef: { name: 'default' } } } })],
    ['access keys', aws({ auth: { secretRef: keysIn() } })],
    ["another namespace's access keys", aws({ auth: { secretRef: keysIn('another-namespace') } })],
    ['another class of operator', { spec: { controller: 'another' } }],
    ['conditions', { spec: { conditions: [{ namespaces: ['another-namespace'] }] } }],
  ];
  const compared = ['region', 'role', 'externalID', 'service', 'sessionTagsPolicy'].flatMap((field) =>
    literals
      .filter((one) => one !== (found[field] ?? (field === 'sessionTagsPolicy' ? 'None' : undefined)))
      .map((one) => [aText(field), aws({ [field]: one })] as const),
  );
  return [
    ...[...patches, ...compared].map(([what, patch]) => ({ what, store: patched(store, patch) })),
    ...Object.entries(providers).map(([name, settings]) => ({
      what: `the provider ${name}`,
      store: patched(store, { spec: { provider: { aws: null, [name]: settings } } }),
      unlessNamed: name,
    })),
    ...literals
      .filter((name) => name !== 'aws' && !Object.hasOwn(providers, name))
      .map((name) => ({
        what: aText('provider'),
        store: patched(store, { spec: { provider: { aws: null, [name]: {} } } }),
        unlessNamed: name,
      })),
    ...Object.entries(providers).map(([name, settings]) => ({
      what: `the provider ${name} beside its own`,
      store: patched(store, { spec: { provider: { [name]: settings } } }),
      unlessNamed: name,
    })),
    ...Object.entries(providers).map(([name, settings]) => ({
      what: `the provider ${name} beside aws without tags`,
      store: patched(store, { spec: { provider: { aws: { sessionTags: [] }, [name]: settings } } }),
    })),
  ];
}

function textsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Where no label says what a namespace may claim, a store must not be the operator's in any way. */
function outside({ store, guard, literals }: Ground): Forged[] {
  const account = (name: string, namespace?: string) => ({
    jwt: { serviceAccountRef: { name, ...(namespace !== undefined && { namespace }) } },
  });
  const auths: readonly (readonly [what: string, auth: Mapping | null])[] = [
    ["the operator's identity", null],
    ['empty credentials', {}],
    ['an empty service account', { jwt: {} }],
    ['a service account without name', account('')],
    ['empty access keys', { secretRef: {} }],
    ['half an access key', { secretRef: { accessKeyIDSecretRef: { name: 'aws', key: 'id' } } }],
    ['the other half', { secretRef: { secretAccessKeySecretRef: { name: 'aws', key: 'secret' } } }],
    ["the operator's service account", account('external-secrets', guard.operatorNamespace)],
    ["another namespace's service account", account('default', 'another-namespace')],
    ...literals.map((one) => [aText('the namespace of a service account'), account('default', one)] as const),
  ];
  return auths.map(([what, auth]) => ({ what, store: patched(store, aws({ auth })) }));
}

/** In the operator's own namespace, its service account needs no namespace to be named. */
function inOperatorNamespace({ store, guard }: Ground): Attempt[] {
  const { operatorNamespace: name } = guard;
  if (name === '') return [];
  const bad = patched(
    moved(store, name),
    aws({ auth: { jwt: { serviceAccountRef: { name: 'external-secrets' } } } }),
  );
  const what = "create, in the operator's namespace, a SecretStore with the operator's service account";
  return [{ what, request: creation(kinds.SecretStore, bad, namespaceNamed(name)) }];
}

/** A label that is not "true" gives nothing, and a namespace with a shared identity alone has no other. */
function inLabelled({ store, service, foreign, literals }: Ground): Attempt[] {
  const [{ identity: victim } = { identity: 'another' }] = foreign;
  const labels: readonly (readonly [what: string, labels: Mapping])[] = [
    [
      'whose label for it is not true',
      { 'eso-abac/service': service, [`shared.eso-abac/${victim}`]: 'false' },
    ],
    ['that has another shared identity alone', { 'shared.eso-abac/of-others': 'true' }],
    ['that has a label of ours that names no identity', { 'eso-abac/other': victim }],
  ];
  const claiming = (identity: string) =>
    tagsOf(store).map((tag) => (tag.value === service ? { ...tag, value: identity } : tag));
  return labels.flatMap(([what, own]) =>
    [victim, '', ...literals.filter((one) => one !== service)].map((identity) => ({
      what: `create a SecretStore with the tag of another service in a namespace ${what}`,
      request: creation(
        kinds.SecretStore,
        moved(patched(store, aws({ sessionTags: claiming(identity) })), 'sandbox'),
        namespaceNamed('sandbox', own),
      ),
    })),
  );
}

/** A store that is the tenant's own business: made-up secrets. */
function harmless(store: Mapping): Mapping {
  return patched(store, { spec: { provider: { aws: null, fake: providers.fake } } });
}

/** An object in another namespace. */
export function moved(object: Mapping, namespace: string): Mapping {
  return patched(object, { metadata: { namespace } });
}
