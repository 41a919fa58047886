/** @typedef {import('./decode.js').Service} Service */
/** @typedef {import('./decode.js').Group} Group */
/** @typedef {import('./decode.js').Row} Row */

/**
 * What is looked for.
 *
 * @typedef {{ query: string, cluster: string, tag: string, secret: string, state: string }} Wanted
 */

/** @type {Readonly<Wanted>} */
export const everything = { query: '', cluster: '', tag: '', secret: '', state: '' };

/**
 * The services that are, in one of their clusters, all that is looked for: every word of the search occurs, every filter
 * lets it pass.
 *
 * @param {readonly Group[]} groups
 * @param {Wanted} wanted
 */
export function findServices(groups, { query, cluster, tag, secret, state }) {
  const words = wordsOf(query);
  const part = secret.toLowerCase();
  const isFound = (/** @type {Service} */ one) =>
    words.every((word) => one.haystack.includes(word)) &&
    (cluster === '' || one.cluster === cluster) &&
    (tag === '' || hasTag(one, tag)) &&
    (part === '' || readsLike(one, part)) &&
    (state === '' || isIn(one, state));
  return groups.filter(({ tenants }) => tenants.some(isFound));
}

/**
 * The secrets in which every word of the search occurs and that pass the filters.
 *
 * @param {readonly Row[]} secrets
 * @param {Wanted} wanted
 */
export function findSecrets(secrets, { query, cluster, tag, secret, state }) {
  const words = wordsOf(query);
  const part = secret.toLowerCase();
  return secrets.filter(
    (one) =>
      words.every((word) => one.haystack.includes(word)) &&
      (cluster === '' || one.readers.some((reader) => reader.cluster === cluster)) &&
      (tag === '' ||
        one.copies.some(({ tags }) => tags.some(({ key, value }) => `${key}=${value}` === tag))) &&
      (part === '' || one.name.toLowerCase().includes(part)) &&
      (state === '' || one.readers.some((reader) => isIn(reader, state))),
  );
}

/** @param {string} query */
function wordsOf(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * @param {Service} service
 * @param {string} tag
 */
function hasTag({ stores }, tag) {
  return stores.some(({ sessionTags }) => sessionTags.some(({ key, value }) => `${key}=${value}` === tag));
}

/**
 * @param {Service} service
 * @param {string} part
 */
function readsLike({ stores }, part) {
  return stores.some(({ reads }) => reads.some(({ name }) => name.toLowerCase().includes(part)));
}

/**
 * @param {Service} service
 * @param {string} state
 */
function isIn(service, state) {
  return state === 'shared' ? service.identities.length > 1 : service.state === state;
}

/**
 * The tags to filter by: of each key its values, unless there are too many to choose from.
 *
 * @param {readonly Service[]} services
 */
export function tagChoices(services) {
  /** @type {Map<string, Set<string>>} */
  const values = new Map();
  for (const { stores } of services) {
    for (const { sessionTags } of stores) {
      for (const { key, value } of sessionTags) {
        const known = values.get(key) ?? new Set();
        values.set(key, known.add(value));
      }
    }
  }
  return [...values].flatMap(([key, those]) =>
    those.size > 300 ? [] : [...those].sort().map((value) => `${key}=${value}`),
  );
}
