import { replicas } from './boxes.js';
import { chain } from './chain.js';
import { chip, counted, html, mark, notFound, table } from './dom.js';
import { serviceLink, stateOf } from './lists.js';

/** @typedef {import('./decode.js').Report} Report */
/** @typedef {import('./decode.js').Service} Service */
/** @typedef {import('./decode.js').Store} Store */
/** @typedef {import('./decode.js').Secret} Secret */
/** @typedef {import('./decode.js').Row} Row */

/** The list has room for all of them, a table has not. */
const mostReaders = 200;

/**
 * One service in one cluster: the way of each of its stores as a picture, and what it may read.
 *
 * @param {Report} report
 * @param {string} name
 * @param {string | undefined} cluster the first one when absent
 * @param {number} width of the picture
 */
export function servicePage(report, name, cluster, width) {
  const all = report.services.filter(({ service }) => service === name);
  const service = all.find((one) => one.cluster === cluster) ?? (cluster === undefined ? all[0] : undefined);
  if (service === undefined)
    return notFound(
      `There is no service “${name}”${cluster === undefined ? '' : ` in cluster “${cluster}”`}.`,
    );
  const others = all.map((one) =>
    html('a', { href: serviceLink(one), 'aria-current': one === service ? 'page' : undefined }, one.cluster),
  );
  return html(
    'article',
    {},
    heading(service.service, '#/services', 'Services'),
    html(
      'p',
      { class: 'facts' },
      stateOf(service),
      html('span', {}, 'namespace ', html('code', {}, service.namespace)),
    ),
    others.length > 1 ? html('nav', { class: 'switch', 'aria-label': 'Clusters' }, ...others) : undefined,
    ...service.stores.map((store) => storeSection(report, service, store, width)),
    missing(service),
  );
}

/**
 * @param {Report} report
 * @param {Service} service
 * @param {Store} store
 * @param {number} width
 */
function storeSection(report, service, store, width) {
  const identity = store.sessionTags.find(({ key }) => key === report.tagKeys[0])?.value ?? store.name;
  const rows = [...replicas(store.reads).values()].map((copies) => [
    service.identities.includes(copies[0].identity)
      ? secretLink(copies[0])
      : html('span', { class: 'state' }, mark('bad'), secretLink(copies[0])),
    copies.map(({ region }) => region).join(', '),
    tagList(copies[0].tags, report),
    wantedBy(service, copies),
    html('code', {}, copies[0].place),
  ]);
  const isShared = identity !== service.service;
  return html(
    'section',
    { class: 'store' },
    html('h3', {}, isShared ? 'Shared secrets as ' : 'As ', html('bdi', {}, identity)),
    html('div', { class: 'picture' }, chain(report, service, store, width)),
    store.statement === undefined ? undefined : statement(store.statement),
    rows.length === 0
      ? html(
          'p',
          {},
          store.refused === undefined ? 'It may read no secret.' : `It gets no session: ${store.refused}.`,
        )
      : table(
          `Secrets that ${service.service} may read as ${identity}`,
          ['Secret', 'Regions', 'Tags', 'Asked for by', 'In dist'],
          rows,
        ),
  );
}

/** @param {NonNullable<Store['statement']>} statement */
function statement({ name, place, conditions }) {
  const items = conditions.map(({ operator, key, values }) =>
    html('li', {}, html('code', {}, key), ` ${operator} `, html('code', {}, values.join(', '))),
  );
  return html(
    'details',
    {},
    html('summary', {}, `The conditions of ${name}, at `, html('code', {}, place)),
    html('ul', {}, ...items),
  );
}

/** @param {Service} service @param {readonly Secret[]} copies */
function wantedBy({ wants }, copies) {
  const own = wants.filter(({ secret }) => secret !== undefined && copies.includes(secret));
  const by = [...new Set(own.map(({ externalSecret }) => externalSecret))];
  return by.length === 0 ? html('span', { class: 'muted' }, 'nothing') : by.join(', ');
}

/** @param {Service} service */
function missing({ wants }) {
  const lost = wants.filter(({ allowed }) => !allowed);
  if (lost.length === 0) return undefined;
  const items = lost.map(({ externalSecret, key, secret, store }) =>
    html(
      'li',
      {},
      mark('bad'),
      html('span', {}, `${externalSecret} asks for `, html('code', {}, key), `: ${reason(secret, store)}`),
    ),
  );
  return html(
    'section',
    {},
    html('h3', {}, 'What it cannot read'),
    html('ul', { class: 'marked' }, ...items),
  );
}

/** @param {Secret | undefined} secret @param {Store | undefined} store */
function reason(secret, store) {
  if (store === undefined) return 'there is no SecretStore of that name';
  if (secret === undefined) return 'dist has no such secret in the store’s account and region';
  return store.refused ?? 'the policy does not allow it: the tags differ, or a key is out of reach';
}

/**
 * One secret: where it is and who may read it.
 *
 * @param {Report} report
 * @param {string} account
 * @param {string} name
 */
export function secretPage(report, account, name) {
  const row = report.secrets.find((one) => one.account === account && one.name === name);
  if (row === undefined) return notFound(`There is no secret “${name}” in account ${account}.`);
  const copies = row.copies.map(({ region, tags, kmsKey, place }) => [
    region,
    tagList(tags, report),
    kmsKey === undefined ? 'the account’s own key' : html('code', {}, kmsKey),
    html('code', {}, place),
  ]);
  const readers = row.readers
    .slice(0, mostReaders)
    .map((service) => [
      html('a', { href: serviceLink(service) }, html('bdi', {}, service.service)),
      service.cluster,
      html('code', {}, service.namespace),
      html('span', {}, readingAs(service, row, report).join(', ')),
    ]);
  return html(
    'article',
    {},
    heading(row.name, '#/secrets', 'Secrets'),
    html(
      'p',
      { class: 'facts' },
      html('span', {}, 'account ', html('code', {}, row.account)),
      html('span', {}, 'owned by ', html('bdi', {}, row.identity)),
    ),
    html('h3', {}, 'Where it is'),
    table('Where the secret is', ['Region', 'Tags', 'KMS key', 'In dist'], copies),
    html('h3', {}, readersTitle(row)),
    readers.length === 0
      ? html('p', {}, 'Nobody may read it.')
      : table('Who may read the secret', ['Service', 'Cluster', 'Namespace', 'As'], readers),
    moreReaders(row),
  );
}

/** @param {Row} row */
function readersTitle({ readers }) {
  const services = new Set(readers.map(({ service }) => service)).size;
  const clusters = new Set(readers.map(({ cluster }) => cluster)).size;
  return `Read by ${counted(services, 'service')} in ${counted(clusters, 'cluster')}`;
}

/** The list of services has them all. @param {Row} row */
function moreReaders({ readers, name }) {
  if (readers.length <= mostReaders) return undefined;
  const href = `#/services?${new URLSearchParams({ secret: name })}`;
  return html('p', {}, `These are the first ${mostReaders}. `, html('a', { href }, 'All of them'));
}

/** @param {Service} service @param {Row} row @param {Report} report */
function readingAs({ stores }, { copies }, { tagKeys }) {
  const reading = stores.filter(({ reads }) => reads.some((secret) => copies.includes(secret)));
  return reading.map(
    ({ sessionTags, name }) => sessionTags.find(({ key }) => key === tagKeys[0])?.value ?? name,
  );
}

/** @param {Secret} secret */
function secretLink({ account, name }) {
  const href = `#/secret/${encodeURIComponent(account)}/${encodeURIComponent(name)}`;
  return html('a', { href }, html('bdi', {}, name));
}

/** @param {Secret['tags']} tags @param {Report} report */
function tagList(tags, { tagKeys }) {
  return html('span', { class: 'chips' }, ...tags.map((tag) => chip(tag, tag.key === tagKeys[0])));
}

/** @param {string} title @param {string} back @param {string} backName */
function heading(title, back, backName) {
  return html(
    'header',
    { class: 'title' },
    html('a', { href: back, class: 'back' }, `← ${backName}`),
    html('h2', { tabindex: -1 }, html('bdi', {}, title)),
  );
}
