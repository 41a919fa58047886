import { chip, counted, html, mark, number } from './dom.js';
import { Grid } from './grid.js';
import { everything, findSecrets, findServices, tagChoices } from './search.js';

/** @typedef {import('./decode.js').Report} Report */
/** @typedef {import('./decode.js').Service} Service */
/** @typedef {import('./decode.js').Group} Group */
/** @typedef {import('./decode.js').Row} Row */

const mostNames = 6;
const longName = 32;
/** Up to so many clusters each has a column of its own. */
const mostClusters = 5;

/**
 * The list of all services or of all secrets, with its search. What is looked for stands in the address, so that it can
 * be passed on.
 */
export class ListView {
  /**
   * @param {Report} report
   * @param {'services' | 'secrets'} view
   */
  constructor(report, view) {
    this.report = report;
    this.view = view;
    this.wanted = { ...everything };
    this.grid = view === 'services' ? serviceGrid(report) : secretGrid(report);
    this.status = html('p', { class: 'found', role: 'status' });
    this.search = html('input', {
      type: 'search',
      id: 'search',
      placeholder: view === 'services' ? 'Service, namespace, secret, tag …' : 'Secret, owner, reader, tag …',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-keyshortcuts': '/',
    });
    this.fields = this.makeFields();
    this.element = html('section', { class: 'list', 'aria-label': view }, this.bar(), this.grid.element);
    this.element.addEventListener('leave', () => this.search.focus());
    this.search.addEventListener('keydown', (event) => this.onSearchKey(event));
  }

  makeFields() {
    const states = [
      ['', 'All'],
      ['ok', 'As meant'],
      ['blocked', 'Cannot read what they ask for'],
      ['foreign', 'Read what is not their own'],
      ['shared', 'With shared secrets'],
    ];
    const choice = (/** @type {string[]} */ values, /** @type {string} */ all) => [
      ['', all],
      ...values.map((value) => [value, value]),
    ];
    const clusters = this.report.clusters.map(({ name }) => name);
    return {
      query: this.search,
      cluster: select('Cluster', choice(clusters, 'All clusters')),
      tag: select('Tag', choice(tagChoices(this.report.services), 'All tags')),
      secret: html('input', {
        type: 'text',
        autocomplete: 'off',
        spellcheck: 'false',
        placeholder: 'Any',
        'aria-label': 'Secret’s name holds',
      }),
      state: select('Access', states),
    };
  }

  bar() {
    const { cluster, tag, secret, state } = this.fields;
    for (const field of Object.values(this.fields)) field.addEventListener('input', () => this.refresh());
    const labelled = (/** @type {string} */ name, /** @type {Node} */ field) =>
      html('label', {}, html('span', {}, name), field);
    return html(
      'search',
      { class: 'bar' },
      html(
        'div',
        { class: 'searchbox' },
        html('label', { for: 'search', class: 'hidden' }, 'Search'),
        this.search,
        html('kbd', { 'aria-hidden': 'true' }, '/'),
      ),
      html(
        'div',
        { class: 'filters' },
        labelled('Cluster', cluster),
        labelled('Tag', tag),
        labelled('Secret', secret),
        labelled('Access', state),
      ),
      this.status,
    );
  }

  /** Takes what is looked for from the address. @param {URLSearchParams} parameters */
  open(parameters) {
    for (const [name, field] of Object.entries(this.fields)) field.value = parameters.get(name) ?? '';
    this.find();
  }

  refresh() {
    this.find();
    const set = Object.entries(this.wanted).filter(([, value]) => value !== '');
    const query = new URLSearchParams(set).toString();
    history.replaceState(history.state, '', `#/${this.view}${query === '' ? '' : `?${query}`}`);
    if (window.scrollY > this.element.offsetTop) window.scrollTo(0, this.element.offsetTop);
  }

  find() {
    for (const [name, field] of Object.entries(this.fields))
      Object.assign(this.wanted, { [name]: field.value });
    const [all, found] =
      this.view === 'services'
        ? [this.report.groups, findServices(this.report.groups, this.wanted)]
        : [this.report.secrets, findSecrets(this.report.secrets, this.wanted)];
    this.grid.show(/** @type {any[]} */ (found));
    this.status.textContent =
      found.length === all.length
        ? counted(all.length, this.noun())
        : `${number(found.length)} of ${counted(all.length, this.noun())}`;
    this.element.classList.toggle('empty', found.length === 0);
  }

  noun() {
    return this.view === 'secrets' ? 'secret' : 'service';
  }

  /** @param {KeyboardEvent} event */
  onSearchKey(event) {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.grid.focus(0);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (this.search.value === '') this.search.blur();
      this.search.value = '';
      this.refresh();
    }
  }
}

/** @param {string} label @param {readonly (readonly string[])[]} options */
function select(label, options) {
  return html(
    'select',
    { 'aria-label': label },
    ...options.map(([value, name]) => html('option', { value }, name)),
  );
}

/** Services by clusters: each cell is how many secrets a service may read there. @param {Report} report */
function serviceGrid({ clusters }) {
  const all = clusters.map(({ name }) => name);
  const isMatrix = all.length <= mostClusters;
  const columns = ['Service', 'May read', 'Shared with it', ...(isMatrix ? all : ['Clusters']), 'Access'];
  const cells = isMatrix ? `repeat(${all.length}, 6.4rem)` : '7rem';
  const widths = `minmax(0, 1.1fr) minmax(0, 1.9fr) minmax(0, 1fr) ${cells} 8rem`;
  return new Grid(
    'Services, and what they may read in each cluster',
    columns,
    widths,
    (/** @type {Group} */ group) => {
      const { service, tenants } = group;
      const spaces = [...new Set(tenants.map(({ namespace }) => namespace))].filter((one) => one !== service);
      const reads = tenants.flatMap(({ stores }) =>
        stores.flatMap((store) => store.reads.map(({ name }) => name)),
      );
      const inClusters = isMatrix
        ? all.map((name) => clusterCell(tenants.find(({ cluster }) => cluster === name)))
        : [html('span', {}, number(tenants.length))];
      return {
        link: `#/service/${encodeURIComponent(service)}`,
        cells: [
          two(service, spaces.length === 0 ? '' : `namespace ${spaces.join(', ')}`),
          names(reads),
          shared(tenants),
          ...inClusters,
          stateOf(worst(tenants)),
        ],
      };
    },
  );
}

/** @param {Service | undefined} tenant */
function clusterCell(tenant) {
  if (tenant === undefined) return html('span', { class: 'cell none' }, '–');
  const count = new Set(tenant.stores.flatMap(({ reads }) => reads.map(({ name }) => name))).size;
  return html('a', { class: `cell ${tenant.state}`, href: serviceLink(tenant), tabindex: -1 }, number(count));
}

/** The tenant of a service that is farthest from what is meant. @param {readonly Service[]} tenants */
function worst(tenants) {
  const by = (/** @type {string} */ state) => tenants.find((one) => one.state === state);
  return /** @type {Service} */ (by('foreign') ?? by('blocked') ?? tenants[0]);
}

/** The identities beside its own that a service may claim. @param {readonly Service[]} tenants */
function shared(tenants) {
  const all = new Set(
    tenants.flatMap(({ identities, service }) => identities.filter((one) => one !== service)),
  );
  return html(
    'span',
    { class: 'chips' },
    ...[...all].sort().map((one) => html('bdi', { class: 'chip identity' }, one)),
  );
}

/** @param {Report} report */
function secretGrid({ tagKeys }) {
  const columns = ['Secret', 'Account and regions', 'Tags', 'Read by'];
  const widths = 'minmax(0, 1.3fr) minmax(0, 1.1fr) minmax(0, 1.7fr) minmax(0, 2fr)';
  return new Grid(
    'Secrets and the services that may read them',
    columns,
    widths,
    (/** @type {Row} */ row) => ({
      link: `#/secret/${encodeURIComponent(row.account)}/${encodeURIComponent(row.name)}`,
      cells: [
        two(row.name, row.copies.some(({ kmsKey }) => kmsKey !== undefined) ? 'customer managed key' : ''),
        two(row.account, row.copies.map(({ region }) => region).join(', ')),
        html(
          'span',
          { class: 'chips' },
          ...(row.copies[0]?.tags ?? []).map((tag) => chip(tag, tag.key === tagKeys[0])),
        ),
        row.readers.length === 0
          ? html('span', { class: 'muted' }, 'nobody')
          : names(row.readers.map(({ service }) => service)),
      ],
    }),
  );
}

/** @param {{ service: string, cluster: string }} service */
export function serviceLink({ service, cluster }) {
  return `#/service/${encodeURIComponent(service)}/${encodeURIComponent(cluster)}`;
}

/** @param {string} first @param {string} second */
function two(first, second) {
  const isLong = first.length > longName;
  const name = html('bdi', { class: isLong ? 'long' : undefined, title: isLong ? first : undefined }, first);
  return html('span', { class: 'two' }, name, second === '' ? undefined : html('small', {}, second));
}

/** The first few of many names. @param {readonly string[]} all */
function names(all) {
  const distinct = [...new Set(all)];
  const shown = distinct
    .slice(0, mostNames)
    .flatMap((name, at) => [at === 0 ? '' : ', ', html('bdi', {}, name)]);
  const more = distinct.length - mostNames;
  return html('span', { class: 'names' }, ...shown, more > 0 ? ` and ${number(more)} more` : undefined);
}

/** @param {Service} service */
export function stateOf({ state }) {
  const words = { ok: 'As meant', blocked: 'Cannot read', foreign: 'Reads others’' }[state];
  return html('span', { class: 'state' }, mark(state === 'ok' ? 'good' : 'bad'), words);
}
