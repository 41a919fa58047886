import type { SecretRead, YamlPlace } from './model.ts';
import { type Complain, list, type Mapping, mapping, onlyKeys, text } from './store.ts';

const specKeys = ['refreshInterval', 'refreshPolicy', 'secretStoreRef', 'target', 'data', 'dataFrom'];

/** The secrets that an ExternalSecret wants, each with the store that it names: for all, or for one entry alone. */
export function readsOf(object: Mapping, place: YamlPlace, complain: Complain): SecretRead[] {
  const externalSecret = text(mapping(object.metadata).name);
  const spec = mapping(object.spec);
  onlyKeys(spec, specKeys, ['spec'], complain);
  const usual = storeName(spec.secretStoreRef, ['spec', 'secretStoreRef'], complain);
  const read = (entry: unknown, remote: 'remoteRef' | 'extract', path: YamlPlace['path']): SecretRead => {
    const own = mapping(mapping(entry).sourceRef);
    onlyKeys(own, ['storeRef'], [...path, 'sourceRef'], complain);
    const store =
      own.storeRef === undefined
        ? usual
        : storeName(own.storeRef, [...path, 'sourceRef', 'storeRef'], complain);
    const key = text(mapping(mapping(entry)[remote]).key);
    if (key === '') complain(path, 'this entry names no secret', `${remote}.key, the name of a secret`);
    return { externalSecret, store, key, place: { ...place, path: [...path, remote, 'key'] } };
  };
  return [
    ...list(spec.data).map((entry, index) => {
      const path = ['spec', 'data', index];
      onlyKeys(entry, ['secretKey', 'remoteRef', 'sourceRef'], path, complain);
      return read(entry, 'remoteRef', path);
    }),
    ...list(spec.dataFrom).map((entry, index) => {
      const path = ['spec', 'dataFrom', index];
      // `find` needs ListSecrets, a generator reads what no policy of ours is about.
      onlyKeys(entry, ['extract', 'sourceRef'], path, complain);
      return read(entry, 'extract', path);
    }),
  ];
}

function storeName(reference: unknown, path: YamlPlace['path'], complain: Complain): string {
  const { name, kind = 'SecretStore' } = mapping(reference);
  onlyKeys(reference, ['name', 'kind'], path, complain);
  if (kind !== 'SecretStore')
    complain([...path, 'kind'], `a store of kind ${String(kind)} is not in the namespace`, 'SecretStore');
  if (text(name) === '') complain(path, 'no store is named', 'the name of a SecretStore in the namespace');
  return text(name);
}
