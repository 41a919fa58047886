import { managedByLabel, serviceLabel, sharedLabelPrefix } from '../fleet/labels.ts';

/** Labels that every object of ours carries, and the operator copies onto each Kubernetes Secret it fills. */
export function ownLabels(service: string): Record<string, string> {
  return { ...managedByLabel, [serviceLabel]: service };
}

/** Labels of a Namespace that say which identities it may claim besides that of its service. */
export function identityLabels(shared: readonly string[]): Record<string, string> {
  return Object.fromEntries(shared.map((identity) => [`${sharedLabelPrefix}${identity}`, 'true']));
}

/**
 * Annotations that order a sync: Argo CD applies lower waves first and waits for them to be healthy.
 * Source: Argo CD, "Sync Phases and Waves". Flux applies Namespaces first by itself.
 */
export function syncWave(wave: 0 | 1 | 2): Record<string, string> {
  return { 'argocd.argoproj.io/sync-wave': String(wave) };
}
