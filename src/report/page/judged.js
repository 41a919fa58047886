import { counted, html, mark, page, table } from './dom.js';

/** @typedef {import('./decode.js').Report} Report */
/** @typedef {import('./decode.js').Cluster} Cluster */

const mostFindings = 500;

/** @param {Report} report */
export function findingsPage({ findings }) {
  if (findings.length === 0) return page('Findings', html('p', {}, 'There are none.'));
  const items = findings
    .slice(0, mostFindings)
    .map(({ rule, severity, message, allowed, location }) =>
      html(
        'li',
        {},
        mark(severity === 'error' ? 'bad' : 'warn'),
        html(
          'div',
          {},
          html('p', {}, html('strong', {}, `${severity}: `), message),
          allowed === undefined ? undefined : html('p', { class: 'muted' }, `allowed: ${allowed}`),
          html(
            'p',
            { class: 'muted' },
            location === undefined
              ? ''
              : html('code', {}, `${location.file}:${location.start.line}:${location.start.column}`),
            ` ${rule}`,
          ),
        ),
      ),
    );
  const rest = findings.length - items.length;
  const more = rest === 0 ? undefined : html('p', {}, `And ${rest} more; “eso-abac prove” prints all.`);
  return page('Findings', html('ul', { class: 'marked' }, ...items), more);
}

/** @param {Report} report */
export function guardsPage({ clusters, findings, accounts }) {
  const open = findings.filter(({ rule }) => /^(?:proof-guard|proof-tag-guard|guard-)/.test(rule));
  const holes = open.map(({ message, severity }) =>
    html('li', {}, mark(severity === 'error' ? 'bad' : 'warn'), html('span', {}, message)),
  );
  return page(
    'What guards each cluster',
    html(
      'p',
      {},
      'Admission policies compare each SecretStore with the labels of its namespace. Without them, whoever may write a SecretStore may claim any tag.',
    ),
    holes.length === 0
      ? undefined
      : html('section', {}, html('h3', {}, 'Open holes'), html('ul', { class: 'marked' }, ...holes)),
    html(
      'section',
      {},
      html('h3', {}, 'Clusters'),
      table(
        'What guards each cluster',
        ['Cluster', 'Admission policies', 'Rights by bindings of the platform', 'The operator’s role'],
        clusters.map(clusterCells),
      ),
    ),
    html(
      'section',
      {},
      html('h3', {}, 'Admission policies'),
      table(
        'Admission policies',
        ['Policy', 'In clusters', 'When it cannot be evaluated'],
        policyRows(clusters),
      ),
    ),
    html(
      'section',
      {},
      html('h3', {}, 'Accounts'),
      html('p', { class: 'muted' }, 'Whoever may change the tags of secrets decides who reads them.'),
      table('What guards the tags in each account', ['Account', 'Guard on tags'], accounts.map(accountCells)),
    ),
  );
}

/** @param {{ account: string, tagGuard?: string }} account */
function accountCells({ account, tagGuard }) {
  const words =
    tagGuard === undefined ? 'none: nobody is named as administrator of tags' : html('code', {}, tagGuard);
  return [
    html('code', {}, account),
    html('span', { class: 'state' }, mark(tagGuard === undefined ? 'warn' : 'good'), words),
  ];
}

/** @param {Cluster} cluster */
function clusterCells({ name, operator, guard }) {
  const denying = guard.policies.filter(({ bound }) => bound).length;
  const words = guard.off ? 'off: the input says so' : `${denying} of ${guard.policies.length} deny`;
  const isGood = denying > 0 && denying === guard.policies.length;
  const who = guard.subjects.map(
    ({ kind, name: one, namespace }) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${one}`,
  );
  const how = operator?.kind === 'irsa' ? 'by IRSA' : 'by EKS Pod Identity';
  return [
    html('strong', {}, html('bdi', {}, name)),
    html('span', { class: 'state' }, mark(isGood ? 'good' : 'bad'), words),
    [...new Set(who)].join(', ') || 'none',
    operator === undefined
      ? 'no file says which'
      : html('span', {}, html('code', {}, operator.role), ` ${how}`),
  ];
}

/** Each policy once, with the clusters that have it. @param {readonly Cluster[]} clusters */
function policyRows(clusters) {
  /** @type {Map<string, string[]>} */
  const rows = new Map();
  for (const { name, guard } of clusters) {
    for (const { name: policy, failurePolicy } of guard.policies) {
      const key = `${policy} ${failurePolicy}`;
      rows.set(key, [...(rows.get(key) ?? []), name]);
    }
  }
  return [...rows].map(([key, names]) => {
    const [policy = '', failurePolicy = ''] = key.split(' ');
    const words = { Fail: 'refuses', Ignore: 'lets everything through' };
    const isAll = names.length === clusters.length;
    return [
      html('code', {}, policy),
      isAll ? 'all' : names.join(', '),
      /** @type {Record<string, string>} */ (words)[failurePolicy] ?? failurePolicy,
    ];
  });
}

/** @param {Report} report */
export function attacksPage({ attacks, counts, clusters }) {
  if (attacks.length === 0)
    return page('Attacks', html('p', {}, 'No admission policy stopped any: no cluster has a guard.'));
  /** @type {Map<string, Report['attacks']>} */
  const byPolicy = new Map();
  for (const attack of attacks) {
    const by = attack.stoppedBy.join(' and ');
    byPolicy.set(by, [...(byPolicy.get(by) ?? []), attack]);
  }
  const groups = [...byPolicy].map(([policy, stopped]) =>
    html(
      'section',
      {},
      html('h3', {}, 'Stopped by ', html('code', {}, policy)),
      html(
        'ul',
        { class: 'marked columns' },
        ...stopped.map((one) =>
          html('li', {}, mark('good'), html('span', {}, one.attack, inClusters(one.clusters, clusters))),
        ),
      ),
    ),
  );
  return page(
    'Attacks that were tried',
    html(
      'p',
      {},
      `Each was made from the real objects of the services and given to the admission policies as a tenant would: ${counted(counts.forgeries ?? 0, 'request')} in all, everyday work included, which must be let through.`,
    ),
    ...groups,
  );
}

/** @param {readonly string[]} some @param {readonly Cluster[]} all */
function inClusters(some, all) {
  return some.length === all.length ? undefined : html('span', { class: 'muted' }, ` in ${some.join(', ')}`);
}

/** @param {Report} report */
export function assumptionsPage({ assumptions }) {
  return page(
    'Taken for granted',
    html('p', {}, 'What dist does not say and the proof therefore takes for true. It is for you to check.'),
    html('ul', {}, ...assumptions.map((one) => html('li', {}, one))),
  );
}
