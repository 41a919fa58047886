import type { SecretRead, YamlPlace } from './model.ts';
import { type Complain, listAt, type Mapping, mapping, onlyKeys, text } from './store.ts';

const specKeys = ['refreshInterval', 'refreshPolicy', 'secretStoreRef', 'target', 'data', 'dataFrom'];

const specPath = ['spec'];
const referencePath = ['spec', 'secretStoreRef'];
const dataPath = ['spec', 'data'];
const dataFromPath = ['spec', 'dataFrom'];
const referenceKeys = ['name', 'kind'];
const dataKeys = ['secretKey', 'remoteRef', 'sourceRef'];
const dataFromKeys = ['extract', 'sourceRef'];
const remoteKeys = [
  'key',
  'property',
  'version',
  'conversionStrategy',
  'decodingStrategy',
  'metadataPolicy',
  'nullBytePolicy',
];
const targetPath = ['spec', 'target'];
const targetKeys = ['name', 'creationPolicy', 'deletionPolicy', 'template'];
const templatePath = ['spec', 'target', 'template'];
const templateKeys = ['type', 'engineVersion', 'mergePolicy', 'metadata', 'data'];

/** The secrets that an ExternalSecret wants, each with the store that it names: for all, or for one entry alone. */
export function readsOf(object: Mapping, place: YamlPlace, complain: Complain): SecretRead[] {
  const externalSecret = text(mapping(object.metadata).name);
  const spec = mapping(object.spec);
  onlyKeys(spec, specKeys, specPath, complain);
  onlyKeys(spec.target, targetKeys, targetPath, complain);
  onlyKeys(mapping(spec.target).template, templateKeys, templatePath, complain);
  const { creationPolicy = 'Owner' } = mapping(spec.target);
  if (creationPolicy !== 'Owner')
    complain(
      [...targetPath, 'creationPolicy'],
      `with creationPolicy ${String(creationPolicy)} the Secret is none that the operator makes and owns`,
      'Owner',
    );
  const usual = storeName(spec.secretStoreRef, referencePath, complain);
  const reads: SecretRead[] = [];
  const read = (entry: unknown, index: number, remote: keyof typeof keyPaths, path: YamlPlace['path']) => {
    const { sourceRef } = mapping(entry);
    const store = sourceRef === undefined ? usual : ownStore(sourceRef, usual, path, complain);
    const reference = mapping(mapping(entry)[remote]);
    onlyKeys(reference, remoteKeys, [...path, remote], complain);
    const key = text(reference.key);
    if (key === '') complain(path, 'this entry names no secret', `${remote}.key, the name of a secret`);
    const { file, document } = place;
    reads.push({ externalSecret, store, key, place: { file, document, path: keyPath(remote, index) } });
  };
  for (const [index, entry] of listAt(spec.data, dataPath, complain).entries()) {
    const path = ['spec', 'data', index];
    onlyKeys(entry, dataKeys, path, complain);
    read(entry, index, 'remoteRef', path);
  }
  for (const [index, entry] of listAt(spec.dataFrom, dataFromPath, complain).entries()) {
    const path = ['spec', 'dataFrom', index];
    // `find` needs ListSecrets, a generator reads what no policy of ours is about.
    onlyKeys(entry, dataFromKeys, path, complain);
    read(entry, index, 'extract', path);
  }
  return reads;
}

/** The name of the Secret that an ExternalSecret fills. */
export function secretOf({ metadata, spec }: Mapping): string {
  return text(mapping(mapping(spec).target).name) || text(mapping(metadata).name);
}

/** By kind and index of the entry: files have most of them in common. */
const keyPaths = { remoteRef: [] as YamlPlace['path'][], extract: [] as YamlPlace['path'][] };

/** The path of the secret's name in an entry. */
function keyPath(remote: keyof typeof keyPaths, index: number): YamlPlace['path'] {
  const known = keyPaths[remote];
  known[index] ??= ['spec', remote === 'extract' ? 'dataFrom' : 'data', index, remote, 'key'];
  return known[index];
}

function ownStore(sourceRef: unknown, usual: string, path: YamlPlace['path'], complain: Complain): string {
  onlyKeys(sourceRef, ['storeRef'], [...path, 'sourceRef'], complain);
  const { storeRef } = mapping(sourceRef);
  return storeRef === undefined ? usual : storeName(storeRef, [...path, 'sourceRef', 'storeRef'], complain);
}

function storeName(reference: unknown, path: YamlPlace['path'], complain: Complain): string {
  const { name, kind = 'SecretStore' } = mapping(reference);
  onlyKeys(reference, referenceKeys, path, complain);
  if (kind !== 'SecretStore')
    complain([...path, 'kind'], `a store of kind ${String(kind)} is not in the namespace`, 'SecretStore');
  if (text(name) === '') complain(path, 'no store is named', 'the name of a SecretStore in the namespace');
  return text(name);
}
