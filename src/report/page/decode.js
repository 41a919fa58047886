/**
 * @typedef {{ key: string, value: string }} Tag
 * @typedef {{ name: string, account: string, region: string, identity: string, tags: Tag[], kmsKey?: string, place: string }} Secret
 * @typedef {{ name: string, place: string, conditions: { operator: string, key: string, values: string[] }[] }} Statement
 * @typedef {{ name: string, region: string, sessionTags: Tag[], roles: string[], statement?: Statement, refused?: string, reads: Secret[] }} Store
 * @typedef {{ externalSecret: string, store?: Store, key: string, secret?: Secret, allowed: boolean }} Want
 * @typedef {'ok' | 'blocked' | 'foreign'} State
 * @typedef {{ service: string, cluster: string, namespace: string, state: State, identities: string[], stores: Store[], wants: Want[], haystack: string }} Service
 * @typedef {{ service: string, tenants: Service[] }} Group
 * @typedef {{ name: string, account: string, identity: string, copies: Secret[], readers: Service[], haystack: string }} Row
 * @typedef {{ name: string, operator?: { kind: string, role: string, namespace: string, serviceAccount: string }, guard: { off: boolean, policies: { name: string, failurePolicy: string, bound: boolean, file: string }[], subjects: { kind: string, name: string, namespace: string }[] } }} Cluster
 * @typedef {{ rule: string, severity: string, message: string, allowed?: string, location?: { file: string, start: { line: number, column: number } } }} Finding
 * @typedef {{ attack: string, stoppedBy: string[], clusters: string[] }} Attack
 * @typedef {{ proven: boolean, counts: Record<string, number>, tagKeys: string[], clusters: Cluster[], accounts: { account: string, tagGuard?: string }[], services: Service[], groups: Group[], secrets: Row[], findings: Finding[], attacks: Attack[], assumptions: string[] }} Report
 */

/** @type {readonly State[]} */
const states = ['ok', 'blocked', 'foreign'];

/**
 * The report out of its data: the other half of src/report/html/encode.ts.
 *
 * @param {string} json
 * @returns {Report}
 */
export function decode(json) {
  const { texts, statements, secrets: plainSecrets, services: plainServices, ...rest } = JSON.parse(json);
  const text = (/** @type {number} */ at) => /** @type {string} */ (texts[at]);
  const tags = (/** @type {number[]} */ flat) =>
    flat.flatMap((key, at) =>
      at % 2 === 0 ? [{ key: text(key), value: text(/** @type {number} */ (flat[at + 1])) }] : [],
    );
  /** @type {Secret[]} */
  const secrets = plainSecrets.map(
    (/** @type {any[]} */ [name, account, region, identity, file, line, kmsKey, flat]) => ({
      name: text(name),
      account: text(account),
      region: text(region),
      identity: text(identity),
      place: `${text(file)}:${line}`,
      kmsKey: kmsKey < 0 ? undefined : text(kmsKey),
      tags: tags(flat),
    }),
  );
  const store = (/** @type {any[]} */ [name, region, flat, roles, statement, refused, reads]) => ({
    name: text(name),
    region: text(region),
    sessionTags: tags(flat),
    roles: roles.map(text),
    statement: statements[statement],
    refused: refused < 0 ? undefined : text(refused),
    reads: reads.map((/** @type {number} */ at) => secrets[at]),
  });
  const services = plainServices.map(
    (/** @type {any[]} */ [service, cluster, namespace, state, identities, plainStores, wants]) => {
      const stores = plainStores.map(store);
      return withHaystack({
        service: text(service),
        cluster: text(cluster),
        namespace: text(namespace),
        state: /** @type {State} */ (states[state]),
        identities: identities.map(text),
        stores,
        wants: wants.map(
          (/** @type {number[]} */ [externalSecret = 0, at = -1, key = 0, secret = -1, allowed]) => ({
            externalSecret: text(externalSecret),
            store: stores[at],
            key: text(key),
            secret: secrets[secret],
            allowed: allowed === 1,
          }),
        ),
        haystack: '',
      });
    },
  );
  return { ...rest, services, groups: byService(services), secrets: byName(secrets, services) };
}

/**
 * What a search looks through, in one text.
 *
 * @param {Service} service
 */
function withHaystack(service) {
  const words = new Set([service.service, service.cluster, service.namespace, ...service.identities]);
  for (const { sessionTags, reads } of service.stores) {
    for (const { key, value } of sessionTags) words.add(`${key}=${value}`);
    for (const { name } of reads) words.add(name);
  }
  for (const { key } of service.wants) words.add(key);
  service.haystack = [...words].join('\n').toLowerCase();
  return service;
}

/**
 * Secrets with their replicas, and the services that may read one of them.
 *
 * @param {readonly Secret[]} secrets
 * @param {readonly Service[]} services
 * @returns {Row[]}
 */
function byName(secrets, services) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<Secret, Row>} */
  const rowOf = new Map();
  for (const secret of secrets) {
    const { name, account, identity } = secret;
    const key = `${account} ${name}`;
    const row = rows.get(key) ?? { name, account, identity, copies: [], readers: [], haystack: '' };
    rows.set(key, row);
    row.copies.push(secret);
    rowOf.set(secret, row);
  }
  for (const service of services) {
    const read = new Set(service.stores.flatMap(({ reads }) => reads.map((secret) => rowOf.get(secret))));
    for (const row of read) row?.readers.push(service);
  }
  for (const row of rows.values()) {
    const tags = row.copies.flatMap((copy) => copy.tags.map(({ key, value }) => `${key}=${value}`));
    const words = [row.name, row.account, row.identity, ...row.copies.map(({ region }) => region), ...tags];
    for (const { service } of row.readers) words.push(service);
    row.haystack = [...new Set(words)].join('\n').toLowerCase();
  }
  return [...rows.values()];
}

/**
 * Services with the clusters that they are in.
 *
 * @param {readonly Service[]} services
 * @returns {Group[]}
 */
function byService(services) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const one of services) {
    const group = groups.get(one.service) ?? { service: one.service, tenants: [] };
    groups.set(one.service, group);
    group.tenants.push(one);
  }
  return [...groups.values()];
}
