/** Label on a Namespace, and on every object of ours: the service, whose identity the namespace may claim. */
export const serviceLabel = 'eso-abac/service';

/** Prefix of the labels on a Namespace that name the shared identities which it may claim; their value is `true`. */
export const sharedLabelPrefix = 'shared.eso-abac/';

/** Prefixes of the labels that only deployers may set, change or remove on a Namespace. */
export const guardedLabelPrefixes: readonly string[] = ['eso-abac/', sharedLabelPrefix];

/** Label on everything that this project makes. Source: Kubernetes, "Recommended Labels". */
export const managedByLabel: Readonly<Record<string, string>> = {
  'app.kubernetes.io/managed-by': 'eso-abac',
};

/**
 * Annotations by which Argo CD and Flux leave an object where it is when it is no longer in Git: for Namespaces, whose
 * removal would take along everything in them, also what is not ours.
 *
 * Source: Argo CD, "Sync Options"; Flux, "Kustomization", prune.
 */
export const keepAnnotations: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};
