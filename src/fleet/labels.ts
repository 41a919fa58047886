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
