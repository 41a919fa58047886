import { objectsOf, Sessions, type Tags } from './sessions.ts';
import type { Json, Secret, ServiceFile, World } from './world.ts';

const readActions = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (action) => `secretsmanager:${action}`,
);

/** Every store of the services' files, with the file it stands in. */
export function storesOf({ services }: World): { file: ServiceFile; store: Json }[] {
  return services.flatMap((file) => objectsOf(file, 'SecretStore').map((store) => ({ file, store })));
}

/** The session tags of a store. */
export function tagsOf(store: Json): Tags {
  return new Map((store.spec?.provider?.aws?.sessionTags ?? []).map(({ key, value }: Json) => [key, value]));
}

/** The tags by which secrets are told apart, that of the service first. */
export function abacKeys(world: World): string[] {
  const stores = storesOf(world).map(({ file, store }) => ({ file, tags: tagsOf(store) }));
  const keys = [...new Set(stores.flatMap(({ tags }) => [...tags.keys()]))];
  const isIdentity = (key: string) =>
    stores.every(({ file, tags }) => identitiesOf(file).has(tags.get(key) ?? ''));
  return [...keys.filter(isIdentity), ...keys.filter((key) => !isIdentity(key))];
}

/** Who the labels of a service's namespace say that it is, and which shared identities it has. */
function identitiesOf(file: ServiceFile): Set<string> {
  const labels = objectsOf(file, 'Namespace').flatMap(({ metadata }) =>
    Object.entries(metadata.labels ?? {}),
  );
  return new Set(
    labels.flatMap(([key, value]) => {
      if (key === 'eso-abac/service' && value === file.service) return [file.service];
      return key.startsWith('shared.eso-abac/') && value === 'true' ? [key.slice(16)] : [];
    }),
  );
}

/**
 * Who of the services reads what is not theirs, and who cannot read what is, pair by pair. A secret is a service's when
 * all tags are those of a store that the labels of its namespace allow.
 *
 * @param keys the tags that must be equal, that of the service first
 */
export function wrongReads(world: World, keys: readonly string[]): string[] {
  const sessions = new Sessions(world);
  const names = new Set(world.services.map(({ service }) => service));
  return world.services.flatMap((file) => {
    const namespaces = objectsOf(file, 'Namespace').map(({ metadata }) => metadata.name);
    const others = world.services.filter((one) => one !== file && one.cluster === file.cluster);
    const taken = others.flatMap((one) => objectsOf(one, 'Namespace').map(({ metadata }) => metadata.name));
    const isAlone = namespaces.length === 1 && !taken.includes(namespaces[0]);
    const wrong = objectsOf(file, 'SecretStore').flatMap((store) => {
      const own = isAlone && store.metadata.namespace === namespaces[0] ? identitiesOf(file) : new Set();
      const identity = tagsOf(store).get(keys[0] ?? '') ?? '';
      const isShared = identity !== file.service && names.has(identity);
      return foreignReads(sessions, world, file, store, keys, own.has(identity) && !isShared);
    });
    const kinds = file.objects.filter(
      ({ kind }) => !['Namespace', 'SecretStore', 'ExternalSecret'].includes(kind),
    );
    const odd = kinds.map(({ kind }) => `${file.cluster}/${file.service}: an object of the kind ${kind}`);
    return [...wrong, ...odd, ...missedReads(sessions, world, file)];
  });
}

function foreignReads(
  sessions: Sessions,
  { secrets }: World,
  { cluster, service }: ServiceFile,
  store: Json,
  keys: readonly string[],
  isLegitimate: boolean,
): string[] {
  const session = sessions.ofStore(cluster, store, 'some');
  if (session === undefined) return [];
  const isOwn = ({ tags }: Secret) =>
    isLegitimate && keys.every((key) => isTagged(tags, key, session.tags.get(key)));
  return secrets
    .filter((secret) => !isOwn(secret))
    .filter((secret) => readActions.some((action) => sessions.mayRead(session, secret, action, 'some')))
    .map(({ name, region }) => `${cluster}/${service}: ${store.metadata.name} reads ${name} in ${region}`);
}

/** Whether a secret has a tag, in whatever case its key is, and with no other value. Policies take these for one key. */
function isTagged(tags: Tags, key: string, value: string | undefined): boolean {
  const found = [...tags].filter(([name]) => name.toLowerCase() === key.toLowerCase());
  return found.length > 0 && found.every(([, one]) => one === value);
}

function missedReads(sessions: Sessions, { secrets }: World, file: ServiceFile): string[] {
  const stores = objectsOf(file, 'SecretStore');
  return objectsOf(file, 'ExternalSecret').flatMap((object) =>
    wantedBy(object).flatMap(({ key, store: wanted }) => {
      const who = `${file.cluster}/${file.service}: ${object.metadata.name}`;
      const store = stores.find(
        ({ metadata }) => metadata.name === wanted.name && metadata.namespace === object.metadata.namespace,
      );
      if (store === undefined || (wanted.kind ?? 'SecretStore') !== 'SecretStore')
        return [`${who} has no store ${wanted.name}`];
      const { region, role } = store.spec.provider.aws;
      const account = role.split(':')[4];
      const session = sessions.ofStore(file.cluster, store, 'every');
      const secret = secrets.find((one) => isNamed(one, key, region, account));
      const isRead =
        session !== undefined &&
        secret !== undefined &&
        readActions.every((action) => sessions.mayRead(session, secret, action, 'every'));
      return isRead ? [] : [`${who} cannot read ${key}`];
    }),
  );
}

function isNamed({ name, region, account }: Secret, key: string, wanted: string, owner: string): boolean {
  if (!key.startsWith('arn:')) return name === key && region === wanted && account === owner;
  const [, , , place, its, , ...rest] = key.split(':');
  return rest.join(':').replace(/-\w{6}$/, '') === name && place === region && its === account;
}

/** What an ExternalSecret asks for, and through which store. */
function wantedBy({ spec }: Json): { key: string; store: Json }[] {
  const { secretStoreRef = {}, data = [], dataFrom = [] } = spec;
  const storeOf = (entry: Json) => entry.sourceRef?.storeRef ?? secretStoreRef;
  return [
    ...data.map((entry: Json) => ({ key: entry.remoteRef.key, store: storeOf(entry) })),
    ...dataFrom.map((entry: Json) => ({ key: entry.extract?.key ?? entry.find, store: storeOf(entry) })),
  ];
}
