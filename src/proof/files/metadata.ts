import { type Complain, type Mapping, mapping, onlyKeys, text } from './store.ts';

/** What begins so tells engines of GitOps and package managers what to do with an object, such as to pass it over. */
const engines =
  /^(?:[\w.-]+\.)?(?:toolkit\.fluxcd\.io|argocd\.argoproj\.io|config\.kubernetes\.io|config\.k8s\.io|helm\.sh|k14s\.io)\//;

/**
 * Annotations of engines that leave a Namespace, and what is in it, where it is. Of anything else what leaves dist has to leave
 * the cluster: a store or a binding that stays goes on giving what it gave. With other options Argo CD deletes an object and
 * makes it anew.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Options"; https://fluxcd.io, "Kustomization".
 */
const keeping = new Map([
  ['argocd.argoproj.io/sync-options', /^(?:(?:Prune|Delete)=false(?:,(?!$)|$))*$/],
  ['kustomize.toolkit.fluxcd.io/prune', /^disabled$/],
]);

/** In which order Argo CD applies what is in one Application. */
const syncWave = 'argocd.argoproj.io/sync-wave';

/**
 * Which waves objects of a service may be in. Argo CD applies nothing of a later wave as long as something of an earlier one is
 * not healthy, and an ExternalSecret may never be: so these come last, whosever they are.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Phases and Waves".
 */
const waves: Readonly<Record<string, readonly [first: number, last: number]>> = {
  Namespace: [Number.NEGATIVE_INFINITY, 0],
  SecretStore: [0, 1],
  ExternalSecret: [2, Number.POSITIVE_INFINITY],
};

const objectKeys = ['apiVersion', 'kind', 'metadata', 'spec'];
const metadataKeys = ['name', 'namespace', 'labels', 'annotations'];
const metadataPath = ['metadata'];
/** Others may let pods in a namespace have rights or privileges, or have admission controllers pass it over. */
const knownLabel =
  /^(?:app\.kubernetes\.io\/managed-by$|kubernetes\.io\/metadata\.name$|(?:shared\.)?eso-abac\/)/;

/**
 * Complains about all that an object of a service says about itself besides what it is, as it may never be applied, or be
 * deleted with something else.
 */
export function checkObject(object: Mapping, complain: Complain): void {
  onlyKeys(object, objectKeys, [], complain);
  onlyKeys(object.metadata, metadataKeys, metadataPath, complain);
  checkWordsForEngines(object, complain);
  checkWave(object, complain);
  if (object.kind !== 'Namespace') return;
  const { labels, annotations } = mapping(object.metadata);
  onlyKnown('labels', labels, knownLabel, complain);
  // Words for engines are told already.
  onlyKnown('annotations', annotations, engines, complain);
}

function onlyKnown(field: string, entries: unknown, known: RegExp, complain: Complain): void {
  for (const key in mapping(entries))
    if (!known.test(key) && !engines.test(key))
      complain(
        ['metadata', field, key],
        `"${key}" is something that the proof knows nothing about`,
        `${field} that eso-abac writes`,
      );
}

/** Complains about what Argo CD would apply before that which it needs, or only once others are healthy. */
function checkWave({ kind, metadata }: Mapping, complain: Complain): void {
  const [first, last] = waves[text(kind)] ?? [];
  const wave = mapping(mapping(metadata).annotations)[syncWave] ?? '0';
  if (first === undefined || last === undefined) return;
  const isRight = /^-?\d{1,9}$/.test(text(wave)) && first <= Number(wave) && Number(wave) <= last;
  if (!isRight)
    complain(
      ['metadata', 'annotations', syncWave],
      `the ${text(kind)} is in wave ${String(wave)} of Argo CD`,
      'Namespaces in wave 0, then SecretStores, then ExternalSecrets from wave 2 on',
    );
}

/** Complains about labels and annotations by which an engine may pass an object over, delete it, or leave it for ever. */
export function checkWordsForEngines({ kind, metadata }: Mapping, complain: Complain): void {
  const { labels, annotations } = mapping(metadata);
  const say = (field: string, key: string) =>
    complain(
      ['metadata', field, key],
      `"${key}" may keep the object from being applied, or taken away`,
      'other keys',
    );
  for (const key of wordsForEngines(labels)) say('labels', key);
  for (const key of wordsForEngines(annotations)) {
    const isKept = kind === 'Namespace' && keeping.get(key)?.test(text(mapping(annotations)[key]));
    if (!isKept && key !== syncWave) say('annotations', key);
  }
}

/** Keys of labels or annotations that are for an engine. Some look for theirs among both. */
export function wordsForEngines(entries: unknown): string[] {
  const found: string[] = [];
  // It is asked of every object of dist, and so makes no list of the keys.
  for (const key in mapping(entries)) if (engines.test(key)) found.push(key);
  return found;
}
