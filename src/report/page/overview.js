import { counted, html, mark, number } from './dom.js';

/** @typedef {import('./decode.js').Report} Report */

/**
 * What the page says first: whether it is proven, in plain words, and the numbers behind it.
 *
 * @param {Report} report
 */
export function verdict(report) {
  const { counts, findings, proven } = report;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return html(
    'section',
    { class: proven ? 'verdict good' : 'verdict bad', 'aria-labelledby': 'verdict' },
    mark(proven ? 'good' : 'bad'),
    html(
      'div',
      { class: 'words' },
      html('h2', { id: 'verdict' }, proven ? 'Proven' : `Not proven: ${counted(errors, 'finding')}`),
      html('p', {}, proven ? provenWords(report) : wrongWords(report)),
    ),
    html(
      'dl',
      { class: 'numbers' },
      ...figure('services', report.groups.length),
      ...figure('clusters', report.clusters.length),
      ...figure('secrets', report.secrets.length),
      ...figure('reads allowed', counts.allowed ?? 0),
      ...figure('reads denied', counts.denied ?? 0),
      ...figure('requests tried on the guards', counts.forgeries ?? 0),
    ),
  );
}

/** @param {string} name @param {number} value */
function figure(name, value) {
  const long =
    value >= 1e6
      ? `${(value / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} million`
      : number(value);
  return [html('div', {}, html('dt', {}, name), html('dd', { title: number(value) }, long))];
}

/** @param {Report} report */
function provenWords({ counts, tagKeys, findings }) {
  const warnings =
    findings.length === 0
      ? ''
      : ` There ${findings.length === 1 ? 'is' : 'are'} ${counted(findings.length, 'warning')}.`;
  const isOne = tagKeys.length === 1;
  const tags = tagKeys.map((key) => `“${key}”`).join(' and ');
  return (
    `Every service reads its own secrets and no other: of ${counted(counts.pairs ?? 0, 'pair')} of a service and a secret, ` +
    `exactly those whose ${isOne ? 'tag' : 'tags'} ${tags} ${isOne ? 'is' : 'are'} equal on both sides are allowed.${warnings}`
  );
}

/** @param {Report} report */
function wrongWords({ groups }) {
  const having = (/** @type {string} */ state) =>
    groups.filter(({ tenants }) => tenants.some((one) => one.state === state)).length;
  const [foreign, blocked] = [having('foreign'), having('blocked')];
  const parts = [
    ...(foreign > 0 ? [`${counted(foreign, 'service')} can read secrets of others`] : []),
    ...(blocked > 0
      ? [`${counted(blocked, 'service')} cannot read what ${blocked === 1 ? 'it asks' : 'they ask'} for`]
      : []),
  ];
  return parts.length > 0
    ? `${parts.join(', and ')}. The findings say where and what would be right.`
    : 'The findings say what is wrong, where it stands and what would be right.';
}

/**
 * The views of the page, as links.
 *
 * @param {Report} report
 * @param {string} current
 */
export function navigation(report, current) {
  const views = [
    ['services', 'Services', report.groups.length],
    ['secrets', 'Secrets', report.secrets.length],
    ['findings', 'Findings', report.findings.length],
    ['guards', 'Guards', report.clusters.length],
    ['attacks', 'Attacks', report.attacks.length],
    ['assumptions', 'Taken for granted', report.assumptions.length],
  ];
  const links = views.map(([view, name, count]) =>
    html(
      'a',
      { href: `#/${view}`, 'aria-current': view === current ? 'page' : undefined },
      String(name),
      html('span', { class: 'count' }, number(Number(count))),
    ),
  );
  return html('nav', { 'aria-label': 'Views' }, ...links);
}
