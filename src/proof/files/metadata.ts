import { type Complain, type Mapping, mapping, onlyKeys, text } from './store.ts';

/** What begins so tells engines of GitOps and package managers what to do with an object, such as to pass it over. */
const engines =
  /^(?:[\w.-]+\.)?(?:toolkit\.fluxcd\.io|argocd\.argoproj\.io|config\.kubernetes\.io|config\.k8s\.io|helm\.sh|k14s\.io)\//;

/**
 * Annotations of engines that leave an object where it is, and say in which order it comes. With other options Argo CD
 * deletes an object and makes it anew.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Options".
 */
const harmless = new Map([
  ['argocd.argoproj.io/sync-options', /^(?:(?:Prune|Delete)=false(?:,(?!$)|$))*$/],
  ['argocd.argoproj.io/sync-wave', /^-?\d{1,9}$/],
  ['kustomize.toolkit.fluxcd.io/prune', /^disabled$/],
]);

const objectKeys = ['apiVersion', 'kind', 'metadata', 'spec'];
const metadataKeys = ['name', 'namespace', 'labels', 'annotations'];
const metadataPath = ['metadata'];

/**
 * Complains about all that an object of a service says about itself besides what it is, as it may never be applied, or be
 * deleted with something else.
 */
export function checkObject(object: Mapping, complain: Complain): void {
  onlyKeys(object, objectKeys, [], complain);
  onlyKeys(object.metadata, metadataKeys, metadataPath, complain);
  checkWordsForEngines(object.metadata, complain);
}

/** Complains about labels and annotations by which an engine may pass an object over, or delete it. */
export function checkWordsForEngines(metadata: unknown, complain: Complain): void {
  const { labels, annotations } = mapping(metadata);
  const say = (field: string, key: string) =>
    complain(['metadata', field, key], `"${key}" may keep the object from being applied`, 'other keys');
  for (const key of wordsForEngines(labels)) say('labels', key);
  for (const key of wordsForEngines(annotations))
    if (!harmless.get(key)?.test(text(mapping(annotations)[key]))) say('annotations', key);
}

/** Keys of labels or annotations that are for an engine. Some look for theirs among both. */
export function wordsForEngines(entries: unknown): string[] {
  const found: string[] = [];
  // It is asked of every object of dist, and so makes no list of the keys.
  for (const key in mapping(entries)) if (engines.test(key)) found.push(key);
  return found;
}
