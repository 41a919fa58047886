/** The most characters of a key of a Secret. Source: `IsConfigMapKey` in Kubernetes' apimachinery, as for what follows. */
export const longestSecretKey = 253;

/** What the keys of a Secret are made of; none is a way to a folder above. */
export const secretKeyPattern = /^(?!\.\.|\.$)[-._a-zA-Z0-9]+$/;

/** The same in words. */
export const secretKeyWords = 'letters, digits, "-", "_" and ".", not beginning with ".."';

/** Whether the API server takes a text as a key of a Secret. */
export function isSecretKey(key: string): boolean {
  return key.length <= longestSecretKey && secretKeyPattern.test(key);
}
